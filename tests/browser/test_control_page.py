"""The page of a control study: whole, drawn in both schemes, and its numbers are the study's."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pages import built_program, payload_of
from watched import Watched


@pytest.fixture(scope="module")
def study_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("control") / "control.html"
    subprocess.run([built_program("make_control_page"), file], check=True)
    return file


def figures(content: dict) -> list[dict]:
    return [part for section in content["sections"] for part in section["parts"] if part["kind"] == "figure"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_figure_is_drawn_without_complaint(browser: Browser, study_file: Path, scheme: str):
    content = payload_of(study_file)
    opened = Watched(browser, study_file, scheme=scheme)
    titles = [part["title"] for part in figures(content)]
    assert len(titles) >= 7
    for part in figures(content):
        chart = opened.page.locator(f"#{part['id']} .chart")
        assert chart.locator("svg path").count() >= 5, part["title"]
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith(("data:", study_file.as_uri()))] == []
    opened.page.context.close()


def test_it_says_what_the_correction_changes_and_what_it_does_not(browser: Browser, study_file: Path):
    opened = Watched(browser, study_file)
    text = opened.page.locator("body").inner_text()
    assert "profit net of the price of risk" in text
    for words in ("Loss against the exact policy", "Aim and rate over the variance", "What each guard costs"):
        assert words in text
    # Losses of the example at epsilon = 0.1, exact to the grid of the study.
    assert "23.8" in text
    opened.page.context.close()


def test_the_same_study_gives_the_same_bytes(study_file: Path, tmp_path: Path):
    again = tmp_path / "again.html"
    subprocess.run([built_program("make_control_page"), again], check=True)
    assert again.read_bytes() == study_file.read_bytes()
