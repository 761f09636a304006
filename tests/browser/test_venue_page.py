"""The venue pages: every figure drawn in both schemes without complaint, and its numbers are the tables'."""

import math
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pages import built_program, payload_of, wider_than_paper
from watched import Watched

PAGES = {"fits.html": 4, "split.html": 2, "many.html": 21, "minimums.html": 21, "learning.html": 4, "varying.html": 4}


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
    assert opened.page.locator(".switches button[aria-pressed='false']").count() == 0  # nothing starts struck out
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


def rows(file: Path) -> list[list[str]]:
    return [line.split() for line in file.read_text().splitlines()]


@pytest.mark.parametrize("name", ["split", "many", "minimums"])
def test_marks_and_bars_of_a_split_are_those_of_its_table(folder: Path, name: str):
    drawn = figures(payload_of(folder / f"{name}.html"))
    table = rows(folder / f"{name}.txt")
    bars = drawn.pop()
    assert bars["x"]["categories"] == [row[0] for row in table]
    for series, column in zip(bars["series"], (1, 2), strict=True):
        assert series["y"] == pytest.approx([float(row[column]) for row in table], rel=1e-6)
    stops = [part["series"][-1] for part in drawn if part["series"][-1]["name"] == "last lot sent"]
    marks = sorted((x, y) for series in stops for x, y in zip(series["x"], series["y"], strict=True))
    sent = sorted((float(row[1]), float(row[3])) for row in table if int(row[1]) > 0)
    assert len(marks) == len(sent)
    for mark, row in zip(marks, sent, strict=True):
        assert mark == pytest.approx(row, rel=1e-6)
    for part in drawn:
        assert [reference["at"] for reference in part["references"]] == pytest.approx([float(table[0][4])], rel=1e-6)
    if name != "split":
        assert [part["title"] for part in drawn] == [row[0] for row in table]
        assert len({(part["y"]["low"], part["y"]["high"]) for part in drawn}) == 1


def test_a_search_that_stopped_says_what_it_may_miss(browser: Browser, folder: Path):
    opened = Watched(browser, folder / "minimums.html")
    gap = opened.page.locator(".key-numbers > div", has_text="value missed at most").inner_text()
    assert "the split's value is" in gap
    terms = opened.page.locator("#venues table")
    assert terms.locator("tbody tr").count() == 20
    assert "Least taken" in terms.locator("thead").inner_text()
    opened.page.context.close()


def test_learning_curves_are_those_of_the_table(folder: Path):
    table = rows(folder / "curves.txt")
    drawn = figures(payload_of(folder / "varying.html"))
    assert [part["title"] for part in drawn] == [
        "Fraction of ideal",
        "Fraction executed",
        "Cumulative regret",
        "Half-life",
    ]
    for part, column in zip(drawn, (2, 4, 6, 8), strict=True):
        names = [series["name"] for series in part["series"]]
        assert len({(series["tone"], series["style"]) for series in part["series"]}) == len(names)
        assert len(names) == (11 if part["y"]["log"] else 12)  # ideal loses nothing
        for series in part["series"]:
            mine = [row for row in table if row[0] == series["name"]]
            assert series["x"] == [int(row[1]) for row in mine]
            assert series["y"] == pytest.approx([float(row[column]) for row in mine], rel=1e-6, abs=1e-9)
            low = [float(row[column]) - 2 * float(row[column + 1]) for row in mine]
            assert series["low"] == pytest.approx(low, rel=1e-5, abs=1e-6)


def test_pointing_at_a_name_brings_its_curve_out(browser: Browser, folder: Path):
    opened = Watched(browser, folder / "varying.html")
    part = figures(payload_of(folder / "varying.html"))[0]
    figure = opened.page.locator(f"#{part['id']}")
    color = opened.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--plum').trim()")
    plum = figure.locator(f".chart svg path[stroke='{color}'][stroke-width='1.8']")
    lines = figure.locator(".chart svg path[stroke-width='1.8']")
    assert plum.count() == 2 and lines.count() == 12  # slipcast and thompson
    figure.get_by_role("button", name="slipcast").hover()
    assert plum.count() == 1 and lines.count() == 12
    opened.page.mouse.move(0, 0)
    assert plum.count() == 2
    figure.get_by_role("button", name="slipcast").click()
    assert plum.count() == 1 and lines.count() == 11
    assert "11 of 12 shown" in figure.inner_text()
    opened.page.context.close()


def test_a_simulation_says_in_words_what_was_simulated(browser: Browser, folder: Path):
    opened = Watched(browser, folder / "varying.html")
    head = opened.page.locator(".strip").inner_text()
    assert "of varying size, uniform on 1,000 to 8,000 lots" in head
    assert "after order 200 every venue has another one's liquidity" in head
    assert "=" not in head
    assert opened.page.locator("#venues tbody tr").count() == 6
    assert opened.page.locator("#ways tbody tr").count() == 12
    opened.page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_on_paper(browser: Browser, folder: Path, name: str):
    assert wider_than_paper(browser, folder / name) == []
