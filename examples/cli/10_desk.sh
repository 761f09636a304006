#!/usr/bin/env bash
# The desk on a market against TWAP, VWAP, POV and immediate on the same orders; its journal repeated and drawn.
# Run: 10_desk.sh [FOLDER]
set -euo pipefail
folder=${1:-desk-trial}

slipcast sim market --symbols 3 --days 3 --quotes-per-day 12000 --seed 4 --out "$folder/tape"
# Day 1 is history, day 2 teaches the cost model, on day 3 every policy works the same orders.
slipcast desk run "$folder/tape" --orders 150 --learning-orders 500 --max-horizon 30min --seed 1 --out "$folder/trial" --quiet
cd "$folder"
# Every decision again, bit for bit, from the journal alone.
slipcast desk replay trial/desk.sqlite
# What it did and why, on one page with its baselines.
slipcast desk status trial/desk.sqlite --trial trial/ --report desk.html > status.txt
