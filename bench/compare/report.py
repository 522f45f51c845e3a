#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Merges the committed result files of the comparison into docs/results/comparison.md, comparison.json and plots.

    report.py RESULTS        RESULTS: docs/results, with bench/*.json and, if the ECP5 was routed, ecp5.json

Nothing is estimated here: a cell without a measurement stays empty and says why.
"""
import glob
import json
import os
import sys

import plots
import text

GRAPHS = ["p14-q", "p14", "mnist-shallow-q", "mnist-m2-q"]
CHAINS = [1, 4, 16, 50, 128, 512, 1024, 16384, 100000]
CPU = ["glauber", "dwave-samplers", "openjij", "thrml"]
GPU = ["gpu naive", "gpu single", "gpu batch", "thrml gpu"]


def load(path):
    with open(path) as f:
        return json.load(f)


def fpga_rows(clocks, routed):
    """Rate of one board: clocks of the compiled sweep x MHz after routing. Fewer chains than the board has cost as much as
    all of them; more run one job after another."""
    best = {}  # of each array on each board, with USB or without
    for r in routed:
        key = (r["array"], r["board"].removesuffix("-usb"))
        if r.get("fmax_mhz") and r["fmax_mhz"] > best.get(key, {"fmax_mhz": 0})["fmax_mhz"]:
            best[key] = r
    rows = []
    on = [(c, board, r) for c in clocks for (array, board), r in sorted(best.items()) if array == c["array"]]
    for c, board, r in on:
        mhz = r["fmax_mhz"]
        for chains in CHAINS:
            sweep = -(-chains // c["chains"]) * c["clocks_per_sweep"]
            rows.append({
                "system": f"fpga {board}", "kind": "fpga", "array": c["array"], "graph": c["graph"], "pbits": c["pbits"],
                "chains": chains, "clocks_per_sweep": c["clocks_per_sweep"], "mhz": mhz,
                "device": f"{r['device']} speed {r['speed']}", "seed": r["seed"], "lut4": r["lut4"], "ff": r["ff"], "ebr": r["ebr"],
                "seconds_per_sweep": sweep / mhz * 1e-6,
                "flips_per_ns": c["pbits"] * chains * mhz * 1e-3 / sweep,
                "source": "clocks of the compiled schedule (the simulator's) x MHz after place and route"})
    return rows


def merge(results):
    """-> (rows, files): every rate of every file, with where it came from."""
    rows, files, clocks = [], [], []
    for path in sorted(glob.glob(os.path.join(results, "bench", "*.json"))):
        f = load(path)
        name = os.path.basename(path)
        if name == "fpga-clocks.json":
            clocks = f
            continue
        if f["kind"] == "gpu" and not all(r["real_gpu"] for r in f["rows"]):
            raise SystemExit(f"{path}: rows that no GPU made")
        files.append(dict({k: v for k, v in f.items() if k != "rows"}, file=name))
        for r in f["rows"]:
            rows.append(dict(r, kind=f["kind"], file=name, source="measured"))
    routed = os.path.join(results, "ecp5.json")
    routed = load(routed) if os.path.exists(routed) else []
    routed = routed.get("rows", []) if isinstance(routed, dict) else routed
    return rows + fpga_rows(clocks, routed), files


def main():
    results = sys.argv[1]
    rows, files = merge(results)
    gpus = [f for f in files if f["kind"] == "gpu"]
    fpgas = sorted({r["system"] for r in rows if r["kind"] == "fpga"})
    systems = CPU + GPU + fpgas
    with open(os.path.join(results, "comparison.json.tmp"), "w") as f:
        json.dump({"rows": rows, "files": files, "no_gpu": not gpus}, f, indent=1)
        f.write("\n")
    os.replace(os.path.join(results, "comparison.json.tmp"), os.path.join(results, "comparison.json"))
    pictures = plots.draw(results, rows, GRAPHS, systems)
    with open(os.path.join(results, "training.json"), encoding="utf-8") as f:
        trained = next(r for r in map(json.loads, f) if r["row"] == "default-1")
    usb = os.path.join(results, "usb.json")
    usb = load(usb) if os.path.exists(usb) else []
    page = text.page(rows, files, trained, usb, systems, GRAPHS, CHAINS, pictures)
    with open(os.path.join(results, "comparison.md.tmp"), "w") as f:
        f.write(page)
    os.replace(os.path.join(results, "comparison.md.tmp"), os.path.join(results, "comparison.md"))
    print(f"report.py: {len(rows)} rows of {len(files)} files, {len(pictures)} plots"
          + ("" if gpus else "; no GPU file, its cells stay empty"))


if __name__ == "__main__":
    main()
