"""A second count of what `glauber sample --statistics` counts: from the samples of a run with the same seed.
SPDX-License-Identifier: Apache-2.0

statistics.py SAMPLES.json STATISTICS.json SAMPLES.log STATISTICS.log: both files as h5json prints them, both JSON lines.
"""
import json
import re
import sys

samples, statistics = (json.load(open(name)) for name in sys.argv[1:3])
plain, j = (json.loads(open(name).read().strip().split("\n")[-1]) for name in sys.argv[3:5])


def same(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got} instead of {want}")


n, m = statistics["@pbits"], statistics["@couplings"]
count, chains, row = samples["spins"]["shape"]
bits = samples["spins"]["values"]
states = [[bits[k * row + i // 8] >> i % 8 & 1 for i in range(n)] for k in range(count * chains)]
pairs = list(zip(statistics["coupling_i"]["values"], statistics["coupling_j"]["values"]))
lines = [line.split() for line in open("g.mtx") if line[0] != "%"][1:]
same("couplings", pairs, sorted((int(b) - 1, int(a) - 1) if int(b) < int(a) else (int(a) - 1, int(b) - 1) for a, b, _ in lines))
up = [sum(s[i] for s in states) for i in range(n)]
agree = [sum(s[a] == s[b] for s in states) for a, b in pairs]
same("up_counts", statistics["up_counts"]["values"], up)
same("agree_counts", statistics["agree_counts"]["values"], agree)
same("counted", [statistics["@counted"], j["counted"]], [len(states)] * 2)
same("counted_on", statistics["@counted_on"], j["counted_on"])
means, correlations = ([2 * c / len(states) - 1 for c in counts] for counts in (up, agree))
for got in (statistics["magnetization"]["values"], j["magnetization"], plain["magnetization"]):
    same("magnetization", got, means)
for got in (statistics["correlations"]["values"], j["correlations"]):
    same("correlations", got, correlations)
for got in (statistics["@mean_energy"], j["mean_energy"]):
    if abs(got - plain["mean_energy"]) > 1e-9 * abs(got):
        sys.exit(f"mean_energy: {got} instead of {plain['mean_energy']}")
# of samples one by one: themselves, the best, the certificate
OF_SAMPLES = "spins|energies|best_spins|@(best_energy|mean_energy_stderr|certificate|beta_|energy_|magnetization_|frozen|chain_corr|total_var|exact_en|doubts)"
own = {"@counted", "@counted_on", "up_counts", "agree_counts", "correlations", "coupling_i", "coupling_j"}
same("items", {*statistics} - own, {i for i in samples if not re.match(OF_SAMPLES, i)})
same("keys", {*j} - {"counted", "counted_on", "correlations"}, {*plain})
