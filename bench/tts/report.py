#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""JSON lines of measure.py -> docs/results/tts.md. Usage: report.py LINES"""
import json
import math
import statistics
import sys

GLAUBER, TEMPER, DWAVE = "glauber anneal", "glauber temper", "dwave-samplers SA"
ALL = ("sk100", "G1", "G43", "ea8", "P14", "G22", "G39", "ea10")


def read(path):
    with open(path) as f:
        lines = [json.loads(line) for line in f if line.strip()]
    return lines[0], [x for x in lines if x["kind"] == "final"]


def seconds(x):
    return "-" if x is None else f"{x * 1e3:.3g} ms" if x < 1 else f"{x:.3g} s"


def error(x):
    """Relative standard error of a time: that of ln(1 - p), binomial."""
    p = x["hits"] / x["runs"]
    if p >= 0.99:  # one run
        return 0.0
    return math.nan if p == 0 else math.sqrt(p / ((1 - p) * x["runs"])) / -math.log1p(-p)


def of(final, solver, aim):
    """Instance -> its measurement for an aim, in the order of measuring."""
    return {x["instance"]: x for x in final if x["solver"] == solver and aim in x["best_for"]}


def share(x):
    p = x["hits"] / x["runs"]
    return f"{p:.2g} +- {math.sqrt(p * (1 - p) / x['runs']):.1g}"


def cells(a, b, aim):
    """A ratio with its error; a bound where dwave-samplers never hit."""
    if a[aim] is None:
        return None, "-"
    if b[aim] is None:  # at most 3 / runs with 95 %
        least = b["seconds"] / b["runs"] * -math.log(0.01) / (3 / b["runs"])
        return None, f"> {least / a[aim]:.2g}"
    ratio = b[aim] / a[aim]
    return ratio, f"{ratio:.3g} +- {ratio * math.hypot(error(a), error(b)):.1g}"


def print_tempering(final):
    """One answer of replica exchange beside those of the annealers."""
    ladders, glauber, dwave = (of(final, solver, "tts_one") for solver in (TEMPER, GLAUBER, DWAVE))
    if not ladders:
        return
    print("Replica exchange, for one answer (a run: a board of ladders):\n")
    print("| instance | ladders x sweeps | p | TTS | anneal / temper | SA / temper |\n|---|---|---|---|---|---|")
    for name, x in ladders.items():
        print(f"| {name} | {x['schedule']} x {x['sweeps']} | {share(x)} | {seconds(x['tts_one'])} | "
              f"{cells(x, glauber[name], 'tts_one')[1]} | {cells(x, dwave[name], 'tts_one')[1]} |")
    tuning = ", ".join(f"{name} {x['setup']:.2g} s" for name, x in ladders.items())
    print(f"\nCompiling and tuning its ladder, which is not counted: {tuning}.\n")


def main():
    machine, final = read(sys.argv[1])
    families = {}
    for x in final:
        families.setdefault(x["family"], x["title"])
    rows, many, alone = [], [], []
    for family, title in families.items():
        part = [x for x in final if x["family"] == family]
        a, b = of(part, GLAUBER, "tts"), of(part, DWAVE, "tts")
        a1, b1 = of(part, GLAUBER, "tts_one"), of(part, DWAVE, "tts_one")
        ratios = {"tts": [], "tts_one": []}
        for name in (n for n in a if n in b):
            x, y = a[name], b[name]
            ratio, text = cells(x, y, "tts")
            one, one_text = cells(a1[name], b1[name], "tts_one")
            for aim, r in (("tts", ratio), ("tts_one", one)):
                if r:
                    ratios[aim].append(r)
            gap = f", {100 * x['gap']:g} %" if x["gap"] else ""
            rows.append(f"| {title} ({name}{gap}) | {x['schedule']} x {x['sweeps']} | {share(x)} | {seconds(x['tts'])} | "
                        f"{y['sweeps']} | {share(y)} | {seconds(y['tts'])} | {text} | "
                        f"{a1[name]['schedule']} x {a1[name]['sweeps']} | {seconds(a1[name]['tts_one'])} | {one_text} |")
        for aim, all_of_them in (("tts", many), ("tts_one", alone)):
            if ratios[aim]:
                all_of_them.append(statistics.median(ratios[aim]))
    setups = {x["instance"]: x["setup"] for x in final if x["solver"] == GLAUBER}
    print(HEAD.format(**machine))
    for family, title in families.items():
        scale = next(x["scale"] for x in final if x["family"] == family)
        if scale != machine["scale"]:
            print(f"{title}: by a run of its own, `--scale {scale} {family}`, since its scan needs longer batches.\n")
    print("| instance | chains x sweeps | p | TTS | sweeps, SA | p, SA | TTS, SA | SA / glauber | one answer: chains x sweeps | TTS | SA / glauber |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    print("\n".join(rows))
    print()
    missing = [name for name in ALL if name not in families]
    if missing:
        print("Not measured, as the run was ended before: " + ", ".join(missing) + ".\n")
    for text, found in (("With many chains", many), ("For one answer", alone)):
        mean = math.exp(statistics.fmean(map(math.log, found)))
        print(f"{text}: ahead on {sum(r > 1 for r in found)} of {len(found)} families (median of a "
              f"family's instances), {mean:.3g} times in the geometric mean.")
    print()
    print_tempering(final)
    print("Compiling, which is not counted: " +
          ", ".join(f"{name} {s:.2g} s" for name, s in setups.items()) + ".")
    print(TAIL)


HEAD = """# Time to solution

Written by `bench/tts/run.sh --instances {instances} --scale {scale}` (after `make python`), which keeps all figures in tts.json. {cpu}, one thread each, processor time, one after
the other in one process; glauber {glauber}, dwave-samplers {dwave_samplers}; load of the machine {load}.

TTS = t ln(1 - 0.99) / ln(1 - p), at least t: the time of runs until one has found the energy with 99 %. A run is one chain from hot to
cold, t its time, p the share of runs that end there. **Many chains**: t is the time of a batch of chains that the emulator runs side by side, divided
by their number. **One answer**: a batch of 16, 64 or 512 chains is the least that is run, so t is that of a batch and p the chance that one of
its chains succeeds; this is what a user waits for after compiling. For SA the two are the same.
"""

TAIL = """
- Solved: the lowest energy known ([targets.csv](../../bench/tts/targets.csv): published cuts; otherwise the lowest of long runs, not
  proved), or, where that is too rare to be counted here, within the given share of it.
- glauber: `glauber anneal`'s geometric ramp of 200 steps with its default range of beta, emulator, array ulx3s-85, final states only.
- SA: `SimulatedAnnealingSampler` (Metropolis, sequential order), geometric, one beta a sweep, with glauber's range of beta. With its own
  default range a sweep took 13 to 77 % longer, and runs ended higher on average in 14 of 16 trials of 32 runs (8 families, 1,000 and 4,000
  sweeps, glauber's range of ln 2 and 1 %: [log](../log/anneal.md)).
- Replica exchange: `glauber temper`'s ladder, tuned beforehand, then fixed; a run is a board of 16 ladders from random states, sweeps are those
  of a replica, and the lowest energy of all rounds counts.
- Chains and sweeps: the best of a scan on the family's easiest instance, for both; measured with other seeds. +- is one standard error; a bound (>)
  is for no success at all, 95 %.
- The comparison is one of programs on a CPU core: a sweep of the emulator updates by colours with heat-bath noise of the array, one of SA
  in sequence. Runs of SA on several cores, or other annealers, are not in it."""


if __name__ == "__main__":
    main()
