"""The venue pages: every figure drawn in both schemes without complaint, and its numbers are the tables'."""

import math
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pages import built_program, payload_of
from watched import Watched

PAGES = {"fits.html": 4, "split.html": 2, "learning.html": 2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("venue")
    subprocess.run([built_program("make_venue_page"), made], check=True)
    return made


def figures(content: dict) -> list[dict]:
    return [part for section in content["sections"] for part in section["parts"] if part["kind"] == "figure"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_figure_is_drawn_without_complaint(browser: Browser, folder: Path, name: str, scheme: str):
    file = folder / name
    drawn = figures(payload_of(file))
    assert len(drawn) == PAGES[name]
    opened = Watched(browser, file, scheme=scheme)
    for part in drawn:
        assert opened.page.locator(f"#{part['id']} .chart svg path").count() >= 2, part["title"]
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith(("data:", file.as_uri()))] == []
    opened.page.context.close()


def test_the_tails_drawn_are_those_of_the_table(folder: Path):
    table = [[float(cell) for cell in line.split()] for line in (folder / "tails.txt").read_text().splitlines()]
    at = 0
    for part in figures(payload_of(folder / "fits.html")):
        observed, fitted = part["series"]
        for i, size in enumerate(fitted["x"]):
            row = table[at + i]
            assert math.isclose(size, row[0])
            assert math.isclose(fitted["y"][i], row[1], rel_tol=1e-6)
            assert math.isclose(observed["y"][i], row[2], rel_tol=1e-6)
        at += len(fitted["x"])
    assert at == len(table)


def test_kaplan_meier_has_its_band_and_turnbull_none(folder: Path):
    series = [part["series"][0] for part in figures(payload_of(folder / "fits.html"))]
    assert [one["name"] for one in series] == ["Kaplan-Meier"] * 3 + ["Turnbull"]
    for one in series[:3]:
        inside = [
            (low, y, high) for low, y, high in zip(one["low"], one["y"], one["high"], strict=True) if low is not None
        ]
        assert inside
        assert all(low <= y <= high for low, y, high in inside)
    assert not series[3].get("low")


def test_the_same_fits_give_the_same_bytes(folder: Path, tmp_path: Path):
    subprocess.run([built_program("make_venue_page"), tmp_path], check=True)
    for name in PAGES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
