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
  reg [WIDTH-1:0] d_q [0:CLOCKS-1];
  always_ff @(posedge clk) begin
    d_q[0] <= d;
    for (integer i = 1; i < CLOCKS; i = i + 1)
      d_q[i] <= d_q[i-1];
  end
  assign q = d_q[CLOCKS-1];
endmodule

`default_nettype wire
