# SPDX-License-Identifier: Apache-2.0
"""The page of the comparison, in Markdown."""

FULL = 100_000  # sweeps a batch in Niazi et al.
HOURS10, MINUTES5 = 36000.0, 300.0
NO_GPU = "no GPU"


def number(x, digits=3):
    if x is None:
        return "-"
    if x != 0 and not 1e-3 <= abs(x) < 1e5:
        return f"{x:.{digits - 1}e}"
    return f"{x:.{digits}g}" if abs(x) < 1000 else f"{x:.0f}"


def duration(s):
    if s is None:
        return "-"
    for unit, size in (("h", 3600), ("min", 60), ("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if s >= size * 0.9995:  # 999.6 ms reads 1 s
            return f"{s / size:.3g} {unit}"
    return f"{s / 1e-9:.3g} ns"


def table(head, body):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
                     + ["| " + " | ".join(str(c) for c in line) + " |" for line in body]) + "\n"


class Rates:
    def __init__(self, rows):
        self.rows = rows
        self.at = {(r["graph"], r["system"], r["chains"]): r for r in rows if not r.get("job")}
        self.gpu = any(r["kind"] == "gpu" for r in rows)

    def cell(self, graph, system, chains, key, show):
        r = self.at.get((graph, system, chains))
        if r and r.get(key) is not None:
            return show(r[key])
        if r:
            return r.get("why_empty") or "-"
        if "gpu" in system and not self.gpu:
            return NO_GPU
        if system.startswith("fpga") and graph == "p14":
            return "8 bits only"
        return "-"

    def first(self, graph, system, chains, key):
        r = self.at.get((graph, system, chains))
        return r.get(key) if r else None


def rates_section(rates, systems, graphs, chains, pictures):
    out = []
    for g in graphs:
        any_row = next((r for r in rates.rows if r["graph"] == g), None)
        if not any_row:
            continue
        out.append(f"### {g} ({any_row['pbits']:,} p-bits)\n")
        body = []
        for c in chains:
            cells = [rates.cell(g, s, c, "flips_per_ns", number) for s in systems]
            best = max((rates.first(g, s, c, "flips_per_ns") or 0, s) for s in systems)
            body.append([f"{c:,}"] + cells + [best[1] if best[0] else "-"])
        out.append(table(["chains"] + systems + ["fastest"], body))
        picture = f"bench/flips-{g}.png"
        if picture in pictures:
            out.append(f"![p-bit updates per ns against chains, {g}]({picture})\n")
    return "\n".join(out)


def fpga_section(rates):
    """Clocks of the schedules and MHz of the router; and what they mean for the claim."""
    body = []
    for r in rates.rows:
        if r["kind"] == "fpga" and r["chains"] == 16:
            clocks = r["clocks_per_sweep"]
            body.append([r["system"], r["graph"], f"{clocks:,}", number(r["pbits"] * 16 / clocks),
                         number(r["mhz"]), number(FULL * clocks / MINUTES5 * 1e-6)])
    return table(["one board, 16 chains", "graph", "clocks a sweep", "p-bit updates a clock", "MHz after routing",
                  "MHz at which 10^5 sweeps take 5 minutes"], body)


def sweep_section(rates, systems, graphs):
    body = [[s] + [rates.cell(g, s, 1, "seconds_per_sweep", duration) for g in graphs] for s in systems]
    return table(["one chain, a sweep"] + graphs, body)


def claim_section(rates, systems):
    body = []
    for s in systems:
        line = [s]
        for c in (1, 16, 50):
            whole = next((r for r in rates.rows if r.get("job") == "one batch" and r["system"] == s
                          and r["chains"] == c and r["graph"] == "p14-q"), None)
            t = rates.first("p14-q", s, c, "seconds_per_sweep")
            if whole:
                line.append(duration(whole["seconds"]) + " (whole run)")
            elif t:
                line.append(duration(FULL * t))
            else:
                line.append(rates.cell("p14-q", s, c, "seconds_per_sweep", duration))
        t = rates.first("p14-q", s, 1, "seconds_per_sweep")
        line.append(f"{HOURS10 / (FULL * t):,.0f}" if t else "-")
        line.append(f"{MINUTES5 / (FULL * t):,.3g}" if t else "-")
        body.append(line)
    return table(["P14, 10^5 sweeps", "1 chain", "16 chains", "50 chains", "10 h / 1 chain", "5 min / 1 chain"], body)


def training_section(rates, trained, usb):
    """trained: the default's row of training.json; usb: the rows of usb.json."""
    body = [["glauber, one core", duration(trained["processor_seconds"]), "measured: processor time of the whole training, with the "
             "host's update ([training.md](training.md))"]]
    training = [r for r in rates.rows if r.get("job") == "training"]
    for r in training:
        body.append([f"{r['system']}, {r['device']}", duration(r["seconds"]),
                     f"measured: the sampling alone, {r['batches']} batches, states stay on the GPU"])
    if not training:
        body.append(["GPU", NO_GPU, "bench/gpu/run.sh measures the sampling alone"])
    moved = next((r for r in usb if r.get("device_sums")), None)
    for r in rates.rows:
        if moved and r["kind"] == "fpga" and r["graph"] == "p14-q" and r["chains"] == 16 and r["array"] == trained["device_array"]:
            t = moved["steps"] * moved["step_array_clocks"] / (r["mhz"] * 1e6)
            body.append([f"{r['system']}, {r['device']}, one board", duration(t),
                         "array clocks of all jobs of a training whose sums the array counts x MHz; no transfers, no host"])
    for r in usb:
        if r.get("array_mhz") and "training_s" in r:
            body.append([f"{r['board']} at {r['array_mhz']:g} MHz, {r['speed']} speed", duration(r["training_s"]),
                         "a step on a simulated clock: array, bus at the rate of the simulated pins, host ([usb.md](usb.md))"])
    return table(["system", f"{trained['epochs']:g} epochs of {trained['pbits']:,} p-bits", "what it is"], body)


def fpga_watts(r, picofarad):
    """The model of ecp5.md: static + f V^2 (toggling cells, EBR, flip-flops); an LFE5UM5G's core has 1.2 V, the others' 1.1."""
    v2 = 1.44 if "UM5G" in r["device"] else 1.21
    return 0.15 + r["mhz"] * 1e6 * v2 * (0.25 * picofarad * 1e-12 * r["lut4"] + 8e-12 * r["ebr"] + 1e-14 * r["ff"])


def energy_section(rates):
    body = []
    for r in rates.rows:
        if r["kind"] == "gpu" and r.get("nanojoules_per_flip"):
            body.append([f"{r['system']}, {r['device']}", f"{r['chains']:,}", number(r["watts"]),
                         number(r["nanojoules_per_flip"]), "**measured**, nvidia-smi, the whole card"])
        if r["kind"] == "fpga" and r["graph"] == "p14-q" and r["chains"] == 16:
            low, mid, high = (fpga_watts(r, c) for c in (0.3, 0.6, 1.0))
            low_nj, mid_nj, high_nj = (number(w / r["flips_per_ns"]) for w in (low, mid, high))
            body.append([f"{r['system']}, {r['device']}", 16, f"{mid:.1f} ({low:.1f} to {high:.1f})",
                         f"{mid_nj} ({low_nj} to {high_nj})", "**modelled**, the device alone"])
    if not rates.gpu:
        body.append(["GPU", "-", "-", NO_GPU, "bench/gpu/run.sh measures it with nvidia-smi"])
    body.append(["CPU samplers", "-", "-", "-", "not measured: programs cannot read the power of this machine"])
    return table(["P14, quantised", "chains", "W", "nJ per p-bit update", "what it is"], body)


def checks_section(files):
    body = []
    for f in files:
        for c in f["checks"]:
            if isinstance(c, dict):
                body.append([f["system"], f"beta {c['beta']}, {c['chains']:,} chains of a frustrated graph of 12 p-bits with "
                             "biases", f"mean energy {c['mean_energy']}, exact {c['exact']}: {c['sigma']:+.2f} sigma"])
        lines = [c for c in f["checks"] if isinstance(c, str) and c.startswith("ok")]
        if lines:
            body.append([f["machine"]["gpu"], "every kernel and shape against enumeration and the emulator",
                         f"{len(lines)} checks, all passed"])
    return table(["system", "check before its rates", "result"], body)


def machines_section(files):
    body = []
    for f in files:
        m = f["machine"]
        where = m.get("gpu") or f"{m['cpu']}, one core of {m['cores']}"
        if m.get("shared"):
            where += f"; shared, load {m['load_average']} before the run"
        body.append([f"[{f['file']}](bench/{f['file']})", where, f["time"], f["date"],
                     ", ".join(f"{k} {v}" for k, v in f["versions"].items())])
    return table(["file", "machine", "time is", "date", "versions"], body)


def winners(rates, systems):
    """Which of the measured systems is the fastest at every number of chains, and by how much."""
    lines = []
    for c in (1, 16, 128, 1024, 16384):
        order = sorted(((rates.first("p14-q", s, c, "flips_per_ns") or 0, s) for s in systems), reverse=True)
        order = [o for o in order if o[0]]
        if len(order) > 1:
            lines.append(f"- {c:,} chains: {order[0][1]} ({number(order[0][0])} p-bit updates per ns), then {order[1][1]} "
                         f"({order[0][0] / order[1][0]:.3g} times slower).")
    return "\n".join(lines) + "\n"


def page(rows, files, trained, usb, systems, graphs, chains, pictures):
    rates = Rates(rows)
    core = rates.first("p14-q", "dwave-samplers", 1, "seconds_per_sweep")
    refuted = "" if not core else (
        f"One core of a CPU with dwave-samplers takes {duration(FULL * core)} for these sweeps of one chain, so \"over 10 "
        "hours\", 0.36 s a sweep, is not the time of an efficient sampler. ")
    gpu_note = "" if rates.gpu else (
        "**No GPU has been measured.** Its cells read \"no GPU\" and hold no estimate. The kernels are compiled for sm_80, sm_90 and "
        "sm_100 (`bench/gpu/build.sh`); their source also runs on the CPU, where `make test` checks it against enumeration and the "
        "emulator. [gpu.md](../gpu.md) explains how to fill the cells.\n\n")
    return f"""# Side by side: GPU, CPU, FPGA

Written by `make bench-report` from the files of [bench/](bench); `comparison.json` has all rows. Gibbs sampling of the same graphs at
beta 1; a p-bit update is one p-bit decided once in one chain. Graphs: Pegasus P14 with real-valued couplings and biases (`p14`), and
quantised to the array's 8 bits (`-q`); two MNIST graphs, the shallow one of the size of `glauber train`'s default. CPU: one core. FPGA: **clocks of the
compiled schedule, which the simulator reproduces, x MHz after place and route**, one board of 16 chains.

{gpu_note}## Correctness checks

{checks_section(files)}
`tests/unit/emulator/test_exactness.c` also compares the emulator with enumeration, 10^7 samples a graph. The gateware computes the same bits as the emulator.

## p-bit updates per ns

"-": not measured at that number of chains. dwave-samplers and OpenJij work through their chains one after another, so their rate
does not depend on them; OpenJij would need hours for 16,384, and thrml 52 GB of memory, more than the machine has. The emulator
computes 512 chains at once: fewer take the same time, and 50 count as 50. OpenJij is Metropolis, all others heat-bath.

{rates_section(rates, systems, graphs, chains, pictures)}
Fastest measured systems, P14 quantised:

{winners(rates, systems)}
## FPGA: clocks

{fpga_section(rates)}
## Time per sweep of one chain

{sweep_section(rates, systems, graphs)}
## The claim of Niazi et al.

Niazi et al. report for one batch at thousands of neurons, 10^5 sweeps: GPU "over 10 hours", FPGA "5 minutes". Here P14 quantised; rows not
marked "whole run" are 10^5 times the measured time per sweep. The last two columns: how many times less than 10 hours and than 5 minutes.

{claim_section(rates, systems)}
{refuted}Five minutes for the same sweeps would be 3 ms a sweep. The paper's own machine, one sweep a clock at 15 MHz, would need 7 ms for
all of them, so its five minutes cannot be sampling alone; what else the five minutes and the ten hours include is unknown. One long chain is
limited by latency (the first column). Many chains are limited by throughput, where samplers that pack many chains into a word have the advantage.

## Training the default MNIST model

{training_section(rates, trained, usb)}
## Energy

{energy_section(rates)}
The FPGA's model and its assumptions are in [ecp5.md](ecp5.md). Nothing has been measured on a board; regulators and USB chips are not included.

## Machines

{machines_section(files)}
"""
