# Fixes the array's memories (DP16KD) of an 85F (LFE5U, LFE5UM and LFE5UM5G are one die) by groups, so that a group's tiles come to lie
# together: left to itself the placer scatters them, and then what goes to a whole group (the load chain above all) crosses the die. The
# device has four rows of 52 memories, 28 left of its middle and 24 right of it. Eight groups get half a row each, four groups a row, from
# the edges inwards; what remains in the middle is for the network's and the control's memories. The ROM of the noise tables gets the middle
# of the row that is next to the multipliers, because it has no output register. Other arrays, and any array on another device, pass unchanged.
# Usage: awk -v part=LFE5U-85F -v file=flat.json -f floorplan.awk flat.json > out.json (flat: one module). SPDX-License-Identifier: Apache-2.0
function plain(line) {
    gsub(/^ *"|": \{$/, "", line)
    return line
}
function group_of(name,  s) {
    if (!match(name, /u_array\.g_group\[[0-9]+\]/)) return -1
    s = substr(name, RSTART, RLENGTH)
    gsub(/.*\[|\]/, "", s)
    return s + 0
}
# a memory's place in the order of its group: by tile
function order_of(name,  s, n) {
    match(name, /u_group\.g_(tile|pair|col)\[[0-9]+\]/)
    s = substr(name, RSTART, RLENGTH)
    n = s
    gsub(/.*\[|\]/, "", n)
    if (s ~ /g_tile/) return n
    if (s ~ /g_pair/) return 2 * n + 0.5
    return 4 * n + 1.5
}
# site of number i of a half row, from the edge inwards: its BEL
function site(row, side, i,  k, block, x) {
    k = side ? 51 - i : i
    block = int(k / 4)
    x = 4 + 9 * block + 2 * (k % 4) + (k >= 28 ? 2 : 0)
    return "X" x "/Y" y[row] "/EBR" (k % 4)
}
BEGIN {
    split("22 46 70 82", list, " ")
    for (i = 1; i <= 4; i++) y[i - 1] = list[i]
    while ((getline line < file) > 0) {
        if (line ~ /": \{$/) opened = line
        if (line ~ /"type": "DP16KD"/ && plain(opened) ~ /u_beta\.rom/) rom = plain(opened)
        if (line ~ /"type": "DP16KD"/ && (g = group_of(name = plain(opened))) >= 0) {
            n = count[g]++
            names[g, n] = name
            if (g >= groups) groups = g + 1
        }
    }
    close(file)
    known = part ~ /^LFE5U(M|M5G)?-85F$/
    fits = known && (groups == 8 || groups == 4)
    for (g = 0; g < groups; g++) if (count[g] > (groups == 8 ? 24 : 48)) fits = 0
    if (fits && rom) bel[rom] = site(0, 0, 24)
    for (g = 0; fits && g < groups; g++) {
        # insertion sort by order
        for (i = 1; i < count[g]; i++) {
            v = names[g, i]
            for (j = i - 1; j >= 0 && order_of(names[g, j]) > order_of(v); j--) names[g, j + 1] = names[g, j]
            names[g, j + 1] = v
        }
        half = int((count[g] + 1) / 2)
        for (i = 0; i < count[g]; i++)
            if (groups == 8) bel[names[g, i]] = site(int(g / 2), g % 2, i)
            else bel[names[g, i]] = i < half ? site(g, 0, i) : site(g, 1, count[g] - 1 - i)
    }
}
/"type": "/ { name = plain(opened) }
/": \{$/ { opened = $0 }
{ print }
(name in bel) && /^ *"attributes": \{$/ { print "            \"BEL\": \"" bel[name] "\","; placed++ }
END {
    if (known) print "floorplan: " placed + 0 " memories fixed, of " groups + 0 " groups and of the noise ROM" > "/dev/stderr"
    else print "floorplan: no coordinates of " (part ? part : "an unnamed part") ", nothing fixed" > "/dev/stderr"
}
