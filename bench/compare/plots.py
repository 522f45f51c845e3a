# SPDX-License-Identifier: Apache-2.0
"""Plots of the comparison with gnuplot: p-bit updates per ns against chains, a PNG a graph."""
import os
import subprocess


def draw(results, rows, graphs, systems):
    """Returns the files' names, relative to results."""
    made = []
    for graph in graphs:
        series = []
        for system in systems:
            points = sorted((r["chains"], r["flips_per_ns"]) for r in rows
                            if r["graph"] == graph and r["system"] == system and r.get("flips_per_ns")
                            and not r.get("job"))
            if points:
                series.append((system, points))
        if not series:
            continue
        name = f"bench/flips-{graph}.png"
        data = "\n".join(f"${'d%d' % k} << EOD\n" + "\n".join(f"{c} {y}" for c, y in points) + "\nEOD"
                         for k, (_, points) in enumerate(series))
        lines = ", ".join(f"$d{k} using 1:2 with linespoints lw 2 pt {k + 4} title '{system}'"
                          for k, (system, _) in enumerate(series))
        script = f"""set terminal pngcairo size 900,560 font 'sans,11'
set output '{os.path.join(results, name)}.tmp'
set logscale xy
set xrange [0.8:130000]
set xlabel 'chains'
set ylabel 'p-bit updates per ns'
set title '{graph}: CPU one core; FPGA one board'
set key outside right top noenhanced
set title noenhanced
set format y '10^{{%L}}'
set grid
{data}
plot {lines}
"""
        subprocess.run(["gnuplot"], input=script, text=True, check=True)
        os.replace(os.path.join(results, name) + ".tmp", os.path.join(results, name))
        made.append(name)
    return made
