// Seed expansion: xoroshiro64+ from the job's seed, two outputs for every lane's LFSR (docs/design/array.md, section 4). One step every
// second clock, because the clock after an LFSR item must be free on the load bus.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_seed #(
  parameter TILES = 64,  // tiles
  parameter LANES = 2    // lanes a tile
) (
  input  wire        clk,
  input  wire        rst,
  input  wire [3:0]  seed_ld,    // load this 16-bit word of the seed, low word first
  input  wire [15:0] seed_data,
  input  wire        start,
  output wire        busy,
  // load bus
  output wire        ld_valid,
  output wire [7:0]  ld_tile,
  output wire [15:0] ld_addr,    // {lane, half}
  output wire [31:0] ld_data
);
  localparam LW = $clog2(LANES);
  localparam NS = $clog2(TILES);
  localparam IW = NS + LW + 1;  // index of a half

  reg [31:0] a_q, b_q;
  reg zero_q;                   // the seed gives the all-zero state
  reg first_q, run_q, tick_q;
  reg [5:0] drop_q;
  reg keep_q;                   // 64 steps are dropped
  reg [IW-1:0] made_q;          // outputs made

  wire [31:0] bx = b_q ^ a_q;
  wire [31:0] a_next = {a_q[5:0], a_q[31:6]} ^ bx ^ {bx[22:0], 9'd0};
  wire [31:0] b_next = {bx[18:0], bx[31:19]};

  // out_q: made last; then the one before it, "is zero" beside them, right from their second clock on.
  reg [31:0] out_q, out1_q;
  reg zero0_q, zero1_q, v_q, v1_q;
  reg [IW-1:0] sent_q;

  always_ff @(posedge clk) begin
    if (seed_ld[0]) a_q[15:0] <= seed_data ^ 16'h6a88;
    if (seed_ld[1]) a_q[31:16] <= seed_data ^ 16'h243f;
    if (seed_ld[2]) b_q[15:0] <= seed_data ^ 16'h08d3;
    if (seed_ld[3]) b_q[31:16] <= seed_data ^ 16'h85a3;
    zero_q <= a_q == 32'd0 && b_q == 32'd0;

    first_q <= start;
    if (first_q) begin
      if (zero_q) a_q <= 32'd1;
      run_q <= 1'b1;
      keep_q <= 1'b0;
      drop_q <= 6'd0;
      made_q <= 0;
    end else if (run_q && tick_q) begin
      a_q <= a_next;
      b_q <= b_next;
      drop_q <= drop_q + 1'b1;
      if (&drop_q) keep_q <= 1'b1;
      if (keep_q) begin
        made_q <= made_q + 1'b1;
        if (&made_q) run_q <= 1'b0;
      end
    end

    tick_q <= !tick_q;
    if (tick_q) begin
      out_q <= a_q + b_q;
      out1_q <= out_q;
      zero1_q <= zero0_q;
      v_q <= run_q && keep_q;
      v1_q <= v_q;
    end
    zero0_q <= out_q == 32'd0;
    if (first_q) sent_q <= 0;
    else if (v1_q && tick_q) sent_q <= sent_q + 1'b1;

    if (rst) begin
      first_q <= 1'b0;
      run_q <= 1'b0;
      tick_q <= 1'b0;
      v_q <= 1'b0;
      v1_q <= 1'b0;
    end
  end

  assign busy = first_q || run_q || v_q || v1_q;
  assign ld_valid = v1_q && tick_q;
  assign ld_tile = {{(8 - NS){1'b0}}, sent_q[IW-1:LW+1]};
  assign ld_addr = {{(15 - LW){1'b0}}, sent_q[LW:0]};
  // A low word is out1_q while its high word is out_q: an LFSR of zeros becomes 1.
  assign ld_data = {out1_q[31:1], out1_q[0] || (!sent_q[0] && zero1_q && zero0_q)};
endmodule

`default_nettype wire
