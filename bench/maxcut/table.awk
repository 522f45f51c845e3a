# JSON lines of bench/maxcut/run.sh -> docs/results/maxcut.md. SPDX-License-Identifier: Apache-2.0

function text(key) {
    return match($0, "\"" key "\": *\"[^\"]*\"") ? strip(substr($0, RSTART, RLENGTH)) : ""
}
function strip(s) {
    sub(/^"[^"]*": *"/, "", s)
    sub(/"$/, "", s)
    return s
}
function number(key,    s) {
    if (!match($0, "\"" key "\": *[-0-9.e+]+"))
        return ""
    s = substr($0, RSTART, RLENGTH)
    sub(/^"[^"]*": */, "", s)
    return s + 0
}
BEGIN {
    # Best cuts of the literature; they are of these very graphs (see below)
    known["G1"] = 11624
    known["G22"] = 13359
    known["G43"] = 6660
}
{
    key = number("sweeps") SUBSEP text("graph")
    if (!(key in rows)) {
        rows[key] = ++count
        order[count] = key
    }
    pbits[key] = number("pbits")
    couplings[key] = number("couplings")
    updates[key] = number("pbits") * number("chains") * number("sweeps")
    if (number("chains") != chains) {
        print "table.awk: " text("graph") ": chains differ" > "/dev/stderr"
        exit 1
    }
    run = text("system") SUBSEP key
    cut = number("best_cut")
    if (!(run in runs) || cut > best[run])
        best[run] = cut
    runs[run]++
    sum[run] += number("mean_cut") != "" ? number("mean_cut") : -number("mean_energy") # of a max-cut run: minus the cut
    if (!(text("graph") in top) || cut > top[text("graph")])
        top[text("graph")] = cut
}
function cell(who, key,    run) {
    run = who SUBSEP key
    return sprintf("%d / %.2f", best[run], sum[run] / runs[run])
}
END {
    print "# Max-cut and 3D +-J spin glasses"
    print ""
    print "Written by `bench/maxcut/run.sh` (after `make` and `bench/peers/run.sh`)."
    print ""
    printf "Every cell: best cut / mean cut of %d runs (seeds 1 to %d) of %d chains, final states only. Beta rises linearly from 0.1 to 3\n", seeds, seeds, chains
    print "in 250 steps (couplings of 1). All columns have the same schedule and chains, so the same number of p-bit updates. The emulator"
    print "(array ulx3s-85) does heat-bath updates, as the column Gibbs does; for rates see peers.md."
    print ""
    print "| graph | p-bits | couplings | sweeps | updates a run | best known | glauber, emulator | dwave-samplers, Gibbs | dwave-samplers, Metropolis |"
    print "|---|---|---|---|---|---|---|---|---|"
    for (k = 1; k <= count; k++) {
        split(order[k], part, SUBSEP)
        g = part[2]
        printf "| %s | %d | %d | %d | %.3g | %s | %s | %s | %s |\n", g, pbits[order[k]], couplings[order[k]], part[1], updates[order[k]],
            g in known ? known[g] : "-", cell("glauber emu", order[k]), cell("dwave-samplers Gibbs", order[k]),
            cell("dwave-samplers Metropolis", order[k])
    }
    print ""
    print "G1, G22, G43 are `glauber graph gset name=1|22|43`: the published parameters of the generator rudy (`rnd_graph` of 800, 2000,"
    print "1000 nodes and density 6, 1, 2 %; seeds 8001, 20001, 10001), whose random numbers the generator follows draw for draw. They equal"
    print "the published files edge for edge (tests/unit/graph/test_graph_rudy.c keeps hashes of those). Best known: bench/maxcut/best_known.csv,"
    print "which names its sources."
    print ""
    print "torus3d-10 and -12 are `glauber graph rudy kind=spinglass3pm,rows=10|12,density=50,seed=1`: periodic cubic lattices with as many"
    print "couplings of +1 as of -1. Their optimum is not known; the energy is minus twice the cut. Best of all runs above:"
    printf "torus3d-10: cut %d, energy per p-bit %.4f; torus3d-12: cut %d, energy per p-bit %.4f.\n",
        top["torus3d-10"], -2 * top["torus3d-10"] / 1000, top["torus3d-12"], -2 * top["torus3d-12"] / 1728
}
