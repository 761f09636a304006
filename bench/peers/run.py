"""Slipcast beside polars, DuckDB, pandas and NumPy: as-of, eight mark-outs and shortfall on the same data, in one run.

    bench/peers/run.py                 1e5 fills, 1e7 quotes
    bench/peers/run.py --large         1e6 fills, 1e8 quotes (8 GB of memory, a quiet machine)
    bench/peers/run.py --from-files    Slipcast alone, in memory and streaming from Parquet, beside merely reading the
                                       columns with Arrow (with or without --large)

Every contender answers in a process of its own, after loading, `--rounds` times; medians are compared. Answers must be
equal to the last integer, or the run fails.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from contenders import ANSWERS, CONTENDERS
from market_data import generate

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE.parent.parent / "build" / "bench" / "bench"


def run_slipcast(program: Path, folder: Path, rounds: int) -> dict:
    """The C++ program prints the same JSON but for the digests: it writes its answers as raw files."""
    done = subprocess.run([program, folder, str(rounds)], check=True, capture_output=True, text=True)
    result = json.loads(done.stdout)
    result["digests"] = {}
    for name in ANSWERS:
        answer = np.fromfile(folder / f"answer_{name}.bin", np.int64)
        result["digests"][name] = hashlib.sha256(answer).hexdigest()
    return result


def run_python(name: str, folder: Path, rounds: int) -> dict:
    done = subprocess.run([sys.executable, HERE / "contend.py", name, folder, str(rounds)], check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def compare(results: dict[str, dict]) -> None:
    names = list(results)
    for name in names[1:]:
        for answer in ANSWERS:
            if results[name]["digests"][answer] != results[names[0]]["digests"][answer]:
                sys.exit(f"{name} and {names[0]} disagree on {answer}: no times are reported")


def print_table(results: dict[str, dict]) -> None:
    base = {clock: statistics.median(results["slipcast"][clock]) for clock in ("wall_s", "cpu_s")}
    print(f"{'':10} {'wall s':>9} {'CPU s':>9} {'peak GB':>8} {'wall ratio':>11} {'CPU ratio':>10}")
    for name, result in results.items():
        wall, cpu = statistics.median(result["wall_s"]), statistics.median(result["cpu_s"])
        print(f"{name:10} {wall:9.3f} {cpu:9.3f} {result['peak_bytes'] / 1e9:8.2f} {wall / base['wall_s']:11.1f} "
              f"{cpu / base['cpu_s']:10.1f}")


def print_from_files(result: dict) -> None:
    """How much answering adds to reading; the answers were those of the columns in memory."""
    for clock in ("wall_s", "cpu_s"):
        read, answered = statistics.median(result[f"read_{clock}"]), statistics.median(result[clock])
        print(f"{clock:7} read {read:8.3f}  answered {answered:8.3f}  ratio {answered / read:5.2f}")
    print(f"peak {result['peak_bytes'] / 1e9:.2f} GB, the raw columns of the bench among it")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="1e6 fills x 1e8 quotes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--symbols", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--programs", type=Path, default=PROGRAMS, help="where preset bench builds the C++ programs")
    parser.add_argument("--from-files", action="store_true", help="from Parquet beside merely reading it")
    parser.add_argument("--data", type=Path, help="keep the generated columns in this folder")
    parser.add_argument("--without", nargs="*", default=[], choices=list(CONTENDERS))
    options = parser.parse_args()
    fills, quotes = (1_000_000, 100_000_000) if options.large else (100_000, 10_000_000)
    program = options.programs / "peer_slipcast"
    from_files = options.programs / "peer_from_files"
    if not program.exists() or not from_files.exists():
        sys.exit(f"{program} is not there: cmake --preset bench && ninja -C build/bench")
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as temporary:
        folder = options.data or Path(temporary)
        if not (folder / "data.json").exists():
            generate(folder, quotes, fills, options.symbols, options.seed)
        shape = json.loads((folder / "data.json").read_text())
        print(f"{shape['fills']:,} fills x {shape['quotes']:,} quotes, {shape['symbols']} symbols, "
              f"{os.cpu_count()} cores, median of {options.rounds}")
        results = {"slipcast": run_slipcast(program, folder, options.rounds)}
        if options.from_files:
            results["from files"] = run_slipcast(from_files, folder, options.rounds)
            compare(results)
            print_from_files(results["from files"])
            return
        for name in CONTENDERS:
            if name not in options.without:
                results[name] = run_python(name, folder, options.rounds)
        compare(results)
        print_table(results)
        print("answers equal: " + ", ".join(ANSWERS))
        slipcast = results["slipcast"]
        share = statistics.median(slipcast["read_cpu_s"]) / statistics.median(slipcast["cpu_s"])
        print(f"slipcast runs at {100 * share:.0f} % of the speed of one plain read of the quote columns (same run)")


if __name__ == "__main__":
    main()
