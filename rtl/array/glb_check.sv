// Refuses parameters that the array cannot have (docs/design/array.md, section 1) when the design is elaborated. Icarus has no $error
// there, so in it the simulation ends at once. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"
`ifdef __ICARUS__
`define GLB_REFUSE(text) initial $fatal(1, text);
`else
`define GLB_REFUSE(text) $error(text);
`endif

module glb_check #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS
) ();
  if (TILES < 4 || TILES > 128 || (TILES & (TILES - 1)) != 0) begin : g_tiles
    `GLB_REFUSE("TILES must be a power of two from 4 to 128")
  end
  if (LANES != 1 && LANES != 2 && LANES != 4) begin : g_lanes
    `GLB_REFUSE("LANES must be 1, 2 or 4")
  end
  if (CHAINS != 4 && CHAINS != 8 && CHAINS != 16) begin : g_chains
    `GLB_REFUSE("CHAINS must be 4, 8 or 16")
  end
  if (JW < 4 || JW > 8) begin : g_jw
    `GLB_REFUSE("JW must be 4 to 8")
  end
  if (ACC < 10 || ACC > (LANES == 4 ? 14 : 12)) begin : g_acc
    `GLB_REFUSE("ACC must be 10 to 12, with four lanes 10 to 14")
  end
  // the widest fields of a CTRL's payload: bias, dbl, clr, we, nz, lane
  if (ACC + 3 + LW > PW) begin : g_ctrl
    `GLB_REFUSE("a CTRL of ACC + 3 + log2(LANES) bits must fit the payload of max(16, LANES * JW) bits")
  end
  if (GW < 1 || GW > 8) begin : g_gw
    `GLB_REFUSE("GW must be 1 to 8")
  end
  if (SDEPTH < 2 || SDEPTH > 65535) begin : g_sdepth
    `GLB_REFUSE("SDEPTH must be 2 to 65535")
  end
  // a segment's c_start has three flags above the entry's number
  if (CDEPTH < 2 || CDEPTH > 8192) begin : g_cdepth
    `GLB_REFUSE("CDEPTH must be 2 to 8192")
  end
endmodule

`default_nettype wire
