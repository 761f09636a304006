"""One step's context from Python values: times, prices and inputs as people hold them."""

from __future__ import annotations

import datetime
import difflib
import math
import numbers
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypedDict

from slipcast import _engine
from slipcast.errors import refusal

Time = Any
"""A datetime with a zone, a pandas Timestamp, a numpy.datetime64 (UTC), ISO text with a zone, or nanoseconds since
1970 UTC."""

Price = str | int | float | Decimal
"""Exact as text, Decimal or int; a float stands for the decimal it prints as."""


class Context(TypedDict, total=False):
    """What one step may know. ``time``, ``order``, ``quote_time`` and ``volume_rate`` are required; a ``work`` order
    also needs ``side``, ``quantity`` and ``deadline``, a ``target`` order ``position``, ``position_units`` and
    ``signals``. Quantities are whole units of the instrument; what is not given is missing or, for counts, zero."""

    time: Time
    order: int
    """Key of the parent order."""
    kind: str
    """work (default) or target."""
    side: str | int
    quantity: int
    """Units of the parent."""
    filled: int
    """Units so far."""
    working: int
    """Units sent and not ended; of a target order net, buys positive."""
    lot: int
    """Units a lot (default 1)."""
    deadline: Time
    rule: int
    """target: which of the desk's rules (default 0)."""
    position: float
    """target: held now, in the rule's positions."""
    position_units: float
    """target: units of one position."""
    impact_level: float
    """target: the rule's impact level now."""
    day_seconds: float
    """target: seconds of the rule's day (default 23,400)."""
    signals: float | Sequence[float]
    bid: Price | None
    ask: Price | None
    """Without both the desk waits."""
    quote_time: Time
    """Of bid and ask."""
    reference: Price | None
    """Of the price band; None = no band."""
    limit_price: Price | None
    """Of the parent."""
    unit_value: float
    """Cash of one unit at price 1 (default 1)."""
    volume_rate: float
    """Units a second that the market is expected to trade."""
    own_volume: float
    """Units this desk traded in the guard window."""
    market_volume: float
    """Units the market traded in the guard window."""
    volatility_z: float
    spread_z: float
    depth_z: float
    """Today's log volatility, log spread and log depth as standard scores over 20 days; missing = unknown."""
    portfolio: str
    """GREEN (default), AMBER or RED: the portfolio's own state."""
    symbol_observations: int
    """Finished orders of the symbol that the model learned from (default 0: cold)."""
    tier_median_p95_bps: float
    """Median predicted p95 of the symbol's liquidity tier; missing = unknown, and the rung at least AMBER."""
    inputs: Mapping[str, float | str]
    """Of the cost model, by name or column; labels as text. Those that a candidate sets may be left out."""


def time_ns(field: str, value: Time) -> int:
    """Nanoseconds since 1970 UTC; a time without a zone is refused, because it is a guess."""
    if isinstance(value, str):
        return _engine.parse_time(value, field)
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise refusal("invalid_value", field, value, "needs a time zone")
        since = value - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        return 1000 * microseconds + int(getattr(value, "nanosecond", 0))
    if type(value).__name__ == "datetime64":
        ns = int(value.astype("datetime64[ns]").astype("int64"))
        if ns == -(2**63):
            raise refusal("invalid_value", field, value, "must be a time")
        return ns
    return whole(field, value)


_KEY = (0, 2**64)
_UNITS = (-(2**63), 2**63)
_INDEX = (0, 2**31)


def whole(field: str, value: Any, bounds: tuple[int, int] = _UNITS) -> int:
    """A whole number within [low, high): what the engine's integer holds."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        number = operator.index(value)
    except TypeError:
        raise refusal("invalid_value", field, value, "must be a whole number") from None
    if bounds[0] <= number < bounds[1]:
        return number
    raise refusal("out_of_range", field, value, "must be >= 0" if number < 0 <= bounds[0] else "is too large")


def key(field: str, value: Any) -> int:
    """An order's key or a record's number."""
    return whole(field, value, _KEY)


def index(field: str, value: Any) -> int:
    """A position in a list, from 0."""
    return whole(field, value, _INDEX)


def number(field: str, value: Any) -> float:
    if isinstance(value, (numbers.Real, Decimal)):
        return float(value)
    raise refusal("invalid_value", field, value, "must be a number")


def missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


_WHOLE = ("quantity", "filled", "working", "lot", "symbol_observations")
_NUMBERS = (
    "position",
    "position_units",
    "impact_level",
    "day_seconds",
    "unit_value",
    "volume_rate",
    "own_volume",
    "market_volume",
    "volatility_z",
    "spread_z",
    "depth_z",
    "tier_median_p95_bps",
)
_TIMES = ("time", "deadline", "quote_time")
_PRICES = ("bid", "ask", "reference", "limit_price")
_REQUIRED = ("time", "order", "quote_time", "volume_rate")
_REQUIRED_OF = {"work": ("side", "quantity", "deadline"), "target": ("position", "position_units", "signals")}


class ContextReader:
    """Reads contexts for a desk whose model has these inputs; ``code`` gives a label's number."""

    def __init__(self, inputs: Sequence[Mapping[str, Any]], code: Callable[[int, str], float]) -> None:
        self._count = len(inputs)
        self._code = code
        self._inputs: dict[str, tuple[int, bool]] = {}
        for place, known in enumerate(inputs):
            for name in (known["column"], known["name"]):
                if name:
                    self._inputs[name] = (place, known["is_label"])

    def read(self, given: Mapping[str, Any]) -> _engine.DeskContext:
        """The engine's context. Raises RefusedError: an unknown or missing field, a value that cannot be read."""
        known = Context.__annotations__
        for name in given:
            if name not in known:
                raise _unknown(name, given[name], list(known))
        kind = given.get("kind", "work")
        if kind not in _REQUIRED_OF:
            raise refusal("invalid_value", "kind", kind, "must be work or target")
        for name in (*_REQUIRED, *_REQUIRED_OF[kind]):
            if missing(given.get(name)):
                raise refusal("missing_field", name, "", f"a step of a {kind} order needs it")
        context = _engine.DeskContext()
        context.set_is_target(kind == "target")
        for name, value in given.items():
            if missing(value) or name == "kind":
                continue
            self._set(context, name, value)
        if "inputs" not in given or given["inputs"] is None:
            context.set_inputs([math.nan] * self._count)
        return context

    def _set(self, context: _engine.DeskContext, name: str, value: Any) -> None:
        if name in _WHOLE:
            setattr(context, name, whole(name, value))
        elif name == "order":
            context.order = key(name, value)
        elif name == "rule":
            context.rule = index(name, value)
        elif name in _NUMBERS:
            setattr(context, name, number(name, value))
        elif name in _TIMES:
            getattr(context, f"set_{name}")(time_ns(name, value))
        elif name in _PRICES:
            getattr(context, f"set_{name}")(value)
        elif name == "signals":
            signals = [value] if isinstance(value, numbers.Real) else value
            context.set_signals([number(name, each) for each in signals])
        elif name == "inputs":
            context.set_inputs(self._values(value))
        else:
            getattr(context, f"set_{name}")(str(value))

    def _values(self, given: Mapping[str, Any]) -> list[float]:
        values = [math.nan] * self._count
        for name, value in given.items():
            if name not in self._inputs:
                raise _unknown(name, value, list(self._inputs), "the cost model reads no such input")
            place, is_label = self._inputs[name]
            if missing(value):
                continue
            values[place] = self._code(place, str(value)) if is_label else number(name, value)
        return values


def _unknown(name: str, value: Any, known: list[str], rule: str = "unknown field") -> Exception:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    return refusal("unknown_field", name, value, f"{rule}; did you mean '{near[0]}'?" if near else rule)
