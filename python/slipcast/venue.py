"""Hidden liquidity: what a venue that only says how much it filled must have held.

A route of ``sent`` lots that ``filled`` fewer says that exactly ``filled`` were there; one that filled in full says
that at least ``sent`` were; one with a minimum quantity that filled nothing says that fewer than it were. Sizes are
whole lots, P(S >= s) is called ``prob_at_least``, log-likelihoods and losses are in nats.
"""

from slipcast._venue_fit import (
    Distribution,
    Exponential,
    Fit,
    KaplanMeier,
    OptimisticKaplanMeier,
    Poisson,
    PowerLaw,
    Uniform,
    fit,
    kaplan_meier,
    optimistic_kaplan_meier,
)
from slipcast._venue_logs import Comparison, PairFits, Pool, compare_models, fit_pairs, pool
from slipcast._venue_planning import ResubmissionPlan, proxy_log, venue_values, venue_values_of
from slipcast._venue_routing import LogSimulation, Plan, Router, Simulation, allocate, simulate

__all__ = [
    "Comparison",
    "Distribution",
    "Exponential",
    "Fit",
    "KaplanMeier",
    "LogSimulation",
    "OptimisticKaplanMeier",
    "PairFits",
    "Plan",
    "Poisson",
    "Pool",
    "PowerLaw",
    "ResubmissionPlan",
    "Router",
    "Simulation",
    "Uniform",
    "allocate",
    "compare_models",
    "fit",
    "fit_pairs",
    "kaplan_meier",
    "optimistic_kaplan_meier",
    "pool",
    "proxy_log",
    "simulate",
    "venue_values",
    "venue_values_of",
]
