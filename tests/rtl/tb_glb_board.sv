// FILES: fpga/glb_board.sv
// A board's reset, wherever in a clock its asynchronous inputs change: two flip-flops lie between them and the counter, it lasts 256
// clocks, and the button works each time. SPDX-License-Identifier: Apache-2.0
`timescale 1ns / 1ps
`default_nettype none

module tb_glb_board;
  reg clk = 1'b0;
  always #5 clk = !clk;

  reg locked = 1'b0, button = 1'b0;
  wire rst, in_ready, out_valid;
  wire [7:0] out_data;
  wire [2:0] led;
  glb_board dut (
    .clk(clk), .locked(locked), .button(button), .rst(rst), .in_data(8'd0), .in_valid(1'b0), .in_ready(in_ready),
    .out_data(out_data), .out_valid(out_valid), .out_ready(1'b1), .led(led)
  );

  integer fails = 0;
  task check(input [8*40-1:0] what, input integer got, input integer want);
    if (got !== want) begin
      $display("FAIL %0s: got %0d, want %0d, time %0t", what, got, want, $time);
      fails = fails + 1;
    end
  endtask

  // clocks until rst is `want`; 1000: never
  integer clocks;
  task count(input want);
    begin
      clocks = 0;
      while (rst !== want && clocks < 1000) begin
        @(posedge clk);
        #1 clocks = clocks + 1;
      end
    end
  endtask

  // two clocks through the flip-flops, one for the counter
  localparam ON = 2 + 1, OFF = 2 + 256;
  integer i;
  initial begin
    check("reset at the start", rst, 1);
    repeat (700) @(posedge clk);
    #1 check("reset while the clock is not good", rst, 1);
    for (i = 1; i < 10; i = i + 2) begin  // somewhere between two edges
      #(i % 9) locked = 1'b1;
      count(1'b0);
      check("clocks of reset once the clock is good", clocks, OFF);
      repeat (20) @(posedge clk);
      #(i) button = 1'b1;
      count(1'b1);
      check("clocks from the button to the reset", clocks, ON);
      repeat (300) @(posedge clk);
      #(i) check("reset while the button is down", rst, 1);
      button = 1'b0;
      count(1'b0);
      check("clocks of reset after the button", clocks, OFF);
      repeat (20) @(posedge clk);
      #(i) locked = 1'b0;
      count(1'b1);
      check("clocks from the loss of the clock", clocks, ON);
    end
    if (fails == 0) $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
