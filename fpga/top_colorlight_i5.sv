// Board top: Colorlight i5 v7.0 on its extension board, bytes over the DAPLink there, at 1 Mbaud. Pins: constraints/colorlight_i5.lpf.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module top_colorlight_i5 #(
  `GLB_PARAMETERS,
  parameter CLK_HZ = 100000000,  // what glb_pll makes
  parameter BAUD   = 1000000,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire       clk_25mhz,
  input  wire       uart_rx,     // from the DAPLink
  output wire       uart_tx,     // to it
  output wire       led_n        // on while a job runs, else blinking; inverted after a refused command
);
  wire [2:0] lights;
  glb_serial_board #(`GLB_PASS, .CLK_HZ(CLK_HZ), .BAUD(BAUD), .BUILD_HASH(BUILD_HASH)) u_serial (
    .clkin(clk_25mhz),
    .rx(uart_rx),
    .tx(uart_tx),
    .button(1'b0),
    .led(lights)
  );
  assign led_n = !((lights[1] || lights[0]) ^ lights[2]);
endmodule

`default_nettype wire
