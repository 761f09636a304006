"""Split an order over venues that show nothing, learn from what they fill, and see how fast that learning is."""

import slipcast as sc

venues = [
    sc.venue.PowerLaw(zero_bin=0.8, exponent=0.7, max_liquidity=10_000),
    sc.venue.PowerLaw(zero_bin=0.67, exponent=1.3, max_liquidity=10_000),
]
plan = sc.venue.allocate(8_000, venues, values=None, reservation_value=None, min_quantity=None)
print(plan.quantity, plan.expected_fill, plan.marginal)
print(plan.explanation.to_pandas()[["venue", "quantity", "reason"]].to_string(index=False))

# A fill at the second venue is worth a fifth less; lots worth less than 0.02 are kept.
print(sc.venue.allocate(8_000, venues, values=[1.0, 0.8], reservation_value=0.02))

router = sc.venue.Router(venues=4, max_order=8_000, seed=1)
sent = router.allocate(8_000)
router.observe(sent, [0, 2_000, 35, 0])
print(router.beliefs)
again = sc.venue.Router.restore(router.save())
print((again.allocate(8_000) == router.allocate(8_000)).all())

result = sc.venue.simulate(
    venues, volume=8_000, episodes=200, trials=3, algorithms=["ideal", "slipcast", "bandit", "uniform"], seed=1
)
print(result.summary.to_pandas().round(3).to_string(index=False))
