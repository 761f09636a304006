"""Splitting orders over venues: what :mod:`slipcast.venue` adds to its estimates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from slipcast import _engine
from slipcast._files import write_text
from slipcast._options import documented, texts_of
from slipcast._progress import Progress, chosen
from slipcast._venue_fit import Fit, Lots, _lots, _minimums
from slipcast._venue_logs import _LOG_OPTIONS, FromLog, _logs
from slipcast.dataset import ArrowTable, Dataset
from slipcast.errors import refusal
from slipcast.options import AllocationOptions, RouterOptions, VenueSimulateOptions
from slipcast.table import Table

if TYPE_CHECKING:
    import numpy

    from slipcast._venue_fit import Distribution


def _each(field: str, value: Any, default: float, count: int) -> list[Any]:
    """One number a venue, from None, one number, or as many."""
    if value is None:
        return [default] * count
    try:
        numbers = list(value)
    except TypeError:
        return [value] * count
    if len(numbers) != count:
        raise refusal("inconsistent", field, f"{len(numbers)} values", f"needs one a venue ({count})")
    return numbers


def _largest_sent(venues: Sequence[Distribution]) -> list[int]:
    """By venue, what its log sent at most; 0 for a distribution that was not fitted."""
    return [one.largest_sent if isinstance(one, Fit) else 0 for one in venues]


class Plan:
    """The result of :func:`allocate`."""

    def __init__(self, plan: _engine.VenuePlan, names: list[str]) -> None:
        self.quantity: numpy.ndarray[Any, Any] = plan.quantity
        """Lots sent, by venue."""
        self.outside: int = plan.outside
        """Lots sent nowhere."""
        self.expected_fill: float = plan.expected_fill
        """Expected lots filled."""
        self.expected_value: float = plan.expected_value
        """Value of the expected fill less leakage, plus the reservation value of what stays outside."""
        self.marginal: numpy.ndarray[Any, Any] = plan.marginal
        """Worth of the last lot sent, by venue; NaN where none is."""
        self.threshold: float = plan.threshold
        """Worth of the least valuable lot sent anywhere."""
        self.gap: float = plan.gap
        """At most so much value is missed by the search over minimum sizes; else 0."""
        self.beyond_log: int = plan.beyond_log
        """Lots beyond the ``largest_sent`` of the fits they go to: no route of that size was ever sent, the shape
        extrapolates. By venue in ``explanation``."""
        self.explanation = Table(plan.explanation(names))
        """A row a venue: why it got its lots."""
        self._plan = plan
        self._names = names

    def report(self, path: str | Path) -> Path:
        """Writes the page, one self-contained HTML file, and returns its path: the worth of one more lot at each venue
        and the threshold that cuts them all, lots by venue, what was known of each, and lots beyond its log."""
        path = Path(path)
        page = self._plan.page(self._names)
        return write_text(path, page)

    def __repr__(self) -> str:
        beyond = f", {self.beyond_log} beyond what the log sent" if self.beyond_log else ""
        return f"<slipcast.venue.Plan {self.quantity.tolist()} expects {self.expected_fill:.1f} lots{beyond}>"

    def _repr_html_(self) -> str:
        return self.explanation._repr_html_()


def allocate(
    volume: int,
    venues: Sequence[Distribution],
    *,
    values: float | Sequence[float] | None = None,
    reservation_value: float | None = None,
    min_quantity: int | Sequence[int] | None = None,
    leakage_rate: float | Sequence[float] | None = None,
    leakage_power: float = 1.0,
    names: Sequence[str] | None = None,
    **options: Unpack[AllocationOptions],
) -> Plan:
    """The split of ``volume`` lots that maximizes the sum of values x E[min(S, v)] - leakage_rate v**leakage_power
    plus reservation_value x lots sent nowhere: the greedy one to the last lot, ties shared evenly, remainders by the
    order of venues, in microseconds at any volume.

    values: worth of a filled lot at each venue (default 1: the split of largest expected fill).
    reservation_value: worth of a lot that is sent nowhere; None sends everything.
    min_quantity: a venue takes nothing or at least so many lots (branch and bound; see ``.gap``).
    A split may send a :class:`Fit` more than its log ever sent: such lots are counted in ``.beyond_log`` and stand by
    venue in ``.explanation``, since the best split may well ask for them.
    leakage_power: in [1, 4]. Raises RefusedError where marginal values would increase (negative values without a
    reservation_value >= 0, leakage_rate < 0, leakage_power < 1).

    Options:

    """
    count = len(venues)
    plan = _engine.venue_allocate(
        volume,
        [one._liquidity for one in venues],
        _each("values", values, 1.0, count),
        _each("min_quantity", min_quantity, 1, count),
        _each("leakage_rate", leakage_rate, 0.0, count),
        leakage_power,
        reservation_value,
        _largest_sent(venues),
        texts_of(options),
    )
    labels = [f"venue {i + 1}" for i in range(count)] if names is None else _each("names", names, 0, count)
    return Plan(plan, labels)


class Router:
    """Splits orders over venues whose hidden liquidity it learns from fills (zero bin, exponent and largest liquidity
    of each): allocate, send, observe.

    Options:

    """

    def __init__(self, *, venues: int, max_order: int, **options: Unpack[RouterOptions]) -> None:
        self._router = _engine.VenueRouter.create(venues, max_order, texts_of(options))

    def allocate(self, volume: int) -> numpy.ndarray[Any, Any]:
        """Lots to send to each venue, adding up to ``volume`` (0..max_order)."""
        return self._router.allocate(volume)

    def observe(self, sent: Lots, filled: Lots, min_quantity: int | Lots | None = None) -> None:
        """What the venues filled of what was sent, one entry a venue; a venue with sent = 0 says nothing.

        min_quantity: the least that each route would take, one number or one a venue; None is one lot. All venues are
        learned or, when RefusedError names a row (the venue's position from 1), none."""
        out = _lots("sent", sent)
        self._router.observe(out, _lots("filled", filled), _minimums(min_quantity, len(out)))

    @property
    def beliefs(self) -> Table:
        """A row a venue: posterior means and deviations of zero bin and exponent, the median of the largest liquidity,
        and how often it changed."""
        return Table(self._router.beliefs())

    def save(self) -> bytes:
        """The whole state; :meth:`restore` goes on bit for bit. States of versions 1 and 2, whose beliefs were
        others, are refused there: let a new router observe the log again."""
        return self._router.save()

    @classmethod
    def restore(cls, state: bytes) -> Router:
        """A router as it was saved. Raises RefusedError for anything else."""
        router = cls.__new__(cls)
        router._router = _engine.VenueRouter.restore(state)
        return router

    def __repr__(self) -> str:
        return "<slipcast.venue.Router>"


class Simulation:
    """The result of :func:`simulate`."""

    def __init__(
        self, symbols: _engine.VenueSymbols, texts: dict[str, str], tables: tuple[_engine.Table, ...], source: str
    ) -> None:
        self._symbols = symbols
        self._texts = texts
        self._tables = tables
        self._source = source
        self.curves, self.summary = (Table(table) for table in tables)
        """curves: a row an algorithm and window of orders: fractions of ideal and of volume, cumulative
        regret, half-life, with standard errors.
        summary: a row an algorithm: the last window, regret, half-life."""

    def routes(self, algorithm: str = "slipcast") -> Table:
        """The routes of the first trial under one algorithm, as :func:`fit_pairs` and :func:`compare_models` read
        routes: a row an order and venue that was sent something. Column ``hypothetical`` says what was simulated, and
        whatever is fitted to them says it too."""
        return Table(_engine.venue_simulated_routes(self._symbols, self._texts, algorithm))

    def report(self, path: str | Path, *, source: str | None = None) -> Path:
        """Writes the page, one self-contained HTML file, and returns its path: learning curves of every algorithm that
        ran (fraction of ideal and executed, regret, half-life) with two standard errors, how each splits, and the
        venues. source: where these came from, as the page says it."""
        path = Path(path)
        page = _engine.venue_learning_page(*self._tables, self._symbols, self._texts, self._described(source))
        return write_text(path, page)

    def _described(self, source: str | None) -> str:
        return self._source if source is None else source

    def __repr__(self) -> str:
        return f"<slipcast.venue.Simulation of {len(self.summary)} algorithms>"

    def _repr_html_(self) -> str:
        return self.summary._repr_html_()


class LogSimulation(Simulation, FromLog):
    """The result of :func:`simulate` with ``from_log``."""

    ranges: Table
    """A row a venue: symbols, smallest and largest zero bin and exponent, how many exponents are negative, the largest
    size that every symbol was sent."""
    left_out: Table
    """A row a pair that is not simulated, with the reason."""

    def _described(self, source: str | None) -> str:
        named = super()._described(source)
        return f"{named}. {self.caveat}" if self.caveat else named

    def __repr__(self) -> str:
        pairs = f", {len(self.left_out)} pairs left out" if len(self.left_out) else ""
        return f"<slipcast.venue.LogSimulation of {len(self.summary)} algorithms{pairs}{self._remarks()}>"


def simulate(
    venues: Sequence[Distribution] | Sequence[Sequence[Distribution]] | None = None,
    *,
    from_log: Dataset | ArrowTable | None = None,
    progress: Progress | bool | None = None,
    **options: Unpack[VenueSimulateOptions],
) -> Simulation:
    """Learning curves of ways to split orders over venues of known liquidity: draws it at every venue for every order,
    fills min(sent, drawn), and shows an algorithm only that.

    venues: one symbol's venues, or a list of such lists; None for the synthetic suite of 12 symbols at 4 venues.
    from_log: instead, a log as in :func:`fit_pairs`: a zero bin and power law are fitted to each of its pairs, and the
    result (a :class:`LogSimulation`) has their ``.ranges`` and the pairs ``.left_out``.
    Raises RefusedError (not_identified) for a volume beyond what the log of a fitted venue ever sent, which no log can
    answer, unless ``extrapolate``.

    Options:

    """
    texts = texts_of(options)
    if from_log is not None:
        if venues is not None:
            raise refusal("inconsistent", "from_log", "", "must not be given beside venues")
        log = _logs(from_log, texts)
        symbols, ranges, left_out = _engine.venue_symbols_of_log(log)
        tables = _engine.venue_simulate(symbols, texts, chosen(progress))
        made = LogSimulation(symbols, texts, tables, "a log in memory")
        made._log, made.ranges, made.left_out = log, Table(ranges), Table(left_out)
        return made
    for name in texts:
        if name in _LOG_OPTIONS:
            raise refusal("unknown_field", name, "", "is an option of reading the placements of from_log")
    given: list[Any] = list(venues or [])
    if given and not isinstance(given[0], (list, tuple)):
        given = [given]
    symbols = _engine.venue_symbols(
        [[one._liquidity for one in symbol] for symbol in given], [_largest_sent(symbol) for symbol in given]
    )
    tables = _engine.venue_simulate(symbols, texts, chosen(progress))
    return Simulation(symbols, texts, tables, "venues in memory" if given else "synthetic suite")


for _documented, _settings in (
    (allocate, _engine.venue_allocation_settings()),
    (Router, _engine.venue_router_settings()),
    (simulate, [*_engine.venue_simulate_settings(), *_engine.venue_log_settings()]),
):
    _documented.__doc__ = (_documented.__doc__ or "").rstrip() + "\n\n" + documented(_settings) + "\n"
