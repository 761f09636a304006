"""Python values as the text that a setting reads, and the settings as documentation."""

from __future__ import annotations

import datetime
import numbers
from collections.abc import Iterable, Mapping
from typing import Any

from slipcast.errors import refusal


def text_of(name: str, value: Any) -> str:
    """The setting's text for a Python value; a value of a kind that no setting takes is refused."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool,)) or type(value).__name__ in ("bool_", "bool"):
        return "true" if value else "false"
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        return repr(float(value))
    if isinstance(value, datetime.timedelta):
        microseconds = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
        return f"{microseconds}us"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, (bytes, Mapping)):
        return ",".join(text_of(name, element) for element in value)
    raise refusal("invalid_value", name, value, f"cannot be a {type(value).__name__}")


def texts_of(options: Mapping[str, Any]) -> dict[str, str]:
    return {name: text_of(name, value) for name, value in options.items()}


def documented(settings: Iterable[Mapping[str, Any]]) -> str:
    """One line a setting for a docstring: name, default, range and meaning, as the engine declares them."""
    lines = []
    for setting in settings:
        facts = "; ".join(part for part in (setting["unit"], setting["range"]) if part)
        lines.append(f"    {setting['name']} = {setting['default'] or 'none'}")
        lines.append(f"        {setting['meaning']}{f' ({facts})' if facts else ''}")
    return "\n".join(lines)
