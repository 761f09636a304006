"""Writes calendar.csv, the known answers of tests/golden/core, with Python's datetime.

    .venv/bin/python tests/golden/core/make_calendar.py
"""

import datetime as dt
import pathlib
import random

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
chance = random.Random(20131007)
lines = ["# Python datetime, by tests/golden/core/make_calendar.py: text, nanoseconds since 1970 UTC, the same in UTC"]


def add(when):
    ns = (when - EPOCH) // dt.timedelta(microseconds=1) * 1000
    utc = when.astimezone(dt.UTC)
    shown = utc.isoformat(timespec="auto").replace("+00:00", "")
    if utc.microsecond and utc.microsecond % 1000 == 0:
        shown = utc.isoformat(timespec="milliseconds").replace("+00:00", "")
    lines.append(f"{when.isoformat()},{ns},{shown}Z")


for year in (1678, 1700, 1899, 1900, 1904, 1969, 1970, 1999, 2000, 2001, 2016, 2023, 2024, 2100, 2200, 2261):
    for month, day in ((1, 1), (2, 28), (3, 1), (12, 31)):
        add(dt.datetime(year, month, day, 23, 59, 59, 999_999, dt.UTC))
        add(dt.datetime(year, month, day, tzinfo=dt.UTC))
for year in (1696, 1904, 2000, 2024, 2096):
    add(dt.datetime(year, 2, 29, 12, 30, 15, 250_000, dt.UTC))
for _ in range(400):
    zone = dt.timezone(dt.timedelta(minutes=chance.randrange(-14 * 60, 14 * 60 + 1)))
    start = dt.datetime(1680, 1, 1, tzinfo=zone)
    add(start + dt.timedelta(seconds=chance.randrange(18_000_000_000), microseconds=chance.randrange(1_000_000)))

(pathlib.Path(__file__).parent / "calendar.csv").write_text("\n".join(lines) + "\n")
