"""A trading rule with guards and memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from slipcast import _engine
from slipcast._control_rule import FactorRule, Rule, _column
from slipcast._options import documented, texts_of
from slipcast.errors import refusal


class Decision(NamedTuple):
    """A guarded trading rate: trade = rate (aim - position). ``guards`` names what acted, in order, ``reasons`` says
    why, ``unguarded`` is the rule alone."""

    trade: float
    aim: float
    rate: float
    unguarded: float
    guards: list[str]
    reasons: list[str]


class RecalibrationOutcome(NamedTuple):
    """(time, before, after, factor) when due, else None; and why."""

    record: tuple[float, float, float, float] | None
    reason: str


class Trader:
    """A rule with guards and memory: impact level, turnover window, slippage, recalibrated impact. Native mode:
    variances are compared with variances, the half-step guard and the rate cap are off.

    Guards, as keywords:

    """

    def __init__(self, rule: Rule | FactorRule, *, start: float = 0.0, **guards: Any) -> None:
        base, factors = self._made_from(rule)
        self._engine = _engine.ControlTrader.make(base, factors, texts_of(guards), float(start))

    @staticmethod
    def _made_from(rule: Rule | FactorRule) -> tuple[Any, Any]:
        if isinstance(rule, FactorRule):
            return rule.base._engine.parameters, rule._engine
        return rule._engine.parameters, None

    @classmethod
    def restore(cls, rule: Rule | FactorRule, state: str, **guards: Any) -> Trader:
        """A trader of the same rule and guards in a saved state, bit for bit; refused for other options."""
        made = cls.__new__(cls)
        base, factors = cls._made_from(rule)
        made._engine = _engine.ControlTrader.restore(base, factors, texts_of(guards), state)
        return made

    def decide(
        self,
        *,
        time: float,
        position: float,
        signal: float | Sequence[float],
        variance: float = math.nan,
        factor: float = math.nan,
        volatility: float = math.nan,
        step: float = 1.0,
        impact_level: float = math.nan,
    ) -> Decision:
        """The guarded trading rate for the next ``step`` days. Changes nothing. ``factor``: where a fast factor
        that is not the variance itself stands. ``impact_level``: as tracked elsewhere instead of the trader's own."""
        numbers = (float(number) for number in (variance, factor, volatility, step, impact_level))
        made = self._engine.decide(float(time), float(position), _column(signal), *numbers)
        return Decision(*made)

    def record(self, *, time: float, quantity: float, days: float = 1.0, realized_slippage: float = math.nan) -> None:
        """Takes up what was traded, evenly over the ``days`` before ``time``."""
        self._engine.record(float(time), float(quantity), float(days), float(realized_slippage))

    def recalibrate(
        self, time: float, *, realized: float | None = None, expected: float | None = None, fills: int | None = None
    ) -> RecalibrationOutcome:
        """Guard G7 with the slippage of the recorded fills, or with slippage measured elsewhere (e.g. by TCA)."""
        if realized is None and expected is None and fills is None:
            return RecalibrationOutcome(*self._engine.recalibrate(float(time)))
        if realized is None or expected is None or fills is None:
            raise refusal("missing_field", "realized, expected, fills", "", "give all three, or none")
        made = self._engine.recalibrate_measured(float(time), float(realized), float(expected), int(fills))
        return RecalibrationOutcome(*made)

    def impact_level(self, time: float) -> float:
        """l at ``time`` without further trades."""
        return self._engine.impact_level(float(time))

    def turnover(self, time: float) -> float:
        """Sum of |quantity| in the window that ends at ``time``."""
        return self._engine.turnover(float(time))

    @property
    def impact(self) -> float:
        """lambda in force."""
        return self._engine.impact

    @property
    def slippage_ratio(self) -> float:
        """Realized over expected since the last recalibration; 0 while unknown."""
        return self._engine.slippage_ratio

    @property
    def coefficients(self) -> dict[str, Any]:
        """Of the rule in force."""
        return self._engine.coefficients

    @property
    def history(self) -> list[tuple[float, float, float, float]]:
        """Recalibrations: (time, before, after, factor)."""
        return self._engine.history

    def state(self) -> str:
        """The state as text that :meth:`restore` takes."""
        return self._engine.state()


Trader.__doc__ = (Trader.__doc__ or "").rstrip() + "\n\n" + documented(_engine.guard_settings()) + "\n"
