"""Writes distributions.csv, the known answers of tests/golden/math, with SciPy.

.venv/bin/python tests/golden/math/make_distributions.py
"""

import csv
import pathlib

import scipy
from scipy import special, stats

rows = []
for p in (
    1e-300,
    1e-100,
    1e-20,
    1e-10,
    1e-4,
    0.01,
    0.025,
    0.0749,
    0.0751,
    0.3,
    0.49,
    0.5,
    0.77,
    0.95,
    0.975,
    0.999,
    1 - 1e-10,
):
    rows.append(("normal_quantile", p, 0, 0, special.ndtri(p)))
for x in (-37.0, -20.0, -8.0, -3.0, -1.0, -0.1, 0.0, 0.5, 2.0, 6.0, 9.0):
    rows.append(("normal_cdf", x, 0, 0, special.ndtr(x)))
    rows.append(("normal_density", x, 0, 0, stats.norm.pdf(x)))
for degrees in (1, 1.5, 2, 3.7, 9, 30, 1000, 1e6):
    for p in (1e-6, 0.005, 0.025, 0.2, 0.5, 0.9, 0.975, 0.9999):
        rows.append(("student_quantile", p, degrees, 0, stats.t.ppf(p, degrees)))
    for t in (-40.0, -3.0, -0.2, 0.0, 0.7, 2.5, 10.0):
        rows.append(("student_cdf", t, degrees, 0, stats.t.cdf(t, degrees)))
for a in (0.05, 0.5, 1, 3.5, 20, 400, 10000):
    for factor in (0.01, 0.3, 0.9, 1.0, 1.1, 2.0):
        rows.append(("regularized_gamma", a, a * factor, 0, special.gammainc(a, a * factor)))
for a, b in ((0.5, 0.5), (2, 5), (0.1, 3), (40, 7), (900, 1100)):
    for x in (1e-6, 0.1, 0.3, 0.45, 0.6, 0.95):
        rows.append(("regularized_beta", x, a, b, special.betainc(a, b, x)))
for x in (1e-5, 0.3, 0.99, 1.0, 1.5, 2.0, 7.3, 14.9, 15.0, 200.0, 1e6):
    rows.append(("log_gamma", x, 0, 0, special.gammaln(x)))
for n in (0, 1, 2, 5, 20, 170, 100000):
    rows.append(("log_factorial", n, 0, 0, special.gammaln(n + 1.0)))

with (pathlib.Path(__file__).parent / "distributions.csv").open("w", newline="") as file:
    file.write(f"# SciPy {scipy.__version__}, by tests/golden/math/make_distributions.py\n")
    csv.writer(file, lineterminator="\n").writerows([[name, *(repr(float(x)) for x in rest)] for name, *rest in rows])
