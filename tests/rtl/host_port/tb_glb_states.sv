// WRITE STATES with words of one byte. SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none

module tb_glb_states;
  localparam CHAINS = 4;
`include "host_states.svh"
endmodule
