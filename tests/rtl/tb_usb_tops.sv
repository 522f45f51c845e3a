// FILES: fpga/usb/glb_usb_reset.sv fpga/top_ulx3s_usb.sv fpga/top_ecpix5_usb.sv tests/ecp5/glb_pll.v tests/ecp5/glb_usb_pll.v
// What the board tops with USB put around glb_usb_top (played here): the order of resets, when pads drive, the lights' polarity. tests/usb/pins
// drives glb_usb_top itself. SPDX-License-Identifier: Apache-2.0
`timescale 1ns / 1ps
`default_nettype none
`include "glb_params.svh"

module glb_usb_top #(
  parameter HIGH_SPEED = 1,
  `GLB_PARAMETERS,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire       clk, locked, usb_clk, usb_io_clk, usb_rst,
  input  wire [7:0] ulpi_data_i,
  output wire [7:0] ulpi_data_o,
  output wire       ulpi_data_oe,
  input  wire       ulpi_dir, ulpi_nxt,
  output wire       ulpi_stp, ulpi_rst,
  input  wire       dp_i,
  output wire       dp_o,
  input  wire       dn_i,
  output wire       dn_o,
  output reg        dp_oe, dp_pullup,
  output wire       suspended,
  output wire [2:0] led
);
  assign ulpi_data_o = 8'h5a;
  assign ulpi_data_oe = !ulpi_dir;
  assign ulpi_stp = ulpi_nxt;
  assign ulpi_rst = usb_rst;
  assign {dp_o, dn_o} = 2'b10;
  assign suspended = 1'b1;
  assign led = 3'b011;
  initial {dp_oe, dp_pullup} = 2'b00;
endmodule

module tb_usb_tops;
  reg clk = 1'b0, phy_clk = 1'b0, phy_dir = 1'b0, phy_nxt = 1'b0, phy_runs = 1'b0;
  always #5 clk = !clk;
  always #8 phy_clk = phy_runs && !phy_clk;

  wire [7:0] data;
  wire stp, phy_rst, dp, dn, pu_dp;
  wire [3:0] led, led_n;
  reg [7:0] phy_data = 8'h77;
  reg host_drives = 1'b0;
  assign data = phy_dir ? phy_data : 8'bz;
  assign dp = host_drives ? 1'b0 : 1'bz;
  assign dn = host_drives ? 1'b1 : 1'bz;
  top_ecpix5_usb u_ecpix5 (
    .clk_100mhz(clk), .ulpi_clk(phy_clk), .ulpi_data(data), .ulpi_dir(phy_dir), .ulpi_nxt(phy_nxt), .ulpi_stp(stp),
    .ulpi_rst(phy_rst), .led_n(led_n)
  );
  top_ulx3s_usb u_ulx3s (
    .clk_25mhz(clk), .usb_fpga_bd_dp(dp), .usb_fpga_bd_dn(dn), .usb_fpga_pu_dp(pu_dp), .wifi_l2(1'b1), .wifi_f1(1'b1),
    .led(led)
  );

  integer fails = 0;
  task check(input [8*40-1:0] what, input [7:0] got, input [7:0] want);
    if (got !== want) begin
      $display("FAIL %0s: got %b, want %b, time %0t", what, got, want, $time);
      fails = fails + 1;
    end
  endtask

  initial begin
    #1000000;
    check("ECPIX-5: PHY in reset for a millisecond", phy_rst, 1);
    #1000000;
    check("ECPIX-5: PHY out of reset", phy_rst, 0);
    check("ECPIX-5: USB waits for the PHY's clock", u_ecpix5.u_top.usb_rst, 1);
    phy_runs = 1'b1;
    #(16 * 250);
    check("ECPIX-5: USB in reset for 256 clocks", u_ecpix5.u_top.usb_rst, 1);
    #(16 * 20);
    check("ECPIX-5: USB out of reset", u_ecpix5.u_top.usb_rst, 0);
    check("ULX3S: USB out of reset", u_ulx3s.u_top.usb_rst, 0);

    check("ECPIX-5: we drive", data, 8'h5a);
    phy_dir = 1'b1;
    #1 check("ECPIX-5: the PHY drives", data, 8'h77);
    check("ECPIX-5: what comes in", u_ecpix5.u_top.ulpi_data_i, 8'h77);
    phy_nxt = 1'b1;
    #1 check("ECPIX-5: STP", stp, 1);
    check("ECPIX-5: lights", led_n, 4'b1100);

    check("ULX3S: nobody drives", {dp, dn}, 2'bzz);
    check("ULX3S: no pull-up", pu_dp, 0);
    u_ulx3s.u_top.dp_pullup = 1'b1;
    host_drives = 1'b1;
    #1 check("ULX3S: pull-up", pu_dp, 1);
    check("ULX3S: what comes in", {u_ulx3s.u_top.dp_i, u_ulx3s.u_top.dn_i}, 2'b01);
    host_drives = 1'b0;
    u_ulx3s.u_top.dp_oe = 1'b1;
    #1 check("ULX3S: we drive", {dp, dn}, 2'b10);
    check("ULX3S: lights", led, 4'b0011);
    if (fails == 0) $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
