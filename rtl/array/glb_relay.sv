// One register more: for what goes to all groups in one clock (the array has a relay for every four groups, so that no wire crosses the
// die in one clock) and for load data (one for four tiles). A module of its own because synthesis merges equal registers of one.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

(* keep_hierarchy *)
module glb_relay #(
  parameter WIDTH = 8
) (
  input  wire             clk,
  input  wire [WIDTH-1:0] d,
  output wire [WIDTH-1:0] q
);
  reg [WIDTH-1:0] data_q;
  always_ff @(posedge clk) data_q <= d;
  assign q = data_q;
endmodule

`default_nettype wire
