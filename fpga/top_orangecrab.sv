// Board top: OrangeCrab r0.2, bytes over a 3.3 V serial adapter on its header. Pins: constraints/orangecrab.lpf. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module top_orangecrab #(
  `GLB_PARAMETERS,
  parameter CLK_HZ = 100000000,  // what glb_pll makes
  parameter BAUD   = 3000000,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire       clk_48mhz,
  input  wire       uart_rx,     // GPIO0
  output wire       uart_tx,     // GPIO1
  output wire [2:0] led_n        // alive, job, error; active low
);
  wire [2:0] lights;
  glb_serial_board #(`GLB_PASS, .CLK_HZ(CLK_HZ), .BAUD(BAUD), .BUILD_HASH(BUILD_HASH)) u_serial (
    .clkin(clk_48mhz),
    .rx(uart_rx),
    .tx(uart_tx),
    .button(1'b0),
    .led(lights)
  );
  assign led_n = ~lights;
endmodule

`default_nettype wire
