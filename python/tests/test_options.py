"""The typed keyword options say what the engine declares."""

import ast
import typing
from pathlib import Path

import pytest

import slipcast as sc
from slipcast import _engine, options

PAIRS = [
    (options.MeasureOptions, [_engine.measure_settings]),
    (options.GroupOptions, [_engine.group_settings]),
    (options.MarketOptions, [_engine.market_settings]),
    (options.ParentOptions, [_engine.parent_settings]),
    (options.ReplayOptions, [_engine.parent_settings, _engine.replay_settings]),
    (
        options.CompareModelsOptions,
        [_engine.venue_compare_settings, _engine.venue_suite_settings, _engine.venue_log_settings],
    ),
    (options.LiquidityLogOptions, [_engine.venue_log_settings]),
    (options.FitPairsOptions, [_engine.venue_fit_settings, _engine.venue_log_settings]),
    (options.RouterOptions, [_engine.venue_router_settings]),
    (options.AllocationOptions, [_engine.venue_allocation_settings]),
    (options.ResubmissionOptions, [_engine.venue_resubmission_settings]),
    (options.VenueSimulateOptions, [_engine.venue_simulate_settings, _engine.venue_log_settings]),
    (options.StudyOptions, [_engine.study_settings]),
    (options.CalibrationOptions, [_engine.calibration_settings]),
    (options.DeskOptions, [_engine.desk_settings]),
    (options.TrialOptions, [_engine.trial_settings]),
]


@pytest.mark.parametrize(("typed", "sources"), PAIRS, ids=lambda value: getattr(value, "__name__", ""))
def test_typed_options_are_the_engine_s(typed, sources):
    declared = {setting["name"] for source in sources for setting in source()}
    assert set(typing.get_type_hints(typed)) == declared


@pytest.mark.parametrize(("typed", "sources"), PAIRS, ids=lambda value: getattr(value, "__name__", ""))
def test_flags_are_bool_and_the_rest_are_not(typed, sources):
    hints = typing.get_type_hints(typed)
    for setting in (setting for source in sources for setting in source()):
        assert (hints[setting["name"]] is bool) == setting["is_flag"], setting["name"]


@pytest.mark.parametrize("call", [sc.tca.measure, sc.sim.market, sc.sim.parents, sc.sim.replay])
def test_docstrings_list_every_option_with_its_default(call):
    source = {
        "measure": _engine.measure_settings,
        "market": _engine.market_settings,
        "parents": _engine.parent_settings,
        "replay": _engine.replay_settings,
    }[call.__name__]
    for setting in source():
        assert f"{setting['name']} = {setting['default'] or 'none'}" in call.__doc__


def test_public_names_have_docstrings():
    for owner in (sc.Dataset, sc.Table, sc.tca.Measurement, sc.RefusedError, sc.sim.Parents):
        assert owner.__doc__
        for name, member in vars(owner).items():
            if name.startswith("_") or name in ("name", "symbols"):
                continue
            assert (getattr(member, "__doc__", None) or "").strip(), f"{owner.__name__}.{name}"


def test_the_stub_names_everything_that_the_engine_has():
    stub = Path(_engine.__file__).parent / "_engine.pyi"
    written = {
        node.name for node in ast.parse(stub.read_text()).body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    present = {name for name in vars(_engine) if not name.startswith("_")}
    assert present == written
    assert (stub.parent / "py.typed").exists()
