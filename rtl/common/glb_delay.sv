// Delay line. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_delay #(
  parameter WIDTH  = 1,
  parameter CLOCKS = 1
) (
  input  wire             clk,
  input  wire [WIDTH-1:0] d,
  output wire [WIDTH-1:0] q  // d, CLOCKS clocks ago
);
  reg [WIDTH*CLOCKS-1:0] d_q;
  always_ff @(posedge clk) d_q <= (WIDTH*CLOCKS)'({d_q, d});
  assign q = d_q[WIDTH*(CLOCKS-1) +: WIDTH];
endmodule

`default_nettype wire
