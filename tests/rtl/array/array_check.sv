// One array of given parameters against the models of array_model.svh and count_model.svh: jobs with random segments, one on each page, the
// states read out before and after. SPDX-License-Identifier: Apache-2.0
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
  localparam WORDS = 1 << (AW + 2);
  localparam SUMS = CDEPTH / 2;  // the first entry that holds a sum

  // Segments of a job: SAMPLE, COUNT and DUMP; AGAIN is the one three before once more. A dump's ops and switches are those of others.
  localparam [1:0] SAMPLE = 2'd0, COUNT = 2'd1, DUMP = 2'd2, AGAIN = 2'd3;
  localparam NSEG = 11;
  localparam [2*NSEG-1:0] KINDS = {SEED % 2 ? DUMP : COUNT, SAMPLE, COUNT, DUMP, DUMP, SAMPLE, AGAIN, AGAIN, SAMPLE, COUNT, SAMPLE};
  localparam OWNERS = 7;         // segments with rows of their own, at most
  integer seg_s [0:NSEG-1];
  integer seg_n [0:NSEG-1];
  integer seg_c [0:NSEG-1];
  integer seg_w [0:NSEG-1];
  reg [1:0] kind [0:NSEG-1];
  reg [6:0] seg_mode [0:NSEG-1];
  localparam JOBS = 5;           // the first is not run: it chooses ops

  reg clk = 0;
  always #5 if (done !== 1) clk = ~clk;  // the other arrays of a bench run on alone
  reg rst = 1;
  reg ld_valid = 0, job_start = 0, seg_start = 0, pc_valid = 0, rd_valid = 0;
  reg [1:0] page = 0;
  reg [6:0] mode = 0;
  reg [3:0] ld_target = 0;
  reg [7:0] ld_tile = 0, rd_tile = 0;
  reg [15:0] ld_addr = 0, c_start = 0, wp_start = 0, pc = 0, rd_addr = 0;
  reg [35:0] ld_data = 0;
  wire rd_word_valid;
  wire [CHAINS-1:0] rd_word;
  glb_array #(`GLB_PASS) dut (
    .clk(clk), .rst(rst), .ld_valid(ld_valid), .ld_target(ld_target), .ld_tile(ld_tile), .ld_addr(ld_addr),
    .ld_data(ld_data), .job_start(job_start), .seg_start(seg_start), .c_start(c_start), .wp_start(wp_start),
    .pc_valid(pc_valid), .pc(pc), .page(page), .mode(mode), .rd_valid(rd_valid), .rd_tile(rd_tile), .rd_addr(rd_addr),
    .rd_word_valid(rd_word_valid), .rd_word(rd_word)
  );

  `include "array/array_model.svh"
  `include "array/count_model.svh"
  `include "array/array_drive.svh"

  // contents of all memories, and the segments
  task automatic make_program;
    integer first;
    begin
      for (integer i = 0; i < TILES*SDEPTH; i = i + 1) sched[i] = rnd(0);
      for (integer i = 0; i < SDEPTH; i = i + 1)
        for (integer k = 0; k < CHUNKS; k = k + 1) netw[i][16*k +: 16] = rnd(0);
      for (integer i = 0; i < TILES*CDEPTH; i = i + 1) coup[i] = random_entry(0);
      for (integer i = 0; i < 1024; i = i + 1) table_z[i] = rnd(0);
      for (integer i = 0; i < TILES*32; i = i + 1) pend[i] = 0;
      for (integer i = 0; i < TILES*WORDS; i = i + 1) state[i] = rnd(0);
      first = 0;
      for (integer s = 0; s < NSEG; s = s + 1) begin
        kind[s] = KINDS[2*s +: 2];
        seg_w[s] = rnd(0) % (1 << GW);
        if (kind[s] == AGAIN) begin
          kind[s] = kind[s-3];
          seg_s[s] = seg_s[s-3];
          seg_n[s] = seg_n[s-3];
          seg_c[s] = seg_c[s-3];
        end else if (kind[s] != DUMP) begin
          seg_n[s] = s == 0 ? SDEPTH / OWNERS : 1 + rnd(0) % (SDEPTH / OWNERS);
          seg_s[s] = s > NSEG - 3 ? SDEPTH - (NSEG - s) * (SDEPTH / OWNERS) : first;
          seg_c[s] = kind[s] == COUNT ? SUMS + rnd(0) % (CDEPTH / 8) : rnd(0) % (CDEPTH / 4);
          first = first + seg_n[s];
        end
      end
    end
  endtask

  // The bits that have no meaning in a segment are random.
  function automatic [6:0] random_mode(input integer s, input integer job);
    reg [6:0] m;
    begin
      m = rnd(0);
      m[4:3] = m[4:3] % (16 / CHAINS);
      m[0] = kind[s] != SAMPLE;
      if (m[0]) m[1] = kind[s] == DUMP;
      if (kind[s] == SAMPLE) m[2] = s > 0 && (s + job) % 2 == 0;
      random_mode = m;
    end
  endfunction

  // A dump of up to some words more than a lane has.
  task automatic choose_dump(input integer s);
    begin
      seg_n[s] = 1 + rnd(0) % (SUMS > (1 << GW) + 3 ? (1 << GW) + 3 : SUMS);
      seg_s[s] = rnd(0) % (SDEPTH - seg_n[s] + 1);
      seg_c[s] = SUMS + rnd(0) % (CDEPTH - SUMS - seg_n[s] + 1);
    end
  endtask

  // A part of the sums from entry `at` on, as many as a lane has words.
  task automatic check_sums(input integer at, input integer part);
    begin
      seg_c[0] = at;
      seg_w[0] = at;
      for (integer t = 0; t < TILES; t = t + 1) cp[t] = at;
      for (integer i = 0; i < TILES*LANES; i = i + 1) wp[i] = at % (1 << GW);
      for (integer i = 0; i < 1 << GW && at + i < CDEPTH; i = i + 1) begin
        schedule(rnd(0) % SDEPTH, i == 0 ? 0 : -1, 7'd3 | 7'(part << 3));
        dump_clock(7'(part << 3));
      end
      repeat (GAP_COUNT) @(negedge clk);
      readout(page, 1 << GW);
    end
  endtask

  task automatic load_program;
    begin
      for (integer t = 0; t < TILES; t = t + 1) begin
        for (integer i = 0; i < SDEPTH; i = i + 1) load(`GLB_TARGET_SCHED, t, i, sched[t*SDEPTH+i]);
        for (integer i = 0; i < CDEPTH; i = i + 1) load(`GLB_TARGET_COUPLING, t, i, coup[t*CDEPTH+i]);
        for (integer i = 0; i < WORDS; i = i + 1) load(`GLB_TARGET_STATE, t, i, state[t*WORDS+i]);
      end
      for (integer k = 0; k < CHUNKS; k = k + 1)
        for (integer i = 0; i < SDEPTH; i = i + 1) load(`GLB_TARGET_NET, k, i, netw[i][16*k +: 16]);
      for (integer i = 0; i < 1024; i = i + 1) load(`GLB_TARGET_NOISE, 0, i, table_z[i]);
    end
  endtask

  // What a job begins with; some words and sums come anew, whatever the segment before has left behind.
  task automatic start_job(input run);
    integer a;
    begin
      for (integer i = 0; i < TILES*LANES; i = i + 1) begin
        // Every other lane: one bit set, so that the words are small for long and the deep tail decides.
        lfsr[i] = (SEED + i + i / LANES) % 2 ? 64'd1 << (rnd(0) % 64) : {rnd(0), rnd(0)};
        nc[i] = 0;
        tail[i] = 0;
      end
      for (integer i = 0; i < TILES*LANES*CHAINS; i = i + 1) acc[i] = 0;
      for (integer t = 0; t < TILES; t = t + 1) begin
        a = SUMS + rnd(0) % (CDEPTH - SUMS);
        coup[t*CDEPTH + a] = {rnd(0), rnd(0)};
        if (run) load(`GLB_TARGET_COUPLING, t, a, coup[t*CDEPTH + a]);
        a = rnd(0) % WORDS;
        state[t*WORDS + a] = rnd(0);
        if (run) load(`GLB_TARGET_STATE, t, a, state[t*WORDS + a]);
        for (integer l = 0; l < LANES; l = l + 1)
          if (run) begin
            load(`GLB_TARGET_LFSR, t, 2*l, lfsr[t*LANES+l][31:0]);
            load(`GLB_TARGET_LFSR, t, 2*l + 1, lfsr[t*LANES+l][63:32]);
          end
      end
    end
  endtask

  // Segment s: its clocks and the gap behind it, in which the next one starts as soon as it may.
  integer c;
  task automatic segment(input integer s, input run, input choose);
    integer gap, early;
    begin
      for (integer i = 0; i < TILES*LANES; i = i + 1) wp[i] = seg_w[s];
      for (integer t = 0; t < TILES; t = t + 1) cp[t] = seg_c[s];
      gap = kind[s] == SAMPLE ? GAP : GAP_COUNT;
      early = kind[s] == SAMPLE ? WL + 3 : GAP_COUNT - 1;
      // the next job or readout comes GAP clocks after the last address, the next segment's address one more
      for (integer i = 0; i < seg_n[s] + gap - (s == NSEG - 1); i = i + 1) begin
        if (run)
          schedule(i < seg_n[s] ? seg_s[s] + i : -1,
                   s == 0 && i == 0 ? 0 : i == seg_n[s] - 1 + early && s + 1 < NSEG ? s + 1 : -1,
                   s == 0 && i == 0 ? seg_mode[0] : seg_mode[s < NSEG - 1 ? s + 1 : s]);
        if (i < seg_n[s])
          case (kind[s])
            SAMPLE: model_clock(seg_s[s] + i, c, seg_mode[s][2], choose);
            COUNT: count_clock(seg_s[s] + i, seg_mode[s], choose);
            default: dump_clock(seg_mode[s]);
          endcase
        else model_writes(c);
        c = c + 1;
      end
    end
  endtask

  initial begin
    done = 0;
    ok = 0;
    bad = 0;
    repeat (20) @(negedge clk);
    rst = 0;
    make_program;
    for (integer job = 0; job < JOBS; job = job + 1) begin
      // ops are chosen as the model runs, so it runs once before anything is loaded
      if (job == 1) load_program;
      start_job(job > 0);
      if (job > 0) begin
        repeat (LOAD_LAT) @(negedge clk);
        if (job == 1) readout(SEED, 1 << AW);
        job_start = 1;
      end
      own_set = 0;
      c = 0;
      for (integer s = 0; s < NSEG; s = s + 1) begin
        seg_mode[s] = random_mode(s, job);
        if (kind[s] == DUMP) choose_dump(s);
      end
      for (integer s = 0; s < NSEG; s = s + 1) segment(s, job > 0, job == 0 && KINDS[2*s +: 2] != AGAIN);
      if (job > 0) begin
        readout(page, 1 << AW);
        page = page + 1;
      end
    end
    for (integer p = 0; p < 4; p = p + 1) readout(p, 1 << AW);
    for (integer p = 0; p < 16 / CHAINS; p = p + 1)
      for (integer a = SUMS; a < CDEPTH; a = a + (1 << GW)) check_sums(a, p);
    ok = bad == 0 && WL == NS + 4 && GAP == WL + 4 && GAP_COUNT == GAP + 4;
    done = 1;
  end
endmodule

`default_nettype wire
