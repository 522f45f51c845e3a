// Board top: ECPIX-5, high speed over its USB3300, which makes the 60 MHz. Pins: constraints/ecpix5_usb.lpf.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module top_ecpix5_usb #(
  `GLB_PARAMETERS,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire       clk_100mhz,
  input  wire       ulpi_clk,    // 60 MHz, from the PHY
  inout  wire [7:0] ulpi_data,
  input  wire       ulpi_dir,
  input  wire       ulpi_nxt,
  output wire       ulpi_stp,
  output wire       ulpi_rst,    // 1: PHY in reset
  output wire [3:0] led_n        // alive, job, error, USB awake; active low
);
  // kept: the reports of place and route name clocks by their nets
  (* keep *) wire clk;
  wire locked;
  glb_pll u_pll (
    .clkin(clk_100mhz),
    .clkout0(clk),
    .locked(locked)
  );

  // A PHY in reset may stop its clock, so its reset ends by ours: after 2^17 clocks, 0.94 ms at 140 MHz.
  reg [1:0]  locked_q = 2'b00;
  reg [17:0] phy_q = 18'd0;
  always_ff @(posedge clk) begin
    locked_q <= {locked_q[0], locked};
    if (!locked_q[1]) phy_q <= 18'd0;
    else if (!phy_q[17]) phy_q <= phy_q + 1'b1;
  end
  assign ulpi_rst = !phy_q[17];

  wire usb_rst;
  glb_usb_reset u_reset (
    .clk(ulpi_clk),
    .good(phy_q[17]),
    .rst(usb_rst)
  );

  wire [7:0] data_o;
  wire data_oe, suspended;
  wire [2:0] lights;
  glb_usb_top #(.HIGH_SPEED(1), `GLB_PASS, .BUILD_HASH(BUILD_HASH)) u_top (
    .clk(clk),
    .locked(locked),
    .usb_clk(ulpi_clk),
    .usb_io_clk(1'b0),
    .usb_rst(usb_rst),
    .ulpi_data_i(ulpi_data),
    .ulpi_data_o(data_o),
    .ulpi_data_oe(data_oe),
    .ulpi_dir(ulpi_dir),
    .ulpi_nxt(ulpi_nxt),
    .ulpi_stp(ulpi_stp),
    .ulpi_rst(),
    .dp_i(1'b0),
    .dp_o(),
    .dn_i(1'b0),
    .dn_o(),
    .dp_oe(),
    .dp_pullup(),
    .suspended(suspended),
    .led(lights)
  );
  assign ulpi_data = data_oe ? data_o : 8'bz;
  assign led_n = {suspended, ~lights};
endmodule

`default_nettype wire
