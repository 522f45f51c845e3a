// The data path: load bus and schedule clock in, readout words out (docs/design/array.md, rtl.md).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_array #(
  parameter TILES  = 4,    // tiles, power of two, at least 4
  parameter LANES  = 2,    // lanes a tile: 1, 2 or 4
  parameter CHAINS = 4,    // Markov chains
  parameter JW     = 8,    // coupling bits
  parameter ACC    = 12,   // accumulator bits
  parameter GW     = 4,    // log2 of state words a lane and page
  parameter SDEPTH = 256,  // schedule memory, clocks
  parameter CDEPTH = 128   // coupling memory, entries a tile
) (
  input  wire              clk,
  input  wire              rst,
  // load bus: an item a clock; after an LFSR item (target 9) one clock without an item
  input  wire              ld_valid,
  input  wire [3:0]        ld_target,      // 0 SCHED, 1 NET, 2 COUPLING, 3 STATE, 8 noise, 9 LFSR
  input  wire [7:0]        ld_tile,        // tile; chunk for NET; ignored for the noise table
  input  wire [15:0]       ld_addr,        // as in array.md section 5; LFSR: {lane, half}
  input  wire [35:0]       ld_data,        // item, from bit 0
  // schedule
  input  wire              job_start,      // before or with the job's first seg_start
  input  wire              seg_start,      // before or with the segment's first pc
  input  wire [15:0]       c_start,        // coupling entry of the segment
  input  wire [15:0]       wp_start,       // state word of the segment's first update in each lane
  input  wire              pc_valid,       // issue schedule address pc
  input  wire [15:0]       pc,
  input  wire              page,           // of the job; steady while anything of it is in flight
  // readout
  input  wire              rd_valid,
  input  wire [7:0]        rd_tile,
  input  wire [15:0]       rd_addr,        // {lane, g}
  output wire              rd_word_valid,  // RD_LAT clocks after rd_valid
  output wire [CHAINS-1:0] rd_word
);
  `include "glb_lat.svh"
endmodule

`default_nettype wire
