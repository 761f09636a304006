"""The sample page in Chromium: made once by the program `make_page`, opened afresh for each test."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from watched import Watched

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("SLIPCAST_CHROMIUM", "/usr/bin/chromium")


def make_page_program() -> Path:
    """The program of $SLIPCAST_MAKE_PAGE, else the one built last."""
    if named := os.environ.get("SLIPCAST_MAKE_PAGE"):
        return Path(named)
    built = sorted((ROOT / "build").glob("*/tests/make_page"), key=lambda path: path.stat().st_mtime)
    assert built, "build the target make_page first: cmake --build build/dev -t make_page"
    return built[-1]


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "report.html"
    subprocess.run([make_page_program(), file], check=True)
    return file


@pytest.fixture(scope="session")
def payload(page_file: Path) -> dict:
    text = page_file.read_text()
    start = '<script id="payload" type="application/json">'
    return json.loads(text.split(start, 1)[1].split("</script>", 1)[0])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def watched(browser: Browser, page_file: Path) -> Iterator[Watched]:
    opened = Watched(browser, page_file)
    yield opened
    opened.page.context.close()


@pytest.fixture
def page(watched: Watched) -> Page:
    return watched.page
