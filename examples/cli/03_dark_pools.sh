#!/usr/bin/env bash
# A table of routes to the hidden liquidity of two pools, and five models compared. Run: 03_dark_pools.sh [FOLDER]
set -euo pipefail
folder=${1:-dark-pools}
mkdir -p "$folder"

# Routes to two pools: one is often empty, the other deep; a few routes ask for a minimum.
{
    echo symbol,venue,sent,filled,min_quantity
    for i in $(seq 1 120); do
        sent=$((100 + i * 37 % 900))
        there=$((i % 4 == 0 ? 1 + i * i * 131 % 700 : 0))
        minimum=$((i % 10 == 0 ? 50 : 1))
        filled=$((there < minimum ? 0 : there < sent ? there : sent))
        echo "ABC,POOL1,$sent,$filled,$minimum"
        there=$((i % 2 == 0 ? 1 + i * i * 977 % 4000 : 0))
        echo "ABC,POOL2,$sent,$((there < sent ? there : sent)),1"
    done
} > "$folder/routes.csv"

slipcast venue fit "$folder/routes.csv" --out "$folder/fits" --csv
slipcast venue fit "$folder/routes.csv" --model best --pool --json > "$folder/best.json"
slipcast venue compare-models "$folder/routes.csv" --seed 1
slipcast venue compare-models --suite lognormal --symbols 2 --venues 2 --observations 200
