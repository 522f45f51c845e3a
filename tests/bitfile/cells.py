"""The configured cells of a device as Verilog: gates and registers, memories as DP16KD, multipliers as MULT18X18D.

Begins at the pads that are outputs and adds each cell that drives something. What a setting means: Lattice's FPGA-TN-02012 (sysCONFIG),
TN-02204 (memories), TN-02205 (sysDSP) and the names in Project Trellis' database. SPDX-License-Identifier: Apache-2.0
"""
import re
from collections import defaultdict

import blocks
import slices

SLICE = re.compile(r"([FQ])([0-7])_SLICE|F(?:CO|CI)([A-D]?)_SLICE|F([5X])([A-D])_SLICE|W(?:D|AD)O(\d)C_SLICE")
MEMORY = re.compile(r"JDO([AB])(\d+)_EBR")
PRODUCT = re.compile(r"JP(\d+)_MULT18")
PAD = re.compile(r"JPADDI([A-D])_PIO")


class Cells:
    def __init__(self, device, config, routes, inputs):
        self.device = device
        self.config = config
        self.routes = routes
        self.inputs = inputs  # {wire: expression}
        self.lines = []
        self.nets = set()
        self.made = set()
        self.todo = []
        self.count = {}
        self.registers = {}  # wire: its value at the start
        self.groups = defaultdict(list)  # (clock, reset, enable): [(register, data, value of the reset)]

    # ---- settings ----

    def setting(self, row, cols, name):
        """The values that an enum may have; its bits may be spread over tiles of a row, in cols."""
        left = None
        for col in cols:
            for tile in self.device.at[row, col]:
                kind = self.device.kinds[tile.kind]
                if name in kind.enums:
                    found = self.config.tiles.get(tile.name)
                    allowed = kind.candidates(name, found and found.enums.get(name))
                    left = allowed if left is None else left & allowed
        if not left:
            raise ValueError(f"R{row}C{cols[0]}: {name}: its tiles contradict each other" if left is not None else
                             f"R{row}C{cols[0]}: no tile has {name}")
        return left

    def one(self, row, cols, name):
        left = self.setting(row, cols, name)
        if len(left) > 1:
            raise ValueError(f"R{row}C{cols[0]}: {name} may be any of {sorted(left)}")
        return next(iter(left))

    def demand(self, row, cols, name, value):
        if value not in self.setting(row, cols, name):
            raise ValueError(f"R{row}C{cols[0]}: {name} is {self.setting(row, cols, name)}, of which there is no model")

    def word(self, row, cols, name):
        """A word as the text has it; a tile that lacks one of its bits reads it as 1."""
        found = [self.routes.word(tile, name) for col in cols for tile in self.device.at[row, col]]
        found = [bits for bits in found if bits]
        return "".join("0" if "0" in bit else "1" for bit in zip(*found, strict=True))

    # ---- nets ----

    def is_output(self, wire):
        row, col, name = wire
        if SLICE.fullmatch(name):
            if name.startswith(("FCI", "W")) or not any(t.kind == "PLC2" for t in self.device.at[row, col]):
                return False
            return not name.startswith("FCO") or slices.adds(self, row, col, name)
        if MEMORY.fullmatch(name):
            return blocks.memory_mode(self, row, col) != "NONE"
        if PRODUCT.fullmatch(name):
            return blocks.multiplies(self, row, col)
        return PAD.fullmatch(name) is not None

    def net(self, wire, absent=None):
        """The expression of what drives a wire; `absent` where nothing does."""
        source = self.routes.source(wire, self.is_output)
        if source is None:
            if absent is None:
                raise ValueError(f"R{wire[0]}C{wire[1]}_{wire[2]}: nothing drives it")
            return absent
        if isinstance(source, str):
            return f"1'b{source}"
        if source in self.inputs:
            return self.inputs[source]
        if PAD.fullmatch(source[2]):
            raise ValueError(f"R{source[0]}C{source[1]}_{source[2]}: a pad that is in use and was not named")
        if source not in self.nets:
            self.nets.add(source)
            self.todo.append(source)
        return self.name(source)

    def output(self, row, col, name):
        self.nets.add((row, col, name))
        return self.name((row, col, name))

    def once(self, *what):
        """True the first time."""
        new = what not in self.made
        self.made.add(what)
        return new

    def name(self, wire):
        return f"r{wire[0]}c{wire[1]}_{wire[2]}"

    def emit(self, kind, name, parameters, ports):
        self.count[kind] = self.count.get(kind, 0) + 1
        p = ", ".join(f".{k}({v})" for k, v in parameters.items())
        self.lines.append(f"  {kind} {f'#({p}) ' if p else ''}{name} ({', '.join(f'.{k}({v})' for k, v in ports.items())});")

    def assign(self, kind, to, expression):
        if kind:
            self.count[kind] = self.count.get(kind, 0) + 1
        self.lines.append(f"  assign {to} = {expression};")

    def register(self, clock, reset, enable, wire, data, value):
        self.count["flip-flop"] = self.count.get("flip-flop", 0) + 1
        self.registers[wire] = value
        self.groups[clock, reset, enable].append((self.name(wire), data, value))

    def declarations(self):
        """Wires, and registers with what they hold after configuration."""
        return [f"  wire {self.name(w)};" if w not in self.registers else f"  reg {self.name(w)} = {self.registers[w]};"
                for w in sorted(self.nets)]

    def blocks(self):
        """The flip-flops, those with one clock, reset and enable together."""
        for (clock, reset, enable), registers in self.groups.items():
            self.lines.append(f"  always @(posedge {clock})")
            self.lines.append(f"    if ({reset}) begin")
            self.lines += [f"      {name} <= {value};" for name, _, value in registers]
            self.lines.append(f"    end else if ({enable}) begin")
            self.lines += [f"      {name} <= {data};" for name, data, _ in registers]
            self.lines.append("    end")

    def run(self):
        while self.todo:
            self.make(self.todo.pop())
        self.blocks()

    def make(self, wire):
        row, col, name = wire
        match = SLICE.fullmatch(name)
        if match and match[1] == "Q":
            slices.flip_flop(self, row, col, int(match[2]))
        elif match and match[1] == "F":
            slices.lut(self, row, col, int(match[2]))
        elif match and name.startswith("FCO"):
            slices.carry(self, row, col, "ABCD".index(match[3] or "D"))
        elif MEMORY.fullmatch(name):
            blocks.memory(self, row, col)
        elif PRODUCT.fullmatch(name):
            blocks.multiplier(self, row, col)
        else:
            raise ValueError(f"R{row}C{col}_{name}: an output of which there is no model")
