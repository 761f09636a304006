#!/usr/bin/env bash
# An order split over dark pools of hidden liquidity, and routers learning from fills beside it. Run: 09_routing.sh [FOLDER]
set -euo pipefail
folder=${1:-routing}
mkdir -p "$folder"

slipcast venue allocate 8000 A:zero_bin=.8,exponent=.7 B:zero_bin=.67,exponent=1.3 --report "$folder/split.html"
slipcast venue simulate --trials 2 --episodes 200 --report "$folder/learning.html"

# Routing over time asks the market's own data for a trading rule's inputs.
slipcast sim market --symbols 2 --days 1 --seed 1 --quotes-per-day 5000 --out "$folder/tape"
slipcast control calibrate "$folder/tape" --interval 1min
slipcast control simulate --paths 200 --seed 1

# Round after round until half is done, and what a filled lot is worth by mark-outs.
slipcast venue resubmit 8000 A:zero_bin=.8,exponent=.7 B:zero_bin=.67,exponent=1.3 --levels 8
slipcast venue values A:spread_saved=2,fee=.3,markout=-1.4,markout_std_error=.5 B:spread_saved=2,fee=.1,markout=-.2,markout_std_error=.4
