"""Memories (DP16KD) and multipliers (MULT18X18D) of a configured device. SPDX-License-Identifier: Apache-2.0"""

# a memory's number among the four of nine tiles, by the tile where its pins begin
MEMORY_NUMBER = {"MIB_EBR2": 1, "MIB_EBR4": 2, "MIB_EBR6": 3}
MULTIPLIER_NUMBER = {"MIB_DSP0": 0, "MIB_DSP1": 1, "MIB_DSP4": 4, "MIB_DSP5": 5}
MEMORY_TILES, MULTIPLIER_TILES = range(3), range(-1, 5)
REGISTERS = ("INPUTA", "INPUTB", "PIPELINE", "OUTPUT")


def columns(col, offsets):
    return [col + offset for offset in offsets]


def number(cells, row, col, kinds, default):
    return next((kinds[t.kind] for t in cells.device.at[row, col] if t.kind in kinds), default)


def memory_mode(cells, row, col):
    z = number(cells, row, col, MEMORY_NUMBER, 0)
    return cells.one(row, columns(col, MEMORY_TILES), f"EBR{z}.MODE")


def contents(cells, wid):
    """INITVAL_00 .. INITVAL_3F: 16 words of 18 bits, 20 bits apart; the bit file has words of 9."""
    words = cells.config.memories.get(wid, [0] * 2048)
    parameters = {}
    for block in range(64):
        value = sum((words[block * 32 + 2 * j] | words[block * 32 + 2 * j + 1] << 9) << 20 * j for j in range(16))
        if value:
            parameters[f"INITVAL_{block:02X}"] = f"320'h{value:x}"
    return parameters


def memory_pin(cells, row, col, ebr, pin, absent):
    net = cells.net((row, col, f"J{pin}_EBR"), absent)
    name = f"{ebr}.{pin}MUX"
    tiles = [t for c in columns(col, MEMORY_TILES) for t in cells.device.at[row, c]]
    if any(name in cells.device.kinds[t.kind].enums for t in tiles):
        return ("~" if cells.one(row, columns(col, MEMORY_TILES), name) == "INV" else "") + net
    return net


def memory(cells, row, col):
    if not cells.once("memory", row, col):
        return
    cols, ebr = columns(col, MEMORY_TILES), f"EBR{number(cells, row, col, MEMORY_NUMBER, 0)}"
    wide = memory_mode(cells, row, col) == "PDPW16KD"
    parameters, ports = {}, {}
    for port in "AB":
        if wide:
            cells.demand(row, cols, f"{ebr}.PDPW16KD.DATA_WIDTH_R", "36")
            parameters[f"DATA_WIDTH_{port}"] = "36"
        else:
            parameters[f"DATA_WIDTH_{port}"] = cells.one(row, cols, f"{ebr}.DP16KD.DATA_WIDTH_{port}")
            parameters[f"WRITEMODE_{port}"] = f'"{cells.one(row, cols, f"{ebr}.DP16KD.WRITEMODE_{port}")}"'
        parameters[f"REGMODE_{port}"] = f'"{cells.one(row, cols, f"{ebr}.REGMODE_{port}")}"'
        select = cells.word(row, cols, f"{ebr}.CSDECODE_{port}")
        if select not in ("000", "111"):
            raise ValueError(f"R{row}C{col}: {ebr} is selected by {select}, of which there is no model")
        for i in range(3):
            net = memory_pin(cells, row, col, ebr, f"CS{port}{i}", "1'b1")
            ports[f"CS{port}{i}"] = ("~" if select == "111" else "") + net
        for pin, absent in (("CLK", None), ("RST", "1'b0"), ("WE", "1'b0"), ("CE", "1'b1"), ("OCE", "1'b1")):
            ports[pin + port] = memory_pin(cells, row, col, ebr, pin + port, absent)
        for pin, width in (("AD", 14), ("DI", 18)):
            for i in range(width):
                ports[f"{pin}{port}{i}"] = memory_pin(cells, row, col, ebr, f"{pin}{port}{i}", "1'b1")
        for i in range(18):
            ports[f"DO{port}{i}"] = cells.output(row, col, f"JDO{port}{i}_EBR")
    parameters["RESETMODE"] = f'"{cells.one(row, cols, f"{ebr}.RESETMODE")}"'
    wid = int(cells.word(row, cols, f"{ebr}.WID")[::-1], 2)
    parameters.update(contents(cells, wid))
    cells.emit("DP16KD", f"ebr_r{row}c{col}", parameters, ports)


def multiplies(cells, row, col):
    z = number(cells, row, col, MULTIPLIER_NUMBER, None)
    return z is not None and cells.one(row, columns(col, MULTIPLIER_TILES), f"MULT18_{z}.MODE") == "MULT18X18D"


def multiplier(cells, row, col):
    if not cells.once("multiplier", row, col):
        return
    cols, dsp = columns(col, MULTIPLIER_TILES), f"MULT18_{number(cells, row, col, MULTIPLIER_NUMBER, None)}"
    for register in REGISTERS:
        cells.demand(row, cols, f"{dsp}.REG_{register}_CLK", "NONE")
    ports = {}
    for port in "ABC":
        for i in range(18):
            ports[f"{port}{i}"] = cells.net((row, col, f"J{port}{i}_MULT18"))
        if port != "C":
            ports[f"SIGNED{port}"] = cells.net((row, col, f"JSIGNED{port}_MULT18"))
            ports[f"SOURCE{port}"] = cells.net((row, col, f"JSOURCE{port}_MULT18"))
    for i in range(36):
        ports[f"P{i}"] = cells.output(row, col, f"JP{i}_MULT18")
    cells.emit("MULT18X18D", f"mult_r{row}c{col}", {}, ports)
