"""The desk's page: every figure drawn in both schemes without complaint, and its numbers are the tables'."""

import csv
import math
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pages import built_program, payload_of, wider_than_paper
from watched import Watched

PAGES = ["journal.html", "both.html"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("desk")
    subprocess.run([built_program("make_desk_page"), made], check=True)
    return made


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.tsv").open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def section(content: dict, name: str) -> dict:
    return next(one for one in content["sections"] if one["id"] == name)


def figures(content: dict) -> list[dict]:
    return [part for one in content["sections"] for part in one["parts"] if part["kind"] == "figure"]


def figure(content: dict, title: str) -> dict:
    return next(part for part in figures(content) if part["title"].startswith(title))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_figure_is_drawn_without_complaint(browser: Browser, folder: Path, name: str, scheme: str):
    file = folder / name
    drawn = figures(payload_of(file))
    assert len(drawn) >= (20 if name == "both.html" else 16)
    opened = Watched(browser, file, scheme=scheme)
    for part in drawn:
        assert opened.page.locator(f"#{part['id']} .chart svg path").count() >= 3, part["title"]
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith(("data:", file.as_uri()))] == []
    opened.page.context.close()


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_no_sideways_scrolling(browser: Browser, folder: Path, width: int):
    opened = Watched(browser, folder / "both.html", width=width)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    opened.page.context.close()


def test_the_timeline_is_the_decisions_of_its_orders(folder: Path):
    part = figure(payload_of(folder / "journal.html"), "Decisions of 2024-03-05")
    rows = table(folder, "desk_decisions")
    shown = {name.split(",")[0] for name in part["y"]["categories"]}
    assert len(shown) == 24
    its = [row for row in rows if row["order"] in shown]
    largest = {order: max(int(row["quantity"]) for row in its if row["order"] == order) for order in shown}
    for series in part["series"]:
        if series["name"] == "a guard acted":
            expected = [row for row in its if row["binding"]]
        else:
            expected = [row for row in its if row["rung"] == series["name"]]
            # Lane by lane from the bottom, each bar over the highest of its lane.
            lanes = [name.split(",")[0] for name in part["y"]["categories"]]
            ordered = [row for lane in lanes for row in expected if row["order"] == lane]
            heights = [int(row["quantity"]) / largest[row["order"]] for row in ordered]
            assert series["size"] == pytest.approx(heights, rel=1e-6)
        assert len(series["x"]) == len(expected), series["name"]
    names = [series["name"] for series in part["series"]]
    assert names == ["GREEN", "AMBER", "RED", "a guard acted"]
    assert [mark["label"] for mark in part["references"]] == ["kill", "release"]
    # What the tips say is in the table: the rung's reason, and the guard.
    held = part["series"][-1]["notes"]
    assert any("guard: kill_switch" in note for note in held)
    assert any("guard: stale_data" in note for note in held)
    assert any("guard: order_notional" in note for note in held)
    reasons = {row["rung_reason"] for row in its}
    assert all(any(reason in note for reason in reasons) for note in held)


def test_every_decision_is_in_the_bars_over_time(folder: Path):
    part = figure(payload_of(folder / "journal.html"), "Steps by rung over the day")
    rows = table(folder, "desk_decisions")
    for series in part["series"]:
        rung = "" if series["name"].startswith("did not") else series["name"]
        assert sum(series["y"]) == sum(row["rung"] == rung for row in rows)


def test_rungs_and_guards_are_said_in_sentences(browser: Browser, folder: Path):
    opened = Watched(browser, folder / "journal.html")
    text = opened.page.locator("#rungs").inner_text()
    for row in table(folder, "desk_rungs"):
        assert f"{row['rung']} at {int(row['steps']):,} step" in text
        assert row["reason"] in text
    for row in table(folder, "desk_guards"):
        if int(row["passed"]) == 0:
            assert row["guard"] in text.split("Never passed:")[1].split("\n")[0]
        elif int(row["acted"]) > 0:
            assert f"{row['guard']}: {row['meaning']}. Acted at {int(row['acted']):,} step" in text
        else:
            assert f"{row['guard']}: {row['meaning']}. Only observed: passed at {int(row['passed']):,} step" in text
    opened.page.context.close()


def test_the_forecast_section_shows_the_calibration(browser: Browser, folder: Path):
    content = payload_of(folder / "journal.html")
    levels = table(folder, "desk_calibration")
    promised, kept = figure(content, "Costs within each quantile")["series"]
    assert promised["y"] == [0.5, 0.9, 0.95, 0.99]
    for i, row in enumerate(levels):
        assert math.isclose(kept["y"][i], int(row["covered"]) / int(row["orders"]), rel_tol=1e-6)
        assert math.isclose(kept["low"][i], float(row["share_low"]), rel_tol=1e-6)
    should, did = figure(content, "Where costs fell")["series"]
    assert math.isclose(sum(should["y"]), 1.0) and math.isclose(sum(did["y"]), 1.0, rel_tol=1e-6)
    orders = [row for row in table(folder, "desk_orders") if row["cost_bps"] and row["p50_bps"]]
    realized = [y for series in figure(content, "Forecast and outcome")["series"][2:] for y in series["y"]]
    assert sorted(realized) == pytest.approx(sorted(float(row["cost_bps"]) for row in orders), rel=1e-6)
    bias = table(folder, "desk_bias")[0]
    opened = Watched(browser, folder / "journal.html")
    text = opened.page.locator("#forecast").inner_text()
    assert f"{abs(float(bias['error_bps'])):.2f} bps" in text
    low, high = float(bias["error_low_bps"]), float(bias["error_high_bps"])
    assert ("not separable from zero" in text) == (low <= 0 <= high)
    opened.page.context.close()


def test_champion_and_challenger_stand_side_by_side(folder: Path):
    content = payload_of(folder / "journal.html")
    cards = table(folder, "desk_scorecards")
    assert [row["role"] for row in cards] == ["champion", "challenger"]
    for series, card in zip(figure(content, "Champion and challenger")["series"], cards, strict=True):
        assert series["name"] == f"{card['role']} {card['model'][:6]}"
        assert len(series["x"]) == series["x"][-1] == int(card["orders"])
        assert math.isclose(series["y"][-1], float(card["mean_crps_bps"]), rel_tol=1e-6)


def test_a_tip_says_what_the_rung_was_read_from_and_what_is_called_in(folder: Path):
    part = figure(payload_of(folder / "journal.html"), "Decisions of 2024-03-05")
    shown = {name.split(",")[0] for name in part["y"]["categories"]}
    rows = [row for row in table(folder, "desk_decisions") if row["order"] in shown]
    notes = [note for series in part["series"] if series["name"] != "a guard acted" for note in series["notes"]]
    assert sum("calls in all that works" in note for note in notes) == sum(
        row["cancel_working"] == "true" for row in rows
    )
    read = [row for row in rows if row["ladder_p95_bps"] and row["tier_median_p95_bps"]]
    assert sum("\nread: p95 " in note for note in notes) == len(read) > 0
    tail, median = float(read[0]["ladder_p95_bps"]), float(read[0]["tier_median_p95_bps"])
    assert any(f"read: p95 {tail:.2f} bps, {tail / median:.2f} times the tier's {median:.2f}" in note for note in notes)


def test_single_orders_show_their_own_steps(folder: Path):
    content = section(payload_of(folder / "journal.html"), "orders")
    leads = [part["paragraphs"][0] for part in content["parts"] if part["kind"] == "prose"]
    tables = [part for part in content["parts"] if part["kind"] == "table" and not part["title"]]
    read = [part for part in content["parts"] if part["kind"] == "table" and part["title"]]
    assert {part["title"] for part in read} == {"What the rungs were read from"}
    assert len(leads) == len(tables) == len(read) == 3
    orders = table(folder, "desk_orders")
    most = max(int(row["guarded"]) for row in orders)
    first = leads[0].removeprefix("Order ").split(",")[0]
    assert next(int(row["guarded"]) for row in orders if row["order"] == first) == most
    dearest = max(
        (row for row in orders if row["cost_bps"] and row["order"] != first), key=lambda r: float(r["cost_bps"])
    )
    assert leads[1].startswith(f"Order {dearest['order']},")
    for lead, shown in zip(leads, tables, strict=True):
        name = lead.removeprefix("Order ").split(",")[0]
        rows = [row for row in table(folder, "desk_decisions") if row["order"] == name]
        assert shown["of"] == f"{len(rows):,}"
        for cells, row in zip(shown["rows"], rows, strict=False):
            assert cells[1] == row["action"]
            assert cells[2]["t"] == f"{int(row['quantity']):,}"
            assert cells[6] == row["rung"]


def test_each_comparison_says_whether_it_is_separable(browser: Browser, folder: Path):
    opened = Watched(browser, folder / "both.html")
    text = opened.page.locator("#baselines").inner_text()
    assert (
        "desk against vwap over 200 paired orders: on average 0.50 bps cheaper (95 % interval "
        "−1.40 to 0.40), not separable from zero; at the 0.95 quantile 6.60 bps cheaper" in text
    )
    assert "desk against immediate over 200 paired orders: on average 7.70 bps cheaper" in text
    assert "−9.30 to −6.10), separable from zero; at the 0.95 quantile 10.20 bps cheaper, with too few blocks" in text
    assert "By the desk's own objective 3.10 bps cheaper (95 % interval −5.50 to −0.70), separable from zero." in text
    assert (
        "Cheaper in 52.0 % of the orders, as dear in 3.0 %; 0.70 points less is filled (95 % interval −1.10 to −0.30)."
        in text
    )
    differences = figure(payload_of(folder / "both.html"), "Paired differences")
    rows = table(folder, "trial_pairs")
    for stem, series in zip(("mean", "p50", "p90", "p95", "objective"), differences["series"], strict=True):
        assert series["y"] == [float(row[f"{stem}_difference_bps"]) for row in rows]
        assert series["low"] == [float(row[f"{stem}_low"]) if row[f"{stem}_low"] else None for row in rows]
    curves = figure(payload_of(folder / "both.html"), "Shortfall of every order")["series"]
    assert [curve["name"] for curve in curves] == ["desk", "vwap", "twap", "immediate"]
    opened.page.context.close()


def test_the_same_journal_gives_the_same_bytes(folder: Path, tmp_path: Path):
    subprocess.run([built_program("make_desk_page"), tmp_path], check=True)
    for name in PAGES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_on_paper(browser: Browser, folder: Path, name: str):
    assert wider_than_paper(browser, folder / name) == []


def test_every_policy_is_drawn_from_the_start(browser: Browser, folder: Path):
    opened = Watched(browser, folder / "both.html")
    assert opened.page.locator(".switches button[aria-pressed='false']").count() == 0
    opened.page.context.close()
