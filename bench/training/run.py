#!/usr/bin/env python3
"""Trains the machines of docs/training.md, reads the test images once, writes docs/results/training.json, .md and logs.

    bench/training/run.py [--quick] [--no-curve] [--threads N] [ROW...]

--quick leaves out free energies and the curve, --no-curve the curve alone. Rows that are not named stay as they are. A row that has out/training/ROW.h5 and ROW.log already is not trained again. Device times: the clocks
that a training would take on the largest array of docs/results/ecp5.json, at the best clock that was routed there.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import json
import math
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GLAUBER = os.environ.get("GLAUBER", "build/glauber")
OUT = "out/training"

HELD = ["--first", "5000", "--images", "50000"]  # choices are made on the other 10,000
INDEPENDENT = ["--common-noise", "0", "--positive-burn", "0", "--positive", "8", "--negative-burn", "0", "--negative", "20"]
WIDE = ["--topology", "local:hidden=3740,fan=25", "--batch", "512", "--rate", "0.02", "--decay", "0.2"]
FASHION = ["--data", "data/fashion"]
PEGASUS = ["--topology", "pegasus", "--generative", "0.1", "--epochs", "4", "--batch", "256", "--rate", "0.015", "--label-rate", "1", "--hidden-rate", "1",
           "--decay", "1", "--hidden-decay", "1", "--pixel-decay", "0.3", "--shift", "0", "--warp", "0"]
DRAW = ["--method", "drawing"]
DEEP = ["--topology", "deep"]
CONTRAST = ["--method", "contrast"]
STILL = ["--shift", "0", "--warp", "0"]

# name, what it is, training options, options of eval (None: judged by its drawings)
ROWS = [
    *((f"default-{k}", f"default (shallow), seed {k}", ["--seed", str(k)], []) for k in (1, 2, 3)),
    *((f"contrast-{k}", f"read, then contrast, seed {k}", [*CONTRAST, "--seed", str(k)], []) for k in (1, 2, 3)),
    *((f"deep-{k}", f"deep, seed {k}", [*DEEP, "--seed", str(k)], []) for k in (1, 2, 3)),
    ("default-held", "default (shallow), 50,000 images", HELD, []),
    ("independent", "shallow, independent noise, 140 epochs, seed 1", [*INDEPENDENT, "--warp", "1", "--epochs", "140", "--readout-beta", "0.8"], []),
    ("bits4", "default, 4-bit couplings, seed 1", ["--bits", "4"], []),
    ("best-contrast", "device size, contrast, 100 epochs", [*WIDE, *CONTRAST, "--epochs", "100", "--warp", "1"], []),
    *((f"deep-contrast-{k}", f"deep, 50 h2 units, contrast, seed {k}", ["--topology", "deep:h2=50", *CONTRAST, "--hidden-rate", "0.3", "--seed", str(k)], [])
      for k in (1, 2, 3)),
    ("pegasus", "Pegasus, random places, five label copies", PEGASUS, []),
    *((f"pegasus-structured-{k}", f"Pegasus P14, pixels several times, 65 label copies, contrast, seed {k}",
       ["--topology", "pegasus:placement=structured", *CONTRAST, "--seed", str(k)], []) for k in (1, 2, 3)),
    ("pegasus-strict", "Pegasus P14, each pixel once, 65 label copies, contrast", ["--topology", "pegasus:placement=strict", *CONTRAST, *STILL], []),
    ("pegasus-random", "Pegasus P14, random places, five label copies, contrast", ["--topology", "pegasus", *CONTRAST, *STILL, "--epochs", "30"], []),
    ("zephyr", "Zephyr Z11, pixels several times, 55 label copies, contrast, 15 epochs",
     ["--topology", "zephyr:placement=structured", *CONTRAST, "--epochs", "15"], []),
    ("chimera", "Chimera C23, pixels several times, 69 label copies, contrast, 15 epochs",
     ["--topology", "chimera:placement=structured", *CONTRAST, "--epochs", "15"], []),
    ("fashion-contrast", "Fashion-MNIST, device size, contrast, 60 epochs",
     [*FASHION, "--topology", "local:hidden=3740,fan=25,planes=2", "--binarise", "threshold=40+130", *CONTRAST, "--epochs", "60", "--shift", "0",
      "--warp", "0.3", "--batch", "512", "--rate", "0.02", "--decay", "0.2"], FASHION),
    ("draw", "hybrid, for drawing", DRAW, None),
]


def last_json(text):
    return json.loads(text.strip().splitlines()[-1])


def run(command, log=None):
    print("$", " ".join(command), flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if log:
        with open(log, "w", encoding="utf-8") as f:
            f.write(" ".join(["$ glauber", *command[1:]]) + "\n" + done.stdout)
    if done.returncode:
        sys.exit(done.stdout)
    return done.stdout


def routed_array():
    """The array of the bit files for the ULX3S, and the best clock routed."""
    with open("docs/results/ecp5.json", encoding="utf-8") as f:
        runs = json.load(f)
    best = max((r for r in runs if r["board"].startswith("ulx3s")), key=lambda r: r["fmax_mhz"])
    return best["array"], best["fmax_mhz"]


def device_time(name, train, trained, array, mhz):
    """Seconds of a whole training on one board: every batch takes as many clocks as the first, but where few images read wrong. None: it
    does not fit."""
    if "--array" in train or trained["device_seconds"] is None:
        return None
    if "contrast" in train and f" {array}," in trained["device"]:
        return trained["cycles"] / (mhz * 1e6)
    k = train.index("--epochs") if "--epochs" in train else len(train)
    one = [GLAUBER, "train", *train[:k], *train[k + 2:], "--epochs", "1e-6", "--array", array, "-o", f"{OUT}/{name}.first.h5", "--json"]
    batches = math.ceil(trained["epochs"] * trained["images"] / trained["batch"])
    return last_json(run(one))["cycles"] * batches / (mhz * 1e6)


def keep_log(name):
    """The output of a row's training and reading, beside the results."""
    with open(f"docs/results/training/{name}.txt", "w", encoding="utf-8") as kept:
        for part in ("log", "eval"):
            with open(f"{OUT}/{name}.{part}", encoding="utf-8") as f:
                kept.write(f.read())


def make_row(name, what, train, evaluate, threads, extra):
    model, log = f"{OUT}/{name}.h5", f"{OUT}/{name}.log"
    if not (os.path.exists(model) and os.path.exists(log)):
        run([GLAUBER, "train", *train, *threads, "-o", model, "--json"], log)
    with open(log, encoding="utf-8") as f:
        trained = last_json(f.read())
    if evaluate is None:
        # another seed than the one on which beta and sweeps were chosen
        command = [GLAUBER, "draw", model, "--judge", "--columns", "100", "--seed", "2", "-o", f"{OUT}/{name}.png", *threads, "--json"]
    else:
        more = ["--free-energy"] if "free-energy" in extra else []
        if "curve" in extra:
            more += ["--curve-file", f"{OUT}/{name}.curve"]
        command = [GLAUBER, "eval", model, *evaluate, *more, *threads, "--json"]
    read = last_json(run(command, f"{OUT}/{name}.eval"))
    keep_log(name)
    row = {"row": name, "what": what}
    for key in ("topology", "pbits", "couplings", "layers"):
        row[key] = trained[key]
    row["weight_bits"] = read["weight_bits"]
    for key in ("images", "accuracy", "accuracy_spins", "accuracy_free_energy", "sweeps", "chains", "beta", "judge_accuracy", "agreement", "worst_class",
                "drawn_to_train", "test_to_train", "drawn_apart", "test_apart", "copies"):
        if key in read:
            row[key] = read[key]
    row["epochs"] = trained["epochs"]
    row["flips"] = trained["flips"]
    array, mhz = routed_array()
    row["device_array"], row["device_mhz"] = array, mhz
    row["device_seconds"] = device_time(name, train, trained, array, mhz)
    row["seconds"] = trained["seconds"]
    row["processor_seconds"] = trained.get("processor_seconds")
    row["kernel"] = trained["device"].split(", ")[-1]  # of the emulator
    row["readout_flips"] = read["flips"]
    row["command"] = read["command"]
    row["eval_command"] = " ".join(["glauber", *command[1:]])
    row["revision"] = read["revision"]
    return row


def percent(x):
    return "-" if x is None else f"{100 * x:.2f} %"


def seconds(x):
    return "-" if x is None else f"{x:.0f} s"


def table(rows):
    out = ["| row | p-bits | couplings | bits | updates | device | processor | test | by spins | free energies | sweeps |",
           "|---|---|---|---|---|---|---|---|---|---|---|"]
    for r in rows:
        if "accuracy" not in r:
            continue
        device, processor = (seconds(r.get(key)) for key in ("device_seconds", "processor_seconds"))
        if r.get("kernel", "avx512") != "avx512":
            processor += f" ({r['kernel']})"
        out.append(f"| {r['what']} | {r['pbits']} | {r['couplings']} | {r['weight_bits']} | {r['flips']:.2g} | {device} | {processor} | "
                   f"{percent(r['accuracy'])} | {percent(r.get('accuracy_spins'))} | {percent(r['accuracy_free_energy'])} | {r['sweeps']} |")
    for family in ("default", "contrast", "deep", "deep-contrast", "pegasus-structured"):
        some = [r for r in rows if r["row"] in [f"{family}-{k}" for k in (1, 2, 3)]]
        if len(some) == 3:
            mean = {key: percent(sum(r[key] for r in some) / 3) for key in ("accuracy", "accuracy_spins")}
            out += ["", f"Mean of three seeds, {family}: **{mean['accuracy']}** (by spins {mean['accuracy_spins']})."]
    for r in rows:
        if "agreement" in r:
            out += ["", f"Drawn digits ({r['what']}; {r['pbits']} p-bits, {r['couplings']} couplings): the nearest-neighbour reader "
                    f"({percent(r['judge_accuracy'])} of the test images right) agrees with {percent(r['agreement'])} of "
                    f"{r['images']}, with {percent(r['worst_class'])} of the worst class. Pixels that differ from the nearest "
                    f"training image: {r['drawn_to_train']:.1f} (test images {r['test_to_train']:.1f}); from the nearest other "
                    f"drawn digit: {r['drawn_apart']:.1f} (as many test images {r['test_apart']:.1f}); copies: {r['copies']}."]
    clocks = sorted({(r["device_array"], r["device_mhz"]) for r in rows if "device_array" in r})
    head = ["# Training results", "", "    bench/training/run.py", "",
            "[training.json](training.json) has one object a row, with commands and revisions. Device: array clocks of one board that runs all chains of a batch one "
            "after another, " + " and ".join(f"on the array {a} at {m:g} MHz" for a, m in clocks) + ", routed clocks ([ecp5.md](ecp5.md)); \"-\": does not fit. "
            "Processor: time of one core for the training, with AVX-512 unless a row names another kernel. Test: accuracy by the label of the highest mean field; by spins: by the label that is "
            "on most often in the same sweeps; free energies: the exact answer of the same machine, where it can be computed.", ""]
    return "\n".join(head + out) + "\n"


def main():
    os.chdir(ROOT)
    os.makedirs(OUT, exist_ok=True)
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--quick", action="store_true")
    p.add_argument("--no-curve", action="store_true")
    p.add_argument("--threads", type=int, default=0)
    p.add_argument("rows", nargs="*")
    a = p.parse_args()
    threads = ["--threads", str(a.threads)] if a.threads else []
    extra = [] if a.quick else ["free-energy"] if a.no_curve else ["free-energy", "curve"]
    known = [r[0] for r in ROWS]
    for name in a.rows:
        if name not in known:
            p.error(f"no row is called {name}; there are {' '.join(known)}")
    path = "docs/results/training.json"
    rows = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            rows = {r["row"]: r for r in map(json.loads, f)}
    for name, what, _, _ in ROWS:
        if name in rows:
            rows[name]["what"] = what
    for name, what, train, evaluate in ROWS:
        if not a.rows or name in a.rows:
            rows[name] = make_row(name, what, train, evaluate, threads, extra)
            ordered = [rows[k] for k in known if k in rows]
            with open(path + ".new", "w", encoding="utf-8") as f:
                f.writelines(json.dumps(r) + "\n" for r in ordered)
            os.replace(path + ".new", path)
            with open("docs/results/training.md", "w", encoding="utf-8") as f:
                f.write(table(ordered))


if __name__ == "__main__":
    main()
