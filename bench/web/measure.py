#!/usr/bin/env python3
"""Figures of the page in a headless Chromium: size, first picture, p-bit updates by processor time. Usage: measure.py [WEB_FOLDER]
SPDX-License-Identifier: Apache-2.0"""

import os
import sys

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/web"))
import browser

GRAPHS = (("pegasus-p14", "pegasus", "m=14"), ("degree-41", "regular", "n=2048,d=41"), ("lattice", "torus2d", "lx=64"))
LOADS = 5


def processor_seconds(root):
    """Of a process and all that it has started."""
    total, parents = {}, {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(pid)] = int(fields[1])
        total[int(pid)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    mine = {root}
    while new := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= new
    return sum(total.get(pid, 0) for pid in mine)


def sweeps(b, what, chains):
    """Million p-bit updates a second of processor time, and of the clock."""
    b.run("""
        globalThis.machine ??= new glauber.Machine();
        await machine.ask('load', {generate: {family: args[0], args: args[1], seed: 1}, effort: 1});
        await machine.ask('start', {seed: 1, chains: args[2]});
        await machine.ask('sweep', {beta: 1, ms: 300});""", what[1], what[2], chains)
    before, start = b.run("return (await machine.ask('sweep', {beta: 1})).updates;"), processor_seconds(b.process)
    after, ms = b.run("const t = performance.now(); const f = await machine.ask('sweep', {beta: 1, ms: 4000});"
                      "return [f.updates, performance.now() - t];")
    spent = processor_seconds(b.process) - start
    return (after - before) / spent / 1e6, (after - before) / ms / 1e3


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build/web")
    files = {name: os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)}
    machines = sum(size for name, size in files.items() if name.endswith(".glbm"))
    print(f"page         {sum(files.values()) / 1e3:.0f} KB: core {files['glauber.wasm'] / 1e3:.0f}, two machines {machines / 1e3:.0f}")
    server = browser.serve(folder)
    url = f"http://localhost:{server.server_port}/"
    with browser.Browser() as b:
        times = []
        for _ in range(LOADS + 1):
            b.open(url)
            b.wait("performance.getEntriesByName('first picture').length")
            times.append(b.run("return performance.getEntriesByName('first picture')[0].startTime;") / 1000)
        times = sorted(times[1:])
        print(f"first picture  {times[0]:.2f} s to {times[-1]:.2f} s after a warm load, {LOADS} loads")
        b.run("await glauber.panels.draw.player.pause();")
        print("million p-bit updates a second, one core   by processor time   by the clock")
        for what in GRAPHS:
            for chains in (16, 512):
                of_core, of_clock = sweeps(b, what, chains)
                print(f"{what[0]:12} {chains:4} chains {of_core:34.0f} {of_clock:14.0f}", flush=True)


main()
