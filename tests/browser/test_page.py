"""What a reader of the page relies on: it is whole, it reaches nothing, and its numbers are the tables'."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from watched import Watched


def text_of(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def drawn_text(page: Page, chart: str) -> list[str]:
    return [text.strip() for text in page.locator(f"{chart} svg text").all_text_contents()]


def column(page: Page, table: str, index: int) -> list[str]:
    return text_of(page, f"#{table} tbody tr > :nth-child({index})")


def test_opens_without_complaint_and_asks_for_nothing(watched: Watched, page_file: Path):
    watched.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    watched.page.wait_for_timeout(200)
    assert watched.complaints == []
    outside = [url for url in watched.requests if not url.startswith(("data:", page_file.as_uri()))]
    assert outside == []


def test_the_page_names_no_address_to_load_from(page_file: Path):
    markup = page_file.read_text()
    head = markup.split("<style>", 1)[0]
    assert "default-src 'none'" in head
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", markup)
    assert not re.search(r"url\(\s*[\"']?(?!data:)", markup.split("<style>", 1)[1].split("</style>", 1)[0])


def test_both_typefaces_came_with_the_page(page: Page):
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {family.strip('"') for family in loaded} == {"Source Sans 3", "Source Serif 4"}


# Shapes a chart must hold to say what it is for: not just axes.
def test_every_chart_is_drawn(page: Page, payload: dict):
    charts = page.locator(".chart")
    assert charts.count() == 4 + sum(1 for order in payload["orders"] if order["detail"])
    for index in range(charts.count()):
        chart = charts.nth(index)
        box = chart.locator("svg").bounding_box()
        assert box and box["width"] > 300 and box["height"] > 150
        assert chart.locator("svg path").count() >= 10, chart.get_attribute("aria-label")
        assert chart.get_attribute("role") == "img"
        assert len(chart.get_attribute("aria-label") or "") > 40


def test_execution_chart_draws_each_fill_in_the_color_of_its_liquidity(page: Page, payload: dict):
    tokens = {"added": "--gain", "removed": "--cost", "auction": "--ochre", "hidden": "--plum"}
    dots = payload["orders"][0]["detail"]["chart"]["dots"]
    figure = page.locator("#order-1 .chart svg")
    value = "getComputedStyle(document.documentElement).getPropertyValue('{}').trim()"
    paper = page.evaluate(value.format("--paper"))
    for liquidity, token in tokens.items():
        color = page.evaluate(value.format(token))
        drawn = figure.locator(f"path[fill='{color}'][stroke='{paper}']").count()
        assert drawn == sum(1 for dot in dots if dot["liquidity"] == liquidity), liquidity


def test_quality_comes_first_and_equals_the_tables(page: Page, payload: dict):
    assert page.locator("main > section").first.get_attribute("id") == "quality"
    for key in ("read", "accepted", "flagged", "quarantined"):
        assert page.locator(f"#quality [data-metric={key}] .value").inner_text() == payload["quality"][key]
    assert column(page, "quality-rules", 6) == [rule["example"] for rule in payload["quality"]["rules"]]
    missing = text_of(page, ".degradations li")
    for shown, row in zip(missing, payload["quality"]["degradations"], strict=True):
        assert row["effect"] in shown


def test_headline_equals_the_summary(page: Page, payload: dict):
    leading = {row["metric"]: row for row in payload["headline"]}
    for metric in ("shortfall_bps", "arrival_cost_bps", "interval_vwap_cost_bps"):
        figure = page.locator(f"[data-metric={metric}]").inner_text()
        row = leading.pop(metric)
        assert row["value"]["t"] in figure
        assert f"{row['low']['t']} to {row['high']['t']}" in figure
        assert f"{row['blocks']['t']} {row['block_kind']} blocks" in figure
    rest = list(leading.values())
    assert column(page, "headline-table", 2) == [row["value"]["t"] for row in rest]
    assert column(page, "headline-table", 4) == [
        f"{row['low']['t']} to {row['high']['t']}" if row["low"] else "" for row in rest
    ]


def test_shortfall_table_follows_the_chosen_basis(page: Page, payload: dict):
    for basis, label in (("order", "ordered quantity"), ("executed", "executed quantity")):
        page.get_by_role("radio", name=label).check()
        parts = next(each for each in payload["shortfall"] if each["basis"] == basis)["parts"]
        assert column(page, f"shortfall-{basis}", 2) == [part["cash"]["t"] for part in parts]
        assert column(page, f"shortfall-{basis}", 3) == [part["bps"]["t"] for part in parts]


def test_waterfall_labels_are_the_parts(page: Page, payload: dict):
    drawn = drawn_text(page, "#shortfall .chart")
    for part in payload["shortfall"][0]["parts"]:
        assert part["bps"]["t"] in drawn


def test_size_bins_equal_the_table(page: Page, payload: dict):
    page.locator("#size summary").click()
    bins = payload["size"]["bins"]
    assert column(page, "size-bins", 2) == [row["count"]["t"] for row in bins]
    assert column(page, "size-bins", 3) == [row["mean"]["t"] for row in bins]
    assert column(page, "size-bins", 7) == [row["total"]["t"] for row in bins]
    drawn = drawn_text(page, "#size .chart")
    for row in bins:
        assert row["count"]["t"] in drawn


@pytest.mark.parametrize("by", ["venue", "broker", "liquidity"])
def test_markouts_by_group(page: Page, payload: dict, by: str):
    before = page.locator("#markouts .chart svg").inner_html()
    page.get_by_role("radio", name=f"by {by}").check()
    assert page.locator("#markouts .chart svg").inner_html() != before
    curves = [curve for curve in payload["markouts"] if curve["by"] == by]
    assert text_of(page, "#markouts .legend button") == [curve["group"] for curve in curves]
    page.locator("#markouts summary").click()
    points = [point for curve in curves for point in curve["points"]]
    assert column(page, "markout-table", 3) == [point["fill"]["t"] for point in points]
    assert column(page, "markout-table", 5) == [point["mid"]["t"] for point in points]
    assert column(page, "markout-table", 7) == [point["observed"]["t"] for point in points]


def test_markouts_of_many_groups_say_how_many_are_drawn_and_offer_the_rest(page: Page, payload: dict):
    page.get_by_role("radio", name="by desk").check()
    curves = [curve for curve in payload["markouts"] if curve["by"] == "desk"]
    assert len(curves) > 6
    legend = page.locator("#markouts .legend")
    assert f"6 of {len(curves)} shown" in legend.inner_text()
    marks = page.locator("#markouts .chart svg path[stroke-width='1.6']")
    before = marks.count()
    legend.get_by_role("button", name="desk 9").click()
    assert f"7 of {len(curves)} shown" in legend.inner_text()
    assert marks.count() > before
    page.locator("#markouts summary").click()
    assert len(column(page, "markout-table", 3)) == sum(len(curve["points"]) for curve in curves)


def test_the_data_are_named_by_source_days_and_symbols(page: Page):
    text = page.locator(".strip").inner_text()
    assert re.search(r"Data\n.+; \d+ days?; .+", text), text


def test_group_tables_equal_the_tables_and_say_not_separable(page: Page, payload: dict):
    assert [group["name"] for group in payload["groups"]] == ["venues", "brokers", "algos", "symbols"]
    for group in payload["groups"]:
        table = f"group-{group['name']}"
        assert column(page, table, 1) == [row["group"] for row in group["rows"]]
        assert column(page, table, 2) == [row["notional"]["t"] for row in group["rows"]]
        assert column(page, table, 3) == [row["cost"]["t"] for row in group["rows"]]
        assert column(page, table, 4) == [f"{row['low']['t']} to {row['high']['t']}" for row in group["rows"]]
        last = 5 + len(group["columns"])
        assert column(page, table, last) == [row["separable"] for row in group["rows"]]
        assert page.locator(f"#{table} svg.interval circle").count() == len(group["rows"])


def test_worst_orders_equal_the_tables(page: Page, payload: dict):
    orders = payload["orders"]
    assert column(page, "worst-orders", 1) == [order["id"] for order in orders]
    headers = text_of(page, "#worst-orders thead th")
    assert column(page, "worst-orders", headers.index("Shortfall USD") + 1) == [
        order["shortfall_cash"]["t"] for order in orders
    ]
    for index, order in enumerate(orders):
        if not order["detail"]:
            continue
        name = f"order-{index + 1}"
        assert column(page, f"{name}-parts", 2) == [part["cash"]["t"] for part in order["detail"]["parts"]]
        assert column(page, f"{name}-benchmarks", 2) == [row["price"] for row in order["detail"]["benchmarks"]]


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def test_sorting_by_pointer_and_by_keyboard(page: Page):
    header = page.locator("#group-venues thead th", has_text="Fees")
    index = text_of(page, "#group-venues thead th").index("Fees bps") + 1
    header.locator("button").click()
    assert header.get_attribute("aria-sort") == "descending"
    values = [number(text) for text in column(page, "group-venues", index)]
    assert values == sorted(values, reverse=True) and len(set(values)) > 1
    header.locator("button").focus()
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "ascending"
    values = [number(text) for text in column(page, "group-venues", index)]
    assert values == sorted(values)
    name = page.locator("#group-venues thead th").first
    name.locator("button").click()
    assert header.get_attribute("aria-sort") is None
    assert column(page, "group-venues", 1) == sorted(column(page, "group-venues", 1), key=str.lower)


def test_text_of_the_data_is_never_markup(page: Page):
    assert page.locator("#quality-rules b").count() == 0
    assert "fills.csv row 8: price = 0</script><b>" in column(page, "quality-rules", 6)
    assert "dark & quiet <1>" in column(page, "group-venues", 1)


def test_tables_are_real_and_described(page: Page):
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("thead th[scope=col]").count() >= 3
        assert table.locator("tbody th[scope=row]").count() == table.locator("tbody tr").count()
    levels = [int(tag[1]) for tag in page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(e => e.tagName)")]
    assert levels[0] == 1 and levels.count(1) == 1


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_no_sideways_scrolling(browser: Browser, page_file: Path, width: int):
    opened = Watched(browser, page_file, width=width)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    for chart in opened.page.locator(".chart").all():
        assert chart.locator("svg").bounding_box()["width"] <= width
    opened.page.context.close()
