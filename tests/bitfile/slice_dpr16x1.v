// One LUT of a slice as a memory of 16 bits: read at A .. D as a LUT, written at WAD, of which bits 0 to 3 are D, B, C, A of the slice
// that writes. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module SLICE_DPR16X1 (
  input  wire A, B, C, D, WCK, WRE, WD, WAD0, WAD1, WAD2, WAD3,
  output wire Z
);
  parameter [15:0] INIT = 16'd0;
  parameter INVERT_WRE = 0;
  parameter INVERT_WCK = 0;
  reg [15:0] mem = INIT;
  wire clk = INVERT_WCK ? ~WCK : WCK;
  wire we = INVERT_WRE ? ~WRE : WRE;
  always @(posedge clk) if (we) mem[{WAD0, WAD2, WAD1, WAD3}] <= WD;
  assign Z = mem[{D, C, B, A}];
endmodule

`default_nettype wire
