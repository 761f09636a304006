"""Synthetic markets and replays from Python."""

import pyarrow as pa
import pytest

import slipcast as sc


def test_the_same_seed_gives_the_same_market():
    one = sc.sim.market(symbols=1, days=1, seed=7, quotes_per_day=2000)
    two = sc.sim.market(symbols=1, days=1, seed=7, quotes_per_day=2000)
    other = sc.sim.market(symbols=1, days=1, seed=8, quotes_per_day=2000)
    (symbol,) = one.symbols
    assert pa.table(one.quotes(symbol)).equals(pa.table(two.quotes(symbol)))
    assert not pa.table(one.quotes(symbol)).equals(pa.table(other.quotes(symbol)))


def test_market_leaves_as_arrow_and_comes_back():
    market = sc.sim.market(symbols=2, days=1, seed=1, quotes_per_day=2000)
    quotes = pa.concat_tables([pa.table(market.quotes(symbol)) for symbol in market.symbols])
    trades = pa.concat_tables([pa.table(market.trades(symbol)) for symbol in market.symbols])
    again = sc.Dataset(**market.tables, quotes=quotes, trades=trades)
    assert again.symbols == market.symbols
    for symbol in market.symbols:
        assert pa.table(again.quotes(symbol)).equals(pa.table(market.quotes(symbol)))
        assert pa.table(again.trades(symbol)).equals(pa.table(market.trades(symbol)))


def test_parents_and_replay_by_steps_equal_the_one_call():
    market = sc.sim.market(symbols=1, days=1, seed=5, quotes_per_day=3000)
    book = sc.sim.parents(market, orders=20, seed=5)
    assert len(book) == 20
    by_steps = sc.sim.replay(book, seed=5)
    at_once = sc.sim.replay(market, orders=20, seed=5)
    for name, table in at_once.tables.items():
        assert by_steps.tables[name].to_arrow().equals(table.to_arrow()), name


def test_impact_is_off_unless_asked_for_and_said():
    market = sc.sim.market(symbols=1, days=1, seed=5, quotes_per_day=3000)
    off = sc.sim.replay(market, orders=20, seed=5)
    on = sc.sim.replay(market, orders=20, seed=5, impact=True, impact_own_bps=50)
    assert off.provenance["replay.impact"] == "no own impact"
    assert "50" in on.provenance["replay.impact"]
    (symbol,) = market.symbols
    assert pa.table(off.quotes(symbol)).equals(pa.table(market.quotes(symbol)))
    assert not pa.table(on.quotes(symbol)).equals(pa.table(market.quotes(symbol)))


def test_unknown_option_of_a_replay_names_the_nearest():
    market = sc.sim.market(symbols=1, days=1, quotes_per_day=2000)
    with pytest.raises(sc.RefusedError, match="did you mean 'impact_gamma'"):
        sc.sim.replay(market, impact_gama=0.6)


def test_a_parameter_of_an_impact_that_is_off_is_refused():
    market = sc.sim.market(symbols=1, days=1, quotes_per_day=2000)
    with pytest.raises(sc.RefusedError, match="impact_own_bps = 50: is read only with impact=True"):
        sc.sim.replay(market, impact_own_bps=50)


def test_market_says_it_is_synthetic():
    assert "synthetic" in sc.sim.market(symbols=1, days=1, quotes_per_day=2000).provenance["source"]
