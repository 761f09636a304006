"""When to take a block bid for the whole position: an exit rule from the exact value function. Run as it stands.

Somebody takes the whole position at any time for a fee per unit. Worked on, the position is worth V(q, l, x); without
it, what is left is worth V(0, l, x). So: leave when V(q, l, x) - V(0, l, x) < -fee |q|. Because V is exact, one
look ahead cannot hurt: the rule with exit earns at least what the rule without it earns.
"""

import numpy as np

import slipcast as sc

MARKET = {"trading_cost": 1.0, "impact": 0.1, "impact_decay": 0.1, "risk_aversion": 5.0, "discount": 0.2}
rule = sc.control.solve(**MARKET, signal_decay=1.0, signal_variance=1.0, variance=0.2)
FEE = 0.4
exit_rule = sc.control.ExitRule(rule, fee=FEE)

assert np.isclose(
    exit_rule.added_by_holding(position=0.7, impact_level=0.1, signal=-0.4),
    rule.value(position=0.7, impact_level=0.1, signal=-0.4) - rule.value(position=0.0, impact_level=0.1, signal=-0.4),
)

print("leave a long position when the signal is below (no standing impact):")
for q in (0.25, 0.5, 1.0):
    print(f"  q = {q:4.2f}: x < {exit_rule.threshold(position=q):6.3f}")

# Paired paths from a full position: the same signals, with the bid and without it.
PATHS, STEP, DAYS = 4_000, 0.02, 20.0
random = np.random.default_rng(3)
steps = int(DAYS / STEP)
keep = np.exp(-STEP)
spread = np.sqrt((1 - keep**2) / 2)
x = random.normal(size=PATHS) * np.sqrt(0.5)
held = {"without": np.ones(PATHS), "with the bid": np.ones(PATHS)}
level = {name: np.zeros(PATHS) for name in held}
gain = {name: np.zeros(PATHS) for name in held}
exits = 0
for step in range(steps):
    weight = np.exp(-0.2 * step * STEP)
    for name, q in held.items():
        if name == "with the bid":
            leave = exit_rule.leaves(position=q, impact_level=level[name], signal=x)
            gain[name] -= weight * FEE * np.abs(q) * leave
            exits += int(leave.sum())
            q = np.where(leave, 0.0, q)
        u = rule.decide(position=q, impact_level=level[name], signal=x)
        drift = x + 0.1 * u - 0.1 * level[name]
        gain[name] += weight * STEP * (q * drift - 0.5 * u**2 - 0.5 * 5.0 * 0.2 * q**2)
        level[name] += STEP * (0.1 * u - 0.1 * level[name])
        held[name] = q + STEP * u
    x = keep * x + spread * random.normal(size=PATHS)

difference = gain["with the bid"] - gain["without"]
error = difference.std() / np.sqrt(PATHS)
print(f"{exits} exits on {PATHS} paths; the bid is worth {difference.mean():.4f} +- {error:.4f} (risk-adjusted)")
assert exits > 0
assert difference.mean() > 3 * error
