"""Work an order over several rounds at dark venues, with what fills are worth at each."""

import slipcast as sc

venues = [
    sc.venue.PowerLaw(zero_bin=0.8, exponent=0.7, max_liquidity=10_000),
    sc.venue.PowerLaw(zero_bin=0.67, exponent=1.3, max_liquidity=10_000),
]

# Every round sends the remainder again; the plan finishes half of the order in the fewest expected rounds.
plan = sc.venue.ResubmissionPlan(8_000, venues, names=["A", "B"])
print(f"half done in {plan.expected_rounds:.2f} rounds, {plan.greedy_rounds:.2f} by greedy splits")
print("first round:", plan.quantity())
print("with 2,000 done:", plan.quantity(2_000))

# Mark-outs of TCA, in bps, positive helps: noisy ones are drawn towards the mean of all.
worth = sc.venue.venue_values(
    ["A", "B"], markout=[-1.4, -0.2], markout_std_error=[0.5, 0.4], spread_saved=2.0, fee=[0.3, 0.1]
).to_pandas()
print(worth)
print(sc.venue.allocate(8_000, venues, values=list(worth.value), reservation_value=0.0, names=["A", "B"]))
