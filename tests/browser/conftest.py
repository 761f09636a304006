"""The sample page in Chromium: made once by the program `make_page`, opened afresh for each test."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from pages import built_program, payload_of
from watched import Watched

CHROMIUM = os.environ.get("SLIPCAST_CHROMIUM", "/usr/bin/chromium")


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
