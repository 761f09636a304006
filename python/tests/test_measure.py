"""Measuring from Python: the numbers, the options, the refusals, and the way out."""

import datetime
import os
import signal
import threading
import time
from decimal import Decimal

import pyarrow as pa
import pytest

import handmade
import slipcast as sc


def dataset(**changed):
    tables = {name: pa.table(columns) for name, columns in handmade.TABLES.items()} | changed
    return sc.Dataset(**tables)


def test_parts_of_the_hand_worked_order_are_exact():
    orders = sc.tca.measure(dataset(), progress=False).orders.to_arrow().to_pylist()
    assert len(orders) == 1
    for part, cash in handmade.PARTS.items():
        assert orders[0][part] == Decimal(cash), part


def test_parts_add_up_exactly_for_every_order_of_a_replay(replayed):
    orders = sc.tca.measure(replayed, progress=False).orders.to_arrow().to_pylist()
    parts = [name for name in handmade.PARTS if name != "shortfall_cash"]
    complete = [row for row in orders if all(row[name] is not None for name in handmade.PARTS)]
    assert len(complete) > len(orders) / 2
    for row in complete:
        assert sum(row[name] for name in parts) == row["shortfall_cash"], row["order_id"]


def test_columns_carry_unit_and_sign():
    orders = sc.tca.measure(dataset(), progress=False).orders
    assert orders.meta("arrival_cost_bps").unit == "bps"
    assert orders.meta("arrival_cost_bps").sign == "cost"
    assert orders.meta("shortfall_cash").unit == "USD"


def test_markouts_follow_the_option():
    result = sc.tca.measure(dataset(), markouts=["30s", "1min"], progress=False)
    assert set(result.markouts["horizon"]) == {"30s", "1min"}


def test_duration_option_takes_text_and_timedelta():
    by_text = sc.tca.measure(dataset(), reversion_horizon="90s", progress=False)
    by_value = sc.tca.measure(dataset(), reversion_horizon=datetime.timedelta(seconds=90), progress=False)
    other = sc.tca.measure(dataset(), reversion_horizon="1s", progress=False)
    assert by_text.provenance == by_value.provenance
    assert by_text.provenance != other.provenance


def test_unknown_option_names_the_nearest():
    with pytest.raises(sc.RefusedError) as refused:
        sc.tca.measure(dataset(), confidense=0.9, progress=False)
    assert refused.value.code == "unknown_field"
    assert refused.value.field == "confidense"
    assert "'confidence'" in refused.value.rule


def test_value_outside_its_range_names_field_value_and_rule():
    with pytest.raises(sc.RefusedError) as refused:
        sc.tca.measure(dataset(), confidence=1.5, progress=False)
    assert (refused.value.code, refused.value.field, refused.value.value) == ("invalid_value", "confidence", "1.5")
    assert "[0.5, 0.999]" in refused.value.rule
    assert isinstance(refused.value, ValueError)


def test_an_option_of_a_wrong_kind_is_refused():
    with pytest.raises(sc.RefusedError) as refused:
        sc.tca.measure(dataset(), confidence={"level": 0.9}, progress=False)
    assert refused.value.field == "confidence"


def test_same_answer_for_any_number_of_threads(replayed):
    one = sc.tca.measure(replayed, threads=1, progress=False)
    two = sc.tca.measure(replayed, threads=2, progress=False)
    for name in one.tables:
        assert one.table(name).to_arrow().equals(two.table(name).to_arrow()), name


def test_progress_is_called_and_can_stop(replayed):
    seen = []
    sc.tca.measure(replayed, progress=lambda stage, done, total: seen.append((stage, done, total)))
    assert seen
    assert all(done <= total for _, done, total in seen if total)
    with pytest.raises(sc.RefusedError) as refused:
        sc.tca.measure(replayed, progress=lambda *_: False)
    assert refused.value.code == "interrupted"


def test_an_exception_in_progress_comes_out_as_it_is(replayed):
    class Mine(Exception):
        pass

    def fail(*_):
        raise Mine("from progress")

    with pytest.raises(Mine, match="from progress"):
        sc.tca.measure(replayed, progress=fail)


@pytest.fixture
def listens_to_ctrl_c():
    """A background job of a shell starts with Ctrl-C ignored: then Python does not listen unless told."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listens_to_ctrl_c")
def test_ctrl_c_stops_the_work(replayed):
    started = threading.Event()

    def interrupt():
        started.wait()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()

    def progress(*_):
        started.set()
        time.sleep(0.05)

    with pytest.raises(KeyboardInterrupt):
        for _ in range(100):
            sc.tca.measure(replayed, progress=progress)
    thread.join()


def test_the_interpreter_runs_on_while_measuring(replayed):
    ticks = []
    stop = threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.monotonic()
    for _ in range(3):
        sc.tca.measure(replayed, progress=False)
    end = time.monotonic()
    stop.set()
    thread.join()
    # With the lock held throughout, no tick would fall inside the calls.
    assert sum(begin < at < end for at in ticks) > 3


def test_report_writes_one_page(replayed, tmp_path):
    result = sc.tca.measure(replayed, progress=False)
    page = result.report(tmp_path / "tca.html", title="Ours & theirs")
    text = page.read_text(encoding="utf-8")
    assert page == tmp_path / "tca.html"
    assert "Ours &amp; theirs" in text
    assert [path.name for path in tmp_path.iterdir()] == ["tca.html"]


def test_provenance_says_where_the_data_came_from(replayed):
    provenance = sc.tca.measure(replayed, progress=False).provenance
    assert "synthetic" in provenance["source"]
    assert provenance["version"] == sc.__version__


def test_orders_grouped_by_any_columns(replayed):
    measured = sc.tca.measure(replayed, progress=False)
    groups = measured.summary(by=["side", "broker"]).to_pandas()
    orders = measured.orders.to_pandas()
    orders = orders[orders.included]
    sums = orders.groupby(["side", orders.broker.fillna("(none)").astype(str)], observed=True)
    assert groups.orders.sum() == len(orders)
    for _, row in groups.iterrows():
        own = sums.get_group((row.side, row.broker))
        own = own[own.arrival_cost_cash.notna()]
        expected = 1e4 * float(own.arrival_cost_cash.sum()) / float(own.notional_cash.sum())
        assert row.arrival_cost_bps == pytest.approx(expected, rel=1e-12, abs=1e-9)
    with pytest.raises(sc.RefusedError, match="did you mean 'broker'"):
        measured.summary(by="brokr")
    with pytest.raises(sc.RefusedError, match="grouping"):
        measured.summary(confidence=0.9)


def test_what_fills_alone_cannot_say_is_missing_and_not_zero():
    alone = {name: pa.table(columns) for name, columns in handmade.TABLES.items() if name not in ("quotes", "trades")}
    result = sc.tca.measure(sc.Dataset(**alone), progress=False)
    assert result.tables["shortfall"].to_arrow()["cash"].null_count == len(result.tables["shortfall"])
    summary = {row["metric"]: row for row in result.tables["summary"].to_arrow().to_pylist()}
    assert summary["fills"]["value"] == 2
    assert summary["notional"]["value"] is None
    assert "no order has a known one" in summary["notional"]["note"]
