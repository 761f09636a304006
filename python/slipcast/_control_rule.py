"""Rules of how fast to trade: the closed form, the small-impact expansion, sampled trading, volatility factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from slipcast import _engine
from slipcast.errors import refusal

Numbers = Any
"""A number, a NumPy array, or whatever NumPy makes one of."""


def _column(value: float | Sequence[float]) -> list[float]:
    try:
        return [float(number) for number in value]  # type: ignore[union-attr]
    except TypeError:
        return [float(value)]  # type: ignore[arg-type]


def _correlations(value: float | Sequence[float], signals: int) -> list[float]:
    numbers = _column(value)
    if len(numbers) == 1 and signals > 1 and numbers[0] != 0.0:
        raise refusal("inconsistent", "correlation", value, f"needs one number a signal ({signals})")
    return numbers if any(numbers) else []


class Parameters:
    """The market and the trader as the linear-quadratic problem sees them. No defaults: every number is yours.

    ``signal_decay``, ``signal_variance`` and ``loading`` take one number, or one a signal. Refused by name: numbers
    outside their domain, and ("stability") parameters without a stable solution, which need
    risk_aversion variance (discount + impact_decay) > impact discount^2.
    """

    def __init__(
        self,
        *,
        trading_cost: float,
        impact: float,
        impact_decay: float,
        risk_aversion: float,
        discount: float,
        variance: float,
        signal_decay: float | Sequence[float],
        signal_variance: float | Sequence[float],
        loading: float | Sequence[float] = 1.0,
    ) -> None:
        decay = _column(signal_decay)
        spread = _column(signal_variance)
        loadings = _column(loading)
        spread = spread * len(decay) if len(spread) == 1 else spread
        loadings = loadings * len(decay) if len(loadings) == 1 else loadings
        if not len(decay) == len(spread) == len(loadings):
            raise refusal("inconsistent", "signal_variance", len(spread), f"needs one number a signal ({len(decay)})")
        market = [trading_cost, impact, impact_decay, risk_aversion, discount, variance]
        self._engine = _engine.control_parameters([float(number) for number in market], decay, spread, loadings)

    @classmethod
    def _of(cls, engine: _engine.ControlParameters) -> Parameters:
        made = cls.__new__(cls)
        made._engine = engine
        return made

    def as_dict(self) -> dict[str, Any]:
        """The arguments that make these parameters."""
        engine = self._engine
        names = ("trading_cost", "impact", "impact_decay", "risk_aversion", "discount", "variance")
        made: dict[str, Any] = {name: getattr(engine, name) for name in names}
        for index, name in enumerate(("signal_decay", "signal_variance", "loading")):
            made[name] = [signal[index] for signal in engine.signals]
        return made

    def validate(self) -> None:
        """Raises RefusedError with the condition that fails."""
        self._engine.validate()

    def __repr__(self) -> str:
        return f"Parameters({', '.join(f'{name}={value}' for name, value in self.as_dict().items())})"


def _is_scalar(value: Numbers) -> bool:
    return isinstance(value, (int, float))


def _states(signals: int, position: Numbers, level: Numbers, signal: Numbers, factor: Numbers = 0.0) -> Any:
    """The states broadcast to one shape, as columns that the engine reads in place when they already are double and
    contiguous."""
    try:
        import numpy as np
    except ImportError:
        raise refusal(
            "not_found", "numpy", "", "decisions over arrays need NumPy: pip install slipcast[arrays]"
        ) from None
    x = np.asarray(signal, dtype=np.float64)
    if signals > 1:
        if x.ndim == 0 or x.shape[-1] != signals:
            raise refusal("inconsistent", "signal", x.shape, f"the last axis needs one number a signal ({signals})")
        shape = np.broadcast_shapes(np.shape(position), np.shape(level), x.shape[:-1], np.shape(factor))
        x = np.broadcast_to(x, (*shape, signals))
    else:
        if x.ndim and x.shape[-1:] == (1,) and np.ndim(position) == x.ndim - 1:
            x = x[..., 0]
        shape = np.broadcast_shapes(np.shape(position), np.shape(level), x.shape, np.shape(factor))
        x = np.broadcast_to(x, shape)

    def column(values: Numbers) -> Any:
        return np.ascontiguousarray(np.broadcast_to(np.asarray(values, dtype=np.float64), shape)).reshape(-1)

    trade = np.empty(shape, dtype=np.float64)
    return trade, column(position), column(level), np.ascontiguousarray(x).reshape(-1), column(factor)


@dataclass(frozen=True)
class FastFactor:
    """A fast square-root (CIR) variance: dy = (mean_reversion (mean - y) dt)/time_scale
    + vol_of_variance sqrt(y/time_scale) dB. ``correlation``: of its shock with the signal's, one number a signal.
    ``order`` in powers of time_scale: 1, 1.5 or 2."""

    mean: float
    mean_reversion: float
    vol_of_variance: float
    time_scale: float
    correlation: float | Sequence[float] = 0.0
    order: float = 1

    def _make(self, signals: int) -> _engine.ControlFastFactor:
        return _engine.ControlFastFactor.square_root(
            float(self.mean),
            float(self.mean_reversion),
            float(self.vol_of_variance),
            float(self.time_scale),
            _correlations(self.correlation, signals),
        )


@dataclass(frozen=True)
class GaussianFastFactor:
    """A fast Ornstein-Uhlenbeck factor y with variance(y) > 0, e.g. ``lambda y: 0.2 * math.exp(2 * y)``: dy =
    mean_reversion (mean - y) dt/time_scale + volatility dB/sqrt(time_scale)."""

    variance: Callable[[float], float]
    mean: float
    mean_reversion: float
    volatility: float
    time_scale: float
    correlation: float | Sequence[float] = 0.0
    order: float = 1

    def _make(self, signals: int) -> _engine.ControlFastFactor:
        return _engine.ControlFastFactor.gaussian(
            float(self.mean),
            float(self.mean_reversion),
            float(self.volatility),
            float(self.time_scale),
            _correlations(self.correlation, signals),
            self.variance,
        )


@dataclass(frozen=True)
class GeneralFastFactor:
    """Any fast factor: dy = drift(y) dt/time_scale + volatility(y) dB/sqrt(time_scale) with variance(y) > 0, on an
    interval that holds nearly all of its invariant distribution (found by quadrature)."""

    variance: Callable[[float], float]
    drift: Callable[[float], float]
    volatility: Callable[[float], float]
    interval: tuple[float, float]
    time_scale: float
    correlation: float | Sequence[float] = 0.0
    order: float = 1

    def _make(self, signals: int) -> _engine.ControlFastFactor:
        low, high = self.interval
        return _engine.ControlFastFactor.general(
            self.variance,
            self.drift,
            self.volatility,
            [float(low), float(high)],
            float(self.time_scale),
            _correlations(self.correlation, signals),
        )


AnyFastFactor = FastFactor | GaussianFastFactor | GeneralFastFactor


@dataclass(frozen=True)
class SlowFactor:
    """A slow factor z where it stands: dz = time_scale drift dt + sqrt(time_scale) volatility dB, variance v(z) with
    derivatives ``dvariance`` and ``d2variance``. ``order`` in powers of time_scale: 0.5 or 1."""

    dvariance: float
    volatility: float
    time_scale: float
    d2variance: float = 0.0
    drift: float = 0.0
    correlation: float | Sequence[float] = 0.0
    order: float = 0.5


class Rule:
    """A linear rule at constant variance, with its value function. Made by :func:`solve`, :func:`solve_small_impact`
    and :func:`sampled`."""

    def __init__(self, engine: _engine.ControlRule, facts: Mapping[str, Any] | None = None) -> None:
        self._engine = engine
        self.facts: dict[str, Any] = dict(facts or {})
        """What the method knows of itself: errors and criteria of the expansion, multipliers of the sampled rule."""

    @property
    def parameters(self) -> Parameters:
        """The parameters in force."""
        return Parameters._of(self._engine.parameters)

    @property
    def coefficients(self) -> dict[str, Any]:
        """Aqq Aql All Aqx Alx Axx A0 of the value function and M N P of the rule; lists for several signals."""
        return self._engine.coefficients

    @property
    def rate(self) -> float:
        """How fast the position moves to its aim, 1/day: -M/K > 0."""
        return self._engine.rate

    @property
    def eigenvalues(self) -> tuple[complex, complex]:
        """Rates of decay of the controlled (q, l), 1/day, the fast one first. Negative real parts: stable."""
        first, second = self._engine.eigenvalues
        return first, second

    @property
    def residual(self) -> float:
        """The largest residual of the coefficient equations, relative: rounding for :func:`solve`."""
        return self._engine.residual

    @property
    def _signals(self) -> int:
        return len(self._engine.parameters.signals)

    def aim(self, *, impact_level: float, signal: float | Sequence[float]) -> float:
        """Where the position moves to: -(N l + P x)/M."""
        return self._engine.aim(float(impact_level), _column(signal))

    def decide(self, *, position: Numbers, impact_level: Numbers, signal: Numbers) -> Any:
        """u = (M q + N l + P x)/K: a float for numbers, an array for arrays (broadcast; several signals on the last
        axis of ``signal``)."""
        if _is_scalar(position) and _is_scalar(impact_level) and (self._signals > 1 or _is_scalar(signal)):
            numbers = _column(signal) if not hasattr(signal, "ndim") or signal.ndim == 1 else None
            if numbers is not None:
                return self._engine.decide(float(position), float(impact_level), numbers)
        trade, q, level, x, _ = _states(self._signals, position, impact_level, signal)
        self._engine.decide_many(q, level, x, trade.reshape(-1))
        return trade

    def value(self, *, position: float, impact_level: float, signal: float | Sequence[float]) -> float:
        """V(q, l, x): expected discounted gain net of costs and of the price of risk from acting by the rule."""
        return self._engine.value(float(position), float(impact_level), _column(signal))

    def derivatives(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """First and second derivatives of :func:`solve`'s coefficients in the variance, at these parameters."""
        first, second = _engine.control_derivatives(self._engine.parameters)
        return first, second

    def linear_value(self) -> dict[str, Any]:
        """Coefficients of what trading by this rule for ever is worth at constant variance, exactly: for ``solve`` its
        own, for an approximation less."""
        return self._engine.linear_value()

    def with_fast(self, factor: AnyFastFactor | None = None, **options: Any) -> FactorRule:
        """The rule corrected for a fast factor: a :class:`FastFactor` by its keywords, or any fast factor object. This
        rule must be solved at the factor's mean variance. Order one: u -= eps gamma (y - mu) q/(mean_reversion K)."""
        return self.with_factors(fast=factor if factor is not None else FastFactor(**options))

    def with_slow(self, factor: SlowFactor | None = None, **options: Any) -> FactorRule:
        """The rule corrected for a slow factor (:class:`SlowFactor`, by its keywords): order 0.5 moves the aim by
        ``.shift``/(-M) and leaves the rate; order 1 changes every gain. Solve this rule at the present v(z)."""
        return self.with_factors(slow=factor if factor is not None else SlowFactor(**options))

    def with_factors(
        self,
        *,
        fast: AnyFastFactor | Mapping[str, Any] | None = None,
        slow: SlowFactor | Mapping[str, Any] | None = None,
        correlation_between: float = 0.0,
    ) -> FactorRule:
        """Both corrections; their leading terms add. ``correlation_between`` of the factors' shocks acts at slow order
        1, where the variance is a product of a function of z and one of y."""
        if isinstance(fast, Mapping):
            fast = FastFactor(**fast)
        if isinstance(slow, Mapping):
            slow = SlowFactor(**slow)
        numbers: list[float] = []
        if slow is not None:
            numbers = [slow.dvariance, slow.d2variance, slow.drift, slow.volatility, slow.time_scale]
        engine = _engine.control_with_factors(
            self._engine,
            None if fast is None else fast._make(self._signals),
            1.0 if fast is None else float(fast.order),
            [float(number) for number in numbers],
            [] if slow is None else _correlations(slow.correlation, self._signals),
            0.5 if slow is None else float(slow.order),
            float(correlation_between),
        )
        return FactorRule(engine, self)

    def __repr__(self) -> str:
        return f"<slipcast.control.Rule: rate {self.rate:.6g} a day>"


class FactorRule:
    """A rule whose gains follow a fast factor, a slow factor or both. ``variance`` is the square-root factor itself,
    ``factor`` (the same argument) the value of another fast factor."""

    def __init__(self, engine: _engine.ControlFactorRule, base: Rule) -> None:
        self._engine = engine
        self.base = base

    def _factor(self, variance: Numbers, factor: Numbers) -> Numbers:
        if variance is not None and factor is not None:
            raise refusal("inconsistent", "variance", variance, "give variance or factor, not both")
        given = factor if variance is None else variance
        if given is None:
            if self._engine.has_fast:
                raise refusal("missing_field", "variance", "", "a rule with a fast factor decides at its value")
            return 0.0
        return given

    @property
    def shift(self) -> float:
        """R: what moves the aim whatever the state."""
        return self._engine.shift

    @property
    def accuracy(self) -> dict[str, float]:
        """least_rate (> 0), time_scale_limit of order one, and the size of the first terms left out: fast_next,
        slow_next, relative to the gains."""
        return self._engine.accuracy

    def gains(self, variance: float | None = None, *, factor: float | None = None) -> dict[str, Any]:
        """M N P R at a value of the fast factor."""
        return self._engine.gains(float(self._factor(variance, factor)))

    def rate(self, variance: float | None = None, *, factor: float | None = None) -> float:
        """-M/K there, 1/day."""
        return self._engine.rate(float(self._factor(variance, factor)))

    def aim(
        self,
        *,
        impact_level: float,
        signal: float | Sequence[float],
        variance: float | None = None,
        factor: float | None = None,
    ) -> float:
        """Where the position moves to."""
        return self._engine.aim(float(impact_level), _column(signal), float(self._factor(variance, factor)))

    def decide(
        self,
        *,
        position: Numbers,
        impact_level: Numbers,
        signal: Numbers,
        variance: Numbers = None,
        factor: Numbers = None,
    ) -> Any:
        """u, positions per day: a float for numbers, an array for arrays (broadcast)."""
        y = self._factor(variance, factor)
        signals = self.base._signals
        if all(map(_is_scalar, (position, impact_level, y))) and (signals > 1 or _is_scalar(signal)):
            numbers = _column(signal) if not hasattr(signal, "ndim") or signal.ndim == 1 else None
            if numbers is not None:
                return self._engine.decide(float(position), float(impact_level), numbers, float(y))
        trade, q, level, x, column = _states(signals, position, impact_level, signal, y)
        self._engine.decide_many(q, level, x, column, trade.reshape(-1))
        return trade

    def __repr__(self) -> str:
        return f"<slipcast.control.FactorRule: shift {self.shift:.6g}>"


def solve(parameters: Parameters | None = None, **options: Any) -> Rule:
    """The optimal rule at constant variance, in closed form (no iteration, relative error about 1e-13). Takes
    :class:`Parameters` or their keywords."""
    return Rule(_engine.control_solve(_chosen(parameters, options)._engine))


def solve_small_impact(parameters: Parameters | None = None, *, theta: float, **options: Any) -> Rule:
    """The expansion for small impact: impact and impact_decay times theta, to first order, 0 < theta < 0.2.
    ``.facts`` holds its error against the exact rule (gain_error, value_loss) and the criteria that do not depend on
    how the impact is split (impact_ratio, decay_ratio). :func:`solve` is exact and as fast."""
    engine, facts = _engine.control_small_impact(_chosen(parameters, options)._engine, float(theta))
    return Rule(engine, facts)


def sampled(parameters: Parameters | None = None, *, step: float, **options: Any) -> Rule:
    """The best rule for a trading rate that is chosen every ``step`` days and held: exact discretization and discrete
    Riccati equation. ``.facts``: multipliers of (q, l) over a step, iterations, equation_residual."""
    engine, facts = _engine.control_sampled(_chosen(parameters, options)._engine, float(step))
    return Rule(engine, facts)


def _chosen(parameters: Parameters | None, options: Mapping[str, Any]) -> Parameters:
    if parameters is None:
        return Parameters(**options)
    if options:
        raise refusal("inconsistent", "parameters", next(iter(options)), "give Parameters or keywords, not both")
    return parameters


class Recalibration(NamedTuple):
    """An impact and what it was multiplied by; not informative: expected was too small, or one was not finite."""

    impact: float
    factor: float
    is_informative: bool


def recalibrate(
    *,
    impact: float,
    realized: float,
    expected: float,
    least_factor: float = 0.5,
    largest_factor: float = 2.0,
) -> Recalibration:
    """impact x clip(realized/expected): both the slippage of one unit, see :func:`expected_slippage`. Solve again after
    it: every coefficient depends on the impact."""
    return Recalibration(*_engine.control_recalibrate(impact, realized, expected, least_factor, largest_factor))


def expected_slippage(*, trading_cost: float, trade: float, impact_level: float) -> float:
    """What a unit traded at rate u is expected to cost: K |u|/2 + sign(u) l, in daily volatilities."""
    return _engine.control_expected_slippage(float(trading_cost), float(trade), float(impact_level))
