"""A second computation of what `glauber compile --json` says, from the graph file, the report for people and the program file.
Usage: compile.py GRAPH BIAS|- SIGN PROGRAM.json JSON REPORT [KEY=VALUE...]: SIGN * numbers are J. SPDX-License-Identifier: Apache-2.0
"""
import json
import math
import re
import sys

graph, bias, sign, program, line, report = sys.argv[1:7]
known = {k: int(v) for k, v in (a.split("=") for a in sys.argv[7:])}
p = json.load(open(program))
j = json.loads(open(line).read().strip().split("\n")[-1])
text = open(report).read()


def numbers(path):
    return [l.split() for l in open(path) if l.strip() and l[0] not in "%#"]


def check(**wants):
    for key, want in wants.items():
        if not math.isclose(j[key], want, rel_tol=1e-9, abs_tol=1e-12):
            sys.exit(f"{key}: {j[key]} instead of {want}")


rows = numbers(graph)
n = int(rows[0][0])
edges = sorted((min(int(r[0]), int(r[1])) - 1, max(int(r[0]), int(r[1])) - 1, int(sign) * float(r[2])) for r in rows[1:])
h = [float(r[0]) for r in numbers(bias)[1:]] if bias != "-" else [0] * n
_, tiles, lanes, chains, bits, acc, _, _, _, pbits, couplings, copies, colours, segments, clocks, entries = p["header"]["values"]
assert (tiles, lanes, chains, bits, acc) == (16, 2, 16, 8, 12), p["header"]
assert bytes(p["array"]["values"]).decode() == j["array"] == "small"
assert (n, len(edges), colours) == (pbits, couplings, j["colours"]), p["header"]
check(pbits=n, couplings=len(edges), schedule_used=clocks, coupling_used=entries, clocks=clocks + j["lost_drain"])
check(sums=0, sum_entries=0, count_clocks=0, **known)

# ---- work, as the report for people has it ----
work = re.search(r"(\d+) reads \((\d+) shared\), (\d+) noise words, (\d+) closes, (\d+) exports", text)
reads, shared, noise, closes, exports = map(int, work.groups())
uses = p["counts"]["values"][0]  # of couplings; digits of a hub's partial sums are reads, too
assert uses == 2 * len(edges) * copies <= reads
refs = [tuple(p["reads"]["values"][k:k + 5]) for k in range(0, 5 * uses, 5)]
words = {(tile, entry) for _, _, tile, _, entry in refs}  # lanes that read at the same time share one
if j["hubs"] == 0:
    assert (reads, noise, closes, exports) == (uses, 16 * n * copies, n * copies, 0), work.group()
    assert shared == reads - len(words), (shared, len(words))
    check(bound_port=(len(words) + closes) / tiles)
check(reads=reads, shared_reads=shared, bound_lane=(reads + noise + closes + exports) / (tiles * lanes), bound_noise=noise / tiles)
bound = max(j["bound_lane"], j["bound_noise"], j["bound_port"])
check(bound=bound, efficiency=bound / j["clocks"], flips_per_cycle=n * copies * chains / j["clocks"],
      lost_conflict=j["clocks"] - int(bound + 0.5) - j["lost_drain"] - j["lost_tail"])
assert j["lost_drain"] == segments * 12 and 0 <= j["lost_tail"] < j["clocks"]

# ---- quantisation, from the weights of the file ----
u, weight, qbias = p["u"]["values"][0], p["weight"]["values"], p["qbias"]["values"]
errors = [J - w * u / 2 for (_, _, J), w in zip(edges, weight)]
check(u=u, j_rms_error=math.sqrt(sum(e * e for e in errors) / len(errors)), j_max_error=max(map(abs, errors)), field_limit=(2 ** (acc - 2) - 1) * u)
assert all(abs(e) <= u / 2 * (1 + 1e-9) for e in errors), "not the weights beside it"
check(couplings_nonzero=sum(J != 0 for _, _, J in edges), couplings_zeroed=sum(J != 0 == w for (_, _, J), w in zip(edges, weight)))
around = [[w for (a, b, _), w in zip(edges, weight) if i in (a, b)] for i in range(n)]
biases = [abs(h[i] - (qbias[i] + sum(around[i]) / 2) * u) for i in range(n)]
check(h_max_error=max(biases))
assert max((b for b, bias in zip(biases, h) if bias == 0), default=0) == 0, "a bias that the graph does not have"
check(field_error=max(math.sqrt(b * b + sum(e * e for (i, j, _), e in zip(edges, errors) if k in (i, j))) for k, b in enumerate(biases)))
fields = [max(abs(qbias[i] + sum(w for w in around[i] if w < 0)), abs(qbias[i] + sum(w for w in around[i] if w > 0))) for i in range(n)]
if j["range_is_worst_case"]:
    check(field_max=max(fields) * u)
    assert j["field_max"] <= j["field_limit"]
else:
    assert max(fields) * u > j["field_limit"] > j["field_max"]
assert 0 < j["seconds"] < 100 and int(j["graph_hash"], 16) == p["graph_hash"]["values"][0]
assert {*j} == set("pbits couplings colours array clocks bound bound_lane bound_noise bound_port efficiency lost_drain lost_tail lost_conflict schedule_used"
                   " coupling_used sums sum_entries count_clocks hubs reads shared_reads flips_per_cycle u j_rms_error j_max_error h_max_error couplings_nonzero"
                   " couplings_zeroed field_error precise_beta couplings_cut entries_added helpers field_max field_limit"
                   " range_is_worst_case seconds graph_hash version".split())
for shown in (f"colours {j['colours']}, largest degree {max(map(len, around))}, hubs {j['hubs']}\n", f"clocks {j['clocks']}, efficiency {100 * j['efficiency']:.1f} %",
              f"bounds: lanes {j['bound_lane']:.1f}, noise {j['bound_noise']:.1f}, ports {j['bound_port']:.1f} clocks", f"u {u:.6g},",
              f"rounded to 0: {j['couplings_zeroed']} of {j['couplings_nonzero']} couplings; field error of a p-bit: largest {j['field_error']:.3g}\n",
              f"lost: drain {j['lost_drain']}, tail {j['lost_tail']}, conflicts and waiting {j['lost_conflict']}\n"):
    assert shown in text, shown
