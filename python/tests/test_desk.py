"""The desk through Python: contexts as people hold them, decisions, journal, restart and replay."""

import datetime
import math
import sqlite3
import threading
import typing
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from test_cost import fitted, orders

import slipcast as sc
from slipcast import _engine

OPEN = datetime.datetime(2024, 3, 5, 14, 30, tzinfo=datetime.UTC)
CLOSE = OPEN + datetime.timedelta(hours=1)
LOOSE = {"limit_messages": 1_000_000, "limit_order_notional": 1e9, "limit_day_notional": 1e12}


@pytest.fixture(scope="module")
def model():
    return fitted(orders(1500, 1))


@pytest.fixture(scope="module")
def rule():
    return sc.control.solve(
        trading_cost=1.0,
        impact=0.1,
        impact_decay=0.1,
        risk_aversion=5.0,
        discount=0.2,
        signal_decay=1.0,
        signal_variance=1.0,
        variance=0.2,
    )


def context(second=0, order=1, **fields):
    """Buy 12,000 within the hour in a calm market of 100 units a second: 3.3 % of the volume."""
    now = OPEN + datetime.timedelta(seconds=second)
    calm = {
        "time": now,
        "order": order,
        "side": "buy",
        "quantity": 12_000,
        "deadline": CLOSE,
        "bid": "99.99",
        "ask": "100",
        "quote_time": now,
        "reference": "100",
        "volume_rate": 100.0,
        "market_volume": 6_000.0,
        "symbol_observations": 200,
        "tier_median_p95_bps": 14.0,
        "inputs": {"spread": 1.0, "volatility": 100.0},
    }
    return calm | fields


def worked(desk, seconds):
    """Three orders with dark fills; the third finishes at the end."""
    made = []
    for second in seconds:
        for order in (1, 2, 3):
            made.append(desk.step(context(second, order, filled=10 * second)))
            for venue, sent in enumerate(made[-1].dark):
                if sent:
                    desk.record_outcome(order, time=made[-1].time, venue=venue, sent=sent, filled=sent // 2)
    desk.record_outcome(3, "finished", time=made[-1].time, cost_bps=7.5, is_complete=True)
    return made


def test_a_step_says_what_and_why(model):
    with sc.desk.Desk(cost=model, venues=2) as desk:
        decision = desk.step(context())
    assert decision.action == "trade"
    assert decision.reason == "best_score"
    assert decision.rung == "GREEN"
    assert decision.tactic in {"vwap_pace", "passive", "immediate"}
    assert decision.quantity == decision.lit + sum(decision.dark) > 0
    assert len(decision.dark) == 2
    assert decision.price in (Decimal("99.99"), Decimal("100"))
    assert 20 < decision.interval.total_seconds() < 40
    assert decision.time == OPEN
    assert decision.forecast.p50 < decision.forecast.p95 < decision.forecast.p99
    assert 0 <= decision.forecast.miss_risk <= 1
    assert [each.tactic for each in decision.candidates][:2] == ["vwap_pace", "passive"]
    best = decision.candidates[decision.chosen]
    assert best.tactic == decision.tactic
    assert best.score == min(each.score for each in decision.candidates if each.is_allowed)
    assert list(decision.guards)[0] == "kill_switch"
    assert len(decision.guards) == 9
    assert decision.binding is None
    assert len(decision.model.digest) == 16
    assert decision.model.updates == 0
    assert repr(decision).startswith("<slipcast.desk.Decision order 1 step 0: buy ")
    assert decision.as_dict()["ladder.rung"] == "GREEN"
    with pytest.raises(AttributeError):
        decision.quantity = 5


@pytest.mark.parametrize(
    "time",
    [
        OPEN,
        OPEN.astimezone(datetime.timezone(datetime.timedelta(hours=-5))),
        pd.Timestamp(OPEN),
        np.datetime64("2024-03-05T14:30:00"),
        "2024-03-05T14:30:00Z",
        1_709_649_000_000_000_000,
        np.int64(1_709_649_000_000_000_000),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("price", ["99.99", Decimal("99.99"), 99.99, np.float64(99.99)], ids=lambda p: type(p).__name__)
def test_the_same_step_in_any_form_is_the_same_decision(model, time, price):
    asked = context(time=time, bid=price, side=1, quantity=12_000.0, inputs={"spread_bps": 1, "volatility_bps": 100.0})
    assert sc.desk.Desk(cost=model).step(asked) == sc.desk.Desk(cost=model).step(**context())


def test_times_are_exact_to_the_nanosecond(model):
    desk = sc.desk.Desk(cost=model)
    time = pd.Timestamp("2024-03-05T14:30:00.123456789Z")
    assert desk.step(context(time=time, quote_time=time)).time_ns == time.value


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("quantty", 5, "unknown_field"),
        ("time", OPEN.replace(tzinfo=None), "invalid_value"),
        ("time", "2024-03-05T14:30:00", "malformed"),
        ("quote_time", None, "missing_field"),
        ("deadline", None, "missing_field"),
        ("side", "long", "invalid_value"),
        ("quantity", 1.5, "invalid_value"),
        ("quantity", 2**70, "out_of_range"),
        ("order", -1, "out_of_range"),
        ("order", "abc", "invalid_value"),
        ("bid", "99.99x", "malformed"),
        ("bid", 100 / 3, "invalid_value"),
        ("kind", "both", "invalid_value"),
        ("portfolio", "BLUE", "invalid_value"),
        ("volume_rate", "fast", "invalid_value"),
        ("inputs", {"spraed": 1.0}, "unknown_field"),
        ("signals", [0.0] * 9, "invalid_value"),
    ],
)
def test_a_field_that_cannot_be_read_is_refused_by_name(model, field, value, code):
    desk = sc.desk.Desk(cost=model)
    with pytest.raises(sc.RefusedError) as refused:
        desk.step(context(**{field: value}))
    assert refused.value.code == code
    assert refused.value.field == ("spraed" if field == "inputs" else field)
    assert desk.status().open_orders == 0, "and the desk has not moved"


def test_missing_inputs_fall_back_and_labels_go_by_text():
    table = orders(1500, 2)
    table["algo"] = np.where(np.arange(len(table)) % 2 == 0, "fast", "slow")
    table.loc[table.algo == "slow", "cost_bps"] += 10.0
    desk = sc.desk.Desk(cost=fitted(table, mean=["sqrt_participation", "spread", "algo"]))
    known = {"spread": 1.0, "volatility": 100.0}
    assert desk.step(context(inputs=known)).reason == "fallback"
    assert desk.step(context(order=2, inputs=None)).reason == "fallback"
    means = [desk.step(context(order=3, inputs=known | {"algo": algo})).forecast.mean for algo in ("fast", "slow")]
    assert 5 < means[1] - means[0] < 15
    assert desk.step(context(order=4, inputs=known | {"algo": "unheard"})).reason == "best_score"


def test_options_are_the_engine_s_and_refused_by_name(model):
    assert sc.desk.Desk({"tail_weight": 2, "red_pause": True, "interval": "45s"}, cost=model)
    for config, field in (({"tail_wieght": 1}, "tail_wieght"), ({"tail_weight": -1}, "tail_weight")):
        with pytest.raises(sc.RefusedError) as refused:
            sc.desk.Desk(config)
        assert refused.value.field == field
    for options, field in (
        ({"impact": object()}, "impact"),
        ({"venues": 1.5}, "venues"),
        ({"venues": 17}, "router"),
        ({"rules": [object()]}, "rules[0]"),
        ({"half_life": -1}, "half_life"),
        ({"resume": True}, "journal"),
    ):
        with pytest.raises(sc.RefusedError) as refused:
            sc.desk.Desk(**options)
        assert refused.value.field == field
    for setting in _engine.desk_settings():
        assert f"{setting['name']} = {setting['default'] or 'none'}" in sc.desk.Desk.__doc__


def test_guards_stop_and_observe(model):
    desk = sc.desk.Desk(cost=model)
    stale = desk.step(context(quote_time=OPEN - datetime.timedelta(minutes=1)))
    assert (stale.action, stale.reason, stale.binding) == ("wait", "guard", "stale_data")
    assert stale.guards["stale_data"].acted
    assert "too old" in stale.explanation
    assert desk.step(context(bid=None)).binding == "no_market"
    desk.kill()
    assert desk.step(context()).binding == "kill_switch"
    desk.release()
    assert desk.step(context()).action == "trade"
    watched = sc.desk.Desk({"stale_mode": "observe"}, cost=model)
    observed = watched.step(context(quote_time=OPEN - datetime.timedelta(minutes=1)))
    assert observed.action == "trade"
    assert observed.guards["stale_data"].is_passed
    assert not observed.guards["stale_data"].acted


def test_a_target_order_follows_its_rule(rule):
    desk = sc.desk.Desk(LOOSE, rules=[rule])
    target = {"kind": "target", "position": 0.0, "position_units": 50_000.0, "signals": 1.0}
    asked = context(**target, side=None, quantity=None, inputs=None)
    bought = desk.step(asked)
    assert (bought.side, bought.tactic) == ("buy", "rule_rate")
    rate = rule.decide(position=0.0, impact_level=0.0, signal=1.0) * 50_000 / 23_400
    assert bought.candidates[0].participation == pytest.approx(min(rate / 100, 0.2))
    assert desk.step(asked | {"signals": [-1.0], "order": 2}).side == "sell"
    with pytest.raises(sc.RefusedError, match="position"):
        desk.step(context(kind="target"))


def test_the_journal_replays_from_itself(model, rule, tmp_path):
    path = tmp_path / "desk.sqlite"
    router = sc.venue.Router(venues=3, max_order=20_000, seed=4)
    router.observe([100, 200, 300], [0, 50, 300])
    assert len(router.beliefs) == 3
    challenger = fitted(orders(400, 9))
    setup = {"cost": model, "challenger": challenger, "venues": router, "rules": [rule], "half_life": 300.0}
    with sc.desk.Desk(LOOSE | {"seed": 7}, **setup, journal=path) as desk:
        worked(desk, range(0, 200, 20))
        status = desk.status()
        assert status.acknowledged == status.last_sequence
        assert status.champion_card.count == status.challenger_card.count == 1
        during = sc.desk.replay(path)
        assert during.identical
    replayed = sc.desk.replay(path)
    assert replayed.identical, replayed
    assert replayed.decisions == 30
    assert replayed.first_difference is None
    assert replayed.different_beginning == ()
    assert replayed.engine_version == sc.__version__
    with pytest.raises(sc.RefusedError, match="must be open"):
        desk.step(context())


def test_a_restart_goes_on_as_if_nothing_had_happened(model, tmp_path):
    setup = {"config": LOOSE, "cost": model, "challenger": fitted(orders(400, 9)), "venues": 2}
    with sc.desk.Desk(**setup) as whole:
        expected = worked(whole, range(0, 200, 20))
        whole.step(context(900, 77))
        expected += worked(whole, range(200, 300, 20))
    for name, again in (("alone", {}), ("given", setup)):
        path = tmp_path / f"{name}.sqlite"
        with sc.desk.Desk(**setup, journal=path) as desk:
            made = worked(desk, range(0, 200, 20))
            saved = desk.snapshot()
            before = desk.step(context(900, 77)).forecast
            desk.kill()
        with pytest.raises(sc.RefusedError, match="resume=True"):
            sc.desk.Desk(**setup, journal=path)
        with sc.desk.Desk(**again, journal=path, resume=True) as desk:
            assert desk.status().is_killed, "the kill switch outlives a restart"
            desk.release()
            made += worked(desk, range(200, 300, 20))
            assert desk.step(context(900, 78)).forecast != before
            desk.roll_back(saved)
            assert desk.step(context(900, 79)).forecast == before, "bit for bit, from before the restart"
            desk.promote()
        assert made == expected
        assert sc.desk.replay(path).identical


def test_resuming_needs_the_journal_s_own_setup(model, tmp_path):
    path = tmp_path / "desk.sqlite"
    with sc.desk.Desk(cost=model, journal=path) as desk:
        desk.step(context())
    with pytest.raises(sc.RefusedError) as refused:
        sc.desk.Desk({"tail_weight": 0.6}, cost=model, journal=path, resume=True)
    assert refused.value.field == "options_digest"
    with pytest.raises(sc.RefusedError) as refused:
        sc.desk.Desk(cost=fitted(orders(300, 5)), journal=path, resume=True)
    assert refused.value.field == "champion"
    with pytest.raises(sc.RefusedError) as refused:
        sc.desk.Desk(cost=model, journal=tmp_path / "none.sqlite", resume=True)
    assert refused.value.code == "not_found"


def test_a_changed_journal_is_refused(model, tmp_path):
    path = tmp_path / "desk.sqlite"
    with sc.desk.Desk(cost=model, journal=path) as desk:
        worked(desk, [0])
    with sqlite3.connect(path) as changed:
        changed.execute("UPDATE record SET payload = zeroblob(length(payload)) WHERE sequence = 5")
    changed.close()
    with pytest.raises(sc.RefusedError) as refused:
        sc.desk.replay(path)
    assert refused.value.place == (str(path), 5, "")
    (tmp_path / "text.sqlite").write_text("not a journal")
    with pytest.raises(sc.RefusedError):
        sc.desk.replay(tmp_path / "text.sqlite")
    with pytest.raises(sc.RefusedError):
        sc.desk.replay(tmp_path / "missing.sqlite")


def test_outcomes_are_refused_and_the_desk_goes_on(model):
    desk = sc.desk.Desk(cost=model, venues=2)
    desk.step(context())
    for outcome, field in (
        ({"order": 99}, "order"),
        ({"order": 1, "venue": 5, "sent": 10, "filled": 1}, "venue"),
        ({"order": 1, "venue": 0, "sent": 10, "filled": 11}, "filled"),
        ({"order": 1, "kind": "gone"}, "kind"),
        ({"order": 1, "venue": -2}, "venue"),
        ({"order": 1, "sent": 100, "filled": 300}, "filled"),
        ({"order": 99, "kind": "rejected"}, "order"),
        ({"order": 1, "kind": "finished", "cost_bps": 4.0, "weight": 1e9}, "weight"),
        ({"order": 1, "kind": "finished", "cost_bps": 1e308}, "cost_bps"),
    ):
        with pytest.raises(sc.RefusedError) as refused:
            desk.record_outcome(time=OPEN, **outcome)
        assert refused.value.field == field
    with pytest.raises(sc.RefusedError, match="challenger"):
        desk.promote()
    with pytest.raises(sc.RefusedError, match="snapshot"):
        desk.roll_back(12345)
    assert desk.step(context(20)).action == "trade"


def test_an_outcome_that_does_not_say_so_teaches_nothing_of_completion(model):
    def miss_risk_after(**said):
        desk = sc.desk.Desk(LOOSE, cost=model)
        for _ in range(50):
            desk.step(context())
            desk.record_outcome(1, "finished", time=OPEN, cost_bps=4.0, **said)
        return desk.step(context()).candidates[0].miss_risk

    before = sc.desk.Desk(cost=model).step(context()).candidates[0].miss_risk
    assert miss_risk_after() == miss_risk_after(is_complete=None) == before
    assert miss_risk_after(is_complete=False) > before > miss_risk_after(is_complete=True)


def test_a_decision_says_what_is_wrong_and_what_to_cancel(model):
    desk = sc.desk.Desk(cost=model)
    first = desk.step(context())
    assert (first.field, first.cancel_working) == (None, False)
    flipped = desk.step(context(20, side="sell"))
    assert (flipped.reason, flipped.field) == ("bad_context", "side")
    assert flipped.explanation.endswith("(side)")
    desk.kill()
    killed = desk.step(context(40, working=300))
    assert killed.cancel_working
    assert "cancel what works" in repr(killed)


def test_batching_acknowledges_later(model, tmp_path):
    with sc.desk.Desk(LOOSE, cost=model, journal=tmp_path / "desk.sqlite") as desk:
        for i in range(200):
            desk.step(context(0.1 * i), acknowledge=False)
        desk.acknowledge()
        status = desk.status()
        assert status.acknowledged == status.last_sequence >= 200


def test_threads_take_turns(model, tmp_path):
    path = tmp_path / "desk.sqlite"
    with sc.desk.Desk(LOOSE, cost=model, journal=path) as desk:
        threads = [
            threading.Thread(target=lambda order=order: [desk.step(context(i, order)) for i in range(10)])
            for order in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    replayed = sc.desk.replay(path)
    assert replayed.identical
    assert replayed.decisions == 80


def test_nothing_given_is_missing_not_zero():
    decision = sc.desk.Desk().step(
        time=OPEN, order=1, side="sell", quantity=100, deadline=CLOSE, quote_time=OPEN, volume_rate=10.0, bid=1, ask=2
    )
    assert decision.reason == "fallback"
    assert decision.rung == "AMBER"
    assert math.isnan(decision.stress)
    assert math.isnan(decision.forecast.mean)
    assert decision.model is None


def test_the_typed_context_is_the_engine_s():
    known = set(typing.get_type_hints(sc.desk.Context))
    bound = {name.removeprefix("set_") for name in vars(_engine.DeskContext) if not name.startswith("__")}
    assert bound - {"is_target"} == known - {"kind"}


def test_public_names_have_docstrings():
    for owner in (sc.desk.Desk, sc.desk.Decision):
        for name, member in vars(owner).items():
            if not name.startswith("_"):
                assert (getattr(member, "__doc__", None) or "").strip(), f"{owner.__name__}.{name}"
