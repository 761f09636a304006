"""The programs that write the sample pages, and the numbers that a page carries."""

import json
import os
from pathlib import Path

from playwright.sync_api import Browser

from watched import Watched

ROOT = Path(__file__).resolve().parents[2]


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


def wider_than_paper(browser: Browser, file: Path) -> list[str]:
    """What reaches beyond the right margin of the printed page: its text is 688 pixels wide."""
    opened = Watched(browser, file, width=688)
    opened.page.emulate_media(media="print")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    beyond = opened.page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 689"
        " && !e.closest('.for-readers')).map(e => `${e.tagName}.${e.className} ${e.textContent.slice(0, 40)}`)"
    )
    opened.page.context.close()
    return beyond
