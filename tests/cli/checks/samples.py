"""A second computation of what `glauber sample` and `glauber anneal` write: energies from the graph file and the states, means from
the samples, counts from the options. SPDX-License-Identifier: Apache-2.0

samples.py GRAPH BIAS|- CONVENTION FILE.json JSON REPORT KEY=VALUE...: the samples (as h5json prints them), the tool's JSON line and its
report for people, and what is
known of the run; `clamp`, `init` and `schedule` name files.
"""
import hashlib
import json
import math
import sys

graph, bias, convention, file, line, report = sys.argv[1:7]
known = dict(a.split("=", 1) for a in sys.argv[7:])
h5 = json.load(open(file))
j = json.loads(open(line).read().strip().split("\n")[-1])


def numbers(path):
    return [l.split() for l in open(path) if l.strip() and l[0] not in "%#"]


def close(what, got, want, most=1e-9):
    if not abs(got - want) <= most * max(1, abs(want)):
        sys.exit(f"{what}: {got} instead of {want}")


def same(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got} instead of {want}")


rows = numbers(graph)
n = int(rows[0][0])
edges = [(int(r[0]) - 1, int(r[1]) - 1, float(r[2])) for r in rows[1:]]
couplings = [(a, b, w) for a, b, w in edges if a != b]
h = [float(r[0]) for r in numbers(bias)[1:]] if bias != "-" else [0] * n
for a, b, w in edges:
    h[a] += w if a == b else 0  # the diagonal of qubo


def energy(m):
    """As docs/conventions.md defines it for the file."""
    if convention == "maxcut":
        return -sum(w * (1 - m[a] * m[b]) / 2 for a, b, w in couplings)
    if convention == "qubo":
        x = [(s + 1) / 2 for s in m]
        return sum(w * x[a] * x[b] for a, b, w in couplings) + sum(d * v for d, v in zip(h, x))
    pairs, single = sum(w * m[a] * m[b] for a, b, w in couplings), sum(b * s for b, s in zip(h, m))
    return {"boltzmann": -pairs - single, "zte-2": -pairs + single, "zte-34": pairs + single}[convention]


samples, chains, row = h5["spins"]["shape"]
same("bytes of a state", row, (n + 7) // 8)
bits = h5["spins"]["values"]
state = [[[1 if bits[(s * chains + c) * row + i // 8] >> i % 8 & 1 else -1 for i in range(n)] for c in range(chains)] for s in range(samples)]
same("shape of energies", h5["energies"]["shape"], [samples, chains])
energies = [[energy(m) for m in of_sample] for of_sample in state]
for k, got in enumerate(h5["energies"]["values"]):
    close("energy", got, energies[k // chains][k % chains])
every = [e for of_sample in energies for e in of_sample]
means = [sum(of[c] for of in energies) / samples for c in range(chains)]
mean = sum(every) / len(every)
spread = math.sqrt(sum((m - mean) ** 2 for m in means) / (chains - 1) / chains)
magnetization = [sum(m[i] for of in state for m in of) / len(every) for i in range(n)]
same("shape of best_spins", h5["best_spins"]["shape"], [n])
close("energy of best_spins", energy(h5["best_spins"]["values"]), min(every))
for where in (h5["magnetization"]["values"], j["magnetization"]):
    same("magnetizations", len(where), n)
    for got, want in zip(where, magnetization):
        close("magnetization", got, want)
for name, want in (("mean_energy", mean), ("mean_energy_stderr", spread), ("best_energy", min(every))):
    close(name, j[name], want)
    close("@" + name, h5["@" + name], want)
arrays = {"spins", "energies", "magnetization", "best_spins", "edge_i", "edge_j", "effective_coupling", "effective_bias"}

# ---- precision, from the couplings of the file ----
factor = {"boltzmann": 1, "zte-2": 1, "zte-34": -1, "qubo": -0.25, "maxcut": -1}[convention]
J = {(min(a, b), max(a, b)): factor * w for a, b, w in couplings}
H = {"boltzmann": h, "qubo": [-d / 2 for d in h]}.get(convention, [-b for b in h])
for (a, b), w in J.items():
    if convention == "qubo":
        H[a], H[b] = H[a] + w, H[b] + w
pairs = list(zip(h5["edge_i"]["values"], h5["edge_j"]["values"]))
same("pairs", pairs, sorted(J))
u, near, biases = h5["@u"], h5["effective_coupling"]["values"], h5["effective_bias"]["values"]
off = [w - J[pair] for pair, w in zip(pairs, near)]
bias_off = [b - want for b, want in zip(biases, H)]
for w, d in zip(near, off):
    close("steps of a coupling", w * 2 / u, round(w * 2 / u))
    same("one of the two beside it", abs(d) <= u / 2 * (1 + 1e-9), True)
fields = [bias_off[i] ** 2 + sum(d * d for pair, d in zip(pairs, off) if i in pair) for i in range(n)]
precision = {"u": u, "j_rms_error": math.sqrt(sum(d * d for d in off) / len(off)), "j_max_error": max(map(abs, off)), "h_max_error": max(map(abs, bias_off)),
             "couplings_nonzero": sum(w != 0 for w in J.values()), "couplings_zeroed": sum(J[pair] != 0 == w for pair, w in zip(pairs, near)),
             "field_error": math.sqrt(max(fields)), "precise_beta": 0, "couplings_cut": 0, "entries_added": 0, "helpers": 0}
for name, want in precision.items():
    close(name, j[name], want)
    close("@" + name, h5["@" + name], want)
same("a bias that the graph does not have", max((abs(d) for d, want in zip(bias_off, H) if want == 0), default=0), 0)

# ---- the certificate: what can be computed again from the samples ----
certificate = ("certificate_chains beta_effective beta_low beta_high beta_decisions energy_half_width energy_tau energy_tau_error energy_ess"
               " energy_r_hat magnetization_mean magnetization_half_width magnetization_tau magnetization_tau_error magnetization_ess"
               " magnetization_r_hat frozen_chains frozen_pbits chain_correlation total_variation total_variation_noise exact_energy doubts").split()
flat = known.get("certificate", "yes") == "none"
same("certificate", j["certificate"], not flat)
for name in certificate:
    if flat:
        same(name, j[name], 0 if name in ("certificate_chains", "beta_decisions", "frozen_chains", "frozen_pbits") else "" if name == "doubts" else None)
    elif j[name] is None:
        same("@" + name, math.isnan(h5["@" + name] or math.nan), True)
    else:
        same("@" + name, h5["@" + name], j[name])
T975 = {16: 2.131449546, 32: 2.039513446, 48: 2.011740514}


def statistics(name, x):
    """Mean, half width, R-hat and autocorrelation time of x[chain][sample] by their definitions."""
    per = [sum(row) / samples for row in x]
    centre = sum(per) / chains
    width = T975[chains] * math.sqrt(sum((m - centre) ** 2 for m in per) / (chains - 1) / chains)
    close(name + "_half_width", j[name + "_half_width"], width, 1e-6)
    half = samples // 2
    parts = [row[:half] for row in x] + [row[samples - half:] for row in x]
    if half >= 2:
        means = [sum(p) / half for p in parts]
        within = sum(sum((v - m) ** 2 for v in p) / (half - 1) for p, m in zip(parts, means)) / len(parts)
        between = sum((m - sum(means) / len(means)) ** 2 for m in means) / (len(means) - 1)
        if samples % 2 == 0 and within > 0:
            close(name + "_r_hat", j[name + "_r_hat"], math.sqrt((half - 1) / half + between / within), 1e-6)
    variance = sum((v - centre) ** 2 for row in x for v in row) / chains / samples
    tau = 0.5
    for lag in range(1, min(32, samples // 2) + 1):
        covariance = sum((row[t] - centre) * (row[t + lag] - centre) for row in x for t in range(samples - lag)) / chains / (samples - lag)
        tau += covariance / variance
        if lag >= 5 * max(tau, 1) and tau > 0.01:
            close(name + "_tau", j[name + "_tau"], tau, 1e-6)
            close(name + "_tau_error", j[name + "_tau_error"], tau * math.sqrt(2 * (2 * lag + 1) / samples / chains), 1e-6)
            break
    if j[name + "_tau"] is not None:
        close(name + "_ess", j[name + "_ess"], samples * chains / 2 / j[name + "_tau"], 1e-6)


def likely(fields, beta):
    """Derivative of the pseudolikelihood."""
    return sum(x * (m - math.tanh(beta * x)) for x, m in fields)


if not flat:
    chain_of = range(chains)
    statistics("energy", [[energies[s][c] for s in range(samples)] for c in chain_of])
    mean_spins = [[sum(state[s][c]) / n for s in range(samples)] for c in chain_of]
    statistics("magnetization", mean_spins)
    close("magnetization_mean", j["magnetization_mean"], sum(map(sum, mean_spins)) / chains / samples)
    frozen = sum(all(state[s][c] == state[0][c] for s in range(samples)) for c in chain_of)
    same("frozen_chains", j["frozen_chains"], frozen if samples >= 10 else 0)
    same("certificate_chains", j["certificate_chains"], chains)
    held = {int(r[0]) - 1 for r in numbers(known["clamp"])} if "clamp" in known else set()
    free = [i for i in range(n) if i not in held]
    if j["beta_decisions"] == len(free) * samples * chains:  # all of them were looked at
        neighbours = [[(b if a == i else a, w) for (a, b), w in J.items() if i in (a, b)] for i in range(n)]
        fields = [(H[i] + sum(w * m[k] for k, w in neighbours[i]), m[i]) for of in state for m in of for i in free]
        low, high = 0, 100
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if likely(fields, middle) > 0 else (low, middle)
        if "beta" in j["doubts"].split():  # far from the asked one the estimate is rough
            same("side of the asked beta", j["beta_effective"] < j["beta"], low < j["beta"])
        else:
            close("beta_effective", j["beta_effective"], low, max(2e-3, 0.15 * (j["beta_high"] - j["beta_low"])))
    same("order of the interval", j["beta_low"] <= j["beta_effective"] <= j["beta_high"], True)
    same("total variation", (j["total_variation"] is None), len(free) > 20)

# ---- the hash of the last sample: its chains one after the other, p-bit i bit i % 8 of byte i / 8 ----
last = b"".join(bytes(sum((m > 0) << k for k, m in enumerate(chain[at:at + 8])) for at in range(0, n, 8)) for chain in state[-1])
same("states_sha256", j["states_sha256"], hashlib.sha256(last).hexdigest())

# ---- counts ----
burn_in, interval = int(known["burn_in"]), int(known["interval"])
sweeps = int(known.get("sweeps", burn_in + samples * interval))
clocks = j["cycles"] / sweeps / (chains // 16)
same("clocks of a sweep", clocks == int(clocks) and clocks > 10, True)
whole = {"pbits": n, "couplings": len(couplings), "chains": chains, "samples": samples, "sweeps": sweeps, "flips": n * chains * sweeps}
for name, want in whole.items():
    same(name, j[name], want)
for name, want in {**whole, "burn_in": burn_in, "interval": interval, "complete": 1, "cycles": j["cycles"], "colours": j["colours"]}.items():
    same("@" + name, h5["@" + name], want)
for name, want in {"graph": graph, "seed": known["seed"], "device": "emu"}.items():
    same("@" + name, h5["@" + name], want)
for name in ("command", "convention", "array", "graph_hash", "version"):
    same("@" + name, h5["@" + name], j[name])
same("command, convention, array, seed", [j["command"], j["convention"], j["array"], str(j["seed"])], [known["command"], convention, "small", known["seed"]])
same("chains asked for", chains, int(known.get("chains", 16)))
same("samples asked for", samples, int(known["samples"]))
close("flips_per_cycle", j["flips_per_cycle"], whole["flips"] / j["cycles"], 1e-5)
close("coupling_updates_per_cycle", j["coupling_updates_per_cycle"], 2 * len(couplings) * chains * sweeps / j["cycles"], 1e-5)
keys = {*whole, "command", "colours", "beta", "seed", "cycles", "flips_per_cycle", "coupling_updates_per_cycle", "seconds", "mean_energy",
        "mean_energy_stderr", "best_energy", "magnetization", "convention", "array", "graph_hash", "device", "stopped", "reached", "version",
        "field_error_beta", *precision, "certificate", *certificate, "states_sha256"}
same("stopped", (j["stopped"], j["reached"]), (False, False))
if convention == "maxcut":
    keys.add("best_cut")
    close("best_cut", j["best_cut"], -min(every))

# ---- what came from files ----
attributes = {*whole, "burn_in", "interval", "complete", "cycles", "colours", "graph", "seed", "device", "command", "convention", "array",
              "graph_hash", "version", "mean_energy", "mean_energy_stderr", "best_energy", *precision}
if "schedule" in known or "ramp" in known:
    steps = list(zip(h5["schedule_beta"]["values"], h5["schedule_sweeps"]["values"]))
    if "schedule" in known:
        same("schedule", steps, [(float(b), int(s)) for b, s in numbers(known["schedule"])])
    else:
        hot, cold = map(float, known["ramp"].split(":"))
        for k, (beta, _) in enumerate(steps):
            close("ramp", beta, hot * (cold / hot) ** (k / (len(steps) - 1)))
    same("sweeps of the schedule", sum(s for _, s in steps), sweeps)
    same("beta", [j["beta_first"], j["beta"]], [steps[0][0], steps[-1][0]])
    arrays |= {"schedule_beta", "schedule_sweeps"}
    keys.add("beta_first")
else:
    same("beta", [j["beta"], h5["@beta"]], [float(known["beta"])] * 2)
    attributes.add("beta")
for name in ("clamp", "init"):
    if name not in known:
        continue
    lines = {int(r[0]) - 1: [1 if v == "1" else -1 for v in r[1:]] for r in numbers(known[name])}
    columns = len(next(iter(lines.values())))
    same(name, h5[name]["values"], [v for i in range(n) for v in lines.get(i, [0] * columns)])
    arrays.add(name)
    for i, column in lines.items():
        for of in state if name == "clamp" else []:
            same("held p-bits", [m[i] for m in of], [column[c % columns] for c in range(chains)])

close("field_error_beta", j["field_error_beta"], precision["field_error"] * max(steps)[0] if "beta_first" in j else precision["field_error"] * j["beta"])

# ---- the report for people ----
text = open(report).read()
sign, what = (-1, "cut        best") if convention == "maxcut" else (1, "energy     best")
for shown in (f"graph      {graph}: {n} p-bits, {len(couplings)} couplings, hash {j['graph_hash']}\n",
              f"device     {j['device']}\nrun        {chains} chains, {sweeps} sweeps, {samples} samples a chain, seed {known['seed']}\n",
              f"{what} {sign * j['best_energy']:.9g}, mean {sign * j['mean_energy']:.9g} +- {j['mean_energy_stderr']:.3g}\n",
              f"array      {j['cycles']} clocks: {j['flips_per_cycle']:.2f} flips and {j['coupling_updates_per_cycle']:.1f} coupling updates a clock\n",
              f"precision  u {u:.4g}: couplings off by {j['j_max_error']:.3g} (rms {j['j_rms_error']:.3g}), {j['couplings_zeroed']} of {j['couplings_nonzero']}"
              f" became 0, biases off by {j['h_max_error']:.3g}; error x beta {j['field_error_beta']:.3g}\n",
              f"states     sha256 {j['states_sha256']}\n", f"flips      {j['flips']} in {j['seconds']:.3f} s: ", "written    x.h5\n"):
    same(f"'{shown}' in the report", shown in text, True)
program = text.split("program    small: ")[1].split("\n")[0]
same("program in the report", program, f"{j['colours']} colours, {int(clocks) - 12} clocks of schedule")
if "ramp" in known:
    hot, cold = map(float, known["ramp"].split(":"))
    same("schedule in the report", f"schedule   beta {hot:.6g} to {cold:.6g}, geometric, {sweeps} sweeps\n" in text, True)
if "clamp" in known:
    same("clamped in the report", f"clamped    {known['clamp']}: {len(numbers(known['clamp']))} of {n} p-bits\n" in text, True)
close("flips a second", float(text.split(" s: ")[1].split()[0]), j["flips"] / j["seconds"], 0.01)
attributes |= set() if flat else set(certificate)
same("doubts in the report", [l.split()[1].strip(":") for l in text.split("\n") if l.startswith("doubt ")],
     [] if flat else j["doubts"].split() or ["none"])
same("items", {*h5}, {"@" + a for a in attributes} | arrays)
same("keys", {*j}, keys)
