"""One contender in its own process: `contend.py NAME FOLDER ROUNDS` prints its times and answer digests as JSON."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from contenders import ANSWERS, CONTENDERS
from market_data import load


def digests(answers) -> dict[str, str]:
    return {name: hashlib.sha256(np.ascontiguousarray(answers[name], np.int64)).hexdigest() for name in ANSWERS}


def main() -> None:
    name, folder, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    prepare, answer = CONTENDERS[name]
    prepared = prepare(load(folder))
    wall, cpu, answers = [], [], {}
    for _ in range(rounds):
        answers = {}
        begin_wall, begin_cpu = time.perf_counter(), time.process_time()
        answers = answer(prepared)
        wall.append(time.perf_counter() - begin_wall)
        cpu.append(time.process_time() - begin_cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"wall_s": wall, "cpu_s": cpu, "peak_bytes": peak, "digests": digests(answers)}))


if __name__ == "__main__":
    main()
