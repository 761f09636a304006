"""The keyword options of the long calls, for type checkers. Ranges, defaults and meanings are in each call's docstring,
which reads them from the engine; a test keeps this file and the engine in step."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TypedDict

Duration = str | datetime.timedelta
"""A length of time: "250ms", "1s", "5min", "2h" or a timedelta."""


class MeasureOptions(TypedDict, total=False):
    """Options of :func:`slipcast.tca.measure`."""

    markouts: Sequence[str]
    markout_window: Duration
    pwp_rates: Sequence[str | float]
    reversion_horizon: Duration
    confidence: float
    resamples: int
    bins_per_decade: int
    worst_orders: int
    exclude_limit_orders: bool
    max_client_cancel_share: float
    outright_only: bool
    outlier_score: float
    sector_flow_window: Duration
    seed: int
    threads: int
    window: Duration


class GroupOptions(TypedDict, total=False):
    """Options of :meth:`slipcast.tca.Measurement.summary` with ``by``."""

    confidence: float
    resamples: int
    seed: int


class MarketOptions(TypedDict, total=False):
    """Options of :func:`slipcast.sim.market`."""

    symbols: int
    days: int
    seed: int
    first_day: str | datetime.date
    quotes_per_day: float
    trade_share: float
    correlation: float
    daily_volatility: float
    stress_factor: float
    stress_share: float
    clustering: float
    halt_rate: float
    off_exchange_share: float


class ParentOptions(TypedDict, total=False):
    """Options of :func:`slipcast.sim.parents`."""

    orders: int
    seed: int
    min_size: float
    max_size: float
    min_horizon: Duration
    max_horizon: Duration
    mean_delay: Duration
    min_participation: float
    max_participation: float
    limit_share: float
    cancel_share: float
    brokers: int
    traders: int
    clients: int


class WorkOptions(TypedDict, total=False):
    """Options of :func:`slipcast.sim.replay` for how orders are worked."""

    entry_latency: Duration
    entry_latency_extra: Duration
    acknowledgment_latency: Duration
    acknowledgment_latency_extra: Duration
    min_slice: Duration
    max_slices: int
    pov_interval: Duration
    passive_share: float
    impact: bool
    impact_own_bps: float
    impact_gamma: float
    impact_half_life: Duration
    impact_cross: float
    window: Duration


class ReplayOptions(ParentOptions, WorkOptions, total=False):
    """Options of :func:`slipcast.sim.replay`."""


class LiquidityLogOptions(TypedDict, total=False):
    """Which placements of a dataset say something about hidden liquidity."""

    venue_kinds: str
    patience: Duration
    round_lots: bool


class CompareModelsOptions(LiquidityLogOptions, total=False):
    """Options of :func:`slipcast.venue.compare_models`."""

    seed: int
    test_share: float
    smoothing: float
    max_liquidity: int
    min_observations: int
    suite: str
    symbols: int
    venues: int
    observations: int


class FitPairsOptions(LiquidityLogOptions, total=False):
    """Options of :func:`slipcast.venue.fit_pairs`."""

    model: str
    max_liquidity: int
    confidence: float
    smoothing: float
    seed: int
    tail_sizes: int


class RouterOptions(TypedDict, total=False):
    """Options of :class:`slipcast.venue.Router`."""

    method: str
    max_liquidity: int
    zero_bin_optimism: float
    exponent_optimism: float
    prior_exponent: float
    prior_deviation: float
    prior_length: int
    prior_length_deviation: float
    prior_misses: float
    prior_fills: float
    forgetting: float
    alarm: float
    give_up: float
    patience: float
    probe: float
    seed: int


class AllocationOptions(TypedDict, total=False):
    """Options of :func:`slipcast.venue.allocate`."""

    max_nodes: int


class ResubmissionOptions(TypedDict, total=False):
    """Options of :class:`slipcast.venue.ResubmissionPlan`."""

    share: float
    levels: int


class ProxyLogOptions(TypedDict, total=False):
    """Options of :func:`slipcast.venue.proxy_log`."""

    sizes: Sequence[str]
    window: str
    seed: int


class VenueSimulateOptions(LiquidityLogOptions, total=False):
    """Options of :func:`slipcast.venue.simulate`."""

    volume: int
    least_volume: int
    episodes: int
    trials: int
    switch_at: int
    window: int
    half_life_orders: int
    half_life_curve_orders: int
    max_liquidity: int
    algorithms: Sequence[str]
    extrapolate: bool
    seed: int
    threads: int


class StudyOptions(TypedDict, total=False):
    """Options of :func:`slipcast.control.compare` and :func:`slipcast.control.simulate`."""

    trading_cost: float
    impact: float
    impact_decay: float
    risk_aversion: float
    discount: float
    signal_decay: float
    signal_variance: float
    mean_variance: float
    mean_reversion: float
    vol_of_variance: float
    time_scale: float
    start_variance: float
    time_scales: Sequence[float]
    slow_time_scales: Sequence[float]
    slow_volatility: float
    slow_correlation: float
    half_step_threshold: float
    plug_in_floor: float
    nodes: int
    paths: int
    horizon: float
    step: float
    start_position: float
    start_level: float
    checkpoints: int
    seed: int
    threads: int


class CalibrationOptions(TypedDict, total=False):
    """Options of :func:`slipcast.control.calibrate`."""

    confidence: float
    resamples: int
    seed: int
    max_lag: int


class FitOptions(TypedDict, total=False):
    """Options of :func:`slipcast.cost.fit` beside its own parameters."""

    mean: Sequence[str]
    scale: Sequence[str]
    completion: Sequence[str]
    partial: str
    completed: str
    time: str
    finished: str
    symbol: str
    half_life_days: float
    unscaled: bool
    prior_intercept_sd: float
    prior_mean_sd: float
    prior_scale_intercept_sd: float
    prior_scale_sd: float
    prior_nu_shape: float
    prior_nu_rate: float
    prior_completion_sd: float
    fixed_nu: float
    max_iterations: int
    seed: int


class DeskOptions(TypedDict, total=False):
    """Options of :class:`slipcast.desk.Desk`."""

    tail_quantile: float
    tail_weight: float
    miss_weight: float
    amber_multiple: float
    red_multiple: float
    least_observations: int
    cold_start_cap: float
    cold_start_uncertainty: float
    stress_enter: float
    stress_leave: float
    interval: Duration
    amber_clip: float
    red_clip: float
    amber_patience: float
    red_patience: float
    green_randomness: float
    amber_randomness: float
    red_randomness: float
    red_pause: bool
    fallback_participation: float
    least_dark_chance: float
    dark_probe: float
    limit_participation: float
    limit_price_band: float
    limit_order_notional: float
    limit_day_notional: float
    limit_messages: int
    limit_rejects: int
    guard_window: Duration
    stale_after: Duration
    participation_mode: str
    price_band_mode: str
    order_notional_mode: str
    day_notional_mode: str
    messages_mode: str
    rejects_mode: str
    stale_mode: str
    max_orders: int
    seed: int


class TrialOptions(DeskOptions, total=False):
    """Options of :func:`slipcast.desk.run`."""

    orders: int
    learning_orders: int
    trial_days: int
    policies: Sequence[str]
    min_size: float
    max_size: float
    min_horizon: Duration
    max_horizon: Duration
    no_impact: bool
    impact_own_bps: float
    impact_gamma: float
    impact_half_life: Duration
    dark_venues: int
    dark_zero_bin: float
    dark_exponent: float
    dark_liquidity: int
    dark_refresh: Duration
    confidence: float
    resamples: int
