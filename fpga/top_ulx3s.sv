// Board top: ULX3S, bytes over the FT231X. Pins: constraints/ulx3s.lpf. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module top_ulx3s #(
  `GLB_PARAMETERS,
  parameter CLK_HZ = 100000000,  // what glb_pll makes
  parameter BAUD   = 3000000,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire       clk_25mhz,
  input  wire       ftdi_txd,    // from the FT231X
  output wire       ftdi_rxd,    // to it
  input  wire       btn_f1,      // reset
  input  wire       wifi_l2,     // not read: their pull-ups keep the ESP32 from taking the board over
  input  wire       wifi_f1,
  output wire [2:0] led          // alive, job, error
);
  glb_serial_board #(`GLB_PASS, .CLK_HZ(CLK_HZ), .BAUD(BAUD), .BUILD_HASH(BUILD_HASH)) u_serial (
    .clkin(clk_25mhz),
    .rx(ftdi_txd),
    .tx(ftdi_rxd),
    .button(btn_f1),
    .led(led)
  );
endmodule

`default_nettype wire
