# JSON lines of bench/peers/run.sh -> docs/results/peers.md. SPDX-License-Identifier: Apache-2.0

function strip(s) {
    sub(/^"[^"]*": *"?/, "", s)
    sub(/"$/, "", s)
    return s
}
function text(key) {
    return match($0, "\"" key "\": *\"[^\"]*\"") ? strip(substr($0, RSTART, RLENGTH)) : ""
}
function number(key) {
    return match($0, "\"" key "\": *[-0-9.e+]+") ? strip(substr($0, RSTART, RLENGTH)) + 0 : ""
}
{
    row = text("graph") SUBSEP number("chains")
    if (!(row in seen)) {
        seen[row] = ++count
        order[count] = row
    }
    pbits[row] = number("pbits")
    degree[row] = 2 * number("couplings") / number("pbits")
    cores = number("threads") == 1 ? 1 : "all"
    rate[row, text("system"), cores] = number("flips_per_ns")
    energy[row, text("system")] = number("mean_energy")
    version[text("system")] = text("version")
}
function cell(row, who,    one, all, base) {
    one = rate[row, who, 1]
    all = rate[row, who, "all"]
    base = rate[row, "glauber emu", 1]
    if (one == "")
        return "-"
    return sprintf("%.3g", one) (all == "" || load > cores_here ? "" : sprintf(" / %.3g", all)) \
        (who == "glauber emu" ? sprintf(" (%.3g)", one * degree[row]) : base ? sprintf(" (%.3g x)", base / one) : "")
}
END {
    print "# The emulator next to dwave-samplers and thrml"
    print ""
    print "Written by `bench/peers/run.sh` (after `make`): all three on the same graphs, one after the other, on this machine:"
    printf "%s, %d cores. dwave-samplers %s, thrml %s, emulator %s.\n", cpu, cores_here, version["dwave-samplers"], version["thrml"],
        version["glauber emu"]
    print ""
    if (load > cores_here) {
        printf "Other work ran on the machine (load average %.1f): rates of all cores are omitted; rates of one core use CPU time.\n", load
        print ""
    }
    print "p-bit updates per ns, one core" (load > cores_here ? "" : " / all cores") ". In brackets: for the emulator, coupling updates per ns on one"
    print "core; for the others, how many times faster the emulator is on one core. Couplings +-1, beta 1, random start, the fastest of three runs."
    print ""
    print "| graph | p-bits | mean degree | chains | glauber, emulator | dwave-samplers | thrml | mean energy, in this order |"
    print "|---|---|---|---|---|---|---|---|"
    for (k = 1; k <= count; k++) {
        r = order[k]
        split(r, part, SUBSEP)
        printf "| %s | %d | %.1f | %d | %s | %s | %s | %d, %d, %d |\n", part[1], pbits[r], degree[r], part[2], cell(r, "glauber emu"),
            cell(r, "dwave-samplers"), cell(r, "thrml"), energy[r, "glauber emu"], energy[r, "dwave-samplers"], energy[r, "thrml"]
    }
    print ""
    print "- dwave-samplers: `SimulatedAnnealingSampler`, `proposal_acceptance_criteria='Gibbs'`, sequential order; its core is single-threaded"
    print "  C++, so all cores means chains divided between threads. Time: the sampling time that it reports."
    print "- thrml: block Gibbs, one block a colour (greedy), `jax.vmap` over chains, JAX on the CPU; compilation is not counted."
    print "- emulator: `bench/peers/emu_gibbs.c`, array ulx3s-85 (pegasus14) or big (regular41), 16 chains a board. It is built for many boards: 1"
    print "  to 512 chains take the same time, and with fewer than 16 only those asked for are counted."
    print "- One core: pinned to it, XLA without its thread pool; CPU time. All cores: wall time."
    print "- One beta: the cost of dwave-samplers is in accepted flips, so it is 2 times slower at beta 0.2 than at 1; the others are not."
    print ""
    print "Before they are timed, both peers sample a frustrated graph of 12 p-bits with biases, 20,000 independent chains of 200 sweeps; their"
    print "mean energy must be within 4 sigma of enumeration:"
    print ""
    while ((getline line < checks) > 0)
        print "    " line
}
