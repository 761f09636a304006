"""A return signal from the level-2 path signature of past prices, traded at the optimal rate. Run as it stands.

Any column known before the decision is a signal. Here: the signature of (time, price) over the last 20 steps, up to
level 2, regressed on the first half of the data; its decay and variance are those of an autoregression.
"""

import numpy as np

import slipcast as sc

WINDOW = 20
random = np.random.default_rng(7)
steps = 20_000

# A price whose drift reverts to zero within about ten steps and cannot be seen.
drift = np.zeros(steps)
for t in range(1, steps):
    drift[t] = 0.9 * drift[t - 1] + 0.2 * random.normal()
returns = drift + random.normal(size=steps)


def signature(prices: np.ndarray) -> np.ndarray:
    """Level 1 and 2 of the paths (time, price), one path a row, time from 0 to 1: exact for straight pieces."""
    move = np.diff(prices, axis=1)
    clock = np.full(move.shape, 1.0 / move.shape[1])
    before = np.cumsum(move, axis=1) - move
    elapsed = np.cumsum(clock, axis=1) - clock
    price_price = 0.5 * move.sum(axis=1) ** 2
    time_price = ((elapsed + 0.5 * clock) * move).sum(axis=1)
    price_time = ((before + 0.5 * move) * clock).sum(axis=1)
    return np.column_stack([move.sum(axis=1), time_price, price_time, price_price])


def features(history: np.ndarray) -> np.ndarray:
    """Row t is known before return t: it reads returns t - WINDOW to t - 1."""
    prices = np.concatenate([[0.0], np.cumsum(history)])
    return signature(np.lib.stride_tricks.sliding_window_view(prices, WINDOW + 1)[:-1])


columns = features(returns)
target = returns[WINDOW:]
half = len(target) // 2
weights = np.linalg.lstsq(columns[:half], target[:half], rcond=None)[0]
signal = columns @ weights

# Known before: other returns from some time on leave the signal up to it as it was.
changed = returns.copy()
changed[15_000:] = random.normal(size=steps - 15_000)
assert np.array_equal(features(changed)[: 15_001 - WINDOW] @ weights, signal[: 15_001 - WINDOW])

past, now = signal[: half - 1], signal[1:half]
decay = float(past @ now / (past @ past))
rule = sc.control.sampled(
    trading_cost=1.0,
    impact=0.05,
    impact_decay=0.2,
    risk_aversion=1.0,
    discount=0.01,
    signal_decay=-np.log(decay),
    signal_variance=float(np.var(now - decay * past)),
    variance=float(np.var(target[:half])),
    step=1.0,
)
# Value t was known at time t, just before return t: decisions ask for what was known before half a step later.
known = sc.control.SignalColumn(signal, known_at=np.arange(len(signal), dtype=float)).at(np.arange(len(signal)) + 0.5)
position = level = gain = 0.0
for t in range(half, len(target)):
    trade = rule.decide(position=position, impact_level=level, signal=float(known[t]))
    change = 0.05 * trade - 0.2 * level
    gain += position * (target[t] + change) - 0.5 * trade**2
    position, level = position + trade, level + change

fit = np.corrcoef(signal[half:], target[half:])[0, 1]
print(f"correlation with the next return, out of sample: {fit:.3f}")
print(f"rate {rule.rate:.3f} a step, gain after costs {gain:.1f} daily volatilities in {len(target) - half} steps")
assert fit > 0.1
assert gain > 0
