"""The exact trading policy under moving variance, prices of rules, many assets. Run: python 08_exact_policy.py"""

import numpy as np

import slipcast as sc

market = {
    "trading_cost": 1.0,
    "impact": 0.1,
    "impact_decay": 0.1,
    "risk_aversion": 5.0,
    "discount": 0.2,
    "signal_decay": 1.0,
    "signal_variance": 1.0,
    "variance": 0.2,
}
factor = {"mean": 0.2, "mean_reversion": 1.0, "vol_of_variance": 0.5, "time_scale": 0.1}

policy = sc.control.exact(sc.control.Parameters(**market), fast=sc.control.CIRFactor(**factor))
for variance in (0.1, 0.2, 0.4):
    gains = policy.gains(variance)
    print(f"variance {variance}: rate {-gains['M']:.3f} a day, aim {-gains['P'] / gains['M']:.3f} for a signal of one")

rule = sc.control.solve(**market)
rules = {
    "ignores the factor": rule,
    "first correction": rule.with_fast(**factor),
    "slower and bolder": lambda fast, slow, variance: {"M": -0.6, "N": -0.08, "P": 0.6},
}
for name, other in rules.items():
    loss = 1e4 * (1 - policy.price(other).mean_value / policy.mean_value)
    print(f"{name}: loses {loss:.1f} bps of risk-adjusted value")

covariance = 0.2 * np.array([[1.0, 0.6, 0.2], [0.6, 1.0, 0.3], [0.2, 0.3, 1.0]])
many = sc.control.solve_multi_asset(
    trading_cost=np.diag([1.0, 2.0, 0.5]),
    impact=0.1 * np.eye(3),
    impact_decay=0.1 * np.eye(3),
    covariance=covariance,
    risk_aversion=5.0,
    discount=0.2,
    loadings=np.array([[1.0], [0.5], [0.0]]),
    signal_decay=[[1.0]],
    signal_covariance=[[1.0]],
)
print("aim of three assets for a signal of one:", many.aim(impact_level=np.zeros(3), signal=[1.0]).round(3))
