// What every board top holds: reset, glb_core and its lights. The bytes come from a transport (glb_uart, USB).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module glb_board #(
  `GLB_PARAMETERS,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire       clk,
  input  wire       locked,     // the clock is good; asynchronous
  input  wire       button,     // 1: reset; asynchronous
  output wire       rst,        // for the transport
  input  wire [7:0] in_data,
  input  wire       in_valid,
  output wire       in_ready,
  output wire [7:0] out_data,
  output wire       out_valid,
  input  wire       out_ready,
  output wire [2:0] led         // 0 alive (blinks), 1 a job runs, 2 the last command was refused
);
  // Reset for 256 clocks after the clock is good and the button is released.
  reg [1:0] good_q = 2'b00;
  reg [8:0] wait_q = 9'd0;
  always_ff @(posedge clk) begin
    good_q <= {good_q[0], locked && !button};
    if (!good_q[1]) wait_q <= 9'd0;
    else if (!wait_q[8]) wait_q <= wait_q + 1'b1;
  end
  assign rst = !wait_q[8];

  wire busy, error;
  glb_core #(`GLB_PASS, .BUILD_HASH(BUILD_HASH)) u_core (
    .clk(clk),
    .rst(rst),
    .in_data(in_data),
    .in_valid(in_valid),
    .in_ready(in_ready),
    .out_data(out_data),
    .out_valid(out_valid),
    .out_ready(out_ready),
    .busy(busy),
    .error(error)
  );

  // A job may be over in microseconds: its light stays on for 2^22 clocks more.
  reg [25:0] alive_q = 26'd0;
  reg [21:0] hold_q = 22'd0;
  reg [2:0]  led_q = 3'd0;
  always_ff @(posedge clk) begin
    alive_q <= alive_q + 1'b1;
    if (busy) hold_q <= {22{1'b1}};
    else if (hold_q != 22'd0) hold_q <= hold_q - 1'b1;
    led_q <= {error, hold_q != 22'd0, alive_q[25]};
  end
  assign led = led_q;
endmodule

`default_nettype wire
