"""An ECP5 as Project Trellis' database describes it: where its tiles are, which wires are one, which arcs need no bit.

The database is the one that comes with nextpnr and ecppack (share/trellis/database). Names of wires and the globals' tree: Project
Trellis' documentation, general_routing and global_routing. SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
from collections import defaultdict

RELATIVE = re.compile(r"(?:([NS])(\d+))?(?:([EW])(\d+))?_(.*)")
PLACE = re.compile(r"R(\d+)C(\d+)")


class Tile:
    """A tile's place, type, and what its bits may mean (shared by all tiles of the type)."""

    def __init__(self, name, kind):
        self.name = name
        self.kind = kind
        self.row, self.col = (int(n) for n in PLACE.search(name).groups())


class Kind:
    """bits.db of a tile type: fixed connections, arcs that no bit selects, and the bits of enums' values."""

    def __init__(self, path):
        self.fixed = []  # (sink, source)
        self.silent = []  # (sink, source) that no bit selects
        self.enums = {}  # name: {value: bits}
        self.defaults = {}
        self.words = {}  # name: bits as text
        section, name = None, None
        with open(path) as file:
            for line in file:
                word = line.split()
                if not word or word[0].startswith("#"):
                    continue
                if word[0].startswith("."):
                    section, name = word[0], word[1]
                    if section == ".fixed_conn":
                        self.fixed.append((word[1], word[2]))
                    elif section == ".config_enum":
                        self.enums[name] = {}
                        self.defaults[name] = word[2] if len(word) > 2 else None
                    elif section == ".config":
                        self.words[name] = word[2] if len(word) > 2 else ""
                elif section == ".mux" and word[1] == "-":
                    self.silent.append((name, word[0]))
                elif section == ".config_enum":
                    self.enums[name][word[0]] = frozenset(word[1:]) - {"-"}

    def candidates(self, name, found):
        """The values of an enum that this tile's bits allow, `found` being what ecpunpack read, None: the default."""
        values = self.enums[name]
        if found == "_NONE_":  # a setting that shares a bit hides the value: only those that another bit contradicts are out
            return {v for v, bits in values.items() if any(b.startswith("!") for b in bits)}
        found = found or self.defaults[name]
        return {v for v, bits in values.items() if bits == values[found]} if found else set(values)


class Device:
    def __init__(self, database, name):
        self.name = name
        base = os.path.join(database, "ECP5")
        self.prefix = {"12": "25K_", "25": "25K_", "45": "45K_", "85": "85K_"}[name.split("-")[1][:2]]
        with open(os.path.join(base, name, "tilegrid.json")) as file:
            grid = json.load(file)
        with open(os.path.join(base, name, "globals.json")) as file:
            self.globals = json.load(file)
        with open(os.path.join(base, name, "iodb.json")) as file:
            self.packages = json.load(file)["packages"]
        self.tiles = {tile: Tile(tile, entry["type"]) for tile, entry in grid.items()}
        self.at = defaultdict(list)
        for tile in self.tiles.values():
            self.at[tile.row, tile.col].append(tile)
        kinds = {tile.kind for tile in self.tiles.values()}
        self.kinds = {kind: Kind(os.path.join(base, "tiledata", kind, "bits.db")) for kind in kinds}

    def wire(self, row, col, name):
        """The wire that a tile at row, col calls so, as (row, col, name) where it begins; None: not in this device."""
        if name[:4] in ("25K_", "45K_", "85K_"):
            if not name.startswith(self.prefix):
                return None
            name = name[4:]
        if name.startswith("G_") and not name.startswith(("G_VPTX", "G_HPBX", "G_HPRX")):
            return 0, 0, name
        match = RELATIVE.fullmatch(name)
        if match and not name.startswith(("G_", "L_", "R_")):
            vertical, rows, horizontal, cols, name = match.groups()
            row += int(rows or 0) * (-1 if vertical == "N" else 1)
            col += int(cols or 0) * (-1 if horizontal == "W" else 1)
        return row, col, name

    def unconditional(self):
        """Sources of every wire that has any without a bit: {sink: [source]}, and the same of arcs that no bit selects."""
        fixed, silent = defaultdict(list), defaultdict(list)
        for tile in self.tiles.values():
            kind = self.kinds[tile.kind]
            for table, arcs in ((fixed, kind.fixed), (silent, kind.silent)):
                for sink, source in arcs:
                    to, of = (self.wire(tile.row, tile.col, n) for n in (sink, source))
                    if to and of:
                        table[to].append(of)
        return fixed, silent

    def quadrant(self, row, col):
        for name, q in self.globals["quadrants"].items():
            if q["x0"] <= col <= q["x1"] and q["y0"] <= row <= q["y1"]:
                return name
        raise KeyError(f"no quadrant at R{row}C{col}")

    def global_source(self, wire):
        """The wire that feeds a wire of the clock tree; the database has the tree's switches, and its geometry elsewhere."""
        row, col, name = wire
        if name.startswith("G_HPBX"):
            for tap, range_ in self.globals["taps"].items():
                for side, low, high in (("L", "lx0", "lx1"), ("R", "rx0", "rx1")):
                    if range_[low] <= col <= range_[high]:
                        return row, int(tap[1:]), side + name[1:]
        if name.startswith("G_VPTX"):
            spine = self.globals["spines"].get(f"{self.quadrant(row, col)}{col}")
            if spine and (spine["y"], spine["x"]) != (row, col):
                return spine["y"], spine["x"], name
        if name.startswith("G_HPRX"):
            return 0, 0, f"G_{self.quadrant(row, col)}PCLK{int(name[6:-2])}"
        return None
