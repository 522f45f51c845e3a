#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws chip.svg and library.svg beside this file. Usage: diagrams.py [FOLDER]."""
import os
import sys
from xml.sax.saxutils import escape

INK, LINE, PAPER = "#1b1f24", "#57606a", "#ffffff"
FILL = {"control": "#fff4d6", "port": "#dcebfb", "array": "#e3f4e1", "inner": "#ffffff", "network": "#ece3f7", "outside": "#f3f4f6"}


class Drawing:
    def __init__(self, width, height, title):
        self.width, self.height = width, height
        self.parts = [f"<title>{escape(title)}</title>",
                      '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
                      f'orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="{LINE}"/></marker></defs>',
                      f'<rect width="{width}" height="{height}" rx="10" fill="{PAPER}"/>']

    def text(self, x, y, words, size=13, anchor="middle", weight="normal", colour=INK):
        self.parts.append(f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
                          f'fill="{colour}">{escape(words)}</text>')

    def rect(self, x, y, w, h, fill, copies=1):
        for k in range(copies - 1, -1, -1):
            self.parts.append(f'<rect x="{x + 5 * k}" y="{y + 5 * k}" width="{w}" height="{h}" rx="5" fill="{FILL[fill]}" '
                              f'stroke="{LINE}"/>')

    def box(self, x, y, w, h, name, note="", fill="inner", copies=1):
        """A box with its name, and below it a smaller line, in the middle."""
        self.rect(x, y, w, h, fill, copies)
        middle = y + h / 2
        if note:
            self.text(x + w / 2, middle - 3, name, 12.5, weight="bold")
            self.text(x + w / 2, middle + 12, note, 11)
        else:
            self.text(x + w / 2, middle + 4.5, name, 12.5, weight="bold")

    def frame(self, x, y, w, h, name, note="", fill="array", copies=1):
        """A box that holds others: its name is in the upper left corner."""
        self.rect(x, y, w, h, fill, copies)
        self.text(x + 12, y + 20, name, 14, "start", "bold")
        if note:
            self.text(x + 20 + 8.6 * len(name), y + 20, note, 11.5, "start")

    def arrow(self, points, label="", at=None, anchor="middle", both=False):
        path = "M" + "L".join(f"{x} {y}" for x, y in points)
        start = ' marker-start="url(#tip)"' if both else ""
        self.parts.append(f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.6" marker-end="url(#tip)"{start}/>')
        if label:
            self.text(*at, label, 11, anchor)

    def save(self, path):
        with open(path, "w", encoding="utf-8") as f:
            f.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" width="{self.width}" '
                    f'height="{self.height}" font-family="Helvetica, Arial, sans-serif">\n' + "\n".join(self.parts) + "\n</svg>\n")


def chip():
    d = Drawing(1140, 790, "glb_core: host port, tables, sequencer and array")
    d.box(14, 96, 76, 120, "host", "", "outside")
    d.frame(130, 14, 996, 762, "glb_core", "", "outside")

    d.frame(150, 46, 386, 196, "glb_host_port", "bytes and frames", "port")
    d.box(164, 84, 80, 36, "glb_skid")
    d.box(262, 84, 112, 36, "glb_frame_rx")
    d.box(394, 84, 128, 36, "glb_exec")
    d.box(394, 140, 128, 34, "glb_run_check")
    d.box(292, 188, 96, 36, "glb_reply")
    d.box(164, 188, 108, 36, "glb_frame_tx")
    d.arrow([(90, 102), (164, 102)])
    d.text(110, 94, "bytes", 11)
    d.arrow([(244, 102), (262, 102)])
    d.arrow([(374, 102), (394, 102)])
    d.arrow([(458, 120), (458, 140)])
    d.arrow([(410, 120), (410, 130), (340, 130), (340, 188)])
    d.arrow([(292, 206), (272, 206)])
    d.arrow([(164, 206), (90, 206)])
    d.text(110, 198, "bytes", 11)

    d.frame(566, 84, 132, 96, "glb_tables", "", "control")
    for k, words in enumerate(("beta steps,", "readout runs,", "segments, job slots")):
        d.text(632, 124 + 17 * k, words, 11.5)
    d.arrow([(522, 102), (566, 102)])
    d.arrow([(698, 132), (742, 132)])

    d.frame(742, 46, 370, 196, "glb_sequencer", "jobs", "control")
    names = (("glb_job_queue", "glb_job", "glb_job_count"), ("glb_fetch", "glb_prefetch", "glb_segment"),
             ("glb_seed", "glb_beta", "glb_readout"))
    for row, line in enumerate(names):
        for column, name in enumerate(line):
            d.box(756 + 118 * column, 84 + 50 * row, 108, 36, name)
    d.arrow([(494, 84), (494, 68), (742, 68)], "RUN, ABORT", (640, 62))
    d.arrow([(742, 234), (218, 234), (218, 224)])
    d.text(640, 228, "DATA, DONE", 11)

    d.frame(150, 306, 962, 456, "glb_array", "", "array")
    d.box(166, 342, 300, 40, "load chain", "registers past the groups; loads all memories")
    d.arrow([(291, 242), (291, 342)], "writes", (299, 292), "start")
    d.arrow([(810, 242), (810, 272), (340, 272), (340, 342)], "LFSR seeds (glb_seed), noise table (glb_beta)", (575, 266))
    d.box(640, 342, 132, 40, "glb_relay", "one each four groups")
    d.arrow([(910, 242), (910, 290), (706, 290), (706, 342)], "pc, segment start, readout address", (700, 294), "end")
    d.box(898, 342, 150, 40, "glb_net_mem", "network words")
    d.arrow([(772, 362), (898, 362)], "pc", (836, 356))

    d.frame(898, 438, 150, 300, "glb_network", "", "network")
    d.text(973, 478, "butterfly, NS stages,", 11)
    d.text(973, 493, "CHAINS-bit words", 11)
    for k in range(4):
        y = 520 + 50 * k
        d.parts.append(f'<path d="M930 {y}H955L991 {y + 25}H1016M930 {y + 25}H955L991 {y}H1016M955 {y}H991M955 {y + 25}H991" '
                       f'fill="none" stroke="{LINE}"/>')
    d.arrow([(973, 382), (973, 438)], "switches", (980, 414), "start")
    d.arrow([(1048, 600), (1072, 600), (1072, 220)])
    d.text(1066, 292, "readout words", 11, "end")

    d.frame(166, 420, 654, 318, "glb_group", "x TILES / 8, eight tiles each (4 with four tiles)", "array", 2)
    d.arrow([(230, 382), (230, 420)])
    d.arrow([(706, 382), (706, 420)])
    d.box(180, 462, 126, 44, "glb_sched_col", "schedule words")
    d.box(180, 650, 126, 44, "noise table", "glb_ebr18")
    d.frame(330, 452, 338, 268, "glb_tile", "x 8", "inner", 2)
    d.box(342, 490, 136, 44, "coupling memory", "glb_ebr18")
    d.box(342, 560, 136, 44, "glb_counter", "coupling pointer")
    d.box(342, 650, 136, 44, "glb_noise", "LFSRs, index")
    d.frame(510, 484, 144, 216, "glb_lane", "x LANES", "array", 2)
    d.box(524, 524, 116, 76, "glb_pbit", "CHAINS sums", "inner", 1)
    d.text(582, 636, "adds J or noise;", 11)
    d.text(582, 652, "sign: new state", 11)
    d.arrow([(306, 474), (330, 474)])
    d.arrow([(410, 560), (410, 534)])
    d.arrow([(478, 512), (510, 512)])
    d.arrow([(478, 672), (510, 672)])
    d.arrow([(306, 672), (342, 672)], both=True)
    d.box(694, 484, 118, 60, "banks", "states, glb_ebr18")
    d.arrow([(659, 514), (694, 514)])
    d.arrow([(812, 514), (898, 514)], "reads", (862, 508))
    d.arrow([(898, 672), (659, 672)], "words of neighbours", (756, 666))
    d.text(682, 570, "writes: sign bits", 11, "start")
    return d


def library():
    layers = [
        [("host/tool", "commands, options, PNG, JSON")],
        [("host/usb_board", "device side of simulated USB boards")],
        [("check", "program verifier, self-test")],
        [("sampler", "runs, samples, statistics"), ("learn", "topologies, training, readout, drawing")],
        [("device", "the emulator or a board behind one interface")],
        [("transports", "uart, usb, sim, emu-port")],
        [("compiler", "graph to program"), ("emulator", "the array in C, bit for bit"), ("wire", "frames, loading, jobs")],
        [("array", "array descriptions, protocol, jobs, programs, noise")],
        [("graph", "graphs, readers, families, conventions"), ("files", "HDF5, IDX")],
        [("base", "errors, threads, random numbers, bits")],
    ]
    beside = {0: "getopt, libpng", 5: "libusb, termios, dlfcn", 8: "files: HDF5"}
    top, step, left, width = 44, 66, 150, 660
    d = Drawing(1010, top + step * len(layers) + 56, "Rooms of the host library, a layer a row; includes go down only")
    d.rect(left - 16, top + 2 * step - 10, width + 32, step * (len(layers) - 2) + 4, "outside")
    d.text(left - 26, top + 2 * step + 10, "host/lib", 14, "end", "bold")
    for k, rooms in enumerate(layers):
        y, n = top + step * k, len(rooms)
        each = (width - 16 * (n - 1)) / n
        for i, (name, note) in enumerate(rooms):
            fill = "control" if k < 2 else "network" if name in ("compiler", "emulator", "wire") else "port" if k in (4, 5) else "array"
            d.box(round(left + i * (each + 16)), y, round(each), 44, name, note, fill)
        if k + 1 < len(layers):
            d.arrow([(left + width / 2, y + 44), (left + width / 2, y + step)])
        if beside.get(k):
            d.text(left + width + 26, y + 26, beside[k], 12, "start")
    d.text(left + width / 2, 26, "A room may include headers of any lower row, never of its own row or of a higher one.", 13)
    d.text(left + width / 2, top + step * len(layers) + 26, "Right: external libraries and where they are confined.", 12)
    return d


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    chip().save(os.path.join(folder, "chip.svg"))
    library().save(os.path.join(folder, "library.svg"))


if __name__ == "__main__":
    main()
