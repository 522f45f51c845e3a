# Rows of place and route (one JSON object a line) and the graphs' figures (array, graph, flips per cycle, clocks, couplings) to
# ecp5.json and Markdown tables. SPDX-License-Identifier: Apache-2.0
function value(key,    s) {
    s = $0
    if (!match(s, "\"" key "\": \"?[^,\"}]*")) return ""
    s = substr(s, RSTART, RLENGTH)
    sub("^\"" key "\": \"?", "", s)
    return s
}
BEGIN {
    while ((getline text < graphs) > 0) {
        split(text, f, " ")
        n = ++count[f[1]]
        graph[f[1], n] = f[2]
        flips[f[1], n] = f[3]
        clocks[f[1], n] = f[4]
        coupled[f[1], n] = f[5]
    }
    print "["
}
{
    array = value("array")
    mhz = value("fmax_mhz")
    key = value("board") SUBSEP array
    lut = value("lut4")
    places = places sprintf("| %s | %s speed %s | %s | %d x %d x %d = %d | %d | %d | %d | %d | %d | %.1f | %.1f | %s |\n", value("board"),
        value("device"), value("speed"), array, value("tiles"), value("lanes"), value("chains"), value("units"), lut, value("ff"),
        value("ebr"), value("dsp"), value("seed"), value("asked_mhz"), mhz, value("revision"))
    if (value("usb_mhz") != "")
        usb = usb sprintf("| %s | %s | %d | %s | %s | %.1f | %s | %s |\n", value("board"), array, value("units"), value("seed"),
            value("usb_io_mhz") == "" ? "high" : "full", mhz,
            value("usb_io_mhz") == "" ? sprintf("%.1f of 60", value("usb_mhz")) : sprintf("%.1f of 12, %.1f of 48", value("usb_mhz"), value("usb_io_mhz")),
            value("pins_in_ns") == "" ? "" : sprintf("%.1f in, %.1f out", value("pins_in_ns"), value("pins_out_ns")))
    if (!(key in best) || mhz > best[key]) {
        best[key] = mhz
        luts[key] = lut
        chains[key] = value("chains")
    }
    base = $0
    sub(/, "asked_mhz": [^,]*/, "", base)
    sub(/\}[ \t]*$/, "", base)
    if (!count[array]) objects[++objs] = base ", \"graph\": null, \"flips_per_cycle\": null, \"flips_per_ns\": null}"
    for (i = 1; i <= count[array]; i++)
        objects[++objs] = sprintf("%s, \"graph\": \"%s\", \"flips_per_cycle\": %.3f, \"flips_per_ns\": %.3f}", base, graph[array, i],
            flips[array, i], flips[array, i] * mhz / 1000)
}
END {
    for (i = 1; i <= objs; i++) print objects[i] (i < objs ? "," : "")
    print "]"
    print ""
    print "| board | device | array | tiles x lanes x chains | logic cells | FF | EBR | DSP | seed | MHz asked | MHz routed | revision |"
    print "|---|---|---|---|---|---|---|---|---|---|---|---|"
    printf "%s", places
    print ""
    print "| board | array | best MHz | graph | clocks a sweep | flips a clock | flips/ns | coupling updates/ns | flips/ns per million LUT4 |"
    print "|---|---|---|---|---|---|---|---|---|"
    for (k in best) {
        split(k, f, SUBSEP)
        for (i = 1; i <= count[f[2]]; i++) {
            a = f[2]
            out[++lines] = sprintf("| %s | %s | %.1f | %s | %d | %.2f | **%.2f** | %.0f | %.0f |", f[1], a, best[k], graph[a, i], clocks[a, i],
                flips[a, i], flips[a, i] * best[k] / 1000, 2 * coupled[a, i] * chains[k] / clocks[a, i] * best[k] / 1000,
                flips[a, i] * best[k] / 1000 / (luts[k] / 1e6))
        }
    }
    # sorted, because the order of an awk array is nobody's
    for (i = 2; i <= lines; i++) {
        t = out[i]
        for (j = i - 1; j >= 1 && out[j] > t; j--) out[j + 1] = out[j]
        out[j + 1] = t
    }
    for (i = 1; i <= lines; i++) print out[i]
    if (usb != "") {
        print ""
        print "| USB with the array | array | units | seed | speed | array MHz | USB clocks, MHz routed of MHz needed | ULPI pins to and from flip-flops, ns |"
        print "|---|---|---|---|---|---|---|---|"
        printf "%s", usb
    }
}
