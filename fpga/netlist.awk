# Makes of Yosys' JSON netlist one that nextpnr packs well, what the p-bit units' cells cannot say themselves:
# - Both ends of a unit's carry chain are opened. The first half of its first CCU2C ignores the carry (INIT0 = 0) and its last COUT
#   drives nothing, but nextpnr adds a CCU2C at either end unless the ports read "x" (unconnected), which Yosys does not write.
# - The mask's flip-flop (u_m) is fed through M, not DI. Fed by the chain's last half through DI nextpnr packs it into the chain, where
#   its LSR differs from the accumulator's; a PFU has one, so the accumulator's upper bits lose their places instead.
# Usage: awk -f netlist.awk in.json > out.json. SPDX-License-Identifier: Apache-2.0
/": \{$/ { cell = $1 }
/"type": "/ { carry = /"CCU2C"/; mask = /"TRELLIS_FF"/ && cell ~ /\.u_m":$/; first = last = 0 }
carry && /"INIT0": "0000000000000000"/ { first = 1 }
carry && /"INIT1": "1111110010100000"/ { last = 1 }  # glb_pbit.sv's multiplexer, always in the last half
first && /"CIN": \[ "[0x]" \]/ { sub(/"[0x]" \]/, "\"x\" ]"); opened++ }
last && /"COUT": \[ [0-9]+ \]/ { sub(/\[ [0-9]+ \]/, "[ \"x\" ]"); closed++ }
mask && /"DI": \[ [0-9]+ \]/ { sub(/"DI"/, "\"M\""); masks++ }
mask && /"DI": "input"/ { sub(/"DI"/, "\"M\"") }
{ print }
END { print "netlist: " opened + 0 " chain starts, " closed + 0 " chain ends, " masks + 0 " masks" > "/dev/stderr" }
