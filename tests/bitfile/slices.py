"""Slices of a logic tile: LUTs, adders, 16-bit memories and flip-flops. SPDX-License-Identifier: Apache-2.0"""
import gates

# pins of slice C at which the address and the data of what the slices beside it write come in
WRITE_ADDRESS = ("D4", "B4", "C4", "A4")
WRITE_DATA = ("C5", "A5", "D5", "B5")


def tile_of(cells, row, col):
    return next(t for t in cells.device.at[row, col] if t.kind == "PLC2")


def enum(cells, row, col, name):
    tile = tile_of(cells, row, col)
    found = cells.config.tiles.get(tile.name)
    return found and found.enums.get(name) or cells.device.kinds["PLC2"].defaults[name]


def lut_input(cells, row, col, pin):
    """A pin by its letter and the LUT's number; one that is not connected reads 1."""
    z = int(pin[1])
    if enum(cells, row, col, f"SLICE{'ABCD'[z // 2]}.{pin[0]}{z % 2}MUX") == "1":
        return "1'b1"
    return cells.net((row, col, f"{pin}_SLICE"), "1'b1")


def table(cells, row, col, z):
    return int(cells.routes.word(tile_of(cells, row, col), f"SLICE{'ABCD'[z // 2]}.K{z % 2}.INIT"), 2)


def mode(cells, row, col, z):
    return enum(cells, row, col, f"SLICE{'ABCD'[z // 2]}.MODE")


def adds(cells, row, col, carry_out):
    """Whether a carry output is one: the wires from slice to slice are there in any case."""
    letter = carry_out[3] if carry_out[3] != "_" else "D"
    return enum(cells, row, col, f"SLICE{letter}.MODE") == "CCU2"


def lut(cells, row, col, z):
    what = mode(cells, row, col, z)
    if what == "CCU2":
        carry(cells, row, col, z // 2)
        return
    if not cells.once("lut", row, col, z):
        return
    inputs = [lut_input(cells, row, col, f"{p}{z}") for p in "ABCD"]
    out = cells.output(row, col, f"F{z}_SLICE")
    if what == "LOGIC":
        cells.assign("LUT", out, gates.lut(table(cells, row, col, z), inputs))
    elif what == "DPRAM" and z < 4:
        written(cells, row, col, z, dict(zip("ABCDZ", inputs + [out], strict=True)))
    else:
        raise ValueError(f"R{row}C{col}: LUT {z} of a slice in mode {what} drives something")


def written(cells, row, col, z, ports):
    if mode(cells, row, col, 4) != "RAMW":
        raise ValueError(f"R{row}C{col}: memory without slice C that writes it")
    for bit, pin in enumerate(WRITE_ADDRESS):
        ports[f"WAD{bit}"] = lut_input(cells, row, col, pin)
    ports["WD"] = lut_input(cells, row, col, WRITE_DATA[z])
    enable = enum(cells, row, col, "SLICEA.WREMUX")
    ports["WRE"] = f"1'b{enable}" if enable in "01" else cells.net((row, col, "LSR1"))
    ports["WCK"] = cells.net((row, col, "CLK1"))
    parameters = {"INIT": f"16'd{table(cells, row, col, z)}", "INVERT_WRE": int(enable == "INV"),
                  "INVERT_WCK": int(enum(cells, row, col, "CLK1.CLKMUX") == "INV")}
    cells.emit("SLICE_DPR16X1", f"ram_r{row}c{col}_{z}", parameters, ports)


def carry(cells, row, col, s):
    letter = "ABCD"[s]
    if not cells.once("carry", row, col, s):
        return
    if mode(cells, row, col, 2 * s) != "CCU2":
        raise ValueError(f"R{row}C{col}: carry of slice {letter}, which is no adder")
    carry_in = cells.net((row, col, "FCI_SLICE" if s == 0 else f"FCI{letter}_SLICE"), "1'b1")
    for half in (0, 1):
        z = 2 * s + half
        inputs = [lut_input(cells, row, col, f"{p}{z}") for p in "ABCD"]
        bits, inject = table(cells, row, col, z), enum(cells, row, col, f"SLICE{letter}.CCU2.INJECT1_{half}")
        four = f"r{row}c{col}_K{z}"
        cells.assign("adder", cells.output(row, col, f"K{z}"), gates.lut(bits, inputs))
        if inject == "YES":  # no carry into the sum, none made
            generated, summed = "1'b0", four
        else:
            generated, summed = gates.lut(bits & 15, inputs[:2]), f"{four} ^ {carry_in}"
        cells.assign(None, cells.output(row, col, f"F{z}_SLICE"), summed)
        end = "FCO_SLICE" if s == 3 else f"FCO{letter}_SLICE"
        out = cells.output(row, col, end if half else f"FCI{letter}1_SLICE")
        cells.assign(None, out, f"{four} ? {carry_in} : {generated}")
        carry_in = out


def chosen(cells, row, col, mux, first, second):
    source = cells.routes.arcs.get((row, col, mux))
    if source is None:
        return None
    if source[2] not in (first, second):
        raise ValueError(f"R{row}C{col}: {mux} takes {source[2]}")
    return source[2]


def flip_flop(cells, row, col, z):
    if not cells.once("ff", row, col, z):
        return
    s, letter = z // 2, "ABCD"[z // 2]
    name = f"SLICE{letter}.REG{z % 2}"
    clock = chosen(cells, row, col, f"MUXCLK{s}", "CLK0", "CLK1")
    reset = chosen(cells, row, col, f"MUXLSR{s}", "LSR0", "LSR1")
    if clock is None:
        raise ValueError(f"R{row}C{col}: flip-flop {z} has no clock")
    if enum(cells, row, col, f"SLICE{letter}.GSR") != "DISABLED":
        raise ValueError(f"R{row}C{col}: flip-flop {z} hangs on GSR, of which there is no model")
    if enum(cells, row, col, f"{name}.SD") == "1":
        data = cells.net((row, col, f"DI{z}_SLICE"))
    elif enum(cells, row, col, f"SLICE{letter}.M{z % 2}MUX") == "1":
        data = "1'b1"
    else:
        data = cells.net((row, col, f"M{z}_SLICE"), "1'b1")
    enable = enum(cells, row, col, f"SLICE{letter}.CEMUX")
    lsr = cells.net((row, col, reset), "1'b0") if reset else "1'b0"
    for setting, only in ((name + ".LSRMODE", "LSR"), (clock + ".CLKMUX", "CLK"), ((reset or "LSR0") + ".SRMODE", "LSR_OVER_CE")):
        if enum(cells, row, col, setting) != only:
            raise ValueError(f"R{row}C{col}: {setting} is {enum(cells, row, col, setting)}, of which there is no model")
    if lsr != "1'b0" and enum(cells, row, col, reset + ".LSRMUX") == "INV":
        lsr = gates.negated(lsr)
    if enable in "01":
        ce = f"1'b{enable}"
    else:
        ce = cells.net((row, col, f"CE{s}_SLICE"), "1'b1")
        ce = gates.negated(ce) if enable == "INV" else ce
    value = "1'b1" if enum(cells, row, col, name + ".REGSET") == "SET" else "1'b0"
    cells.register(cells.net((row, col, clock)), lsr, ce, (row, col, f"Q{z}_SLICE"), data, value)
