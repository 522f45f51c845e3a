// Issues one segment's clocks and keeps the gap after it: the next go, given as soon as `ready` is
// high, starts s_len + GAP clocks after this one, s_len + GAP_COUNT after one that counts.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_segment #(
  parameter PCW = 11, // bits of a schedule address
  parameter GAP = 15, // clocks between a segment's last and the next one's first, at least 4
  parameter GAP_COUNT = GAP + 4  // after a segment that counts, at most 64
) (
  input  wire        clk,
  input  wire        rst,
  input  wire        go,        // only while ready
  input  wire [PCW-1:0] s_start,
  input  wire [15:0] s_len,
  input  wire        len_zero,  // s_len == 0
  input  wire        counts,    // it counts
  output wire        ready,     // nothing in flight, or nothing after this clock
  // schedule clock
  output wire        seg_start,
  output wire        pc_valid,
  output wire [PCW-1:0] pc
);
  reg ready_q, start_q, valid_q, last_q, gap_q;
  reg [PCW-1:0] pc_q;
  reg [15:0] left_q;
  reg [5:0] wait_q;

  always_ff @(posedge clk) begin
    start_q <= go;
    if (go) begin
      ready_q <= 1'b0;
      valid_q <= !len_zero;
      last_q <= s_len == 16'd1;
      pc_q <= s_start;
      left_q <= s_len;
      gap_q <= len_zero;
      wait_q <= counts ? 6'(GAP_COUNT - 1) : 6'(GAP - 1);
    end else begin
      pc_q <= pc_q + 1'b1;
      left_q <= left_q - 1'b1;
      last_q <= left_q == 16'd2;
      if (valid_q && last_q) begin
        valid_q <= 1'b0;
        gap_q <= 1'b1;
      end
      if (gap_q) begin
        wait_q <= wait_q - 1'b1;
        if (wait_q == 6'd1) begin
          gap_q <= 1'b0;
          ready_q <= 1'b1;
        end
      end
    end
    if (rst) begin
      ready_q <= 1'b1;
      start_q <= 1'b0;
      valid_q <= 1'b0;
      gap_q <= 1'b0;
    end
  end

  assign ready = ready_q;
  assign seg_start = start_q;
  assign pc_valid = valid_q;
  assign pc = pc_q;

`ifdef FORMAL
`include "segment.svh"
`endif
endmodule

`default_nettype wire
