"""What a desk's journal says, from Python: tables and the page."""

import pytest

import slipcast as sc


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "desk.sqlite"
    with sc.desk.Desk(journal=path) as desk:
        for second in range(10):
            now = f"2024-03-05T14:30:{second:02}Z"
            desk.step(
                time=now,
                order=2**63 + 7,
                side="sell",
                quantity=5_000,
                deadline="2024-03-05T15:30:00Z",
                bid="99.99",
                ask="100",
                quote_time=now,
                volume_rate=100.0,
                market_volume=6_000.0,
            )
            if second == 5:
                desk.kill()
        yield path


def test_tables_say_what_was_decided(journal):
    read = sc.desk.read_journal(journal)
    decisions = read.decisions.to_pandas()
    assert list(decisions.action) == ["trade"] * 6 + ["wait"] * 4
    assert set(decisions.order) == {str(2**63 + 7)}
    assert list(decisions.binding.dropna().unique()) == ["kill_switch"]
    guards = read.guards.to_pandas().set_index("guard")
    assert guards.acted["kill_switch"] == 4
    (state,) = read.state.to_pandas().to_dict("records")
    assert state["kill_switch"]
    assert state["open_orders"] == 1
    assert read.decisions.meta("p95_bps").unit == "bps"
    assert len(read.tables["desk_commands"]) == 1
    assert "1 orders, 10 decisions" in repr(read)


def test_the_page_is_one_file(journal, tmp_path):
    page = sc.desk.read_journal(journal).report(tmp_path / "desk.html")
    text = page.read_text(encoding="utf-8")
    assert "The kill switch is on" in text
    assert "Content-Security-Policy" in text


def test_a_file_that_is_no_journal_is_refused(tmp_path):
    (tmp_path / "text").write_text("hello")
    with pytest.raises(sc.RefusedError):
        sc.desk.read_journal(tmp_path / "text")


def test_with_an_evaluation_the_page_opens_with_the_baselines(tmp_path):
    market = sc.sim.market(symbols=2, days=3, seed=4, quotes_per_day=8_000)
    journal = tmp_path / "desk.sqlite"
    small = {"orders": 60, "learning_orders": 400, "max_horizon": "20min", "resamples": 200, "progress": False}
    trial = sc.desk.run(market, journal=journal, policies=["desk", "vwap"], **small)
    page = sc.desk.read_journal(journal).report(tmp_path / "desk.html", trial=trial)
    text = page.read_text(encoding="utf-8")
    assert "Against the baselines" in text
    assert "desk against vwap over" in text
