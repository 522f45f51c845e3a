// FILES: fpga/usb/glb_usb_fifo.sv
// Bytes through the two-clock FIFO at several ratios of the clocks, with pauses on either side, and resets in the middle, during which the
// first bytes are offered already: none lost, none doubled. SPDX-License-Identifier: Apache-2.0
`timescale 1ns / 1ps
`default_nettype none

module tb_glb_usb_fifo;
  reg wr_clk = 0, rd_clk = 0, rst = 1;
  real wr_half = 8.3, rd_half = 5.0;
  always #(wr_half) wr_clk = !wr_clk;
  always #(rd_half) rd_clk = !rd_clk;

  reg [7:0] wr_data = 0;
  reg wr_valid = 0, rd_ready = 0;
  wire wr_ready, rd_valid;
  wire [7:0] rd_data;
  glb_usb_fifo #(.AW(4)) dut (
    .wr_clk(wr_clk),
    .wr_rst(rst),
    .wr_data(wr_data),
    .wr_valid(wr_valid),
    .wr_ready(wr_ready),
    .rd_clk(rd_clk),
    .rd_rst(rst),
    .rd_data(rd_data),
    .rd_valid(rd_valid),
    .rd_ready(rd_ready)
  );

  integer sent = 0, got = 0, bad = 0, total = 0, pause_wr = 2, pause_rd = 2;
  // what was offered before ends in a reset's first clocks; bytes offered after them must wait
  integer clocks = 0;
  always @(posedge wr_clk) clocks <= rst ? clocks + 1 : 0;
  always @(posedge wr_clk)
    if (rst && clocks < 4) begin
      wr_valid <= 0;
      sent = 0;
      wr_data <= 0;
    end else begin
      if (wr_valid && wr_ready) begin
        sent = sent + 1;
        wr_data <= sent[7:0] * 8'd37;
      end
      if (!wr_valid || wr_ready) wr_valid <= $urandom % pause_wr == 0;
    end
  always @(posedge rd_clk)
    if (rst) begin
      rd_ready <= 0;
      got = 0;
    end else begin
      if (rd_valid && rd_ready) begin
        if (rd_data !== got[7:0] * 8'd37) bad = bad + 1;
        got = got + 1;
        total = total + 1;
      end
      rd_ready <= $urandom % pause_rd == 0;
    end

  integer i;
  initial begin
    for (i = 0; i < 12; i = i + 1) begin
      wr_half = 2.0 + ($urandom % 200) / 10.0;
      rd_half = 2.0 + ($urandom % 200) / 10.0;
      pause_wr = 1 + i % 3;
      pause_rd = 1 + (i / 3) % 3;
      rst = 1;
      #400 rst = 0;
      #20000;
      if (got < 100) begin
        $display("FAIL only %0d bytes came at half periods %f and %f", got, wr_half, rd_half);
        bad = bad + 1;
      end
    end
    if (bad == 0) $display("PASS %0d bytes", total);
    else $display("FAIL %0d of %0d bytes wrong", bad, total);
    $finish;
  end
endmodule
