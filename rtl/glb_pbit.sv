// The p-bit units of a lane, one a chain: acc <= clr ? 0 : acc + (dbl ? acc : m ? j : 0); the sum's sign goes out at once.
// With GLB_ECP5 a unit is ACC/2 + 1 CCU2C and ACC flip-flops. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_pbit #(
  parameter CHAINS = 16,
  parameter ACC    = 12
) (
  input  wire              clk,
  input  wire [ACC-1:0]    j,     // addend of all chains
  input  wire [CHAINS-1:0] m,     // the chains that add it
  input  wire              dbl,   // all chains double instead
  input  wire              clr,   // accumulators are 0 afterwards
  output wire [CHAINS-1:0] sign   // sign bits of the sums (combinational)
);
`ifdef GLB_ECP5
  // half 0 only makes carry 0; halves 1..ACC are bits: propagate = dbl ? 0 : A ^ (B & C), generate = A (seen when B & C is 1 or dbl is 1)
  localparam HALVES = (ACC + 2) / 2 * 2;
  wire [HALVES-1:0] b = HALVES'({j, 1'b0});
  for (genvar r = 0; r < CHAINS; r = r + 1) begin : g_unit
    wire [ACC-1:0]    acc;
    wire [HALVES-1:0] a = HALVES'({acc, 1'b0});
    wire [HALVES-1:0] s;
    wire [HALVES/2:0] carry;
    assign carry[0] = 1'bx;
    for (genvar i = 0; i < HALVES / 2; i = i + 1) begin : g_ccu
      CCU2C #(
        .INIT0(i == 0 ? 16'h0000 : 16'h006a), .INIT1(16'h006a), .INJECT1_0("NO"), .INJECT1_1("NO")
      ) u_ccu (
        .CIN(carry[i]), .COUT(carry[i+1]),
        .A0(a[2*i]), .B0(b[2*i]), .C0(i != 0 & m[r]), .D0(i != 0 & dbl), .S0(s[2*i]),
        .A1(a[2*i+1]), .B1(b[2*i+1]), .C1(m[r]), .D1(dbl), .S1(s[2*i+1])
      );
    end
    for (genvar i = 0; i < ACC; i = i + 1) begin : g_ff
      TRELLIS_FF #(
        .GSR("DISABLED"), .CEMUX("1"), .CLKMUX("CLK"), .LSRMUX("LSR"), .SRMODE("LSR_OVER_CE"), .REGSET("RESET")
      ) u_ff (.CLK(clk), .LSR(clr), .CE(1'b1), .DI(s[i+1]), .M(1'b0), .Q(acc[i]));
    end
    assign sign[r] = s[ACC];
  end
`else
  reg  [ACC-1:0] acc_q [0:CHAINS-1];
  reg  [ACC-1:0] sum [0:CHAINS-1];
  reg  [CHAINS-1:0] msb;
  assign sign = msb;
  always_comb
    for (integer r = 0; r < CHAINS; r = r + 1) begin
      sum[r] = acc_q[r] + (dbl ? acc_q[r] : j & {ACC{m[r]}});
      msb[r] = sum[r][ACC-1];
    end
  always_ff @(posedge clk)
    for (integer r = 0; r < CHAINS; r = r + 1)
      acc_q[r] <= clr ? {ACC{1'b0}} : sum[r];
`endif
endmodule

`default_nettype wire
