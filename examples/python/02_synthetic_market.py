"""A market without data: a synthetic tape, orders worked against it, the cost table and the page.

Run: python 02_synthetic_market.py [report.html]
"""

import sys

import slipcast as sc

market = sc.sim.market(symbols=2, days=1, seed=1, quotes_per_day=5000)
data = sc.sim.replay(market, orders=100, seed=1, impact=True)
print(data)
print(data.provenance["replay.impact"])

result = sc.tca.measure(data, markouts=["-10s", "1s", "1min", "50trades", "10000shares"])
for row in range(len(result.summary())):
    print(*(result.summary()[column][row] for column in ("metric", "value", "unit")))

page = result.report(sys.argv[1] if len(sys.argv) > 1 else "report.html")
print("wrote", page)
