// The p-bit units of a lane, one a chain: acc <= clr ? 0 : acc + (dbl ? acc : m ? j : 0), m as k chose a clock before; the sum's
// sign goes out at once. With GLB_ECP5 a unit is ACC/2 + 1 CCU2C and ACC + 1 flip-flops. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_pbit #(
  parameter CHAINS = 16,
  parameter ACC    = 12
) (
  input  wire              clk,
  // a clock ahead: which chains add
  input  wire [1:0]        k,     // 0 none, 1 those of arrived, 2 those of nc, 3 all
  input  wire [CHAINS-1:0] arrived,
  input  wire [CHAINS-1:0] nc,
  // addend and commands
  input  wire [ACC-1:0]    j,
  input  wire              dbl,   // all chains double instead
  input  wire              clr,   // accumulators are 0 afterwards
  output wire [CHAINS-1:0] sign   // sign bits of the sums (combinational)
);
`ifdef GLB_ECP5
  wire [CHAINS-1:0] m_q;
  // Half 0 only makes carry 0. Halves 1 .. ACC are the bits: propagate = dbl ? 0 : A ^ (B & C), generate = A (which counts when
  // propagate is 0, that is, when dbl or A = B & C). A last half, if there is one, is m's multiplexer.
  localparam HALVES = (ACC + 2) / 2 * 2;
  localparam SPARE  = HALVES > ACC + 1 ? 1 : 0;
  for (genvar r = 0; r < CHAINS; r = r + 1) begin : g_unit
    wire [ACC-1:0]    acc;
    wire [HALVES:0]   a, b, c, d;
    wire [HALVES-1:0] s;
    wire [HALVES/2:0] carry;
    assign a = (HALVES + 1)'({arrived[r], acc, 1'b0});
    assign b = (HALVES + 1)'({nc[r], j, 1'b0});
    assign c = (HALVES + 1)'({k[0], {ACC{m_q[r]}}, 1'b0});
    assign d = (HALVES + 1)'({k[1], {ACC{dbl}}, 1'b0});
    assign carry[0] = 1'bx;
    for (genvar i = 0; i < HALVES / 2; i = i + 1) begin : g_ccu
      localparam MUX = SPARE != 0 && i == HALVES / 2 - 1;
      CCU2C #(
        .INIT0(i == 0 ? 16'h0000 : 16'h006a), .INIT1(MUX ? 16'hfca0 : 16'h006a),
        .INJECT1_0("NO"), .INJECT1_1(MUX ? "YES" : "NO")
      ) u_ccu (
        .CIN(carry[i]), .COUT(carry[i+1]),
        .A0(a[2*i]), .B0(b[2*i]), .C0(c[2*i]), .D0(d[2*i]), .S0(s[2*i]),
        .A1(a[2*i+1]), .B1(b[2*i+1]), .C1(c[2*i+1]), .D1(d[2*i+1]), .S1(s[2*i+1])
      );
    end
    for (genvar i = 0; i < ACC; i = i + 1) begin : g_ff
      TRELLIS_FF #(
        .GSR("DISABLED"), .CEMUX("1"), .CLKMUX("CLK"), .LSRMUX("LSR"), .SRMODE("LSR_OVER_CE"), .REGSET("RESET")
      ) u_ff (.CLK(clk), .LSR(clr), .CE(1'b1), .DI(s[i+1]), .Q(acc[i]));
    end
    assign sign[r] = s[ACC];
    // a cell of its own so that fpga/netlist.awk finds it
    TRELLIS_FF #(
      .GSR("DISABLED"), .CEMUX("1"), .CLKMUX("CLK"), .LSRMUX("LSR"), .SRMODE("LSR_OVER_CE"), .REGSET("RESET")
    ) u_m (
      .CLK(clk), .LSR(1'b0), .CE(1'b1), .Q(m_q[r]),
      .DI(SPARE != 0 ? s[HALVES-1] : (k[0] & arrived[r]) | (k[1] & nc[r]) | (&k))
    );
  end
`else
  reg [CHAINS-1:0] m_q;
  always_ff @(posedge clk)
    m_q <= ({CHAINS{k[0]}} & arrived) | ({CHAINS{k[1]}} & nc) | {CHAINS{&k}};

  reg [ACC-1:0]    acc_q [0:CHAINS-1];
  reg [ACC-1:0]    sum [0:CHAINS-1];
  reg [CHAINS-1:0] msb;
  assign sign = msb;
  always_comb
    for (integer r = 0; r < CHAINS; r = r + 1) begin
      sum[r] = acc_q[r] + (dbl ? acc_q[r] : j & {ACC{m_q[r]}});
      msb[r] = sum[r][ACC-1];
    end
  always_ff @(posedge clk)
    for (integer r = 0; r < CHAINS; r = r + 1)
      acc_q[r] <= clr ? {ACC{1'b0}} : sum[r];
`endif
endmodule

`default_nettype wire
