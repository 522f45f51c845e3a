// Board top: ULX3S, full speed at its second USB socket (US2). Pins: constraints/ulx3s_usb.lpf. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module top_ulx3s_usb #(
  `GLB_PARAMETERS,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire       clk_25mhz,
  input  wire       wifi_l2,         // not read: their pull-ups keep the ESP32 from taking the board over
  input  wire       wifi_f1,
  inout  wire       usb_fpga_bd_dp,
  inout  wire       usb_fpga_bd_dn,
  output wire       usb_fpga_pu_dp,  // pull-up of D+
  output wire [3:0] led              // alive, job, error, USB awake
);
  // kept: the reports of place and route name clocks by their nets
  (* keep *) wire clk, usb_clk, usb_io_clk;
  wire locked, usb_locked;
  glb_pll u_pll (
    .clkin(clk_25mhz),
    .clkout0(clk),
    .locked(locked)
  );
  glb_usb_pll u_usb_pll (
    .clkin(clk_25mhz),
    .clkout0(),             // 240 MHz, the loop's
    .clkout1(usb_io_clk),
    .clkout2(usb_clk),
    .locked(usb_locked)
  );

  wire usb_rst;
  glb_usb_reset u_reset (
    .clk(usb_clk),
    .good(usb_locked),
    .rst(usb_rst)
  );

  wire dp_o, dn_o, dp_oe, suspended;
  glb_usb_top #(.HIGH_SPEED(0), `GLB_PASS, .BUILD_HASH(BUILD_HASH)) u_top (
    .clk(clk),
    .locked(locked),
    .usb_clk(usb_clk),
    .usb_io_clk(usb_io_clk),
    .usb_rst(usb_rst),
    .ulpi_data_i(8'd0),
    .ulpi_data_o(),
    .ulpi_data_oe(),
    .ulpi_dir(1'b0),
    .ulpi_nxt(1'b0),
    .ulpi_stp(),
    .ulpi_rst(),
    .dp_i(usb_fpga_bd_dp),
    .dp_o(dp_o),
    .dn_i(usb_fpga_bd_dn),
    .dn_o(dn_o),
    .dp_oe(dp_oe),
    .dp_pullup(usb_fpga_pu_dp),
    .suspended(suspended),
    .led(led[2:0])
  );
  assign usb_fpga_bd_dp = dp_oe ? dp_o : 1'bz;
  assign usb_fpga_bd_dn = dp_oe ? dn_o : 1'bz;
  assign led[3] = !suspended;
endmodule

`default_nettype wire
