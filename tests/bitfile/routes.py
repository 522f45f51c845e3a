"""The nets of a configured device: from a wire back through arcs and fixed connections to the output that drives it.

SPDX-License-Identifier: Apache-2.0
"""
import re

CIB_INPUT = re.compile(r"J(?:[A-D]|CE|CLK|LSR)[0-7]")


def adder_output(tile, sink):
    return re.fullmatch(r"F[0-7]", sink) and tile.enums.get(f"SLICE{'ABCD'[int(sink[1]) // 2]}.MODE") == "CCU2"


class Routes:
    def __init__(self, device, config):
        self.device = device
        self.config = config
        self.fixed, self.silent = device.unconditional()
        self.arcs = {}
        for name, tile in config.tiles.items():
            place = device.tiles[name]
            for sink, source in tile.arcs.items():
                if adder_output(tile, sink):  # the bit that seems to select another source is INJECT1's
                    continue
                to, of = (device.wire(place.row, place.col, n) for n in (sink, source))
                if not to or not of:
                    raise ValueError(f"{name}: an arc of another device: {sink} {source}")
                if self.arcs.setdefault(to, of) != of:
                    raise ValueError(f"{name}: two sources drive {to}: {of} and {self.arcs[to]}")
        self.known = {}

    def word(self, tile, name):
        """A word of a tile, None where the tile's type has none of that name."""
        found = self.config.tiles.get(tile.name)
        return found and found.words.get(name) or self.device.kinds[tile.kind].words.get(name)

    def tile_configs(self, row, col):
        return [(t, self.config.tiles[t.name]) for t in self.device.at[row, col] if t.name in self.config.tiles]

    def tied(self, wire):
        """"0" or "1" where a connection box ties its output, None elsewhere. A tied clock or reset is written "0" and is 1."""
        row, col, name = wire
        if not CIB_INPUT.fullmatch(name):
            return None
        for _, tile in self.tile_configs(row, col):
            value = tile.enums.get(f"CIB.{name}MUX")
            if value is not None:
                return "1" if name.startswith(("JCLK", "JLSR")) else value
        return None

    def source(self, wire, is_output, path=()):
        """What drives a wire: an output (row, col, name) for which is_output is true, "0", "1", or None."""
        if wire in self.known:
            return self.known[wire]
        if is_output(wire):
            return wire
        tied = self.tied(wire)
        if tied is not None:
            return tied
        if wire in path:
            return None
        path = path + (wire,)
        if wire in self.arcs:
            found = {self.source(self.arcs[wire], is_output, path)}
        else:
            before = self.fixed.get(wire, []) or self.silent.get(wire, [])
            tree = self.device.global_source(wire)
            if wire[2].startswith("G_CLKO_"):  # a clock gate, open: bit2v.py refuses others
                tree = (0, 0, "G_CLKI_" + wire[2][7:])
            found = {self.source(w, is_output, path) for w in before + ([tree] if tree else [])}
        found.discard(None)
        if len(found) > 1:
            raise ValueError(f"R{wire[0]}C{wire[1]}_{wire[2]}: more than one driver: {sorted(map(str, found))}")
        self.known[wire] = found.pop() if found else None
        return self.known[wire]
