"""Every example runs as it stands."""

import os

import pytest

from program import BUILD, PROGRAM, ROOT, run

EXAMPLES = ROOT / "examples"


def environment():
    return os.environ | {
        "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(BUILD / "python"),
    }


@pytest.mark.parametrize("script", sorted((EXAMPLES / "python").glob("*.py")), ids=lambda path: path.name)
def test_python_example(script, tmp_path):
    ran = run(ROOT / ".venv" / "bin" / "python", script, cwd=tmp_path, env=environment())
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout


@pytest.mark.parametrize("script", sorted((EXAMPLES / "cli").glob("*.sh")), ids=lambda path: path.name)
def test_command_line_example(script, tmp_path):
    ran = run("bash", script, cwd=tmp_path, env=environment())
    assert ran.returncode == 0, ran.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()], "it leaves what it made"


def test_the_hand_worked_order_costs_what_its_comment_says(tmp_path):
    script = EXAMPLES / "python" / "01_measure_your_tables.py"
    ran = run(ROOT / ".venv" / "bin" / "python", script, cwd=tmp_path, env=environment())
    shown = dict(line.split() for line in ran.stdout.splitlines())
    assert shown == {
        "delay": "50.00",
        "spread": "8.00",
        "drift": "14.00",
        "opportunity": "30.00",
        "fees": "2.40",
        "shortfall": "104.40",
    }


@pytest.mark.parametrize(
    "source", sorted([*EXAMPLES.rglob("*.py"), *EXAMPLES.rglob("*.cpp"), *EXAMPLES.rglob("*.sh")]), ids=lambda p: p.name
)
def test_examples_stay_short(source):
    assert len(source.read_text().splitlines()) < 80
