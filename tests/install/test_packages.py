"""The wheel in an empty environment, and the C++ package in a stranger's project."""

import os
import re
import shutil
import sys
import zipfile
from decimal import Decimal

import pytest

from program import BUILD, ROOT, run

FIRST_MINUTE = """
import slipcast as sc
market = sc.sim.market(symbols=1, days=1, quotes_per_day=3000)
data = sc.sim.replay(market, orders=20)
result = sc.tca.measure(data)
print(sc.__version__, len(result.orders), len(result.fills) > 0)
result.report("tca.html")
try:
    sc.tca.measure(data, confidense=0.9)
except sc.RefusedError as refused:
    print(refused.code)
with sc.desk.Desk(journal="desk.sqlite") as desk:
    desk.step(time=0, order=1, side="buy", quantity=10, deadline=10**10, quote_time=0, volume_rate=1.0)
print(sc.desk.replay("desk.sqlite").identical)
try:
    sc.Dataset.open(".")
except ImportError as missing:
    print(missing)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    launcher = {"CMAKE_CXX_COMPILER_LAUNCHER": "ccache"} if shutil.which("ccache") else {}
    # Unoptimized: what is tested here is the packaging, and this compiles in half the time.
    unoptimized = ("--config-settings", "cmake.define.CMAKE_CXX_FLAGS_RELEASE=-O0")
    command = (sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", "--no-build-isolation", "--quiet", "-w", folder)
    built = run(*command, *unoptimized, env=os.environ | launcher)
    assert built.returncode == 0, built.stderr[-3000:]
    (file,) = folder.glob("slipcast-*.whl")
    return file


@pytest.mark.slow
def test_wheel_holds_the_package_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    outside = [name for name in names if not name.startswith("slipcast/") and ".dist-info/" not in name]
    assert outside == []
    assert {"slipcast/py.typed", "slipcast/_engine.pyi", "slipcast/__init__.py"} <= set(names)


@pytest.mark.slow
def test_wheel_works_in_an_empty_environment(wheel, tmp_path):
    assert run(sys.executable, "-m", "venv", tmp_path / "venv").returncode == 0
    python = tmp_path / "venv" / "bin" / "python"
    installed = run(python, "-m", "pip", "install", "--quiet", "--no-index", wheel)
    assert installed.returncode == 0, installed.stderr
    ran = run(python, "-c", FIRST_MINUTE, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    first, code, is_identical, missing = ran.stdout.splitlines()
    assert first.endswith(" 20 True")
    assert code == "unknown_field"
    assert is_identical == "True"
    assert "pip install slipcast[files]" in missing
    assert (tmp_path / "tca.html").stat().st_size > 10_000


# The C and C++ runtimes that every Linux with Python has; anything else would have to be installed beside the wheel.
RUNTIMES = {
    "libc.so.6",
    "libm.so.6",
    "libstdc++.so.6",
    "libgcc_s.so.1",
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
}


@pytest.mark.slow
def test_engine_module_needs_nothing_but_the_runtimes(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    (module,) = (tmp_path / "slipcast").glob("_engine*.so")
    dynamic = run("readelf", "--dynamic", "--wide", module)
    needed = set(re.findall(r"\(NEEDED\)\s+Shared library: \[(.+?)\]", dynamic.stdout))
    assert "libc.so.6" in needed
    assert needed <= RUNTIMES


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefix")
    installed = run("cmake", "--install", BUILD, "--prefix", folder, "--component", "cpp")
    assert installed.returncode == 0, installed.stderr
    return folder


def build(source, folder, prefix):
    configured = run("cmake", "-G", "Ninja", "-S", source, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}")
    assert configured.returncode == 0, configured.stderr
    built = run("cmake", "--build", folder)
    assert built.returncode == 0, built.stdout[-3000:]


def test_a_strangers_project_finds_builds_and_measures(prefix, tmp_path):
    build(ROOT / "tests" / "install" / "consumer", tmp_path, prefix)
    ran = run(tmp_path / "consumer")
    assert ran.returncode == 0, ran.stderr
    version, *rows = ran.stdout.splitlines()
    assert version.startswith("version ")
    cash = {}
    for row in rows:
        part, amount, *rest = row.split()
        basis = "executed" if "executed" in rest else "order"
        cash[basis, part] = Decimal(amount)
    for basis in ("order", "executed"):
        parts = [amount for (of, part), amount in cash.items() if of == basis and part != "total"]
        assert len(parts) >= 5
        assert sum(parts) == cash[basis, "total"]
    assert run(tmp_path / "consumer", tmp_path / "desk.sqlite").returncode == 0


def test_cpp_examples_build_and_run(prefix, tmp_path):
    build(ROOT / "examples" / "cpp", tmp_path, prefix)
    one = run(tmp_path / "01_measure_an_order")
    assert "shortfall_cash = 104.40" in one.stdout
    two = run(tmp_path / "02_replay_and_report", tmp_path / "page.html")
    assert two.returncode == 0, two.stderr
    assert (tmp_path / "page.html").stat().st_size > 10_000
    (tmp_path / "page.html").unlink()


def test_headers_of_the_package_need_no_arrow(prefix):
    headers = list((prefix / "include" / "slipcast").rglob("*.hpp"))
    assert headers
    assert not any("#include <arrow/" in header.read_text() for header in headers)
    assert not (prefix / "include" / "slipcast" / "io").exists()
