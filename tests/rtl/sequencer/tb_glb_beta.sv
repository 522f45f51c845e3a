// Noise tables for several K against the integer formula of the contract, Q recomputed here from its definition.
// SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none

module tb_glb_beta;
  reg clk = 1'b0, rst = 1'b1;
  always #5 clk = !clk;

  reg [1:0] k_ld = 2'd0;
  reg [15:0] k_data = 16'd0;
  reg start = 1'b0;
  wire busy12, busy10, v12, v10;
  wire [9:0] addr12, addr10;
  wire [15:0] data12, data10;
  glb_beta #(.ACC(12)) dut (
    .clk(clk), .rst(rst), .k_ld(k_ld), .k_data(k_data), .start(start), .busy(busy12),
    .ld_valid(v12), .ld_addr(addr12), .ld_data(data12)
  );
  glb_beta #(.ACC(10)) narrow (
    .clk(clk), .rst(rst), .k_ld(k_ld), .k_data(k_data), .start(start), .busy(busy10),
    .ld_valid(v10), .ld_addr(addr10), .ld_data(data10)
  );

  integer failures = 0, n12, n10, i;
  reg [31:0] k;
  reg [17:0] q[0:895];

  function integer entry(input integer index, input integer zmax);
    reg [63:0] z;
    begin
      z = ({46'd0, q[index]} * {32'd0, k} + 64'h800000) >> 24;
      entry = (z > zmax ? zmax : z) - 16;
    end
  endfunction
  function real variate(input integer index);
    integer c;
    begin
      c = (index - 768) / 4;
      if (index < 512) variate = (index + 0.5) / 512.0;
      else if (index < 640) variate = (index - 512 + 0.5) / 2048.0;
      else if (index < 768) variate = (index - 640 + 0.5) / 32768.0;
      else variate = 2.0 ** (-13 - c) * (1.0 + ((index - 768 - 4 * c) + 0.5) / 4.0);
    end
  endfunction

  always @(posedge clk) begin
    if (v12) begin
      if (addr12 !== n12 || $signed(data12) !== entry(n12, 32767)) begin
        failures = failures + 1;
        $display("FAIL ACC 12, K %h, entry %0d: got [%0d] %0d, want %0d", k, n12, addr12, $signed(data12), entry(n12, 32767));
      end
      n12 = n12 + 1;
    end
    if (v10) begin
      if (addr10 !== n10 || $signed(data10) !== entry(n10, 8191)) begin
        failures = failures + 1;
        $display("FAIL ACC 10, K %h, entry %0d: got [%0d] %0d, want %0d", k, n10, addr10, $signed(data10), entry(n10, 8191));
      end
      n10 = n10 + 1;
    end
  end

  task try(input [31:0] value);
    begin
      k = value;
      k_ld = 2'b01;
      k_data = value[15:0];
      @(negedge clk);
      k_ld = 2'b10;
      k_data = value[31:16];
      @(negedge clk);
      k_ld = 2'b00;
      n12 = 0;
      n10 = 0;
      start = 1'b1;
      @(negedge clk);
      start = 1'b0;
      while (busy12 || busy10) @(negedge clk);
      if (n12 != 896 || n10 != 896) begin
        failures = failures + 1;
        $display("FAIL count %0d %0d", n12, n10);
      end
    end
  endtask

  real exact;
  initial begin
    for (i = 0; i < 896; i = i + 1) begin
      exact = 8192.0 * $ln(2.0 / variate(i) - 1.0);
      q[i] = $rtoi(exact + 0.5);
    end
    repeat (3) @(negedge clk);
    rst = 1'b0;
    try(32'h00010000);
    try(32'd0);
    try(32'd1);
    try(32'hffffffff);
    try(32'h00800000);
    // the first entry, the largest, at either side of every power of two
    for (i = 10; i < 24; i = i + 1) begin
      try((64'd1 << (i + 24)) / q[0] + 1);
      if (entry(0, 1 << 30) != (1 << i) - 16) begin
        failures = failures + 1;
        $display("FAIL K %h gives %0d, not 2^%0d", k, entry(0, 1 << 30), i);
      end
      try((64'd1 << (i + 24)) / q[0] - 300);
    end
    for (i = 0; i < 30; i = i + 1) try($urandom >> $urandom_range(24));
    if (failures == 0) $display("PASS");
    $finish;
  end
endmodule
