"""Orders worked over several rounds, what a lot is worth at a venue, and stand-ins for a log."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from slipcast import _engine
from slipcast._options import documented, texts_of
from slipcast._venue_routing import _each
from slipcast.dataset import Dataset, stream_of
from slipcast.errors import refusal
from slipcast.options import ProxyLogOptions, ResubmissionOptions
from slipcast.table import Table

if TYPE_CHECKING:
    import numpy

    from slipcast._venue_fit import Distribution
    from slipcast.tca import Measurement


class ResubmissionPlan:
    """How to split what is left of an order, round after round, so that more than ``share`` of it is done in the fewest
    expected rounds (its half-life at one half). The split of largest expected fill is not best for that: fills beyond
    the target are worth nothing and a round without any fill costs a round. A local optimum on ``levels`` steps of
    progress, never worse than greedy splits there. Raises RefusedError for a volume outside 1..2**40 or venues that
    never fill.

    Options:

    """

    def __init__(
        self,
        volume: int,
        venues: Sequence[Distribution],
        *,
        names: Sequence[str] | None = None,
        **options: Unpack[ResubmissionOptions],
    ) -> None:
        self._volume = volume
        self._plan = _engine.venue_resubmission(volume, [one._liquidity for one in venues], texts_of(options))
        count = len(venues)
        labels = [f"venue {i + 1}" for i in range(count)] if names is None else _each("names", names, 0, count)
        self.table = Table(self._plan.table(labels))
        """A row a level of progress and venue: lots done, lots to send, rounds still expected."""

    def quantity(self, done: int = 0) -> numpy.ndarray[Any, Any]:
        """Lots for each venue once ``done`` lots are filled, adding up to what is left."""
        if not 0 <= done < self._volume:
            raise refusal("invalid_value", "done", done, f"must be in 0..{self._volume - 1}")
        return self._plan.quantity(done)

    @property
    def expected_rounds(self) -> float:
        """From the start until more than the share is done."""
        return self._plan.expected_rounds

    @property
    def greedy_rounds(self) -> float:
        """The same when every round sends the split of largest expected fill."""
        return self._plan.greedy_rounds

    @property
    def target(self) -> int:
        """The least number of lots that counts as done."""
        return self._plan.target

    def __repr__(self) -> str:
        return f"<slipcast.venue.ResubmissionPlan {self.expected_rounds:.2f} rounds, greedy {self.greedy_rounds:.2f}>"


def venue_values(
    names: Sequence[str],
    *,
    markout: Sequence[float],
    markout_std_error: float | Sequence[float] | None = None,
    spread_saved: float | Sequence[float] | None = None,
    rebate: float | Sequence[float] | None = None,
    fee: float | Sequence[float] | None = None,
) -> Table:
    """What a filled lot is worth at each venue, in bps: spread_saved + rebate - fee + mark-out, the last drawn towards
    the mean of all by the share of its variance that is noise (DerSimonian and Laird 1986). A positive mark-out helps.
    Column ``value`` goes into :func:`allocate` as ``values``. Raises RefusedError for non-finite numbers and negative
    fees, rebates or errors.
    """
    count = len(names)
    columns = [
        [float(value) for value in _each(field, given, 0.0, count)]
        for field, given in (
            ("spread_saved", spread_saved),
            ("rebate", rebate),
            ("fee", fee),
            ("markout", markout),
            ("markout_std_error", markout_std_error),
        )
    ]
    return Table(_engine.venue_values(list(names), columns))


def venue_values_of(result: Measurement, horizon: str = "1min") -> Table:
    """The same from a measurement: means over fills, weighted by traded value, of the spread saved against the far
    touch, the fees, and the move of the mid from the fill to ``horizon``, with its error over symbol-days (symbol-hours
    below 20 days). A venue whose fills all lie in one hour says too little; a warning names it. Raises RefusedError for
    a horizon that was not measured, naming the nearest.
    """
    table, left_out = _engine.venue_values_of_result(
        stream_of("fills", result.fills), stream_of("markouts", result.markouts), horizon
    )
    for sentence in left_out:
        warnings.warn(f"left out {sentence}", stacklevel=2)
    return Table(table)


def proxy_log(dataset: Dataset, **options: Unpack[ProxyLogOptions]) -> Table:
    """Hypothetical routes from hidden prints of a dataset's tape, as :func:`fit_pairs` and :func:`compare_models` read
    routes. They were never sent: they show how hidden volume inside the spread clusters and how long its tail is, not
    what a route of yours would have filled. Sizes and window are declared, not observed.

    Options:

    """
    return Table(_engine.venue_proxy_log(dataset._dataset, texts_of(options)))


for _documented, _settings in (
    (ResubmissionPlan, _engine.venue_resubmission_settings()),
    (proxy_log, _engine.venue_proxy_settings()),
):
    _documented.__doc__ = (_documented.__doc__ or "").rstrip() + "\n\n" + documented(_settings) + "\n"
