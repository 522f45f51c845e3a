// Where modules and headers lie, for Verilator: -F rtl/rtl.f. SPDX-License-Identifier: Apache-2.0
+incdir+.
-y .
-y array
-y sequencer
-y host_port
-y common
