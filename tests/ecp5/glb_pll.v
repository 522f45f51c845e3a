// Stands in for the PLL that ecppll writes: the oscillator's clock as it is, good after a while. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`timescale 1ns / 1ps

module glb_pll (
  input  wire clkin,
  output wire clkout0,
  output wire locked
);
  reg [3:0] count_q = 4'd0;
  always @(posedge clkin) if (count_q != 4'd15) count_q <= count_q + 1'b1;
  assign clkout0 = clkin;
  assign locked = count_q == 4'd15;
endmodule

`default_nettype wire
