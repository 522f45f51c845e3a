// Random schedules on four small arrays against a model that follows array.md sections 2 to 4 clock by clock.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`timescale 1ns / 1ns

module array_check #(
  parameter TILES  = 4,
  parameter LANES  = 2,
  parameter CHAINS = 4,
  parameter JW     = 8,
  parameter ACC    = 12,
  parameter GW     = 4,
  parameter SDEPTH = 256,
  parameter CDEPTH = 128,
  parameter SEED   = 1
) (
  output reg done,
  output reg ok
);
  `include "glb_lat.svh"
  localparam LW = $clog2(LANES);
  localparam LB = LW > 0 ? LW : 1;
  localparam AW = GW + LW;
  localparam OW = $clog2(LANES + 2);
  localparam PW = LANES * JW > 16 ? LANES * JW : 16;
  localparam CW = PW + OW;
  localparam SW = AW + OW;
  localparam NS = $clog2(TILES);
  localparam NB = NS * TILES / 2;
  localparam NCHUNKS = (NB + 15) / 16;
  localparam WL = NS + 4;
  localparam GAP = WL + 4;
  localparam CTRL = LANES + 1;
  localparam WORDS = 1 << (AW + 1);
  localparam NSEG = 4;

  reg clk = 0;
  always #5 clk = ~clk;
  reg rst = 1;
  reg ld_valid = 0, job_start = 0, seg_start = 0, pc_valid = 0, page = 0, rd_valid = 0;
  reg [3:0] ld_target = 0;
  reg [7:0] ld_tile = 0, rd_tile = 0;
  reg [15:0] ld_addr = 0, c_start = 0, wp_start = 0, pc = 0, rd_addr = 0;
  reg [35:0] ld_data = 0;
  wire rd_word_valid;
  wire [CHAINS-1:0] rd_word;
  glb_array #(
    .TILES(TILES), .LANES(LANES), .CHAINS(CHAINS), .JW(JW), .ACC(ACC), .GW(GW), .SDEPTH(SDEPTH),
    .CDEPTH(CDEPTH)
  ) dut (
    .clk(clk), .rst(rst), .ld_valid(ld_valid), .ld_target(ld_target), .ld_tile(ld_tile), .ld_addr(ld_addr),
    .ld_data(ld_data), .job_start(job_start), .seg_start(seg_start), .c_start(c_start), .wp_start(wp_start),
    .pc_valid(pc_valid), .pc(pc), .page(page), .rd_valid(rd_valid), .rd_tile(rd_tile), .rd_addr(rd_addr),
    .rd_word_valid(rd_word_valid), .rd_word(rd_word)
  );

  // contents, as loaded
  reg [SW-1:0]     sched [0:TILES*SDEPTH-1];
  reg [NCHUNKS*16-1:0] netw [0:SDEPTH-1];
  reg [CW-1:0]     coup [0:TILES*CDEPTH-1];
  reg [CHAINS-1:0] state [0:TILES*WORDS-1];
  reg [15:0]       table_z [0:1023];
  reg [63:0]       lfsr [0:TILES*LANES-1];
  // model
  reg [ACC-1:0] acc [0:TILES*LANES*CHAINS-1];
  integer nc [0:TILES*LANES-1];
  integer tail [0:TILES*LANES-1];
  integer wp [0:TILES*LANES-1];
  integer cp [0:TILES-1];
  reg              pend [0:TILES*32-1];      // write of a tile at clock mod 32
  reg [AW-1:0]     pend_addr [0:TILES*32-1];
  reg [CHAINS-1:0] pend_word [0:TILES*32-1];
  integer seg_s [0:NSEG-1];
  integer seg_n [0:NSEG-1];
  integer seg_c [0:NSEG-1];
  integer seg_w [0:NSEG-1];

  integer rnd_state = SEED;
  function automatic [31:0] rnd(input integer unused);
    rnd = $random(rnd_state);
  endfunction

  // noise word of a lane, section 4
  function automatic [ACC-1:0] draw(input integer u);
    reg [63:0] s;
    reg [15:0] r;
    reg [14:0] v;
    integer idx, z, n;
    begin
      s = lfsr[u];
      for (integer i = 0; i < 16; i = i + 1) r[i] = s[i] ^ s[i+9] ^ s[i+19] ^ s[i+31];
      lfsr[u] = {r, s[63:16]};
      v = r[14:0];
      if (v >= 2048) idx = v >> 6;
      else if (v >= 128) idx = 512 + (v >> 4);
      else if (v >= 8) idx = 640 + v;
      else idx = 768 + 4 * tail[u] + (v >> 1);
      tail[u] = r[0] ? 0 : tail[u] == 31 ? 31 : tail[u] + 1;
      z = $signed(table_z[idx]);
      n = (z + v[4:0]) >>> 5;
      draw = r[15] ? ~n : n;
    end
  endfunction

  task automatic load(input integer target, input integer tile, input integer addr, input [35:0] data);
    begin
      @(negedge clk);
      ld_valid = 1;
      ld_target = target;
      ld_tile = tile;
      ld_addr = addr;
      ld_data = data;
      if (target == 9) begin
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

  function automatic [CW-1:0] random_entry(input integer unused);
    reg [CW-1:0] e;
    reg [31:0] kind;
    begin
      e = {rnd(0), rnd(0)};
      kind = rnd(0) % 8;
      e[OW-1:0] = kind < 3 ? 0 : kind < 5 ? CTRL : rnd(0) % (LANES + 2);
      if (kind == 3) e[OW+ACC-1 +: 2] = 2'b10;  // most finish for good
      if (LANES == 1) e[OW+ACC+2] = 0;
      random_entry = e;
    end
  endfunction

  function automatic integer bank_of(input integer t, input [NB-1:0] w);
    integer p, k;
    begin
      p = t;
      for (integer s = NS - 1; s >= 0; s = s - 1) begin
        k = ((p >> (s + 1)) << s) | (p & ((1 << s) - 1));
        if (w[s * TILES / 2 + k]) p = p ^ (1 << s);
      end
      bank_of = p;
    end
  endfunction

  // Chooses the ops of clock `row` (model clock c), then does them. Reads of a bank in its write clock are undefined, so the
  // tile that would get one does something else.
  task automatic model_clock(input integer row, input integer c, input choose);
    integer b, u, x, l, nl, op;
    reg busy, hit;
    reg [CW-1:0] e;
    reg [CHAINS-1:0] word, res;
    reg [ACC-1:0] n, sum;
    reg [PW-1:0] p;
    reg [CHAINS-1:0] arrive [0:TILES-1];
    begin
      for (integer t = 0; t < TILES; t = t + 1) begin
        b = bank_of(t, netw[row][NB-1:0]);
        busy = pend[b*32 + c%32];
        arrive[t] = state[b*WORDS + {page, sched[b*SDEPTH + row][SW-1:OW]}];
        e = coup[t*CDEPTH + cp[t]];
        if (choose) begin
          op = rnd(0) % (2 * LANES + 3);
          if (op > CTRL) op = CTRL;
          if (busy && op == CTRL && e[OW-1:0] != CTRL) op = rnd(0) % CTRL;
          if (op == CTRL && cp[t] == CDEPTH - 1) op = 0;
          sched[t*SDEPTH + row][OW-1:0] = op;
        end
        op = sched[t*SDEPTH + row][OW-1:0];
        nl = -1;
        if (op >= 1 && op <= LANES) nl = op - 1;
        if (op == CTRL) begin
          cp[t] = cp[t] + 1;
          p = e[CW-1:OW];
          if (e[OW-1:0] != CTRL) begin
            if (e[OW-1:0] != 0) nl = e[OW-1:0] - 1;
            for (integer m = 0; m < LANES; m = m + 1)
              if (m != nl)
                for (integer r = 0; r < CHAINS; r = r + 1)
                  if (arrive[t][r]) begin
                    x = (t*LANES + m)*CHAINS + r;
                    acc[x] = acc[x] + {{(ACC-JW){p[m*JW+JW-1]}}, p[m*JW +: JW]};
                  end
          end else begin
            l = LW > 0 ? p[ACC+3 +: LB] : 0;
            if (p[ACC+2] && LANES > 1) nl = l ^ 1;
            u = t*LANES + l;
            for (integer r = 0; r < CHAINS; r = r + 1) begin
              sum = acc[u*CHAINS+r] + (p[ACC-1] ? acc[u*CHAINS+r] : {p[ACC-2], p[ACC-2:0]});
              res[r] = ~sum[ACC-1];
              acc[u*CHAINS+r] = p[ACC] ? 0 : sum;
            end
            pend[t*32 + (c+WL)%32] = p[ACC+1];
            pend_addr[t*32 + (c+WL)%32] = (l << GW) | wp[u];
            pend_word[t*32 + (c+WL)%32] = res;
            wp[u] = (wp[u] + 1) % (1 << GW);
          end
        end
        if (nl >= 0) begin
          u = t*LANES + nl;
          n = draw(u);
          x = u*CHAINS + nc[u];
          acc[x] = acc[x] + n;
          nc[u] = (nc[u] + 1) % CHAINS;
        end
      end
      model_writes(c);
    end
  endtask

  task automatic model_writes(input integer c);
    for (integer t = 0; t < TILES; t = t + 1)
      if (pend[t*32 + c%32]) begin
        state[t*WORDS + {page, pend_addr[t*32 + c%32]}] = pend_word[t*32 + c%32];
        pend[t*32 + c%32] = 0;
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
      idle(glb_rd_lat(TILES) + 2);
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
    for (integer i = 0; i < SDEPTH; i = i + 1) netw[i] = {rnd(0), rnd(0), rnd(0)};
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
        lfsr[i] = {rnd(0), rnd(0)};
        nc[i] = 0;
        tail[i] = 0;
      end
      for (integer i = 0; i < TILES*LANES*CHAINS; i = i + 1) acc[i] = 0;
      if (pass == 1) begin
        for (integer t = 0; t < TILES; t = t + 1) begin
          for (integer i = 0; i < SDEPTH; i = i + 1) load(0, t, i, sched[t*SDEPTH+i]);
          for (integer i = 0; i < CDEPTH; i = i + 1) load(2, t, i, coup[t*CDEPTH+i]);
        end
        for (integer k = 0; k < NCHUNKS; k = k + 1)
          for (integer i = 0; i < SDEPTH; i = i + 1) load(1, k, i, netw[i][16*k +: 16]);
        for (integer i = 0; i < 1024; i = i + 1) load(8, 0, i, table_z[i]);
      end
      if (pass > 0) begin
        for (integer t = 0; t < TILES; t = t + 1) begin
          for (integer i = 0; i < WORDS; i = i + 1) load(3, t, i, state[t*WORDS+i]);
          for (integer l = 0; l < LANES; l = l + 1) begin
            load(9, t, 2*l, lfsr[t*LANES+l][31:0]);
            load(9, t, 2*l + 1, lfsr[t*LANES+l][63:32]);
          end
        end
        idle(glb_load_lat(TILES) - 1);
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
    ok = bad == 0;
    done = 1;
  end
endmodule

// GLB_SHORT: a small part, for slow models of cells
module tb_glb_array;
`ifdef GLB_SHORT
  wire [1:0] done, ok;
  array_check #(.GW(2), .SDEPTH(96), .CDEPTH(64), .SEED(1)) u_tiny (.done(done[0]), .ok(ok[0]));
  array_check #(.LANES(4), .GW(2), .SDEPTH(64), .CDEPTH(64), .SEED(3)) u_tiny4 (.done(done[1]), .ok(ok[1]));
`else
  wire [3:0] done, ok;
  array_check #(.SEED(1)) u_tiny (.done(done[0]), .ok(ok[0]));
  array_check #(.LANES(1), .JW(6), .ACC(10), .SEED(2)) u_tiny1 (.done(done[1]), .ok(ok[1]));
  array_check #(.LANES(4), .CHAINS(8), .SDEPTH(128), .SEED(3)) u_tiny4 (.done(done[2]), .ok(ok[2]));
  array_check #(.TILES(16), .CHAINS(16), .GW(4), .SDEPTH(96), .CDEPTH(64), .SEED(4)) u_16 (.done(done[3]), .ok(ok[3]));
`endif
  initial begin
    wait (&done);
    if (&ok) $display("PASS");
    else $display("FAIL arrays %b", ~ok);
    $finish;
  end
endmodule

`default_nettype wire
