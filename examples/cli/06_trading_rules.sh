#!/usr/bin/env bash
# What trading rules lose against the exact policy, over a few random paths, as tables and a page.
set -euo pipefail

slipcast control compare --paths 100 --horizon 5 --step 0.1 --nodes 100 --seed 1 --out study --report study.html
ls study
