// FILES: fpga/glb_uart.sv fpga/glb_byte_fifo.sv
// UART: both directions at a rate that does not divide the clock, a sender 2 % off, glitches, a missing stop bit, a full memory, breaks, a reset
// in the middle of a byte, the length of a bit at a slow rate.
// SPDX-License-Identifier: Apache-2.0
`timescale 1ns / 1ps
`default_nettype none

module tb_glb_uart;
  localparam real CLK_NS = 9.1;   // 109.89 MHz, told as 110
  localparam real BIT_NS = 1000.0 / 3.0;
  reg clk = 1'b0;
  always #(CLK_NS / 2) clk = !clk;

  reg rst = 1'b1, rx = 1'b1, rx_ready = 1'b0, tx_valid = 1'b0;
  reg [7:0] tx_data = 8'd0;
  wire tx, rx_valid, rx_lost, rx_break, tx_ready;
  wire [7:0] rx_data;
  glb_uart #(.CLK_HZ(110000000), .BAUD(3000000)) dut (
    .clk(clk), .rst(rst), .rx(rx), .tx(tx), .rx_data(rx_data), .rx_valid(rx_valid), .rx_ready(rx_ready),
    .rx_lost(rx_lost), .rx_break(rx_break), .tx_data(tx_data), .tx_valid(tx_valid), .tx_ready(tx_ready)
  );

  integer fails = 0;
  task fail(input [8*40-1:0] what, input integer got, input integer want);
    begin
      if (fails < 10) $display("FAIL %0s: got %0d, want %0d, time %0t", what, got, want, $time);
      fails = fails + 1;
    end
  endtask

  task send(input [7:0] value, input real bit_ns, input stop);
    integer i;
    begin
      rx = 1'b0;
      #(bit_ns);
      for (i = 0; i < 8; i = i + 1) begin
        rx = value[i];
        #(bit_ns);
      end
      rx = stop;
      #(bit_ns);
    end
  endtask

  // Receiving side: bytes must be those expected, in order.
  reg [7:0] want [0:8191];
  integer wants = 0, gots = 0, losts = 0;
  integer breaks = 0;
  always @(posedge rx_break) breaks = breaks + 1;
  integer mode = 1;  // 0: takes nothing, 1: now and then, 2: always
  always @(posedge clk) begin
    if (rx_lost) losts <= losts + 1;
    if (rx_valid && rx_ready) begin
      if (rx_data !== want[gots]) fail("byte received", rx_data, want[gots]);
      gots <= gots + 1;
    end
    rx_ready <= mode == 2 || (mode == 1 && $urandom_range(3) == 0);
  end

  // Sending side: a receiver at the nominal rate.
  reg [7:0] sent [0:1023];
  integer sents = 0, heard = 0, i, k;
  reg [7:0] value;
  always begin
    @(negedge tx);
    #(BIT_NS / 2);
    if (tx !== 1'b0) fail("start bit", tx, 0);
    for (k = 0; k < 8; k = k + 1) begin
      #(BIT_NS);
      value[k] = tx;
    end
    #(BIT_NS);
    if (tx !== 1'b1) fail("stop bit", tx, 1);
    if (value !== sent[heard]) fail("byte sent", value, sent[heard]);
    heard = heard + 1;
  end
  always @(posedge clk)
    if (!rst && sents < 300) begin
      if (tx_valid && tx_ready) begin
        sent[sents] = tx_data;
        sents = sents + 1;
        tx_valid <= 1'b0;
      end else if (!tx_valid && $urandom_range(40) < 30) begin
        tx_valid <= 1'b1;
        tx_data <= $urandom;
      end
    end else tx_valid <= 1'b0;

  // At 57,600 baud 37.75/65536 of a bit pass in a clock of 10 ns; a bit may be off by what 1/131072 of a clock makes, 1.3 %.
  reg slow_clk = 1'b0, slow_rst = 1'b1, slow_valid = 1'b0;
  wire slow_tx, slow_ready;
  always #5 slow_clk = !slow_clk;
  glb_uart #(.CLK_HZ(100000000), .BAUD(57600)) slow (
    .clk(slow_clk), .rst(slow_rst), .rx(1'b1), .tx(slow_tx), .rx_data(), .rx_valid(), .rx_ready(1'b1),
    .rx_lost(), .rx_break(), .tx_data(8'h00), .tx_valid(slow_valid), .tx_ready(slow_ready)
  );
  realtime fell;
  real low;
  task slow_byte;
    begin
      slow_valid = 1'b1;
      @(negedge slow_tx) fell = $realtime;
      slow_valid = 1'b0;
      @(posedge slow_tx) low = $realtime - fell;  // the start bit and eight zeros
      if (low < 9e9 / 57600 * 0.986 || low > 9e9 / 57600 * 1.014) fail("ns of nine bits", low, 9e9 / 57600);
    end
  endtask
  // a reset in the middle of a byte frees the line
  task cut_byte;
    begin
      slow_valid = 1'b1;
      @(negedge slow_tx) slow_valid = 1'b0;
      #30000 if (slow_tx !== 1'b0) fail("a byte of zeros on its way", slow_tx, 0);
      slow_rst = 1'b1;
      #100 slow_rst = 1'b0;
      #100 if (slow_tx !== 1'b1 || !slow_ready) fail("the line after a reset", slow_tx, 1);
    end
  endtask
  initial begin
    #100 if (slow_tx !== 1'b1) fail("the line in reset", slow_tx, 1);
    slow_rst = 1'b0;
    slow_byte;
    #40000 cut_byte;
    slow_byte;
  end
  initial begin
    #50000000 fail("bytes received after 50 ms", gots, wants);
    $finish;
  end

  task put(input real bit_ns);
    reg [7:0] v;
    begin
      v = $urandom;
      want[wants] = v;
      wants = wants + 1;
      send(v, bit_ns, 1'b1);
    end
  endtask

  initial begin
    repeat (20) @(posedge clk);
    rst = 1'b0;
    #1000;
    for (i = 0; i < 200; i = i + 1) put(BIT_NS);
    for (i = 0; i < 200; i = i + 1) put(BIT_NS * 1.02);
    for (i = 0; i < 200; i = i + 1) put(BIT_NS / 1.02);
    // glitches shorter than half a bit
    for (i = 0; i < 20; i = i + 1) begin
      rx = 1'b0;
      #(BIT_NS * 0.3);
      rx = 1'b1;
      #(BIT_NS * 2);
    end
    put(BIT_NS);
    #(BIT_NS * 12);
    if (losts != 0) fail("bytes lost", losts, 0);
    // a break: one byte is lost, what follows is not
    send(8'h00, BIT_NS, 1'b0);
    #(BIT_NS * 5);
    rx = 1'b1;
    #(BIT_NS * 3);
    for (i = 0; i < 20; i = i + 1) put(BIT_NS);
    #(BIT_NS * 12);
    if (losts != 1) fail("bytes lost at a break", losts, 1);
    mode = 2;
    repeat (200) @(posedge clk);
    if (gots != wants) fail("bytes received", gots, wants);
    // low for 19 bits is no break (two bytes of zeros, the stop bit between them missed), for 40 it is, in reset too, until the line rises
    if (breaks != 0) fail("breaks in bytes", breaks, 0);
    for (i = 0; i < 2; i = i + 1) begin
      rst = i == 1;
      rx = 1'b0;
      #(BIT_NS * 19);
      if (rx_break) fail("no break after 19 bits", rx_break, 0);
      #(BIT_NS * 21);
      if (!rx_break) fail("a break after 40 bits", rx_break, 1);
      #(BIT_NS * 2000);
      if (!rx_break) fail("still a break", rx_break, 1);
      rx = 1'b1;
      repeat (6) @(posedge clk);
      if (rx_break) fail("the break is over", rx_break, 0);
    end
    if (breaks != 2) fail("breaks", breaks, 2);
    rst = 1'b0;
    losts = 1;
    #(BIT_NS * 3);
    // 2,047 bytes find room while nobody takes any, and not one is lost
    mode = 0;
    for (i = 0; i < 2047; i = i + 1) put(BIT_NS);
    #(BIT_NS * 12);
    if (losts != 1) fail("bytes lost in the memory", losts, 1);
    for (i = 0; i < 8; i = i + 1) send(8'h55, BIT_NS, 1'b1);
    #(BIT_NS * 12);
    if (losts < 6) fail("bytes lost when full", losts, 6);
    mode = 1;
    wait (gots >= wants);
    if (sents != 300 || heard != 300) fail("bytes heard", heard, 300);
    if (fails == 0) $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
