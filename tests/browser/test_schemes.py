"""Light, dark and paper: every scheme readable, the charts in it too."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from watched import Watched

TEXT_TOKENS = ["--ink", "--ink-soft", "--ink-faint", "--accent", "--cost", "--gain", "--ochre", "--plum", "--red"]


def token(page: Page, name: str) -> str:
    return page.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('{name}').trim()")


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrast_reaches_wcag_aa(browser: Browser, page_file: Path, scheme: str):
    opened = Watched(browser, page_file, scheme=scheme)
    paper = token(opened.page, "--paper")
    for name in TEXT_TOKENS:
        assert contrast(token(opened.page, name), paper) >= 4.5, name
    opened.page.context.close()


def test_toggle_switches_page_and_charts_and_back(page: Page):
    def look() -> tuple[str, str]:
        return (
            page.evaluate("getComputedStyle(document.body).backgroundColor"),
            page.locator("#size .chart svg").inner_html(),
        )

    light = look()
    page.get_by_role("button", name="Switch to dark colors").click()
    dark = look()
    assert dark[0] != light[0] and dark[1] != light[1]
    assert token(page, "--accent") in dark[1]
    page.get_by_role("button", name="Switch to light colors").click()
    assert look()[0] == light[0]


def test_follows_the_system(browser: Browser, page_file: Path):
    opened = Watched(browser, page_file, scheme="dark")
    assert luminance(token(opened.page, "--paper")) < 0.05
    opened.page.emulate_media(color_scheme="light")
    assert luminance(token(opened.page, "--paper")) > 0.9
    assert token(opened.page, "--accent") in opened.page.locator("#size .chart svg").inner_html()
    opened.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_light_and_charts_fit_it(browser: Browser, page_file: Path, tmp_path: Path, scheme: str):
    opened = Watched(browser, page_file, scheme=scheme)
    page = opened.page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert token(page, "--paper") == "#ffffff"
    for chart in page.locator(".chart svg").all():
        assert chart.get_attribute("width") == "688"
        assert chart.get_attribute("viewBox").startswith("0 0 688 ")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#size .chart svg").get_attribute("width") != "688"
    # One page holds at most one order; all pages of the sample together stay a short booklet.
    pdf = tmp_path / "report.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    assert 4 <= pdf.read_bytes().count(b"/Type /Page\n") <= 14
    opened.page.context.close()


def test_nothing_is_wider_than_the_printed_page(browser: Browser, page_file: Path):
    opened = Watched(browser, page_file, width=688)
    opened.page.emulate_media(media="print")
    too_wide = opened.page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 689)"
        ".map(e => e.tagName + '.' + e.className)"
    )
    assert too_wide == []
    for hidden in (".contents", ".tools", ".controls"):
        assert not opened.page.locator(hidden).first.is_visible()
    opened.page.context.close()
