// Counter with load: q <= load ? value : q + en. With GLB_ECP5 the load multiplexer sits in the carry chain.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_counter #(
  parameter WIDTH = 10
) (
  input  wire             clk,
  input  wire             load,   // wins over en
  input  wire [WIDTH-1:0] value,
  input  wire             en,
  output wire [WIDTH-1:0] q
);
  reg [WIDTH-1:0] q_q;
  assign q = q_q;
`ifdef GLB_ECP5
  // half 0 makes the carry (generate = A & ~B), halves 1..WIDTH are bits: propagate = load ? B : A, generate = 0
  localparam HALVES = (WIDTH + 2) / 2 * 2;
  wire [HALVES-1:0] a = HALVES'({q_q, en});
  wire [HALVES-1:0] b = HALVES'({value, load});
  wire [HALVES-1:0] s;
  wire [HALVES/2:0] carry;
  assign carry[0] = 1'bx;
  for (genvar i = 0; i < HALVES / 2; i = i + 1) begin : g_ccu
    CCU2C #(
      .INIT0(i == 0 ? 16'h0002 : 16'hca00), .INIT1(16'hca00), .INJECT1_0("NO"), .INJECT1_1("NO")
    ) u_ccu (
      .CIN(carry[i]), .COUT(carry[i+1]),
      .A0(a[2*i]), .B0(b[2*i]), .C0(load), .D0(1'b1), .S0(s[2*i]),
      .A1(a[2*i+1]), .B1(b[2*i+1]), .C1(load), .D1(1'b1), .S1(s[2*i+1])
    );
  end
  always_ff @(posedge clk) q_q <= s[WIDTH:1];
`else
  always_ff @(posedge clk) q_q <= load ? value : q_q + WIDTH'(en);
`endif
endmodule

`default_nettype wire
