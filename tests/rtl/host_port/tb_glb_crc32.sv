// The check value of CRC-32 ("123456789" gives cbf43926), a second frame after it, and the order of the sum's bytes.
// SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none

module tb_glb_crc32;
  reg clk = 1'b0;
  always #5 clk = !clk;

  reg init = 1'b0, en = 1'b0, shift = 1'b0;
  reg [7:0] data = 8'd0;
  wire [7:0] sum;
  glb_crc32 dut (.clk(clk), .init(init), .en(en), .shift(shift), .data(data), .sum(sum));

  integer failures = 0, i;
  task add(input [7:0] b, input first);
    begin
      init = first;
      en = 1'b1;
      data = b;
      @(negedge clk);
      en = 1'b0;
      init = 1'b0;
    end
  endtask
  task expect_sum(input [31:0] want);
    for (i = 0; i < 4; i = i + 1) begin
      if (sum !== want[8*i +: 8]) begin
        failures = failures + 1;
        $display("FAIL byte %0d: got %h, want %h", i, sum, want[8*i +: 8]);
      end
      shift = 1'b1;
      @(negedge clk);
      shift = 1'b0;
    end
  endtask

  initial begin
    @(negedge clk);
    for (i = 1; i <= 9; i = i + 1) begin
      add(8'h30 + i, i == 1);
      @(negedge clk);  // a clock without a byte changes nothing
    end
    expect_sum(32'hcbf43926);
    add(8'h00, 1'b1);
    expect_sum(32'hd202ef8d);
    add(8'ha5, 1'b1);
    expect_sum(32'h74beb8ea);
    if (failures == 0) $display("PASS");
    $finish;
  end
endmodule
