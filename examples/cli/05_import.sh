#!/usr/bin/env bash
# Three sources into dataset folders: US ticks as Lean stores them, a LOBSTER book, a broker's own CSV by a mapping.
# The rows are made by hand. Run: 05_import.sh [FOLDER]
set -euo pipefail
folder=${1:-imported}
mkdir -p "$folder"/lean/tick/xyz "$folder"/lobster "$folder"/blotter

# Lean: one side of the national best a row, prices in 1e-4 dollars, milliseconds of New York's day; zipped.
printf '%s\n' 34200000,491800,300,0,0,N,1,0 34200000,0,0,492000,3000,P,1,0 34200005,491900,200,0,0,Z,1,0 > "$folder/quote.csv"
printf '%s\n' 34200003,492000,300,N,1,0 34200004,491900,100,D,1,0 > "$folder/trade.csv"
for half in quote trade; do
  python3 -m zipfile -c "$folder/lean/tick/xyz/20131007_$half.zip" "$folder/$half.csv"
done
slipcast data import lean "$folder/lean" --out "$folder/lean-tape"
slipcast venue proxy-log "$folder/lean-tape" --out "$folder/proxy"    # off-exchange prints as a stand-in for routes

# LOBSTER: a file of messages and a file of the book after each; a buyer joins, a seller joins, a buyer takes 30.
day=XYZ_2012-06-21_34200000_57600000
printf '%s\n' 34200.1,1,101,100,1000000,1 34200.2,1,102,200,1000100,-1 34200.3,4,102,30,1000100,-1 \
  > "$folder/lobster/${day}_message_1.csv"
printf '%s\n' 9999999999,0,1000000,100 1000100,200,1000000,100 1000100,170,1000000,100 \
  > "$folder/lobster/${day}_orderbook_1.csv"
slipcast data import lobster "$folder/lobster" --out "$folder/lobster-tape"

# A blotter in local time with words of its own, and no orders: they are derived from the fills and marked so.
cat > "$folder/blotter/fills.csv" <<'CSV'
id,parent,ticker,bs,when,price,size
1,A,XYZ,B,05-03-2024 09:32,100.07,600
2,A,XYZ,B,05-03-2024 09:33,100.10,200
CSV
cat > "$folder/blotter/map.toml" <<'TOML'
[[table]]
name = "instruments"
distinct = ["symbol"]
columns.symbol = "ticker"
columns.market = { constant = "XNYS" }
columns.currency = { constant = "USD" }
columns.tick_size = { constant = "0.01" }
columns.lot_size = { constant = "1" }
columns.quantity_scale = { constant = "0" }
columns.multiplier = { constant = "1" }
columns.as_of = { constant = "2024-01-01" }
[[table]]
name = "fills"
columns.fill_id = "id"
columns.order_id = "parent"
columns.symbol = "ticker"
columns.side = { column = "bs", words = { B = "buy", S = "sell" } }
columns.time = { column = "when", pattern = "%d-%m-%Y %H:%M", time_zone = "America/New_York", precision = "1min" }
columns.price = "price"
columns.quantity = "size"
TOML
slipcast data import table "$folder/blotter/fills.csv" --mapping "$folder/blotter/map.toml" --out "$folder/blotter-data"
slipcast data check "$folder/blotter-data"
