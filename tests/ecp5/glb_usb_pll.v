// Stands in for the second PLL that ecppll writes, for lint: the oscillator's clock as it is. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`timescale 1ns / 1ps

module glb_usb_pll (
  input  wire clkin,
  output wire clkout0,
  output wire clkout1,
  output wire clkout2,
  output wire locked
);
  assign clkout0 = clkin;
  assign clkout1 = clkin;
  assign clkout2 = clkin;
  assign locked = 1'b1;
endmodule

`default_nettype wire
