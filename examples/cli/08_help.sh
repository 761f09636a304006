#!/usr/bin/env bash
# What is installed, and the ways in which the program explains itself. Run: 08_help.sh [FOLDER]
set -euo pipefail
folder=${1:-help}
mkdir -p "$folder"

slipcast doctor
slipcast completion bash > "$folder/slipcast.bash"      # source it, or put it where bash looks
slipcast man > "$folder/slipcast.1"                     # man "$folder/slipcast.1"
slipcast tca measure --help
