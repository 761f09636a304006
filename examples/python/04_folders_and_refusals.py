"""Write a dataset folder, open it again, and see what a refusal says. Run: python 04_folders_and_refusals.py"""

import tempfile
from pathlib import Path

import slipcast as sc

with tempfile.TemporaryDirectory() as temporary:
    folder = Path(temporary) / "data"
    sc.sim.replay(sc.sim.market(symbols=1, days=1, quotes_per_day=3000), orders=20).write(folder)
    print(sorted(path.name for path in folder.iterdir()))

    data = sc.Dataset.open(folder)
    result = sc.tca.measure(data)
    print(result.quality.to_pandas())

try:
    sc.tca.measure(data, confidense=0.9)
except sc.RefusedError as refused:
    print(refused)
    print(refused.code, refused.field, refused.rule, sep=" | ")
