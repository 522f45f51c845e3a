#!/usr/bin/env python3
"""Flips one configuration bit of a p-bit's LUT in an unpacked bit file, and joins the Verilog of both files.

Usage: fault.py flip routed.json unpacked.config out.config CELL: a bit of the table of the LUT that nextpnr's netlist calls CELL, one
that its pins that are tied to 1 do not rule out.
       fault.py join good.v broken.v out.v: one module with an input `fault` that selects. SPDX-License-Identifier: Apache-2.0
"""
import json
import re
import sys

from config import Config

PLACE = re.compile(r"X(\d+)/Y(\d+)/(SLICE[A-D])\.(?:K|COMB)([01])")


def flip(netlist, path, out, cell):
    with open(netlist) as file:
        cells = {n: c for m in json.load(file)["modules"].values() for n, c in m.get("cells", {}).items()}
    col, row, slice_, half = PLACE.fullmatch(cells[cell]["attributes"]["NEXTPNR_BEL"]).groups()
    tile, word = f"R{row}C{col}:PLC2", f"{slice_}.K{half}.INIT"
    found = Config(path).tiles[tile]
    tied = sum(1 << k for k, p in enumerate("ABCD") if found.enums.get(f"{slice_}.{p}{half}MUX") == "1")
    bits = found.words[word]
    at = len(bits) - 1 - tied
    flipped = bits[:at] + "10"[int(bits[at])] + bits[at + 1:]
    with open(path) as file:
        before, section, after = file.read().partition(f".tile {tile}\n")
    after = after.replace(f"word: {word} {bits}", f"word: {word} {flipped}", 1)
    with open(out, "w") as file:
        file.write(before + section + after)
    print(f"fault: {tile} {word}: {bits} becomes {flipped}")


def join(good, broken, out):
    with open(good) as a, open(broken) as b:
        pairs = list(zip(a, b, strict=True))
    count = 0
    with open(out, "w") as file:
        for right, wrong in pairs:
            if right != wrong:
                count += 1
                to, _, expression = right.strip().removeprefix("assign ").removesuffix(";").partition(" = ")
                other = wrong.strip().removeprefix("assign ").removesuffix(";").partition(" = ")
                if not right.strip().startswith("assign ") or other[0] != to:
                    sys.exit(f"fault.py: {good} and {broken} differ in more than gates: {right.strip()} {wrong.strip()}")
                right = f"  assign {to} = fault ? {other[2]} : {expression};\n"
            elif right.startswith("module "):
                right += "  input wire fault,\n"
            file.write(right)
    print(f"fault: {count} gates differ")


if __name__ == "__main__":
    if len(sys.argv) == 6 and sys.argv[1] == "flip":
        flip(*sys.argv[2:])
    elif len(sys.argv) == 5 and sys.argv[1] == "join":
        join(*sys.argv[2:])
    else:
        sys.exit(__doc__)
