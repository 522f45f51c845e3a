#!/usr/bin/env python3
"""Translates an unpacked bit file into Verilog: what the device would be, as cells that simulators have.

Usage: bit2v.py DATABASE PACKAGE unpacked.config out.v MODULE PORT=PIN... with DATABASE the folder share/trellis/database, PACKAGE as
nextpnr names it, and every pad in use as in:clk=P3, out:tx=J17 or 1=R1 (a pin at rest). SPDX-License-Identifier: Apache-2.0
"""
import sys

from cells import Cells
from config import Config
from device import Device
from routes import Routes

sys.setrecursionlimit(10000)
# tiles of which every bit that is set has to have a meaning; pads and the corners have some in an empty device
MODELLED = ("PLC2", "CIB", "TAP_DRIVE", "MIB_EBR", "EBR_", "MIB_DSP", "MIB2_DSP")


def pad(device, package, pin, wire):
    place = device.packages[package][pin]
    return place["row"], place["col"], wire.format(place["pio"])


def translate(database, package, path, module, ports):
    config = Config(path)
    device = Device(database, config.device)
    inputs, outputs, names = {}, {}, []
    for port, pin in (p.rsplit("=", 1) for p in ports):
        direction, _, name = port.rpartition(":")
        if direction == "out":
            outputs[name] = pin
        else:
            inputs[pad(device, package, pin, "JPADDI{}_PIO")] = name if direction else f"1'b{name}"
        if direction:
            names.append(f"  {direction}put wire {name}")
    for name, tile in config.tiles.items():
        if tile.unknown and device.tiles[name].kind.startswith(MODELLED) and "_NONE_" not in tile.enums.values():
            raise ValueError(f"{name}: the database knows no meaning of bits {' '.join(tile.unknown)}")
        for enum, value in tile.enums.items():
            if enum.startswith("DCC_"):
                raise ValueError(f"{name}: {enum} is {value}: a clock gate, of which there is no model")
    cells = Cells(device, config, Routes(device, config), inputs)
    assigns = []
    for name, pin in outputs.items():
        enable = cells.net(pad(device, package, pin, "PADDT{}_PIO"))
        if enable != "1'b0":
            raise ValueError(f"pin {pin} is no output: its driver is switched by {enable}")
        assigns.append(f"  assign {name} = {cells.net(pad(device, package, pin, 'PADDO{}_PIO'))};")
    cells.run()
    return [f"module {module} (", ",\n".join(names), ");"] + cells.declarations() + cells.lines + assigns + ["endmodule"], cells.count


def main():
    if len(sys.argv) < 7:
        sys.exit(__doc__)
    database, package, path, out, module, *ports = sys.argv[1:]
    try:
        lines, count = translate(database, package, path, module, ports)
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"bit2v.py: {path}: {error}")
    with open(out, "w") as file:
        file.write("// made by bit2v.py\n`default_nettype none\n" + "\n".join(lines) + "\n`default_nettype wire\n")
    print("bit2v: " + ", ".join(f"{n} {kind}" for kind, n in sorted(count.items())))


if __name__ == "__main__":
    main()
