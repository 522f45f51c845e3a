// FILES: fpga/glb_byte_fifo.sv
// The UART's memory, small: bytes leave in order, none is lost, doubled or made up, at every pace of either side; bytes that come without a
// pause fill it to its last but one. SPDX-License-Identifier: Apache-2.0
`timescale 1ns / 1ps
`default_nettype none

module tb_glb_byte_fifo;
  localparam AW = 3;
  reg clk = 1'b0;
  always #5 clk = !clk;

  reg rst = 1'b1, in_valid = 1'b0, out_ready = 1'b0;
  reg [7:0] in_data = 8'd0;
  wire in_ready, out_valid;
  wire [7:0] out_data;
  glb_byte_fifo #(.AW(AW)) dut (
    .clk(clk), .rst(rst), .in_data(in_data), .in_valid(in_valid), .in_ready(in_ready),
    .out_data(out_data), .out_valid(out_valid), .out_ready(out_ready)
  );

  integer fails = 0;
  task check(input [8*40-1:0] what, input integer got, input integer want);
    if (got !== want) begin
      if (fails < 10) $display("FAIL %0s: got %0d, want %0d, time %0t", what, got, want, $time);
      fails = fails + 1;
    end
  endtask

  // byte number i is 37 i; each side is busy in `of 8` of its clocks
  integer put = 0, got = 0, in_of_8 = 0, out_of_8 = 0;
  wire [7:0] want = got[7:0] * 8'd37;
  reg held = 1'b0;  // a byte was shown and not taken
  always @(posedge clk) begin
    if (in_valid && in_ready) put = put + 1;
    in_data <= put[7:0] * 8'd37;
    in_valid <= !rst && ((in_valid && !in_ready) || $urandom_range(7) < in_of_8);
    if (out_valid && out_data !== want) check("byte", out_data, want);
    if (held) check("a byte stays until it is taken", out_valid, 1);
    if (out_valid && out_ready) got = got + 1;
    held <= out_valid && !out_ready && !rst;
    if (got > put) check("bytes out, of those in", got, put);
    out_ready <= $urandom_range(7) < out_of_8;
  end

  task empty;
    begin
      in_of_8 = 0;
      out_of_8 = 8;
      repeat (40) @(posedge clk);
      #1 check("bytes out", got, put);
      check("a byte that is not there", out_valid, 0);
    end
  endtask

  integer i, k, at_start;
  initial begin
    repeat (3) @(posedge clk);
    #1 rst = 1'b0;
    for (i = 0; i < 9; i = i + 1)
      for (k = 0; k < 9; k = k + 1) begin
        in_of_8 = i;
        out_of_8 = k;
        repeat (300) @(posedge clk);
        #1 empty;
      end
    // no byte leaves: 2^AW - 1 are kept at least, and one in the output register
    for (i = 1; i < 9; i = i + 7) begin
      empty;
      at_start = put;
      out_of_8 = 0;
      @(posedge clk);
      #1 in_of_8 = i;
      repeat (200) @(posedge clk);
      #1 check("no room any more", in_ready, 0);
      check("bytes that it holds", put - at_start >= (1 << AW) - 1, 1);
    end
    // a byte leaves every two clocks
    out_of_8 = 8;
    in_of_8 = 8;
    repeat (20) @(posedge clk);
    #1 at_start = got;
    repeat (200) @(posedge clk);
    #1 check("bytes in 200 clocks", got - at_start, 100);
    // a reset empties it
    rst = 1'b1;
    in_of_8 = 0;
    repeat (3) @(posedge clk);
    #1 put = 0;
    got = 0;
    rst = 1'b0;
    repeat (20) @(posedge clk);
    #1 check("bytes behind a reset", got, 0);
    in_of_8 = 4;
    repeat (50) @(posedge clk);
    #1 empty;
    if (fails == 0) $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
