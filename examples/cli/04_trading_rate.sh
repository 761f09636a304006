#!/usr/bin/env bash
# The optimal trading rate, exact and held for a day, and one guarded decision. Run: 04_trading_rate.sh [FOLDER]
set -euo pipefail
folder=${1:-trading-rate}

# An example, not live values. Time in trading days, positions in limits, prices in daily volatilities.
problem=(--trading-cost 1 --impact-decay 0.1 --risk-aversion 5 --discount 0.2 --variance 0.2
         --signal-decay 1 --signal-variance 1)

slipcast control solve "${problem[@]}" --impact 0.1 --out "$folder/exact" --csv
slipcast control solve "${problem[@]}" --impact 0.1 --step 1 --json > "$folder/daily.json"

# Variance is twice its mean: a fast factor raises the rate, and the guards say what they did.
slipcast control decide "${problem[@]}" --impact 0.1 --position 0.2 --level 0.05 --signal 7 \
    --fast-time-scale 0.1 --fast-mean-reversion 1 --fast-vol-of-variance 0.5 --variance-now 0.4

# Impact without a stable solution is refused with the condition that fails.
if slipcast control solve "${problem[@]}" --impact 9 2> "$folder/refused.txt"; then exit 1; fi
cat "$folder/refused.txt"
