"""A stranger asks for help: every command teaches, a typo gets the nearest name, and the forms of help agree."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from program import PROGRAM, ROOT, run

COMMANDS = [
    "quickstart",
    "data check",
    "data import lean",
    "data import lobster",
    "data import table",
    "sim market",
    "sim replay",
    "tca measure",
    "tca summary",
    "tca order",
    "cost fit",
    "cost predict",
    "cost evaluate",
    "cost update",
    "cost show",
    "cost estimate",
    "venue fit",
    "venue compare-models",
    "venue allocate",
    "venue resubmit",
    "venue values",
    "venue proxy-log",
    "venue simulate",
    "control solve",
    "control decide",
    "control simulate",
    "control compare",
    "control calibrate",
    "desk replay",
    "desk status",
    "desk run",
    "desk kill",
    "desk release",
    "doctor",
    "completion",
    "man",
]


def test_help_is_as_reviewed(slipcast):
    golden = Path(__file__).parent / "golden" / "help.txt"
    assert slipcast("--help").stdout == golden.read_text()


def test_the_list_of_commands_here_is_complete(slipcast):
    def below(*path):
        text = slipcast(*path, "--help").stdout
        section = re.search(r"\nCommands:\n((?:  .*\n)+)", text)
        if section is None:
            return [" ".join(path)]
        names = re.findall(r"^  (\S+)", section.group(1), re.MULTILINE)
        return [command for name in names for command in below(*path, name)]

    assert below() == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_by_example(slipcast, command):
    shown = slipcast(*command.split(), "--help")
    assert shown.returncode == 0
    assert f"Usage: slipcast {command}" in shown.stdout
    assert "\nExamples:\n" in shown.stdout
    assert shown.stderr == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_use_flags_that_exist(slipcast, command):
    text = slipcast(*command.split(), "--help").stdout
    examples = text.split("\nExamples:\n")[1]
    for line in examples.splitlines():
        usage = line.split("#")[0]
        for flag in re.findall(r"--[a-z-]+", usage):
            assert re.search(rf"\n  (?:-\w )?{flag}\b", text), f"{flag} in {usage}"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["tca", "mesure"], "unknown command 'mesure'; did you mean 'measure'?"),
        (["quikstart", "x"], "unknown command 'quikstart'; did you mean 'quickstart'?"),
        (["tca", "measure", "x", "--confidense", "0.9"], "unknown option '--confidense'; did you mean '--confidence'?"),
        (["tca", "measure", "x", "--confidence", "2"], "--confidence: 2: must be in [0.5, 0.999]"),
        (["tca", "measure"], "DIR is required"),
        (["tca"], "a command is missing"),
        (["sim", "market", "--symbols", "2"], "--out is required"),
        (["tca", "order", "a", "b", "c"], "unexpected argument 'c'"),
    ],
)
def test_wrong_usage_is_status_2_with_what_to_do(slipcast, arguments, expected):
    shown = slipcast(*arguments)
    assert shown.returncode == 2
    assert expected in shown.stderr
    assert "--help'" in shown.stderr
    assert shown.stdout == ""


def test_version_is_the_projects(slipcast):
    (version,) = re.findall(r"project\(slipcast VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())
    assert slipcast("--version").stdout == f"slipcast {version}\n"


def test_doctor_finds_this_machine_fit(slipcast):
    shown = slipcast("doctor")
    assert shown.returncode == 0, shown.stdout
    for library in ("Arrow", "SQLite", "libzip", "libxlsxwriter", "time zones", "Python package"):
        assert re.search(rf"^  {library} +\S", shown.stdout, re.MULTILINE), library
    assert "MISSING" not in shown.stdout


def test_reference_page_is_fresh(slipcast):
    assert slipcast("man", "--markdown").stdout == (ROOT / "docs" / "reference" / "cli.md").read_text(), (
        "stale: run tools/cli_reference"
    )


def test_manual_holds_every_command_and_renders(slipcast):
    manual = slipcast("man").stdout
    for command in COMMANDS:
        assert f".SS slipcast {command}".replace("-", "\\-") in manual
    if shutil.which("man"):
        shown = run("man", "--warnings", "-l", "-", input=manual)
        assert shown.stderr == ""
        assert "against a tape" in re.sub(r"\s+", " ", shown.stdout)


def completed(*words):
    """What bash offers after these words."""
    script = (
        f'export PATH="{PROGRAM.parent}:$PATH"; source <(slipcast completion bash); COMP_WORDS=("$@"); '
        'COMP_CWORD=$(($# - 1)); _slipcast; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return subprocess.run(
        ["bash", "-c", script, "bash", *words], capture_output=True, text=True, check=True, cwd="/"
    ).stdout.split()


def test_completion_knows_commands_and_flags():
    assert completed("slipcast", "tc") == ["tca"]
    assert set(completed("slipcast", "tca", "")) >= {"measure", "summary", "order"}
    assert completed("slipcast", "tca", "measure", "--conf") == ["--confidence"]
    assert completed("slipcast", "sim", "replay", "tape", "--impact-o") == ["--impact-own-bps"]
