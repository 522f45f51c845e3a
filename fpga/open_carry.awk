# Opens both ends of the p-bit units' carry chains in a Yosys JSON netlist. The first half of a unit's first CCU2C ignores the carry
# (INIT0 = 0) and its last COUT drives nothing, but nextpnr adds a CCU2C at either end unless the ports read "x" (unconnected),
# which Yosys cannot be made to write. Usage: awk -f open_carry.awk in.json > out.json. SPDX-License-Identifier: Apache-2.0
/"type": "/ { carry = /"CCU2C"/; first = last = 0 }
carry && /"INIT0": "0000000000000000"/ { first = 1 }
carry && /"INIT1": "1111110010100000"/ { last = 1 }  # glb_pbit.sv's multiplexer, always in the last half
first && /"CIN": \[ "[0x]" \]/ { sub(/"[0x]" \]/, "\"x\" ]"); opened++ }
last && /"COUT": \[ [0-9]+ \]/ { sub(/\[ [0-9]+ \]/, "[ \"x\" ]"); closed++ }
{ print }
END { print "open_carry: " opened + 0 " chain starts, " closed + 0 " chain ends" > "/dev/stderr" }
