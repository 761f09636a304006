"""The gates catch what they are there for: each is shown a planted defect."""

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(gate, root):
    command = [sys.executable, str(ROOT / "tools" / gate), "--root", str(root)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture
def tree(tmp_path):
    """The module list and the warnings, with one small public header and source in core."""
    shutil.copytree(ROOT / "cmake", tmp_path / "cmake")
    for folder in ("include/slipcast/core", "include/slipcast/tca", "src/core", "tests/compile_fail/core"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "include/slipcast/core/one.hpp").write_text("#pragma once\n#include <vector>\n")
    (tmp_path / "include/slipcast/tca/two.hpp").write_text('#pragma once\n#include "slipcast/core/one.hpp"\n')
    (tmp_path / "src/core/one.cpp").write_text('#include "slipcast/core/one.hpp"\n#include <fmt/format.h>\n')
    return tmp_path


def test_layers_accept_the_small_tree(tree):
    done = run("check_layers", tree)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("path", "line", "rule"),
    [
        ("src/core/one.cpp", '#include "slipcast/tca/two.hpp"', "module core may use no module"),
        ("include/slipcast/core/one.hpp", '#  include "slipcast/tca/two.hpp"', "module core may use no module"),
        ("src/core/one.cpp", "#include <arrow/api.h>", "links no library that brings it"),
        ("include/slipcast/core/one.hpp", "#include <fmt/format.h>", "no third-party header in a public header"),
        ("src/core/one.cpp", "#include <unistd.h>", "system headers only from layer 7 on"),
        ("src/core/one.cpp", "#include <slipcast/core/one.hpp>", "included in quotes"),
        ("src/core/one.cpp", '#include "../../include/slipcast/tca/two.hpp"', "leaves its module"),
        ("src/core/one.cpp", '#include "slipcast/core/missing.hpp"', "names no public header"),
    ],
)
def test_layers_report_a_planted_include(tree, path, line, rule):
    target = tree / path
    number = len(target.read_text().splitlines()) + 1
    target.write_text(target.read_text() + line + "\n")
    done = run("check_layers", tree)
    assert done.returncode == 1
    assert f"{path}:{number}: " in done.stdout and rule in done.stdout


def test_layers_report_a_folder_that_is_no_module(tree):
    (tree / "src/helpers").mkdir()
    done = run("check_layers", tree)
    assert done.returncode == 1 and "src/helpers: no module of this name" in done.stdout


def test_headers_report_one_that_needs_another_before_it(tree):
    assert run("check_headers", tree).returncode == 0
    needy = "#pragma once\ninline std::vector<int> three() { return {}; }\n"
    (tree / "include/slipcast/core/three.hpp").write_text(needy)
    done = run("check_headers", tree)
    assert done.returncode == 1 and "slipcast/core/three.hpp does not compile alone" in done.stdout


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("#ifdef SLIPCAST_MUST_FAIL\nint kBad = 1;\n#endif\n", "the line that must fail compiles"),
        ("#ifdef SLIPCAST_MUST_FAIL\n#endif\nint kBad = nothing;\n", "does not compile even without the line"),
        ("int main() {}\n", "has no line under SLIPCAST_MUST_FAIL"),
    ],
)
def test_compile_fail_reports_a_misuse_that_passes(tree, body, says):
    (tree / "tests/compile_fail/core/misuse.cpp").write_text(body)
    done = run("check_compile_fail", tree)
    assert done.returncode == 1 and says in done.stdout


def configure(tree, extra_module):
    """Configures a project whose module list is the real one and one more module."""
    with (tree / "cmake/modules.cmake").open("a") as modules:
        modules.write(f"\n{extra_module}\n")
    for name in re.findall(r"slipcast_module\((\w+) ", (tree / "cmake/modules.cmake").read_text()):
        source = tree / "src" / name / "only.cpp"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.touch()
    (tree / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(layers LANGUAGES CXX VERSION 1.0.0)\n"
        "include(GNUInstallDirs)\nadd_library(slipcast_flags INTERFACE)\n"
        "foreach(library fmt::fmt Threads::Threads nlohmann_json::nlohmann_json Eigen3::Eigen)\n"
        "  add_library(${library} INTERFACE IMPORTED)\nendforeach()\ninclude(cmake/modules.cmake)\n"
    )
    command = ["cmake", "-G", "Ninja", "-S", str(tree), "-B", str(tree / "build")]
    return subprocess.run(command, capture_output=True, text=True)


def test_configuring_accepts_a_downward_use(tree):
    done = configure(tree, "slipcast_module(planted LAYER 2 USES core math)")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("used", "layer"), [("tca", 3), ("forecast", 2)])
def test_configuring_refuses_an_upward_or_sideways_use(tree, used, layer):
    done = configure(tree, f"slipcast_module(planted LAYER 2 USES core {used})")
    assert done.returncode != 0
    message = " ".join(done.stderr.split())
    assert f"module planted (layer 2) may not use {used} (layer {layer}): uses point down" in message


def test_configuring_refuses_a_module_that_is_not_listed_before(tree):
    done = configure(tree, "slipcast_module(planted LAYER 2 USES unheard_of)")
    assert done.returncode != 0 and "not listed before it" in " ".join(done.stderr.split())
