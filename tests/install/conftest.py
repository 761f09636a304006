"""The program as a fixture, and a small dataset made by it."""

import pytest

from program import PROGRAM, run


@pytest.fixture(scope="session")
def slipcast():
    """Runs the program with the given arguments."""
    return lambda *arguments, **options: run(PROGRAM, *arguments, **options)


@pytest.fixture(scope="session")
def replay_folder(slipcast, tmp_path_factory):
    """A small dataset folder: synthetic tape, orders worked against it with impact."""
    folder = tmp_path_factory.mktemp("replay")
    market = ("--symbols", 2, "--days", 1, "--seed", 4, "--quotes-per-day", 3000)
    made = slipcast("sim", "market", *market, "--out", folder / "tape")
    assert made.returncode == 0, made.stderr
    orders = ("--orders", 40, "--seed", 4, "--impact")
    worked = slipcast("sim", "replay", folder / "tape", *orders, "--out", folder / "data")
    assert worked.returncode == 0, worked.stderr
    return folder
