// The array's parameters (docs/design/array.md, section 1) and the widths that follow from them, for a module's parameter list, and the
// way to give them on to a module inside. SPDX-License-Identifier: Apache-2.0
`ifndef GLB_PARAMS_SVH
`define GLB_PARAMS_SVH

// Most modules need some of these names only.
`define GLB_PARAMETERS \
  /* verilator lint_off UNUSEDPARAM */ \
  parameter TILES  = 4,    /* tiles, power of two, 4 .. 128 */ \
  parameter LANES  = 2,    /* lanes a tile: 1, 2 or 4 */ \
  parameter CHAINS = 4,    /* Markov chains: 4, 8 or 16 */ \
  parameter JW     = 8,    /* coupling bits, signed, 4 .. 8 */ \
  parameter ACC    = 12,   /* accumulator bits, 10 .. 12; LANES = 4: up to 14 */ \
  parameter GW     = 4,    /* log2 of state words a lane and page */ \
  parameter SDEPTH = 256,  /* schedule memory, clocks */ \
  parameter CDEPTH = 128   /* coupling memory, entries a tile */ \
  /* verilator lint_on UNUSEDPARAM */

// The tiles that share a stage of the load chain.
`define GLB_GROUP (TILES < 8 ? 4 : 8)

`define GLB_WIDTHS \
  /* verilator lint_off UNUSEDPARAM */ \
  localparam LW     = $clog2(LANES),                          /* lane */ \
  localparam AW     = GW + LW,                                /* bank address in a page */ \
  localparam OW     = $clog2(LANES + 2),                      /* op, flag */ \
  localparam SW     = AW + OW,                                /* schedule word of a tile */ \
  localparam PW     = LANES * JW > 16 ? LANES * JW : 16,      /* payload of a coupling word */ \
  localparam CW     = PW + OW,                                /* coupling word */ \
  localparam NS     = $clog2(TILES),                          /* tile; network stages */ \
  localparam NB     = NS * TILES / 2,                         /* network word */ \
  localparam CHUNKS = (NB + 15) / 16,                         /* items of NET that make a network word */ \
  localparam PCW    = $clog2(SDEPTH),                         /* schedule address */ \
  localparam CAW    = $clog2(CDEPTH),                         /* coupling entry's number */ \
  localparam LAW1   = PCW > CAW ? PCW : CAW, \
  localparam LAW2   = AW + 2 > 10 ? AW + 2 : 10, \
  localparam LAW    = LAW1 > LAW2 ? LAW1 : LAW2,              /* load address: of a schedule, coupling, state or noise table item */ \
  localparam GROUP  = `GLB_GROUP,                             /* tiles of a group */ \
  localparam GROUPS = TILES / GROUP \
  /* verilator lint_on UNUSEDPARAM */

`define GLB_PASS \
  .TILES(TILES), .LANES(LANES), .CHAINS(CHAINS), .JW(JW), .ACC(ACC), .GW(GW), .SDEPTH(SDEPTH), .CDEPTH(CDEPTH)

`endif
