// Clocks of the data path (docs/design/rtl.md, "The data path, clock by clock"); include inside a module that has TILES.
// Every offset is derived here. AT_x: the clock of x when pc stands at glb_array's port in clock 0. SPDX-License-Identifier: Apache-2.0
`include "glb_params.svh"
  /* verilator lint_off UNUSEDPARAM */
  // a schedule address's way
  localparam AT_D       = 6;                            // the schedule word is in the tile
  localparam AT_BANK    = AT_D + 1;                     // its address is at the bank's pins
  localparam AT_NET     = AT_BANK + 2;                  // the bank's word is at network stage 0; stage s works in AT_NET + s
  localparam AT_WORD    = AT_NET + $clog2(TILES);       // the word is at the receiving tile
  localparam AT_M       = AT_WORD + 1;                  // the accumulators add it
  localparam AT_WRITE   = AT_M + 1;                     // a result is at the bank's pins
  localparam AT_SUM     = AT_M + 4;                     // of a segment that counts: the new sum is at the coupling memory's pins

  // A noise word takes NOISE_CLOCKS from op at the coupling memory's pins to the sum, and one more where the network leaves the time for
  // a register of its own. What then is left op waits for; with less than none it is taken a clock before D.
  localparam NOISE_CLOCKS = 7;
  localparam SPARE      = AT_M - AT_D - NOISE_CLOCKS;
  localparam NOISE_REG  = SPARE > 0 ? 1 : 0;            // the noise word has a register of its own
  localparam AT_E       = AT_M - NOISE_CLOCKS - NOISE_REG;  // op at the coupling memory's first read
  localparam OP_WAIT    = AT_E - AT_D;                  // from D to E; -1: E is before D
  localparam AT_K       = AT_E + 2;                     // the early coupling word is there
  localparam KIND_CLOCKS = AT_M - 2 - AT_K;             // what it is for waits so long for the clock before the lanes' registers
  localparam EARLY      = OP_WAIT < 0 ? 1 : 0;          // the schedule word is in the tile a clock before D and waits there

  // at the groups' ports
  localparam AT_PC      = AT_D - 3 - EARLY;
  localparam AT_VALID   = AT_PC + 2;                    // pc_valid meets the schedule memory's output
  localparam AT_START   = AT_D - 3;                     // job_start, seg_start
  localparam AT_RD      = AT_D - 1;                     // address of a readout

  // what the driver of glb_array needs
  localparam WL         = AT_WRITE - AT_BANK;           // array.md's write latency
  localparam GAP        = WL + 4;                       // array.md's clocks between segments
  localparam GAP_COUNT  = GAP + 4;                      // and after one that counts
  localparam RD_LAT     = AT_WORD + 1;                  // from rd_valid to rd_word_valid
  localparam LOAD_STAGES = TILES / `GLB_GROUP + 3;      // of the load chain
  localparam LOAD_LAT   = LOAD_STAGES + 6;              // from ld_valid until the item counts for any pc, rd or start from then on
  /* verilator lint_on UNUSEDPARAM */
