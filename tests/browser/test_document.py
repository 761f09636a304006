"""Pages made of the generic parts: every part drawn, every number as written, every switch working."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pages import built_program, payload_of
from watched import Watched


@pytest.fixture(scope="module")
def document_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("document") / "document.html"
    subprocess.run([built_program("make_document"), file], check=True)
    return file


@pytest.fixture(scope="module")
def content(document_file: Path) -> dict:
    return payload_of(document_file)


@pytest.fixture
def opened(browser: Browser, document_file: Path) -> Iterator[Watched]:
    watched = Watched(browser, document_file)
    yield watched
    watched.page.context.close()


def figures(content: dict) -> list[dict]:
    return [part for section in content["sections"] for part in section["parts"] if part["kind"] == "figure"]


def figure(content: dict, title: str) -> dict:
    return next(part for part in figures(content) if part["title"] == title)


def drawn_text(page: Page, figure_id: str) -> list[str]:
    return [text.strip() for text in page.locator(f"#{figure_id} .chart svg text").all_text_contents()]


def test_opens_without_complaint_and_asks_for_nothing(opened: Watched, document_file: Path):
    for folded in opened.page.locator("figure summary").all():
        folded.click()
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith(("data:", document_file.as_uri()))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_figure_is_drawn(browser: Browser, document_file: Path, content: dict, scheme: str):
    opened = Watched(browser, document_file, scheme=scheme)
    for part in figures(content):
        chart = opened.page.locator(f"#{part['id']} .chart")
        box = chart.locator("svg").bounding_box()
        assert box and box["width"] > 200 and abs(box["height"] - part["height"]) <= 1, part["title"]
        assert chart.locator("svg path").count() >= 5, part["title"]
        assert part["title"] in (chart.get_attribute("aria-label") or "")
        for reference in part["references"]:
            assert reference["label"] in drawn_text(opened.page, part["id"])
        for axis in (part["x"], part["y"]):
            if axis["title"]:
                name = f"{axis['title']}, {axis['unit']}" if axis["unit"] else axis["title"]
                assert name in drawn_text(opened.page, part["id"])
    opened.page.context.close()


def test_lines_are_named_at_their_ends_or_in_a_legend(opened: Watched, content: dict):
    direct = figure(content, "Probability that at least this much fills")
    assert opened.page.locator(f"#{direct['id']} .legend").is_hidden()
    for series in direct["series"]:
        assert series["name"] in drawn_text(opened.page, direct["id"])
    bars = figure(content, "Filled by policy")
    names = opened.page.locator(f"#{bars['id']} .legend button").all_inner_texts()
    assert [name.strip() for name in names] == [series["name"] for series in bars["series"]]


def test_more_series_than_colors_start_switched_off_and_the_legend_says_so(opened: Watched, content: dict):
    part = figure(content, "Ten venues, six at first")
    legend = opened.page.locator(f"#{part['id']} .legend")
    assert "6 of 10 shown" in legend.inner_text()
    pressed = [button.get_attribute("aria-pressed") for button in legend.locator("button").all()]
    assert pressed == ["true"] * 6 + ["false"] * 4
    lines = opened.page.locator(f"#{part['id']} .chart svg path[stroke-width='1.8']")
    before = lines.count()
    legend.get_by_role("button", name="Venue 9").click()
    assert "7 of 10 shown" in legend.inner_text()
    assert lines.count() == before + 1
    legend.get_by_role("button", name="Venue 9").focus()
    opened.page.keyboard.press("Enter")
    assert "6 of 10 shown" in legend.inner_text()
    assert lines.count() == before


def test_bars_reach_their_values(opened: Watched, content: dict):
    part = figure(content, "Filled by policy")
    color = opened.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--gain').trim()")
    heights = [
        bar.bounding_box()["height"]
        for bar in opened.page.locator(f"#{part['id']} .chart svg path[fill='{color}']").all()
    ]
    values = part["series"][0]["y"]
    assert len(heights) == len(values)
    for height, value in zip(heights, values, strict=True):
        assert height / heights[-1] == pytest.approx(value / values[-1], abs=0.01)


def test_heat_map_has_a_cell_a_value_and_none_where_there_is_none(opened: Watched, content: dict):
    part = figure(content, "Marginal value over size and exponent")
    values = [value for value in part["heat"]["value"] if value is not None]
    assert len(values) == len(part["heat"]["value"]) - 1
    texts = drawn_text(opened.page, part["id"])
    assert sum(f"{value:.3g}" in texts for value in values) >= len(values) * 0.9
    assert opened.page.locator(f"#{part['id']} .heat-key .ramp").bounding_box()["width"] > 50


def test_a_tip_tells_the_numbers_at_the_pointer(opened: Watched, content: dict):
    part = figure(content, "Probability that at least this much fills")
    chart = opened.page.locator(f"#{part['id']} .chart")
    chart.scroll_into_view_if_needed()
    chart.hover(position={"x": 300, "y": 150})
    opened.page.wait_for_timeout(300)
    tip = chart.locator("xpath=./div[last()]").inner_text()
    for series in part["series"]:
        assert series["name"] in tip
    assert "shares" in tip and " to " in tip


def test_lanes_read_as_clock_times_and_their_tips_carry_notes(opened: Watched, content: dict):
    part = figure(content, "Steps of three orders")
    texts = drawn_text(opened.page, part["id"])
    assert "14:30" in texts and "14:50" in texts
    assert set(part["y"]["categories"]) <= set(texts)
    chart = opened.page.locator(f"#{part['id']} .chart")
    # Bars in proportion on their lanes.
    color = opened.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--teal').trim()")
    marks = chart.locator(f"svg path[fill='{color}']")
    heights = [mark.evaluate("mark => mark.getBBox().height") for mark in marks.all()]
    sizes = part["series"][0]["size"]
    assert len(heights) == len(sizes)
    for height, size in zip(heights, sizes, strict=True):
        if size > 0:
            assert height / max(heights) == pytest.approx(size / max(sizes), rel=0.01)
    largest = heights.index(max(heights))
    chart.scroll_into_view_if_needed()
    marks.nth(largest).hover()
    opened.page.wait_for_timeout(300)
    tip = chart.locator("xpath=./div[last()]").inner_text()
    assert "2024-03-05 14:" in tip and "as <planned>" in tip
    opened.page.locator(f"#{part['id']} summary").click()
    table = opened.page.locator(f"#{part['id']}-numbers")
    table.locator("tbody tr").first.wait_for()
    cells = table.locator("tbody tr").first.inner_text().split("\t")
    assert cells == ["steps", "2024-03-05 14:29:55", "order 3", "step 0; as <planned>"]


def test_numbers_fold_out(opened: Watched, content: dict):
    part = figure(content, "Filled by policy")
    opened.page.locator(f"#{part['id']} summary").click()
    table = opened.page.locator(f"#{part['id']}-numbers")
    table.locator("tbody tr").first.wait_for()  # the page fills it when it hears of the click
    rows = table.locator("tbody tr").all_inner_texts()
    assert len(rows) == 6
    assert rows[1].split("\t") == ["greedy", "Birch", "1,240", "1,100 to 1,380"]


def test_tables_and_key_numbers_show_what_was_written(opened: Watched, content: dict):
    parts = content["sections"][0]["parts"]
    table = parts[3]
    for index, name in ((1, "venue"), (2, "orders"), (3, "probability")):
        shown = opened.page.locator(f"#{table['id']} tbody tr > :nth-child({index})").all_inner_texts()
        cells = [row[index - 1] for row in table["rows"]]
        expected = [cell if isinstance(cell, str) else cell["t"] if cell else "–" for cell in cells]
        assert [text.strip() for text in shown] == expected, name
    assert "The first 2 of 4 rows" in opened.page.locator("#answer").inner_text()
    for number in parts[1]["numbers"]:
        assert (number["value"]["t"] if number["value"] else "–") in opened.page.locator("#answer .large").inner_text()
    header = opened.page.locator(f"#{table['id']} thead th", has_text="Orders")
    header.locator("button").click()
    assert header.get_attribute("aria-sort") == "descending"
    first = opened.page.locator(f"#{table['id']} tbody tr").first.inner_text()
    assert first.startswith("Cedar <dark>")


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_no_sideways_scrolling(browser: Browser, document_file: Path, width: int):
    opened = Watched(browser, document_file, width=width)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    opened.page.context.close()


def test_paper_holds_every_figure_at_its_width(opened: Watched, content: dict):
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    widths = {"full": "688", "half": "332", "third": "213"}
    for part in figures(content):
        assert opened.page.locator(f"#{part['id']} .chart svg").get_attribute("width") == widths[part["width"]]
    opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
