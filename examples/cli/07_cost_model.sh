#!/usr/bin/env bash
# What an order should cost: a model fitted to measured orders, its scores, an estimate before a trade, learning on.
# Run: 07_cost_model.sh [FOLDER]
set -euo pipefail
folder=${1:-cost-model}

slipcast sim market --symbols 2 --days 2 --seed 1 --quotes-per-day 5000 --out "$folder/tape"
slipcast sim replay "$folder/tape" --orders 400 --seed 1 --impact --out "$folder/data"
slipcast tca measure "$folder/data" --out "$folder/result" --quiet > "$folder/headline.txt"
cd "$folder"
slipcast cost fit result/
slipcast cost show
slipcast cost evaluate result/
slipcast cost estimate buy 500 SYN01 --over 2h
slipcast cost predict result/ --out predicted/
slipcast cost update result/
