"""What plugs into a rule from outside: a signal known before the decision, a regime label, an exit rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slipcast.errors import refusal

if TYPE_CHECKING:
    from slipcast._control_rule import FactorRule, Rule

Numbers = Any


class SignalColumn:
    """Values of a signal and when each was known. ``at(times)`` gives the last value known strictly before each time,
    so that no decision can see its own future. Refused: times that do not ascend, values that are not finite."""

    def __init__(self, values: Numbers, known_at: Numbers) -> None:
        import numpy as np

        self.values = np.asarray(values, dtype=np.float64)
        self.known_at = np.asarray(known_at)
        if self.values.ndim not in (1, 2) or len(self.values) != len(self.known_at) or self.known_at.ndim != 1:
            raise refusal("inconsistent", "known_at", len(self.known_at), "needs one time a value")
        if len(self.known_at) == 0 or bool((self.known_at[1:] < self.known_at[:-1]).any()):
            raise refusal("invalid_value", "known_at", len(self.known_at), "must hold ascending times")
        if not bool(np.isfinite(self.values).all()):
            raise refusal("invalid_value", "signal", "not finite", "every value must be finite")

    def at(self, times: Numbers) -> Any:
        """The last value known strictly before each time; refused before the first."""
        import numpy as np

        place = np.searchsorted(self.known_at, times, side="left") - 1
        if bool(np.any(place < 0)):
            raise refusal("invalid_value", "time", np.min(times), "must be after the first value was known")
        return self.values[place]


@dataclass(frozen=True)
class RegimeRules:
    """One rule a regime label; the label has to be known before the decision. Unknown labels are refused."""

    rules: Mapping[str, Rule | FactorRule]

    def rule(self, label: str) -> Rule | FactorRule:
        """The rule of a label."""
        if label not in self.rules:
            raise refusal("not_found", "regime", label, f"must be one of {', '.join(map(str, self.rules))}")
        return self.rules[label]

    def decide(self, label: str, **state: Numbers) -> Any:
        """The trading rate by the label's rule, see :meth:`Rule.decide`."""
        return self.rule(label).decide(**state)


@dataclass(frozen=True)
class ExitRule:
    """Whether to hand over the whole position for a fee per unit: yes when holding adds less than that to the exact
    value, V(q, l, x) - V(0, l, x) < -fee |q|. For a rule with one signal. Following it earns at least what the rule
    alone earns, because V is what the rule alone earns from there on."""

    base: Rule
    fee: float

    def __post_init__(self) -> None:
        if not self.fee >= 0.0:
            raise refusal("invalid_value", "fee", self.fee, "must be >= 0")
        if len(self.base.parameters.as_dict()["signal_decay"]) != 1:
            raise refusal("invalid_value", "rule", "several signals", "an exit rule needs a rule with one signal")

    def added_by_holding(self, *, position: Numbers, impact_level: Numbers, signal: Numbers) -> Any:
        """V(q, l, x) - V(0, l, x), numbers or arrays."""
        a = self.base.coefficients
        return (a["Aql"] * impact_level + a["Aqx"] * signal - 0.5 * a["Aqq"] * position) * position

    def leaves(self, *, position: Numbers, impact_level: Numbers, signal: Numbers) -> Any:
        """Whether to leave now."""
        state = {"position": position, "impact_level": impact_level, "signal": signal}
        return self.added_by_holding(**state) < -self.fee * abs(position)

    def threshold(self, *, position: float, impact_level: float = 0.0) -> float:
        """The signal at which a position is left: below it when long, above it when short."""
        if position == 0.0:
            raise refusal("invalid_value", "position", position, "must not be zero")
        a = self.base.coefficients
        side = 1.0 if position > 0.0 else -1.0
        return (0.5 * a["Aqq"] * position - a["Aql"] * impact_level - side * self.fee) / a["Aqx"]
