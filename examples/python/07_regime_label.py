"""A regime label from a two-state particle filter chooses the rule. Run as it stands.

A label is any text known before the decision; each has a rule solved for its variance. The filter sees returns only and
is checked against the exact recursion for two states.
"""

import numpy as np

import slipcast as sc

VARIANCE = {"calm": 0.1, "stress": 0.8}
STATES = list(VARIANCE)
LEAVE = np.array([0.01, 0.03])  # chance a step of leaving calm, stress
PARTICLES = 2_000
random = np.random.default_rng(11)

variances = np.array([VARIANCE[name] for name in STATES])
state = 0
truth, returns = [], []
for _ in range(3_000):
    state = 1 - state if random.random() < LEAVE[state] else state
    truth.append(state)
    returns.append(random.normal() * np.sqrt(variances[state]))


def likelihood(value: float) -> np.ndarray:
    """Of one return in each state."""
    return np.exp(-0.5 * value**2 / variances) / np.sqrt(variances)


def stressed_by_particles(values: list[float]) -> np.ndarray:
    """P(stress) before each return: particles move, are weighted by the return, and are drawn again (systematic)."""
    particles = np.zeros(PARTICLES, dtype=int)
    before = []
    for value in values:
        particles = np.where(random.random(PARTICLES) < LEAVE[particles], 1 - particles, particles)
        before.append(particles.mean())
        ends = np.cumsum(likelihood(value)[particles])
        points = (np.arange(PARTICLES) + random.random()) / PARTICLES * ends[-1]
        particles = particles[np.searchsorted(ends, points)]
    return np.array(before)


def stressed_exactly(values: list[float]) -> np.ndarray:
    """The same by the forward recursion."""
    chance = np.array([1.0, 0.0])
    before = []
    for value in values:
        chance = chance * (1 - LEAVE) + (chance * LEAVE)[::-1]
        before.append(chance[1])
        chance = chance * likelihood(value)
        chance /= chance.sum()
    return np.array(before)


chance = stressed_by_particles(returns)
error = np.abs(chance - stressed_exactly(returns)).mean()
labels = [STATES[int(stressed > 0.5)] for stressed in chance]

MARKET = {"trading_cost": 1.0, "impact": 0.1, "impact_decay": 0.1, "risk_aversion": 5.0, "discount": 0.2}
regimes = sc.control.RegimeRules(
    {
        label: sc.control.solve(**MARKET, signal_decay=1.0, signal_variance=1.0, variance=variance)
        for label, variance in VARIANCE.items()
    }
)
rules = regimes.rules
trades = [regimes.decide(label, position=0.5, impact_level=0.0, signal=0.2) for label in labels]

right = np.mean([STATES[state] == label for state, label in zip(truth, labels, strict=True)])
print(f"mean error of P(stress): {error:.4f}; labels right before the return: {100 * right:.1f} %")
for label, rule in rules.items():
    aim = rule.aim(impact_level=0.0, signal=0.2)
    print(f"{label:>6}: {labels.count(label)} steps, rate {rule.rate:.3f}, aim {aim:.3f}")
print(f"trades from 0.5 with signal 0.2: {min(trades):.3f} in stress, {max(trades):.3f} in calm")
assert error < 0.01
assert right > 0.85
assert rules["stress"].rate > rules["calm"].rate
