"""How fast to trade: the optimal rate under instantaneous and persistent impact, a return signal and volatility that
moves on several time scales.

Units: time in trading days, position as a fraction of its limit, prices in daily volatilities; v is a variance per day.
A trading rate u is in positions per day, positive buys. Source: Chan, Sircar, Zimbidis, arXiv:2507.17162; closed forms
and higher orders are derived in docs/explain/control.md.
"""

from slipcast._control_rule import (
    FactorRule,
    FastFactor,
    GaussianFastFactor,
    GeneralFastFactor,
    Parameters,
    Recalibration,
    Rule,
    SlowFactor,
    expected_slippage,
    recalibrate,
    sampled,
    solve,
    solve_small_impact,
)
from slipcast._control_study import (
    CIRFactor,
    ExactPolicy,
    MultiAssetRule,
    OUFactor,
    PricedRule,
    calibrate,
    compare,
    exact,
    simulate,
    solve_multi_asset,
)
from slipcast._control_trader import Decision, RecalibrationOutcome, Trader
from slipcast._execution import ExecutionConfig, OptimalExecution
from slipcast._inputs import ExitRule, RegimeRules, SignalColumn

__all__ = [
    "CIRFactor",
    "Decision",
    "ExactPolicy",
    "ExecutionConfig",
    "ExitRule",
    "FactorRule",
    "FastFactor",
    "GaussianFastFactor",
    "GeneralFastFactor",
    "MultiAssetRule",
    "OUFactor",
    "OptimalExecution",
    "Parameters",
    "PricedRule",
    "Recalibration",
    "RecalibrationOutcome",
    "RegimeRules",
    "Rule",
    "SignalColumn",
    "SlowFactor",
    "Trader",
    "calibrate",
    "compare",
    "exact",
    "expected_slippage",
    "recalibrate",
    "sampled",
    "simulate",
    "solve",
    "solve_multi_asset",
    "solve_small_impact",
]
