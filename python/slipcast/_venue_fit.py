"""Distributions of hidden liquidity and their estimates from the routes of one pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slipcast import _engine
from slipcast.errors import RefusedError, refusal

if TYPE_CHECKING:
    import numpy

Lots = Any
"""Whole numbers: a sequence, a NumPy array, or a pandas, polars or pyarrow column."""


def _numpy() -> Any:
    try:
        import numpy
    except ImportError as missing:
        raise ImportError("sizes as arrays need numpy: pip install slipcast[arrays]") from missing
    return numpy


def _refused_row(field: str, value: object, rule: str, row: int) -> RefusedError:
    message = f"row {row}: {field} = {value}: {rule} (invalid_value)"
    return RefusedError(message, "invalid_value", field, str(value), rule, row=row)


def _lots(field: str, values: Lots) -> Any:
    """The values as int64; fractional and non-finite ones are refused by row."""
    np = _numpy()
    array = np.asarray(values)
    if array.ndim != 1:
        raise refusal("invalid_value", field, f"{array.ndim} dimensions", "must be one column of whole lots")
    if array.dtype.kind == "f":
        whole = np.isfinite(array) & (array == np.round(array)) & (np.abs(array) < 2.0**62)
        if not whole.all():
            row = int(np.argmin(whole))
            raise _refused_row(field, array[row], "must be a whole number of lots", row + 1)
    elif array.dtype.kind not in "iu" and array.size:
        raise refusal("invalid_value", field, array.dtype, "must be whole numbers")
    return np.ascontiguousarray(array, dtype=np.int64)


def _minimums(least: int | Lots | None, count: int) -> Any:
    """One number for every route, or one a route; None where no route had a minimum."""
    if least is None:
        return None
    np = _numpy()
    return _lots("min_quantity", np.full(count, least) if np.ndim(least) == 0 else least)


def _per_size(call: Any, size: Lots) -> Any:
    np = _numpy()
    if np.ndim(size) == 0:
        return float(call(_lots("size", [size]))[0])
    return call(_lots("size", size))


class Distribution:
    """Hidden liquidity of one venue: a zero bin (the chance that nothing is there) and a shape on 1, 2, ..."""

    _liquidity: _engine.VenueLiquidity

    @property
    def zero_bin(self) -> float:
        """P(S = 0)."""
        return self._liquidity.zero_bin

    @property
    def max_liquidity(self) -> int:
        """The largest possible size in lots; 2**40 where the shape has no end."""
        return self._liquidity.max_liquidity

    def prob_at_least(self, size: Lots) -> Any:
        """P(S >= size), of one size or an array of them."""
        return _per_size(self._liquidity.prob_at_least, size)

    def expected_fill(self, sent: Lots) -> Any:
        """E[min(S, sent)] in lots, of one size or an array of them."""
        return _per_size(self._liquidity.expected_fill, sent)


class PowerLaw(Distribution):
    """P(S = s) proportional to s**-exponent on 1..max_liquidity; the exponent may have any sign, |exponent| <= 20."""

    def __init__(self, *, zero_bin: float, exponent: float, max_liquidity: int = 10_000) -> None:
        self._liquidity = _engine.VenueLiquidity.power_law(zero_bin, exponent, max_liquidity)

    @property
    def exponent(self) -> float:
        return self._liquidity.parameter

    def __repr__(self) -> str:
        return f"PowerLaw(zero_bin={self.zero_bin!r}, exponent={self.exponent!r}, max_liquidity={self.max_liquidity})"


class Uniform(Distribution):
    """Equal chances on 1..upper."""

    def __init__(self, *, zero_bin: float, upper: int) -> None:
        self._liquidity = _engine.VenueLiquidity.uniform(zero_bin, upper)

    @property
    def upper(self) -> int:
        return int(self._liquidity.parameter)

    def __repr__(self) -> str:
        return f"Uniform(zero_bin={self.zero_bin!r}, upper={self.upper})"


class Poisson(Distribution):
    """A Poisson variable of the given mean, given that it is positive."""

    def __init__(self, *, zero_bin: float, mean: float) -> None:
        self._liquidity = _engine.VenueLiquidity.poisson(zero_bin, mean)

    @property
    def mean(self) -> float:
        """Of the Poisson before the condition, in lots."""
        return self._liquidity.parameter

    def __repr__(self) -> str:
        return f"Poisson(zero_bin={self.zero_bin!r}, mean={self.mean!r})"


class Exponential(Distribution):
    """P(S = s) proportional to ratio**(s - 1) on 1, 2, ...; ratio in [0, 1]."""

    def __init__(self, *, zero_bin: float, ratio: float) -> None:
        self._liquidity = _engine.VenueLiquidity.exponential(zero_bin, ratio)

    @property
    def ratio(self) -> float:
        return self._liquidity.parameter

    def __repr__(self) -> str:
        return f"Exponential(zero_bin={self.zero_bin!r}, ratio={self.ratio!r})"


class Fit(Distribution):
    """The result of :func:`fit`."""

    _PARAMETERS = {"power_law": "exponent", "uniform": "upper", "poisson": "mean", "exponential": "ratio"}

    def __init__(self, fitted: _engine.VenueFit, model: str) -> None:
        self._fit = fitted
        self._liquidity = fitted.liquidity
        self.model = model
        """Which model was fitted."""

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and self._PARAMETERS.get(self.model) == name:
            value = self._fit.parameter
            return int(value) if name == "upper" and value == value else value
        raise AttributeError(f"a fit of model {self.__dict__.get('model')!r} has no {name!r}")

    @property
    def zero_bin(self) -> float:
        """P(S = 0): the share of misses where no minimum quantity was sent."""
        return self._fit.zero_bin

    @property
    def parameter(self) -> float:
        """exponent, upper, mean or ratio by one name; NaN for kaplan_meier."""
        return self._fit.parameter

    @property
    def max_liquidity(self) -> int:
        """The largest size of the shape, in lots."""
        return self._fit.max_liquidity

    @property
    def largest_sent(self) -> int:
        """Beyond this size the log says nothing and the shape extrapolates."""
        return self._fit.largest_sent

    @property
    def log_likelihood(self) -> float:
        """Natural logarithm of the likelihood at the maximum."""
        return self._fit.log_likelihood

    @property
    def identified(self) -> bool:
        """Whether the log pins the shape down; else ``reason`` says why not."""
        return self._fit.identified

    @property
    def reason(self) -> str:
        """ "identified", "no_fill" (nothing was ever filled), "no_partial_fill" (every fill was full: T(s) = 1 -
        zero_bin) or "at_bound" (the likelihood rises to the end of the search)."""
        return self._fit.reason

    @property
    def counts(self) -> dict[str, int]:
        """observations, misses, minimum_misses, partial, full."""
        return self._fit.counts

    @property
    def zero_bin_std_error(self) -> float | None:
        """From the curvature of the likelihood; None where it has none."""
        return self._fit.zero_bin_std_error

    @property
    def parameter_std_error(self) -> float | None:
        """From the curvature of the likelihood; None where it has none."""
        return self._fit.parameter_std_error

    def zero_bin_interval(self, level: float = 0.95) -> tuple[float | None, float | None]:
        """Values of the zero bin that a likelihood ratio test at ``level`` does not reject; None for an open end."""
        return self._fit.zero_bin_interval(level)

    def parameter_interval(self, level: float = 0.95) -> tuple[float | None, float | None]:
        """The same of the shape's parameter."""
        return self._fit.parameter_interval(level)

    def log_loss(
        self, sent: Lots, filled: Lots, smoothing: float = 1e-3, min_quantity: int | Lots | None = None
    ) -> float:
        """Mean of -ln P(observation) in nats, the fit mixed with weight ``smoothing`` of an even spread over
        0..max_liquidity (0 for none: then an observation that the fit excludes makes the loss infinite)."""
        routes = _lots("sent", sent)
        least = _minimums(min_quantity, len(routes))
        return self._liquidity.log_loss(routes, _lots("filled", filled), least, smoothing, self.max_liquidity)

    def __repr__(self) -> str:
        name = self._PARAMETERS.get(self.model)
        shape = f" {name}={self.parameter:.6g}" if name else ""
        return f"<slipcast.venue.Fit {self.model}: zero_bin={self.zero_bin:.6g}{shape} ({self.reason})>"


def fit(
    sent: Lots,
    filled: Lots,
    model: str = "power_law",
    max_liquidity: int | None = None,
    min_quantity: int | Lots | None = None,
) -> Fit:
    """Zero bin and shape of largest likelihood for censored fills.

    model: "power_law" (.exponent), "uniform" (.upper), "poisson" (.mean), "exponential" (.ratio) or "kaplan_meier"
    (the step function; Turnbull's where misses carry a minimum).
    max_liquidity: the largest size of the shape in lots, by default max(10,000, 2 x largest sent).
    min_quantity: the least that each route would take, one number or one a route; None is one lot.
    Raises RefusedError with field and row for filled above sent, negative, fractional and non-finite sizes.
    """
    routes = _lots("sent", sent)
    least = _minimums(min_quantity, len(routes))
    fitted = _engine.venue_fit(routes, _lots("filled", filled), least, model, max_liquidity)
    return Fit(fitted, model)


class KaplanMeier:
    """The result of :func:`kaplan_meier`: arrays over the sizes 1..max_liquidity."""

    def __init__(self, curve: _engine.VenueKaplanMeier) -> None:
        self._curve = curve
        self.size: numpy.ndarray[Any, Any] = _numpy().arange(1, curve.max_liquidity + 1)
        """1, 2, ..., max_liquidity, in lots."""
        tails, at_risk, events = curve.curve()
        self.prob_at_least: numpy.ndarray[Any, Any] = tails
        """P(S >= size); flat beyond ``informed_to``."""
        self.at_risk: numpy.ndarray[Any, Any] = at_risk
        """Observations that could tell size - 1 from more: sent >= size and filled >= size - 1."""
        self.events: numpy.ndarray[Any, Any] = events
        """Of those, the ones that filled size - 1."""

    @property
    def informed_to(self) -> int:
        """The largest size that the data speak of; beyond it the curve stays flat by convention."""
        return self._curve.informed_to

    def band(self, level: float = 0.95) -> tuple[numpy.ndarray[Any, Any], numpy.ndarray[Any, Any]]:
        """Pointwise low and high ends: Greenwood's variance on the log-log scale; exact bounds where nothing stopped
        below a size and where nothing reached it. NaN where the data say nothing."""
        return self._curve.band(level)

    def __repr__(self) -> str:
        return f"<slipcast.venue.KaplanMeier on 1..{len(self.size)}, informed to {self.informed_to}>"


def kaplan_meier(sent: Lots, filled: Lots, max_liquidity: int | None = None) -> KaplanMeier:
    """The product-limit estimate of P(S >= s) on 1..max_liquidity (default: the largest sent)."""
    return KaplanMeier(_engine.venue_kaplan_meier(_lots("sent", sent), _lots("filled", filled), max_liquidity))


class OptimisticKaplanMeier:
    """The result of :func:`optimistic_kaplan_meier`."""

    def __init__(self, cut: int, prob_at_least: numpy.ndarray[Any, Any]) -> None:
        self.cut = cut
        """The largest size known well enough."""
        self.prob_at_least = prob_at_least
        """P(S >= s) on 1..volume, one size past the cut raised to the value at the cut."""

    def __repr__(self) -> str:
        return f"<slipcast.venue.OptimisticKaplanMeier cut={self.cut}>"


def optimistic_kaplan_meier(
    sent: Lots, filled: Lots, *, volume: int, epsilon: float, delta: float = 0.05, constant: float = 128.0
) -> OptimisticKaplanMeier:
    """Kaplan-Meier with the optimism of Ganchev et al. 2009, Fig. 3: the cut is the largest s with s = 0 or
    at_risk(s) >= constant (s volume / epsilon)**2 ln(2 volume / delta). epsilon is in lots."""
    cut, tails = _engine.venue_optimistic(
        _lots("sent", sent), _lots("filled", filled), volume, epsilon, delta, constant
    )
    return OptimisticKaplanMeier(cut, tails)
