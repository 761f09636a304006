"""What a desk answers: decisions, its state, and how a replay went."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from slipcast import _engine

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class GuardReading(NamedTuple):
    """One limit: what was measured, the limit, whether it was passed, and whether it acted (in ``observe`` mode a
    passed limit does not)."""

    value: float
    limit: float
    is_passed: bool
    acted: bool


class Forecast(NamedTuple):
    """The cost of the chosen tactic [bps, positive hurts] with the chance to miss the deadline; NaN without a
    forecast. ``tail`` is the quantile that the score weighs."""

    mean: float
    p50: float
    p90: float
    p95: float
    p99: float
    tail: float
    epistemic_sd: float
    aleatoric_sd: float
    miss_risk: float


class LadderInputs(NamedTuple):
    """What the ladder read [bps, positive hurts]: the predicted tail and deviations of the choice were nothing
    forbidden (NaN without a forecast), the median tail of the symbol's liquidity tier, how many of its orders were
    seen, stress, and the portfolio's state. With the options' multiples it gives the rung again."""

    p95_bps: float
    tier_median_p95_bps: float
    epistemic_sd_bps: float
    aleatoric_sd_bps: float
    symbol_observations: int
    is_stressed: bool
    portfolio: str


class Candidate(NamedTuple):
    """One way to trade: share of the market's volume, score and its parts [bps, positive hurts], and whether the rung
    allows it."""

    tactic: str
    participation: float
    score: float
    mean: float
    tail: float
    miss_risk: float
    is_allowed: bool


class ModelVersion(NamedTuple):
    """Which model spoke: digest of its artifact, and how much it has learned since."""

    digest: str
    updates: int


class Decision:
    """What to do now for one order. Frozen; two are equal when every field is, bit for bit. Quantities in units of the
    instrument, bps positive when they hurt."""

    __slots__ = ("_decision",)

    def __init__(self, decision: _engine.DeskDecision) -> None:
        object.__setattr__(self, "_decision", decision)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a decision is frozen: {name} cannot be set")

    @property
    def time(self) -> datetime.datetime:
        """Of the context, UTC, to the microsecond; :attr:`time_ns` is exact."""
        return _EPOCH + datetime.timedelta(microseconds=self._decision.time_ns // 1000)

    @property
    def time_ns(self) -> int:
        """Nanoseconds since 1970 UTC."""
        return self._decision.time_ns

    @property
    def order(self) -> int:
        """Key of the parent order."""
        return self._decision.order

    @property
    def step(self) -> int:
        """Of this order, from 0."""
        return self._decision.step

    @property
    def action(self) -> str:
        """trade or wait."""
        return self._decision.action

    @property
    def reason(self) -> str:
        """best_score, fallback, guard, paused, all_working, past_deadline, at_target, price_limit, no_room, bad_context
        or reversing."""
        return self._decision.reason

    @property
    def explanation(self) -> str:
        """The reason as a sentence; of the guard when one acted, with the field of a bad context."""
        return self._decision.explanation

    @property
    def field(self) -> str | None:
        """Of the context, the first outside its meaning (bad_context)."""
        field = self._decision.field
        return None if field == "none" else field

    @property
    def cancel_working(self) -> bool:
        """Cancel all that still works of this order, before anything else: the kill switch is on, the quote is stale,
        the deadline has passed, a child was sent beyond the parent's present limit price, or children work against the
        side that a target order now takes."""
        return self._decision.cancel_working

    @property
    def tactic(self) -> str:
        """vwap_pace, passive, immediate or rule_rate."""
        return self._decision.tactic

    @property
    def side(self) -> str:
        """buy or sell."""
        return self._decision.side

    @property
    def participation(self) -> float:
        """Share of the market's volume."""
        return self._decision.participation

    @property
    def quantity(self) -> int:
        """Units to send: lit and dark. Zero when waiting."""
        return self._decision.quantity

    @property
    def lit(self) -> int:
        """Units for the lit market."""
        return self._decision.lit

    @property
    def dark(self) -> tuple[int, ...]:
        """Units for each dark venue, sent first; what comes back goes lit at :attr:`price`. Empty without a split."""
        return tuple(self._decision.dark)

    @property
    def price(self) -> Decimal:
        """Limit of the children, exact."""
        return Decimal(self._decision.price)

    @property
    def interval(self) -> datetime.timedelta:
        """Until the next step, to the microsecond."""
        return datetime.timedelta(microseconds=self._decision.interval_ns // 1000)

    @property
    def rung(self) -> str:
        """GREEN, AMBER or RED."""
        return self._decision.rung

    @property
    def rung_reason(self) -> str:
        """normal, amber_tail, red_tail, epistemic, cold_start, stress, portfolio or no_forecast."""
        return self._decision.rung_reason

    @property
    def ladder(self) -> LadderInputs:
        """What the rung was read from; zeros when the step did not come to choose."""
        return LadderInputs(*self._decision.ladder)

    @property
    def is_cold(self) -> bool:
        """The model has seen few orders of the symbol."""
        return self._decision.is_cold

    @property
    def stress(self) -> float:
        """Standard scores of log volatility plus log spread minus log depth; NaN when one is missing."""
        return self._decision.stress

    @property
    def binding(self) -> str | None:
        """The first guard that acted, by name."""
        binding = self._decision.binding
        return None if binding == "none" else binding

    @property
    def guards(self) -> dict[str, GuardReading]:
        """Every guard's reading, by name, in the order in which they act."""
        return {name: GuardReading(*reading) for name, *reading in self._decision.guards}

    @property
    def forecast(self) -> Forecast:
        """Of the chosen tactic."""
        return Forecast(*self._decision.forecast)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What was weighed; :attr:`chosen` is the position of the one taken."""
        return tuple(Candidate(*each) for each in self._decision.candidates)

    @property
    def chosen(self) -> int:
        """Position in :attr:`candidates`."""
        return self._decision.chosen

    @property
    def model(self) -> ModelVersion | None:
        """Which model spoke; None without one."""
        return _version(self._decision.model)

    def as_dict(self) -> dict[str, str]:
        """Every field as text, as a replay compares and names them."""
        return self._decision.fields()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and self._decision.same_as(other._decision)

    def __hash__(self) -> int:
        return hash((self.time_ns, self.order, self.step, self.quantity))

    def __repr__(self) -> str:
        head = f"<slipcast.desk.Decision order {self.order} step {self.step}: "
        if self.cancel_working:
            head += "cancel what works and "
        if self.action == "wait":
            return f"{head}wait ({self.explanation}); {self.rung}; {self.reason}>"
        split = f"lit {self.lit:,}"
        if any(self.dark):
            split += f", dark {' + '.join(f'{units:,}' for units in self.dark)}"
        limits = "" if self.binding is None else f"; cut by {self.binding}"
        return (
            f"{head}{self.side} {self.quantity:,} ({split}) {self.tactic} at {self.price}, next in "
            f"{self.interval.total_seconds():.1f} s; {self.rung}; {self.reason}{limits}>"
        )


def _version(version: tuple[str, int] | None) -> ModelVersion | None:
    return None if version is None else ModelVersion(*version)


@dataclass(frozen=True)
class Scorecard:
    """How a model's first forecasts fared on the finished orders [bps, positive hurts]."""

    count: int
    crps: float
    coverage_90: float
    """Share inside the central 90 %."""
    mean_log_score: float
    pit: tuple[int, ...]
    """Counts by tenths: even when the forecasts are calibrated."""


def _card(card: dict[str, Any] | None) -> Scorecard | None:
    return None if card is None else Scorecard(**{**card, "pit": tuple(card["pit"])})


@dataclass(frozen=True)
class Status:
    """Where a desk stands."""

    open_orders: int
    is_killed: bool
    last_sequence: int
    """Number of the last record appended to the journal."""
    acknowledged: int
    """Number of the last record that survives a crash."""
    champion: ModelVersion | None
    challenger: ModelVersion | None
    champion_card: Scorecard | None
    challenger_card: Scorecard | None


@dataclass(frozen=True)
class Asked:
    """A request to a desk, which is on disk: its number, who takes it up (``running``: the desk that has the journal
    open, before its next decision; ``next``: the next one, before its first), and the number of the record that says it
    did, None when it has not yet."""

    number: int
    reach: str
    record: int | None


@dataclass(frozen=True)
class Difference:
    """The first decision that did not come out as journaled: number of the record, order, step, and the first field
    with its value then and now."""

    sequence: int
    order: int
    step: int
    field: str
    journaled: str
    replayed: str
    journaled_decision: Decision
    replayed_decision: Decision


@dataclass(frozen=True)
class Replay:
    """How a replay went. ``different_beginning`` names what differs in how the desk began: engine_version and the
    like; the replay is not identical then, whatever its decisions."""

    identical: bool
    records: int
    decisions: int
    first_difference: Difference | None
    different_beginning: tuple[str, ...]
    engine_version: str
    """That wrote the journal."""
