"""Slipcast: what trading cost, measured from orders, fills and the tape.

import slipcast as sc

data = sc.Dataset.open("data/")
result = sc.tca.measure(data, markouts=["1s", "1min"])
result.summary()
result.report("tca.html")
"""

from slipcast import control, cost, desk, sim, tca, venue
from slipcast._engine import __version__
from slipcast.dataset import Dataset
from slipcast.errors import Place, QuarantineWarning, RefusedError
from slipcast.table import ColumnMeta, Table

__all__ = [
    "ColumnMeta",
    "Dataset",
    "Place",
    "QuarantineWarning",
    "RefusedError",
    "Table",
    "__version__",
    "control",
    "cost",
    "desk",
    "sim",
    "tca",
    "venue",
]
