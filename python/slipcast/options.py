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
    seed: int
    threads: int
    window: Duration


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
