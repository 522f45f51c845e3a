// FIFO between two clocks: pointers cross in Gray code. Both resets must be on together, for several clocks of either side.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_usb_fifo #(
  parameter AW = 9  // log2 of the bytes it holds
) (
  input  wire       wr_clk,
  input  wire       wr_rst,
  input  wire [7:0] wr_data,
  input  wire       wr_valid,
  output wire       wr_ready,
  input  wire       rd_clk,
  input  wire       rd_rst,
  output wire [7:0] rd_data,
  output wire       rd_valid,
  input  wire       rd_ready
);
  reg [7:0] mem[0:(1<<AW)-1];
  reg [AW:0] wp_q, wp_gray_q, rp_q, rp_gray_q;
  (* keep *) reg [AW:0] wp_a_q, wp_b_q;  // the write pointer on the reading side
  (* keep *) reg [AW:0] rp_a_q, rp_b_q;
  reg full_q, empty_q, valid_q;
  reg [7:0] data_q;

  // wr and rd come late, so both outcomes are there before them
  wire wr = wr_valid && !full_q;
  wire [AW:0] wp1 = wp_q + 1'b1;
  wire [AW:0] wp1_gray = wp1 ^ (wp1 >> 1);
  wire [AW:0] full_at = {~rp_b_q[AW:AW-1], rp_b_q[AW-2:0]};
  assign wr_ready = !full_q;
  always_ff @(posedge wr_clk) if (wr) mem[wp_q[AW-1:0]] <= wr_data;
  always_ff @(posedge wr_clk)
    if (wr_rst) begin
      wp_q <= 0;
      wp_gray_q <= 0;
      rp_a_q <= 0;
      rp_b_q <= 0;
      full_q <= 1'b1;  // nothing goes in while in reset
    end else begin
      if (wr) wp_q <= wp1;
      if (wr) wp_gray_q <= wp1_gray;
      {rp_b_q, rp_a_q} <= {rp_a_q, rp_gray_q};
      full_q <= wr ? wp1_gray == full_at : wp_gray_q == full_at;
    end

  wire rd = !empty_q && (rd_ready || !valid_q);
  wire [AW:0] rp1 = rp_q + 1'b1;
  wire [AW:0] rp1_gray = rp1 ^ (rp1 >> 1);
  assign rd_data = data_q;
  assign rd_valid = valid_q;
  always_ff @(posedge rd_clk) if (rd) data_q <= mem[rp_q[AW-1:0]];
  always_ff @(posedge rd_clk)
    if (rd_rst) begin
      rp_q <= 0;
      rp_gray_q <= 0;
      wp_a_q <= 0;
      wp_b_q <= 0;
      empty_q <= 1'b1;
      valid_q <= 1'b0;
    end else begin
      if (rd) rp_q <= rp1;
      if (rd) rp_gray_q <= rp1_gray;
      {wp_b_q, wp_a_q} <= {wp_a_q, wp_gray_q};
      empty_q <= rd ? rp1_gray == wp_b_q : rp_gray_q == wp_b_q;
      valid_q <= rd || (valid_q && !rd_ready);
    end

`ifdef FORMAL
`include "usb_fifo.svh"
`endif
endmodule

`default_nettype wire
