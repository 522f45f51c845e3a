// A board whose bytes travel over a serial line: PLL, UART and glb_board. A break on the line resets it. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module glb_serial_board #(
  `GLB_PARAMETERS,
  parameter CLK_HZ = 100000000,  // what glb_pll makes
  parameter BAUD   = 3000000,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire       clkin,       // the board's oscillator
  input  wire       rx,          // from the host
  output wire       tx,          // to the host
  input  wire       button,      // 1: reset
  output wire [2:0] led          // alive, job, error
);
  wire clk, locked, rst;
  glb_pll u_pll (
    .clkin(clkin),
    .clkout0(clk),
    .locked(locked)
  );

  wire [7:0] rx_data, tx_data;
  wire rx_valid, rx_ready, rx_break, tx_valid, tx_ready;
  /* verilator lint_off UNUSEDSIGNAL */
  wire rx_lost;  // shows as a bad CRC
  /* verilator lint_on UNUSEDSIGNAL */
  glb_uart #(
    .CLK_HZ(CLK_HZ),
    .BAUD(BAUD)
  ) u_uart (
    .clk(clk),
    .rst(rst),
    .rx(rx),
    .tx(tx),
    .rx_data(rx_data),
    .rx_valid(rx_valid),
    .rx_ready(rx_ready),
    .rx_lost(rx_lost),
    .rx_break(rx_break),
    .tx_data(tx_data),
    .tx_valid(tx_valid),
    .tx_ready(tx_ready)
  );
  glb_board #(`GLB_PASS, .BUILD_HASH(BUILD_HASH)) u_board (
    .clk(clk),
    .locked(locked),
    .button(button || rx_break),
    .rst(rst),
    .in_data(rx_data),
    .in_valid(rx_valid),
    .in_ready(rx_ready),
    .out_data(tx_data),
    .out_valid(tx_valid),
    .out_ready(tx_ready),
    .led(led)
  );
endmodule

`default_nettype wire
