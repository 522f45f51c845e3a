#!/usr/bin/env python3
"""Chance of a false alarm of every statistical test, from the comments beside their thresholds. SPDX-License-Identifier: Apache-2.0

A comment "Chance: FORMULA | STATISTIC" gives the probability that a correct program misses the threshold in one run with a seed that was
not tried before. Usage: chance.py prints a table and the sum; chance.py PAGE exits with 1 unless PAGE holds just that table and
the sum is below 1e-4.
"""
import glob
import os
import re
import sys
from math import erfc, exp, lgamma, log, pi, sqrt, atan, cos

LIMIT = 1e-4


def above(z):
    """a standard normal variable is above z"""
    return erfc(z / sqrt(2)) / 2


def beyond(z):
    """it is further than z from 0, either way"""
    return erfc(z / sqrt(2))


def measured(mean, deviation, limit):
    """a normal variable of a mean and a deviation taken from runs with other seeds is on the other side of the limit"""
    return above(abs(limit - mean) / deviation)


def chi2(x, freedom):
    """chi-square is above x (Abramowitz and Stegun 26.4.4 and 26.4.5)"""
    if freedom % 2:
        total, term, first = erfc(sqrt(x / 2)), sqrt(2 * x / pi) * exp(-x / 2), 3
    else:
        total, term, first = exp(-x / 2), exp(-x / 2) * x / 2, 4
    for k in range(first, freedom + 1, 2):
        total += term
        term *= x / k
    return total


def student(t, freedom):
    """Student's t is further than t from 0, either way (odd and even: Abramowitz and Stegun 26.7.3 and 26.7.4)"""
    angle = atan(t / sqrt(freedom))
    if freedom % 2:
        term, total, first = cos(angle), 0, 3
        for k in range(first, freedom + 1, 2):
            total += term
            term *= cos(angle) ** 2 * (k - 1) / k
        return 1 - 2 / pi * (angle + (total * (1 - cos(angle) ** 2) ** 0.5 if freedom > 1 else 0))
    term, total = 1, 0
    for k in range(2, freedom + 1, 2):
        total += term
        term *= cos(angle) ** 2 * (k - 1) / k
    return 1 - sqrt(1 - cos(angle) ** 2) * total


def exactly(n, p, k):
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p))


def outside(n, p, low, high):
    """of n draws of probability p fewer than low or more than high succeed"""
    return sum(exactly(n, p, k) for k in range(n + 1) if k < low or k > high)


def comments(text, name):
    """the comments of a file, each as one line"""
    if name.endswith((".sh", ".py")):
        blocks = re.findall(r"(?:^[ \t]*#[^\n]*\n)+", text, re.M)
        return [" ".join(line.strip().lstrip("#").strip() for line in b.splitlines()) for b in blocks]
    blocks = re.findall(r"/\*.*?\*/|(?:^[ \t]*//[^\n]*\n)+", text, re.M | re.S)
    return [" ".join(line.strip().lstrip("/*").rstrip("*/").strip() for line in b.splitlines()) for b in blocks]


def rows(root):
    names = sorted(n for p in ("tests/**/*.[ch]", "tests/**/*.sh", "tests/**/*.py", "tests/rtl/**/*.sv", "bench/gpu/*.cc") for n in
                   glob.glob(os.path.join(root, p), recursive=True))
    for name in names:
        for comment in comments(open(name, encoding="utf-8").read(), name):
            for formula, statistic in re.findall(r"Chance: (.*?) \| (.*?)(?= Chance: |$)", comment):
                yield os.path.relpath(name, root), statistic.rstrip(". "), formula, eval(formula)


def table(root):
    lines, total = ["| test | statistic | formula | chance |", "|---|---|---|---|"], 0
    for name, statistic, formula, chance in rows(root):
        lines.append(f"| {name} | {statistic} | `{formula}` | {chance:.1e} |")
        total += chance
    return lines + ["", f"Sum: {total:.1e}"], total


def main():
    lines, total = table(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    if len(sys.argv) < 2:
        print("\n".join(lines))
        return total >= LIMIT
    page = open(sys.argv[1], encoding="utf-8").read()
    bad = "\n".join(lines) + "\n" not in page
    print("not ok" if bad else "ok", "- the page's table is that of the tests")
    print("not ok" if total >= LIMIT else "ok", f"- chance of a false alarm in a run of all: {total:.1e}, limit {LIMIT:.0e}")
    return bad or total >= LIMIT


if __name__ == "__main__":
    sys.exit(main())
