// A tile's noise port: the lanes' LFSRs, the table index and the dithered word (array.md section 4).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_noise #(
  parameter LANES = 2,
  parameter ACC   = 12,
  parameter NOISE_REG = 0  // 1: the word has a register of its own
) (
  input  wire             clk,
  input  wire             job_start,  // tail counters become 0
  input  wire [LANES-1:0] sel,        // one-hot: the lane that takes a word, or 0
  input  wire [LANES-1:0] sel_q,      // sel of the clock before
  // LFSR load, 16 bits at a time, oldest first
  input  wire [LANES-1:0] ld,
  input  wire [15:0]      ld_data,
  // the table: address one clock after sel, data two clocks after the address
  output wire [9:0]       idx,
  input  wire [15:0]      z,
  output wire [ACC-1:0]   t,          // the word is t_neg ? ~t : t, 3 + NOISE_REG clocks after sel
  output wire             t_neg
);
  reg  [64*LANES-1:0] s_q;
  reg  [15:0] r_q;    // the word
  (* fsm_encoding = "none" *)  // no state machine, though Yosys would take it for one
  reg  [1:0]  zone_q; // where its leading one is: V[14:11], V[10:7], V[6:3], below
  reg  [15:0] y;      // the next 16 bits of the lane that steps
  always_comb begin
    y = 16'd0;
    for (integer l = 0; l < LANES; l = l + 1)
      y = y | ({16{sel[l]}} & (s_q[64*l +: 16] ^ s_q[64*l + 9 +: 16] ^
                               s_q[64*l + 19 +: 16] ^ s_q[64*l + 31 +: 16]));
  end
  wire [15:0] top = |ld ? ld_data : y;
  always_ff @(posedge clk) begin
    r_q   <= y;
    zone_q <= |y[14:11] ? 2'd0 : |y[10:7] ? 2'd1 : |y[6:3] ? 2'd2 : 2'd3;
    for (integer l = 0; l < LANES; l = l + 1)
      if (sel[l] | ld[l]) s_q[64*l +: 64] <= {top, s_q[64*l + 16 +: 48]};
  end

  // tail counters: used and stepped in the clock after sel
  reg [5*LANES-1:0] c_q;
  reg [4:0] c;
  always_comb begin
    c = 5'd0;
    for (integer l = 0; l < LANES; l = l + 1)
      c = c | ({5{sel_q[l]}} & c_q[5*l +: 5]);
  end
  wire [4:0] c_next = c == 5'd31 ? 5'd31 : c + 5'd1;
  always_ff @(posedge clk)
    for (integer l = 0; l < LANES; l = l + 1)
      if (job_start | (sel_q[l] & r_q[0])) c_q[5*l +: 5] <= 5'd0;
      else if (sel_q[l]) c_q[5*l +: 5] <= c_next;

  assign idx = zone_q == 2'd0 ? {1'b0, r_q[14:6]} :
               zone_q == 2'd1 ? {3'b100, r_q[10:4]} :
               zone_q == 2'd2 ? {3'b101, r_q[6:0]} : {3'b110, c, r_q[2:1]};

  reg [5:0] d1_q, d2_q;  // {sign, dither}
  always_ff @(posedge clk) begin
    d1_q <= {r_q[15], r_q[4:0]};
    d2_q <= d1_q;
  end
  wire [18:0] sum = {{3{z[15]}}, z} + 19'(d2_q[4:0]);  // the low five bits only carry
  if (NOISE_REG != 0) begin : g_reg
    reg [ACC-1:0] t_q;
    reg           neg_q;
    always_ff @(posedge clk) begin
      t_q   <= sum[5 +: ACC];
      neg_q <= d2_q[5];
    end
    assign t = t_q;
    assign t_neg = neg_q;
  end else begin : g_direct
    assign t = sum[5 +: ACC];
    assign t_neg = d2_q[5];
  end
endmodule

`default_nettype wire
