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


def built_program(name: str) -> Path:
    """The program that writes a page: of the build folder $SLIPCAST_BUILD, else the one built last."""
    if folder := os.environ.get("SLIPCAST_BUILD"):
        return Path(folder) / "tests" / name
    built = sorted((ROOT / "build").glob(f"*/tests/{name}"), key=lambda path: path.stat().st_mtime)
    assert built, f"build the target {name} first: cmake --build build/dev -t {name}"
    return built[-1]


def payload_of(file: Path) -> dict:
    start = '<script id="payload" type="application/json">'
    return json.loads(file.read_text().split(start, 1)[1].split("</script>", 1)[0])


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "report.html"
    subprocess.run([built_program("make_page"), file], check=True)
    return file


@pytest.fixture(scope="session")
def payload(page_file: Path) -> dict:
    return payload_of(page_file)


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
