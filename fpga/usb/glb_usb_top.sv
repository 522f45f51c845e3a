// A board with USB between its clocks and its pads: what the board tops instantiate, and what the simulator drives at the USB pins.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module glb_usb_top #(
  parameter HIGH_SPEED = 1,  // 1: ULPI, 0: full speed on pins
  `GLB_PARAMETERS,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire       clk,           // of the array
  input  wire       locked,        // the clocks are good; asynchronous
  input  wire       usb_clk,       // as in glb_usb
  input  wire       usb_io_clk,
  input  wire       usb_rst,
  input  wire [7:0] ulpi_data_i,
  output wire [7:0] ulpi_data_o,
  output wire       ulpi_data_oe,
  input  wire       ulpi_dir,
  input  wire       ulpi_nxt,
  output wire       ulpi_stp,
  output wire       ulpi_rst,
  input  wire       dp_i,
  output wire       dp_o,
  input  wire       dn_i,
  output wire       dn_o,
  output wire       dp_oe,
  output wire       dp_pullup,
  output wire       suspended,
  output wire [2:0] led            // as in glb_board
);
  wire rst, core_reset, in_valid, in_ready, out_valid, out_ready;
  wire [7:0] in_data, out_data;
  glb_usb #(
    .HIGH_SPEED(HIGH_SPEED)
  ) u_usb (
    .usb_clk(usb_clk),
    .usb_io_clk(usb_io_clk),
    .usb_rst(usb_rst),
    .ulpi_data_i(ulpi_data_i),
    .ulpi_data_o(ulpi_data_o),
    .ulpi_data_oe(ulpi_data_oe),
    .ulpi_dir(ulpi_dir),
    .ulpi_nxt(ulpi_nxt),
    .ulpi_stp(ulpi_stp),
    .ulpi_rst(ulpi_rst),
    .dp_i(dp_i),
    .dp_o(dp_o),
    .dn_i(dn_i),
    .dn_o(dn_o),
    .dp_oe(dp_oe),
    .dp_pullup(dp_pullup),
    .suspended(suspended),
    .clk(clk),
    .rst(rst),
    .core_reset(core_reset),
    .in_data(in_data),
    .in_valid(in_valid),
    .in_ready(in_ready),
    .out_data(out_data),
    .out_valid(out_valid),
    .out_ready(out_ready)
  );
  glb_board #(`GLB_PASS, .BUILD_HASH(BUILD_HASH)) u_board (
    .clk(clk),
    .locked(locked),
    .button(core_reset),
    .rst(rst),
    .in_data(in_data),
    .in_valid(in_valid),
    .in_ready(in_ready),
    .out_data(out_data),
    .out_valid(out_valid),
    .out_ready(out_ready),
    .led(led)
  );
endmodule

`default_nettype wire
