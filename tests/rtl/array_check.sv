// One array of given parameters against the model of array_model.svh: two jobs with random schedules, all states read out before and after.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`timescale 1ns / 1ns
`include "glb_proto.svh"
`include "glb_params.svh"

module array_check #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS,
  parameter SEED = 1
) (
  output reg done,
  output reg ok
);
  `include "glb_clocks.svh"
  localparam LB = LW > 0 ? LW : 1;
  localparam CTRL = LANES + 1;
  localparam WORDS = 1 << (AW + 1);
  localparam NSEG = 4;

  reg clk = 0;
  always #5 if (done !== 1) clk = ~clk;  // the other arrays of a bench run on alone
  reg rst = 1;
  reg ld_valid = 0, job_start = 0, seg_start = 0, pc_valid = 0, page = 0, rd_valid = 0;
  reg [3:0] ld_target = 0;
  reg [7:0] ld_tile = 0, rd_tile = 0;
  reg [15:0] ld_addr = 0, c_start = 0, wp_start = 0, pc = 0, rd_addr = 0;
  reg [35:0] ld_data = 0;
  wire rd_word_valid;
  wire [CHAINS-1:0] rd_word;
  glb_array #(`GLB_PASS) dut (
    .clk(clk), .rst(rst), .ld_valid(ld_valid), .ld_target(ld_target), .ld_tile(ld_tile), .ld_addr(ld_addr),
    .ld_data(ld_data), .job_start(job_start), .seg_start(seg_start), .c_start(c_start), .wp_start(wp_start),
    .pc_valid(pc_valid), .pc(pc), .page(page), .rd_valid(rd_valid), .rd_tile(rd_tile), .rd_addr(rd_addr),
    .rd_word_valid(rd_word_valid), .rd_word(rd_word)
  );

  `include "array_model.svh"

  task automatic load(input integer target, input integer tile, input integer addr, input [35:0] data);
    begin
      @(negedge clk);
      ld_valid = 1;
      ld_target = target;
      ld_tile = tile;
      ld_addr = addr;
      ld_data = data;
      if (target == `GLB_TARGET_LFSR) begin
        @(negedge clk);
        ld_valid = 0;
      end
    end
  endtask

  task automatic idle(input integer n);
    begin
      @(negedge clk);
      ld_valid = 0;
      pc_valid = 0;
      job_start = 0;
      seg_start = 0;
      rd_valid = 0;
      repeat (n) @(negedge clk);
    end
  endtask

  // readout of one page, a word a clock, against the model
  integer rd_tile_n, rd_addr_n, bad;
  reg checking = 0;
  always @(negedge clk)
    if (rd_word_valid) begin
      if (!checking || rd_word !== state[rd_tile_n*WORDS + {page, rd_addr_n[AW-1:0]}]) begin
        if (bad < 5)
          $display("array %0dx%0dx%0d: tile %0d page %0d word %0d is %h, expected %h", TILES, LANES, CHAINS,
                   rd_tile_n, page, rd_addr_n, rd_word, state[rd_tile_n*WORDS + {page, rd_addr_n[AW-1:0]}]);
        bad = bad + 1;
      end
      rd_tile_n = (rd_tile_n + 1) % TILES;
      if (rd_tile_n == 0) rd_addr_n = rd_addr_n + 1;
    end

  task automatic readout;
    begin
      rd_tile_n = 0;
      rd_addr_n = 0;
      checking = 1;
      for (integer a = 0; a < 1 << AW; a = a + 1)
        for (integer t = 0; t < TILES; t = t + 1) begin
          @(negedge clk);
          rd_valid = 1;
          rd_tile = t;
          rd_addr = a;
        end
      idle(RD_LAT + 2);
      if (rd_addr_n != 1 << AW) bad = bad + 1;
      checking = 0;
    end
  endtask

  integer c, first;
  initial begin
    done = 0;
    ok = 0;
    bad = 0;
    repeat (20) @(negedge clk);
    rst = 0;
    // random contents; ops are chosen as the model runs, so it runs once before anything is loaded
    for (integer i = 0; i < TILES*SDEPTH; i = i + 1) sched[i] = rnd(0);
    for (integer i = 0; i < SDEPTH; i = i + 1)
      for (integer k = 0; k < CHUNKS; k = k + 1) netw[i][16*k +: 16] = rnd(0);
    for (integer i = 0; i < TILES*CDEPTH; i = i + 1) coup[i] = random_entry(0);
    for (integer i = 0; i < 1024; i = i + 1) table_z[i] = rnd(0);
    for (integer i = 0; i < TILES*32; i = i + 1) pend[i] = 0;
    first = 0;
    for (integer s = 0; s < NSEG; s = s + 1) begin
      seg_n[s] = s == 0 ? SDEPTH / 8 : 1 + rnd(0) % (SDEPTH / 4);
      seg_s[s] = s == NSEG - 1 ? SDEPTH - seg_n[s] : first;
      first = first + seg_n[s];
      seg_c[s] = rnd(0) % (CDEPTH / 2);
      seg_w[s] = rnd(0) % (1 << GW);
    end
    for (integer pass = 0; pass < 3; pass = pass + 1) begin
      // pass 0 only chooses; passes 1 and 2 are jobs on page 0 and 1
      page = pass == 2;
      for (integer i = 0; i < TILES*WORDS; i = i + 1)
        if (pass < 2 || (i / (WORDS / 2)) % 2 == 1) state[i] = rnd(0);
      for (integer i = 0; i < TILES*LANES; i = i + 1) begin
        // Every other lane: one bit set, so that the words are small for long and the deep tail decides.
        lfsr[i] = (SEED + i + i / LANES) % 2 ? 64'd1 << (rnd(0) % 64) : {rnd(0), rnd(0)};
        nc[i] = 0;
        tail[i] = 0;
      end
      for (integer i = 0; i < TILES*LANES*CHAINS; i = i + 1) acc[i] = 0;
      if (pass == 1) begin
        for (integer t = 0; t < TILES; t = t + 1) begin
          for (integer i = 0; i < SDEPTH; i = i + 1) load(`GLB_TARGET_SCHED, t, i, sched[t*SDEPTH+i]);
          for (integer i = 0; i < CDEPTH; i = i + 1) load(`GLB_TARGET_COUPLING, t, i, coup[t*CDEPTH+i]);
        end
        for (integer k = 0; k < CHUNKS; k = k + 1)
          for (integer i = 0; i < SDEPTH; i = i + 1) load(`GLB_TARGET_NET, k, i, netw[i][16*k +: 16]);
        for (integer i = 0; i < 1024; i = i + 1) load(`GLB_TARGET_NOISE, 0, i, table_z[i]);
      end
      if (pass > 0) begin
        for (integer t = 0; t < TILES; t = t + 1) begin
          for (integer i = 0; i < WORDS; i = i + 1) load(`GLB_TARGET_STATE, t, i, state[t*WORDS+i]);
          for (integer l = 0; l < LANES; l = l + 1) begin
            load(`GLB_TARGET_LFSR, t, 2*l, lfsr[t*LANES+l][31:0]);
            load(`GLB_TARGET_LFSR, t, 2*l + 1, lfsr[t*LANES+l][63:32]);
          end
        end
        idle(LOAD_LAT - 1);
        readout;
        job_start = 1;
      end
      c = 0;
      for (integer s = 0; s < NSEG; s = s + 1) begin
        for (integer i = 0; i < TILES*LANES; i = i + 1) wp[i] = seg_w[s];
        for (integer t = 0; t < TILES; t = t + 1) cp[t] = seg_c[s];
        for (integer i = 0; i < seg_n[s] + GAP; i = i + 1) begin
          if (pass > 0) begin
            // the first segment's start comes with its first pc, the others' as soon as allowed
            seg_start = s == 0 ? i == 0 : 0;
            if (i == seg_n[s] + WL + 1 && s + 1 < NSEG) begin
              seg_start = 1;
              c_start = seg_c[s+1];
              wp_start = seg_w[s+1];
            end else if (seg_start) begin
              c_start = seg_c[0];
              wp_start = seg_w[0];
            end else begin
              c_start = rnd(0);
              wp_start = rnd(0);
            end
            pc_valid = i < seg_n[s];
            pc = pc_valid ? seg_s[s] + i : rnd(0);
            @(negedge clk);
            job_start = 0;
          end
          if (i < seg_n[s]) model_clock(seg_s[s] + i, c, pass == 0);
          else model_writes(c);
          c = c + 1;
        end
      end
      if (pass > 0) begin
        idle(0);
        readout;
      end
    end
    ok = bad == 0 && WL == NS + 4 && GAP == WL + 4;
    done = 1;
  end
endmodule

`default_nettype wire
