"""The default progress bar: on a terminal or in a notebook, and nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

Progress = Callable[[str, int, int], Any]
"""Called with what is being done, how much is done and how much there is (0 = unknown). Returning False stops."""


class _TerminalBar:
    def __init__(self) -> None:
        self._last: tuple[str, int] | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if total <= 0:
            return
        percent = 100 * done // total
        if (stage, percent) == self._last:
            return
        self._last = (stage, percent)
        bar = "#" * (percent * 30 // 100)
        end = "\r\x1b[K" if done >= total else ""
        sys.stderr.write(f"\r\x1b[K  {stage:<28} [{bar:.<30}] {percent:>3} %{end}")
        sys.stderr.flush()


class _NotebookBar:
    def __init__(self) -> None:
        self._handle: Any = None
        self._last: tuple[str, int] | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        from IPython.display import HTML, display

        if total <= 0:
            return
        percent = 100 * done // total
        if (stage, percent) == self._last:
            return
        self._last = (stage, percent)
        bar = HTML(f"<progress value='{percent}' max='100'></progress> {stage} {percent} %")
        if self._handle is None:
            self._handle = display(bar, display_id=True)
        else:
            self._handle.update(HTML("") if done >= total else bar)


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return type(shell).__name__ == "ZMQInteractiveShell"


def chosen(progress: Progress | bool | None) -> Progress | None:
    """What to call: the caller's own, none (False), or by default (None, True) a bar where someone can see it."""
    if callable(progress):
        return progress
    if progress is False:
        return None
    if _in_notebook():
        return _NotebookBar()
    return _TerminalBar() if sys.stderr.isatty() else None
