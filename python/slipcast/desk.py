"""The desk: one decision a step, journaled, replayed bit for bit, learning from what came of it.

desk = sc.desk.Desk({"tail_weight": 0.7}, cost=model, venues=3, journal="desk.sqlite")
decision = desk.step(time=now, order=17, side="buy", quantity=12_000, deadline=close, bid="99.99", ask="100.00",
                     quote_time=now, volume_rate=100.0, inputs={"spread": 1.2, "volatility": 90.0})
desk.record_outcome(17, kind="filled", time=now, venue=0, sent=300, filled=120)
sc.desk.replay("desk.sqlite").identical
sc.desk.read_journal("desk.sqlite").report("desk.html")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Unpack

from slipcast import _engine
from slipcast._control_rule import Rule
from slipcast._desk_context import Context, ContextReader, Price, Time, index, key, missing, number, time_ns, whole
from slipcast._desk_journal import Journal, read_journal
from slipcast._desk_records import (
    Asked,
    Candidate,
    Decision,
    Difference,
    Forecast,
    GuardReading,
    LadderInputs,
    ModelVersion,
    Replay,
    Scorecard,
    Status,
    _card,
    _version,
)
from slipcast._desk_trial import Trial, run
from slipcast._options import documented, text_of, texts_of
from slipcast.cost import Model
from slipcast.errors import refusal
from slipcast.options import DeskOptions
from slipcast.venue import Router

__all__ = [
    "Asked",
    "Candidate",
    "Context",
    "Decision",
    "Desk",
    "Difference",
    "Forecast",
    "GuardReading",
    "Journal",
    "LadderInputs",
    "ModelVersion",
    "Price",
    "Replay",
    "Scorecard",
    "Status",
    "Time",
    "Trial",
    "kill",
    "read_journal",
    "release",
    "replay",
    "run",
]

_MAX_ORDER = 100_000


class Desk:
    """Decides one step at a time. The same setup with the same calls makes the same decisions, bit for bit.

    config: the options below by name, as a mapping.
    cost: fitted model; without one the fallback policy decides every step. challenger: a second model that forecasts
    and learns in shadow.
    venues: how many dark venues, or a :class:`slipcast.venue.Router` whose beliefs and options to start from (a copy;
    of a number: orders of at most 100,000 lots, default options).
    rules: of target orders, by ``rule`` of the context. half_life: orders after which a finished order counts half for
    the models; 0 = nothing is forgotten.
    journal: SQLite file of every input, decision and outcome; None = in memory only. A file that exists is refused,
    and gone on with by ``resume=True``: it is replayed first, and the rest of the setup may then be left out.
    impact: no impact model yet; refused.

    A call waits until its record is safe on disk. ``acknowledge=False`` does not wait: send nothing before
    :meth:`acknowledge` returns. Close a desk, or use it as a context manager.

    Raises RefusedError: an option out of its range, models with other inputs, a journal that is no journal, that
    another version would decide otherwise, or that began with another setup.

    Options:

    """

    def __init__(
        self,
        config: DeskOptions | Mapping[str, Any] | None = None,
        *,
        cost: Model | None = None,
        challenger: Model | None = None,
        venues: int | Router | None = None,
        rules: Sequence[Rule] | None = None,
        half_life: float | None = None,
        impact: None = None,
        journal: str | Path | None = None,
        resume: bool = False,
    ) -> None:
        if impact is not None:
            raise refusal("invalid_value", "impact", type(impact).__name__, "a desk takes no impact model yet")
        given = (config, cost, challenger, venues, rules, half_life)
        is_given = any(each is not None for each in given)
        self._journal = None if journal is None else Path(journal)
        if resume:
            self._check_exists()
            setup = _setup(*given) if is_given else None
            self._desk = _engine.DeskEngine.resume(setup, str(self._journal))
        else:
            if self._journal is not None and self._journal.exists():
                rule = "exists: resume=True goes on with it, another name begins a new one"
                raise refusal("invalid_value", "journal", self._journal, rule)
            self._desk = _engine.DeskEngine.create(_setup(*given), "" if journal is None else str(journal))
        self._contexts = ContextReader(self._desk.inputs(), self._desk.code)

    def _check_exists(self) -> None:
        if self._journal is None:
            raise refusal("missing_field", "journal", "", "resume=True needs the file to go on with")
        if not self._journal.exists():
            raise refusal("not_found", "journal", self._journal, "must exist to be resumed")

    @property
    def journal(self) -> Path | None:
        """The journal's file."""
        return self._journal

    def step(
        self, context: Context | Mapping[str, Any] | None = None, *, acknowledge: bool = True, **fields: Unpack[Context]
    ) -> Decision:
        """What to do for one order now, from a mapping, keywords, or both (keywords win). Fields: :class:`Context`.

        A field that contradicts another makes the desk wait (reason bad_context). Raises RefusedError: a field that is
        unknown, missing or cannot be read; a journal that failed."""
        return Decision(self._desk.step(self._contexts.read({**(context or {}), **fields}), acknowledge))

    def record_outcome(
        self,
        order: int,
        kind: str = "filled",
        *,
        time: Time,
        venue: int | None = None,
        sent: int = 0,
        filled: int = 0,
        cost_bps: float | None = None,
        weight: float = 1.0,
        is_complete: bool | None = None,
        is_discretionary: bool = False,
        acknowledge: bool = True,
    ) -> None:
        """What became of something that was sent.

        kind: ``filled`` (a child ended: units ``sent`` and ``filled`` at ``venue``, a dark venue from 0, None = lit),
        ``rejected`` (a child was refused), ``finished`` (the parent is done: its cost in bps, positive hurts, None =
        unknown, at most a million either way; ``weight`` the filled fraction, 0 to 1; ``is_complete`` whether it was
        filled by the deadline, None = unknown, which teaches nothing of completion; ``is_discretionary`` cancelled at
        will, which teaches nothing of it either). A finished order teaches the models and has no further outcome: tell
        of its children first.
        Raises RefusedError: an order that never had a step or is finished, a venue the desk does not have, impossible
        fills, a weight or cost outside its range; such an outcome may be told again."""
        outcome = _engine.DeskOutcome()
        outcome.order = key("order", order)
        outcome.set_kind(kind)
        outcome.set_time(time_ns("time", time))
        outcome.venue = -1 if venue is None else index("venue", venue)
        outcome.sent = whole("sent", sent)
        outcome.filled = whole("filled", filled)
        outcome.cost_bps = float("nan") if missing(cost_bps) else number("cost_bps", cost_bps)
        outcome.weight = number("weight", weight)
        outcome.is_complete = None if is_complete is None else bool(is_complete)
        outcome.is_discretionary = bool(is_discretionary)
        self._desk.record(outcome, acknowledge)

    def kill(self) -> None:
        """The kill switch: every step waits until :meth:`release`, also across a restart. From another process:
        :func:`kill`."""
        self._desk.kill()

    def release(self) -> None:
        """The kill switch goes off."""
        self._desk.release()

    def promote(self) -> None:
        """Challenger and champion change places. Raises RefusedError without a challenger."""
        self._desk.promote()

    def snapshot(self) -> int:
        """Puts the whole state into the journal; its number, to roll back to."""
        return self._desk.snapshot()

    def roll_back(self, snapshot: int) -> None:
        """What was learned returns to a snapshot of this journal, of models and dark venues, bit for bit; orders and
        guards stay as they are. Raises RefusedError: a number that is no snapshot, a desk without either."""
        self._desk.roll_back(key("snapshot", snapshot))

    def acknowledge(self) -> None:
        """Waits until everything so far survives a crash."""
        self._desk.acknowledge()

    def status(self) -> Status:
        """Where the desk stands: open orders, kill switch, models with their scores, journal."""
        facts = self._desk.status()
        for role in ("champion", "challenger"):
            facts[role] = _version(facts[role])
            facts[f"{role}_card"] = _card(facts[f"{role}_card"])
        return Status(acknowledged=self._desk.acknowledged(), **facts)

    def close(self) -> None:
        """Waits until everything is on disk and closes the journal. The desk takes no further call."""
        self._desk.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        where = "in memory" if self._journal is None else str(self._journal)
        if not self._desk.is_open:
            return f"<slipcast.desk.Desk {where}: closed>"
        status = self.status()
        killed = ", KILLED" if status.is_killed else ""
        return f"<slipcast.desk.Desk {where}: {status.open_orders} orders, {status.last_sequence} records{killed}>"


def _setup(
    config: Mapping[str, Any] | None,
    cost: Model | None,
    challenger: Model | None,
    venues: int | Router | None,
    rules: Sequence[Rule] | None,
    half_life: float | None,
) -> _engine.DeskSetup:
    for place, rule in enumerate(rules or ()):
        if not isinstance(rule, Rule):
            raise refusal("invalid_value", f"rules[{place}]", type(rule).__name__, "must be a slipcast.control.Rule")
    if isinstance(venues, int) and venues > 0:
        venues = Router(venues=venues, max_order=_MAX_ORDER)
    router = venues._router if isinstance(venues, Router) else None
    if router is None and venues not in (None, 0):
        raise refusal("invalid_value", "venues", venues, "must be how many dark venues, or a slipcast.venue.Router")
    return _engine.desk_setup(
        texts_of(config or {}),
        {} if half_life is None else {"half_life": text_of("half_life", half_life)},
        None if cost is None else cost._model,
        None if challenger is None else challenger._model,
        [rule._engine for rule in rules or ()],
        router,
    )


def kill(journal: str | Path, *, wait: float = 5.0) -> Asked:
    """Stops the desk of a journal, whatever process it runs in: once this returns, no decision sends anything, and each
    says to cancel what works, until it is released, also across a restart. Waits up to ``wait`` seconds for a running
    desk's answer, which comes with its next call (a step, an outcome, its status).

    Raises RefusedError: a journal that is not there, or a running desk that cannot be reached because its kill file was
    removed."""
    return _asked(journal, True, wait)


def release(journal: str | Path, *, wait: float = 5.0) -> Asked:
    """Lets a desk that was killed go on, whoever killed it. As :func:`kill`."""
    return _asked(journal, False, wait)


def _asked(journal: str | Path, is_kill: bool, wait: float) -> Asked:
    if not 0.0 <= wait <= 86_400.0:
        raise refusal("out_of_range", "wait", wait, "must be 0 to 86,400 seconds")
    return Asked(*_engine.desk_ask(str(journal), is_kill, float(wait)))


def replay(journal: str | Path) -> Replay:
    """Runs a journal again, from what is in it, and compares every decision bit for bit. Names the first record and
    field that differ, and what differs in how the desk began. Reads while a desk writes, too.

    Raises RefusedError: a file that is no journal, that was changed after it was written, or whose setup this version
    cannot read."""
    facts = _engine.desk_replay(str(journal))
    first = facts["first_difference"]
    if first is not None:
        first = Difference(*first[:-2], Decision(first[-2]), Decision(first[-1]))
    return Replay(
        identical=facts["is_identical"],
        records=facts["records"],
        decisions=facts["decisions"],
        first_difference=first,
        different_beginning=tuple(facts["different_beginning"]),
        engine_version=facts["engine_then"],
    )


Desk.__doc__ = (Desk.__doc__ or "").rstrip() + "\n\n" + documented(_engine.desk_settings()) + "\n"
