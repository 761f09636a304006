"""Finds the package that `cmake --preset release` built (SLIPCAST_BUILD names another build folder)."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SLIPCAST_BUILD", ROOT / "build" / "release"))
sys.path.insert(0, str(BUILD / "python"))
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def program() -> Path:
    """The command line program."""
    return BUILD / "app" / "slipcast"


@pytest.fixture(scope="session")
def replayed():
    """A small synthetic market with orders worked against it."""
    import slipcast as sc

    market = sc.sim.market(symbols=2, days=1, seed=3, quotes_per_day=4000)
    return sc.sim.replay(market, orders=60, seed=3)
