#!/usr/bin/env bash
# A folder with a few CSV files: one order, two fills, five quotes. Run: 02_your_own_folder.sh [FOLDER]
set -euo pipefail
folder=${1:-my-orders}
mkdir -p "$folder"

cat > "$folder/instruments.csv" <<'CSV'
symbol,market,currency,tick_size,lot_size,quantity_scale,multiplier,as_of
XYZ,XNYS,USD,0.01,1,0,1,2024-03-05
CSV
cat > "$folder/orders.csv" <<'CSV'
order_id,symbol,side,quantity,decision_time,arrival_time,end_time
B1,XYZ,buy,1000,2024-03-05T14:30:00.5Z,2024-03-05T14:31:00.5Z,2024-03-05T14:40:00.5Z
CSV
cat > "$folder/fills.csv" <<'CSV'
fill_id,order_id,time,price,quantity,fee
F1,B1,2024-03-05T14:32:00.5Z,100.07,600,1.80
F2,B1,2024-03-05T14:33:00.5Z,100.10,200,0.60
CSV
cat > "$folder/quotes.csv" <<'CSV'
symbol,time,bid,ask
XYZ,2024-03-05T14:30:00Z,99.99,100.01
XYZ,2024-03-05T14:31:00Z,100.04,100.06
XYZ,2024-03-05T14:32:00Z,100.05,100.07
XYZ,2024-03-05T14:33:00Z,100.08,100.10
XYZ,2024-03-05T14:40:00Z,100.19,100.21
CSV

slipcast quickstart "$folder"
