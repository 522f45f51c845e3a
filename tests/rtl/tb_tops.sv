// FILES: fpga/glb_*.sv fpga/top_*.sv tests/ecp5/glb_pll.v
// Each board top answers IDENT over its serial pins; its error light goes on; its button and a break on its line reset it.
// SPDX-License-Identifier: Apache-2.0
`timescale 1ns / 1ps
`default_nettype none

module tb_tops;
  reg clk = 1'b0;
  always #5 clk = !clk;  // 100 MHz; glb_pll stands in for the real one
  localparam real BIT_NS = 1000.0 / 3.0;

  // one bit a top; error: its light for that, 1 is on. For a new one: TOPS, HAS_BUTTON, an instance, its place in error
  localparam TOPS = 4;
  localparam [TOPS-1:0] HAS_BUTTON = 4'b0001;
  wire [TOPS-1:0] tx, error;

  reg rx = 1'b1, button = 1'b0;
  wire [2:0] led_ulx3s, led_n_ecpix5, led_n_orangecrab;
  wire led_n_colorlight;
  top_ulx3s #(.CLK_HZ(100000000), .BUILD_HASH(32'h12345678)) u_ulx3s (
    .clk_25mhz(clk), .ftdi_txd(rx), .ftdi_rxd(tx[0]), .btn_f1(button), .wifi_l2(1'b1), .wifi_f1(1'b1), .led(led_ulx3s)
  );
  top_ecpix5 #(.CLK_HZ(100000000), .BUILD_HASH(32'h12345678)) u_ecpix5 (
    .clk_100mhz(clk), .uart_rx(rx), .uart_tx(tx[1]), .led_n(led_n_ecpix5)
  );
  top_orangecrab #(.CLK_HZ(100000000), .BUILD_HASH(32'h12345678)) u_orangecrab (
    .clk_48mhz(clk), .uart_rx(rx), .uart_tx(tx[2]), .led_n(led_n_orangecrab)
  );
  top_colorlight_i5 #(.CLK_HZ(100000000), .BAUD(3000000), .BUILD_HASH(32'h12345678)) u_colorlight_i5 (
    .clk_25mhz(clk), .uart_rx(rx), .uart_tx(tx[3]), .led_n(led_n_colorlight)
  );
  // the Colorlight's only light is off in the first third of a second, and inverted by an error
  assign error = {!led_n_colorlight, !led_n_orangecrab[2], !led_n_ecpix5[2], led_ulx3s[2]};

  integer fails = 0;
  task check(input [8*32-1:0] what, input integer got, input integer want);
    if (got !== want) begin
      $display("FAIL %0s: got %h, want %h, time %0t", what, got, want, $time);
      fails = fails + 1;
    end
  endtask

  reg [31:0] crc;
  task send(input [7:0] v, input integer in_crc);
    integer i;
    begin
      rx = 1'b0;
      #(BIT_NS);
      for (i = 0; i < 8; i = i + 1) begin
        rx = v[i];
        if (in_crc != 0) crc = {1'b0, crc[31:1]} ^ ((crc[0] ^ v[i]) ? 32'hedb88320 : 32'd0);
        #(BIT_NS);
      end
      rx = 1'b1;
      #(BIT_NS);
    end
  endtask
  // a frame without payload
  task send_frame(input [7:0] cmd, input [7:0] seq);
    integer i;
    begin
      crc = 32'hffffffff;
      send(8'ha5, 1);
      send(cmd, 1);
      send(seq, 1);
      send(8'h00, 1);
      send(8'h00, 1);
      send(8'h00, 1);
      crc = ~crc;
      for (i = 0; i < 4; i = i + 1) send(crc[8*i +: 8], 0);
    end
  endtask

  // one receiver a top
  reg [7:0] heard [0:TOPS*64-1];
  integer count [0:TOPS-1];
  for (genvar t = 0; t < TOPS; t = t + 1) begin : g_rx
    integer k;
    reg [7:0] v;
    initial count[t] = 0;
    always begin
      @(negedge tx[t]);
      #(BIT_NS / 2);
      for (k = 0; k < 8; k = k + 1) begin
        #(BIT_NS);
        v[k] = tx[t];
      end
      #(BIT_NS);
      heard[t*64 + count[t]] = v;
      count[t] = count[t] + 1;
    end
  end

  integer t;
  initial begin
    #5000;
    send_frame(8'h01, 8'h07);  // IDENT
    #200000;
    for (t = 0; t < TOPS; t = t + 1) begin
      check("bytes of IDENT", count[t], 6 + 32 + 4);
      check("sync", heard[t*64], 8'h5a);
      check("type", heard[t*64 + 1], 8'h81);
      check("seq", heard[t*64 + 2], 8'h07);
      check("status", heard[t*64 + 3], 0);
      check("magic", {heard[t*64 + 9], heard[t*64 + 8], heard[t*64 + 7], heard[t*64 + 6]}, 32'h52424c47);
      check("tiles", {heard[t*64 + 13], heard[t*64 + 12]}, 4);
    end
    check("error light off", error, 0);
    send_frame(8'h7f, 8'h08);  // no such command
    #100000;
    check("error light on", error, {TOPS{1'b1}});
    for (t = 0; t < TOPS; t = t + 1) check("answer to a bad command", count[t], 6 + 32 + 4 + 6 + 4);
    button = 1'b1;
    #1000;
    button = 1'b0;
    #5000;
    check("error light off after reset", error, (1 << TOPS) - 1 - HAS_BUTTON);
    // a break resets every board, in the middle of a frame too
    send(8'ha5, 0);
    rx = 1'b0;
    #(BIT_NS * 60);
    check("error light off in a break", error, 0);
    rx = 1'b1;
    #5000;
    send_frame(8'h01, 8'h09);
    #200000;
    for (t = 0; t < TOPS; t = t + 1) check("IDENT after a break", count[t], 2 * (6 + 32 + 4) + 6 + 4);
    if (fails == 0) $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
