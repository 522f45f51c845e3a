// WRITE STATES with words of two bytes. SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none

module tb_glb_states_wide;
  localparam CHAINS = 16;
`include "host_states.svh"
endmodule
