#!/usr/bin/env bash
# A synthetic tape, orders worked against it, what they cost, and one order in detail. Run: 01_first_report.sh [FOLDER]
set -euo pipefail
folder=${1:-first-report}

slipcast sim market --symbols 2 --days 1 --seed 1 --quotes-per-day 5000 --out "$folder/tape"
slipcast sim replay "$folder/tape" --orders 100 --seed 1 --impact --out "$folder/data"
slipcast data check "$folder/data"
slipcast tca measure "$folder/data" --out "$folder/result" --csv --report "$folder/tca.html"
slipcast tca summary "$folder/result" --by broker
slipcast tca order "$folder/result" O000017
