// Random jobs against a list of events written by a model of array.md's section 6; the array is a stand-in that watches
// over the rules of rtl.md (gaps, load and readout latency). SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none

module tb_glb_sequencer;
  localparam TILES = 4;
  `include "glb_clocks.svh"

  reg clk = 1'b0, rst = 1'b1;
  always #5 clk = !clk;

  reg push = 1'b0, abort = 1'b0, wr_req = 1'b0, data_ack = 1'b0, done_ack = 1'b0, word_ready = 1'b0;
  wire running, queued, tail, run_page, wr_grant, ld_valid, job_start, seg_start, pc_valid, page, rd_valid;
  wire data_valid, done_valid, word_valid, rd_word_valid;
  wire [11:0] tab_addr;
  wire [15:0] tab_data, ld_addr, c_start, pc, rd_addr, data_len;
  wire [3:0] wp_start;
  wire [3:0] ld_target, done_status, rd_word, word;
  wire [7:0] ld_tile, rd_tile, tx_byte;
  wire [31:0] ld_data;
  reg tx_done = 1'b0;
  reg [5:0] tx_index = 6'd0;
  reg tw = 1'b0;
  reg [11:0] tw_addr = 12'd0;
  reg [15:0] tw_data = 16'd0;

  glb_tables u_tables (
    .clk(clk), .wr_valid(tw), .wr_addr(tw_addr), .wr_data(tw_data), .rd_addr(tab_addr), .rd_data(tab_data)
  );
  glb_sequencer #(
    .TILES(TILES), .LANES(2), .CHAINS(4), .ACC(12), .GW(4), .SDEPTH(65536), .CDEPTH(65536)
  ) dut (
    .clk(clk), .rst(rst), .push(push), .abort(abort), .running(running), .queued(queued), .tail(tail),
    .run_page(run_page), .wr_req(wr_req), .wr_grant(wr_grant), .tab_addr(tab_addr), .tab_data(tab_data),
    .ld_valid(ld_valid), .ld_target(ld_target), .ld_tile(ld_tile), .ld_addr(ld_addr), .ld_data(ld_data),
    .job_start(job_start), .seg_start(seg_start), .c_start(c_start), .wp_start(wp_start), .pc_valid(pc_valid),
    .pc(pc), .page(page), .rd_valid(rd_valid), .rd_tile(rd_tile), .rd_addr(rd_addr),
    .rd_word_valid(rd_word_valid), .rd_word(rd_word), .data_valid(data_valid), .data_len(data_len),
    .data_ack(data_ack), .done_valid(done_valid), .done_status(done_status), .done_ack(done_ack),
    .tx_done(tx_done), .tx_index(tx_index), .tx_byte(tx_byte), .word(word), .word_valid(word_valid),
    .word_ready(word_ready)
  );

  integer failures = 0;
  task fail(input [8*40-1:0] what, input integer got, input integer want);
    begin
      failures = failures + 1;
      if (failures < 40) $display("FAIL %0s: got %0d, want %0d, time %0t", what, got, want, $time);
    end
  endtask
  task check(input [8*40-1:0] what, input integer got, input integer want);
    if (got !== want) fail(what, got, want);
  endtask

  // ---- the array: words that tell tile and address, and the rules ----
  reg [RD_LAT-1:0] rdv = 0;
  reg [3:0] rdw[0:RD_LAT-1];
  integer i, now = 0, last_pc = -100, last_ld = -100, last_rd = -100;
  always @(negedge clk) now = now + 1;
  assign rd_word_valid = rdv[RD_LAT-1];
  assign rd_word = rdw[RD_LAT-1];
  always @(posedge clk) begin
    rdv <= {rdv[RD_LAT-2:0], rd_valid && !rst};
    for (i = 1; i < RD_LAT; i = i + 1) rdw[i] <= rdw[i-1];
    rdw[0] <= rd_tile[3:0] * 5 + rd_addr[3:0] + rd_addr[4];
    if (!rst) begin
      if (pc_valid) begin
        if (now - last_ld < LOAD_LAT) fail("pc after load", now - last_ld, LOAD_LAT);
        if (now - last_rd < RD_LAT) fail("pc after readout", now - last_rd, RD_LAT);
        last_pc = now;
      end
      if (rd_valid) begin
        if (now - last_ld < LOAD_LAT) fail("readout after load", now - last_ld, LOAD_LAT);
        if (now - last_pc < GAP) fail("readout after pc", now - last_pc, GAP);
        last_rd = now;
      end
      if (ld_valid || wr_grant) begin
        if (now - last_pc < GAP) fail("load after pc", now - last_pc, GAP);
        if (rdv != 0 || rd_valid) fail("load in a readout", 1, 0);
        last_ld = now;
      end
    end
  end

  // ---- the model's list of events ----
  localparam TABLE = 1, SEG = 2, SAMPLE = 3, DONE = 4, SEEDS = 5;
  integer ev_kind[0:65535], ev_arg[0:65535];
  integer ev_n = 0, ev_at = 0;
  task event_add(input integer kind, input integer arg);
    begin
      ev_kind[ev_n] = kind;
      ev_arg[ev_n] = arg;
      ev_n = ev_n + 1;
    end
  endtask
  reg follow = 1'b1;  // aborted jobs leave the list
  task event_seen(input integer kind, input integer arg);
    if (follow) begin
      if (ev_at == ev_n || ev_kind[ev_at] != kind || ev_arg[ev_at] != arg)
        fail("event", 100000 * kind + arg, ev_at == ev_n ? 0 : 100000 * ev_kind[ev_at] + ev_arg[ev_at]);
      ev_at = ev_at + 1;
    end
  endtask

  reg [15:0] sg_start[0:15], sg_len[0:15], sg_c[0:15], sg_wp[0:15];
  reg [31:0] sg_flips[0:15];
  integer cur = -1, pcs = 0, seg_at = -1000, last_other = 0, seen_ld = 0, exact = 0;
  reg data_last = 1'b0;
  always @(posedge clk) if (!rst) begin
    // Segment n is recognised by its c_start, which is n + 1000.
    if (seg_start) begin
      if (cur >= 0 && pcs != sg_len[cur]) fail("clocks of a segment", pcs, sg_len[cur]);
      if (cur >= 0 && !job_start) begin
        if (now - seg_at < sg_len[cur] + GAP) fail("gap", now - seg_at, sg_len[cur] + GAP);
        if (last_other < seg_at && sg_len[cur] > 8) begin
          exact = exact + 1;
          check("back to back", now - seg_at, sg_len[cur] + GAP);
        end
      end
      seg_at = now;
      cur = c_start - 1000;
      pcs = 0;
      event_seen(SEG, cur);
      check("wp_start", wp_start, sg_wp[cur] % 16);
    end
    if (pc_valid) begin
      check("pc", pc, (sg_start[cur] + pcs) % 65536);
      pcs = pcs + 1;
    end
    if (ld_valid && ld_target == 9) begin
      if (ld_tile == 0 && ld_addr == 0) event_seen(SEEDS, 0);
      seen_ld = seen_ld + 1;
    end
    if (ld_valid && ld_target == 8) begin
      if (ld_addr == 0) begin
        check("LFSR halves", seen_ld, 16);
        event_seen(TABLE, ld_data[14:0]);
      end
      if (ld_addr == 895) last_other = now;
    end
    if (data_valid && !data_last) event_seen(SAMPLE, data_len);
    data_last = data_valid;
    if (data_valid || wr_req || wr_grant || abort) last_other = now;
  end

  // ---- the frames' side: takes DATA after its words, DONE after its bytes ----
  reg [7:0] done[0:39];
  reg [3:0] words[0:65535];
  integer nwords = 0, taken = 0, dones = 0, ready_rate = 100;
  integer want_words = 0;
  reg [3:0] want[0:65535];
  reg hold = 1'b0;
  integer samples_in_job = 0;
  task get_head(input reg is_done, input integer bytes);
    integer j;
    begin
      tx_done = is_done;
      for (j = 0; j < bytes; j = j + 1) begin
        tx_index = j;
        repeat (3) @(negedge clk);
        done[j] = tx_byte;
      end
    end
  endtask
  function [31:0] word32(input integer j);
    word32 = {done[j+3], done[j+2], done[j+1], done[j]};
  endfunction
  integer fr_i, job_id = 0;
  reg [3:0] last_status;
  initial forever begin
    @(negedge clk);
    if (data_valid && !hold) begin
      get_head(1'b0, 8);
      check("job of DATA", word32(0), job_id);
      check("sample of DATA", word32(4), samples_in_job);
      samples_in_job = samples_in_job + 1;
      fr_i = 0;
      while (fr_i < data_len - 8) begin
        word_ready = $urandom_range(99) < ready_rate;
        if (word_valid && word_ready) begin
          if (word !== want[fr_i]) fail("word", word, want[fr_i]);
          fr_i = fr_i + 1;
        end
        @(negedge clk);
      end
      word_ready = 1'b0;
      data_ack = 1'b1;
      @(negedge clk);
      data_ack = 1'b0;
    end
    if (done_valid && !hold) begin
      get_head(1'b1, 40);
      last_status = done_status;
      done_ack = 1'b1;
      event_seen(DONE, done_status);
      @(negedge clk);
      done_ack = 1'b0;
      dones = dones + 1;
    end
  end

  // The host's writes of the other page, at any time.
  integer wr_rate = 0;
  initial forever begin
    @(negedge clk);
    if ($urandom_range(9999) < wr_rate) begin
      wr_req = 1'b1;
      while (!wr_grant) @(negedge clk);
      repeat ($urandom_range(20)) @(negedge clk);
      wr_req = 1'b0;
    end
  end

  task put(input [11:0] addr, input [15:0] data);
    begin
      tw = 1'b1;
      tw_addr = addr;
      tw_data = data;
      @(negedge clk);
      tw = 1'b0;
    end
  endtask

  // ---- one job ----
  integer nsteps, nseg, burn, interval, flags, nruns, sweeps, total, s, k, m, sum;
  integer seg_list[0:15], step_k[0:255], step_sweeps[0:255], run_count[0:511];
  reg [63:0] flips, cycles;
  reg job_page;
  integer first_step, first_run;
  task setup(input integer big_sample);
    begin
      for (s = 0; s < 16; s = s + 1) begin
        sg_start[s] = $urandom;
        sg_len[s] = $urandom_range(4) == 0 ? $urandom_range(3) : $urandom_range(60);
        sg_c[s] = 1000 + s;
        sg_wp[s] = $urandom;
        sg_flips[s] = $urandom_range(3) == 0 ? $urandom : $urandom_range(1000);
        put(12'hc00 + 8*s, sg_start[s]);
        put(12'hc01 + 8*s, sg_len[s]);
        put(12'hc02 + 8*s, sg_c[s]);
        put(12'hc03 + 8*s, sg_wp[s]);
        put(12'hc04 + 8*s, sg_flips[s][15:0]);
        put(12'hc05 + 8*s, sg_flips[s][31:16]);
      end
      nsteps = $urandom_range(4, 1);
      first_step = $urandom_range(256 - nsteps);
      for (s = 0; s < nsteps; s = s + 1) begin
        step_k[s] = $urandom_range(60000);
        step_sweeps[s] = $urandom_range(3) == 0 ? 0 : $urandom_range(12);
        put(4*(first_step+s), step_k[s]);
        put(4*(first_step+s)+1, 0);
        put(4*(first_step+s)+2, step_sweeps[s]);
        put(4*(first_step+s)+3, 0);
      end
      nseg = $urandom_range(16, 1);
      for (s = 0; s < 16; s = s + 1) seg_list[s] = $urandom_range(15);
      nruns = $urandom_range(4) == 0 ? 0 : $urandom_range(9);
      first_run = $urandom_range(512 - nruns);
      sum = 0;
      for (s = 0; s < nruns; s = s + 1) begin
        k = $urandom_range(7);       // tile, more than there are: modulo 4
        m = $urandom_range(99);      // address, modulo 32
        run_count[s] = $urandom_range(4) == 0 ? 0 : $urandom_range(big_sample ? 900 : 6);
        put(12'h400 + 4*(first_run+s), k);
        put(12'h401 + 4*(first_run+s), m);
        put(12'h402 + 4*(first_run+s), run_count[s]);
        for (i = 0; i < run_count[s]; i = i + 1)
          want[sum+i] = (k % 4) * 5 + (m + i) % 16 + ((m + i) / 16) % 2;
        sum = sum + run_count[s];
      end
      burn = $urandom_range(8);
      interval = $urandom_range(4);
      flags = $urandom_range(3);
    end
  endtask
  task put_job;
    reg [11:0] base;
    begin
      job_id = $urandom;
      job_page = $urandom;
      base = 12'hc80 + 32 * tail;
      put(base, job_id); put(base+1, job_id >> 16);
      for (s = 2; s < 6; s = s + 1) put(base+s, $urandom);
      put(base+6, first_step); put(base+7, nsteps); put(base+8, burn); put(base+9, 0); put(base+10, interval); put(base+11, 0);
      put(base+12, first_run); put(base+13, nruns); put(base+14, {8'(flags), 7'd0, job_page}); put(base+15, nseg);
      for (s = 0; s < 16; s = s + 2) put(base+16+s/2, {seg_list[s+1][7:0], seg_list[s][7:0]});
    end
  endtask
  // Events of the job, its counters.
  task model;
    begin
      ev_n = 0;
      ev_at = 0;
      samples_in_job = 0;
      flips = 0;
      cycles = 0;
      total = 0;
      m = 0;  // the last sweep gave a sample
      event_add(SEEDS, 0);
      if (flags & 1) event_add(SAMPLE, 8 + sum);
      for (s = 0; s < nsteps; s = s + 1) begin
        // Entry 0 of the table tells K: Q[0] = 62457.
        k = (62457 * step_k[s] + (1 << 23)) >> 24;
        event_add(TABLE, (k - 16) & 32767);
        for (sweeps = 0; sweeps < step_sweeps[s]; sweeps = sweeps + 1) begin
          for (k = 0; k < nseg; k = k + 1) begin
            event_add(SEG, seg_list[k]);
            flips = flips + sg_flips[seg_list[k]];
            cycles = cycles + sg_len[seg_list[k]] + GAP;
          end
          total = total + 1;
          m = interval > 0 && total > burn && (total - burn) % interval == 0;
          if (m) event_add(SAMPLE, 8 + sum);
        end
      end
      if ((flags & 2) && !m) event_add(SAMPLE, 8 + sum);
      event_add(DONE, 0);
    end
  endtask
  task start;
    begin
      cur = -1;
      seen_ld = 0;
      push = 1'b1;
      @(negedge clk);
      push = 1'b0;
    end
  endtask
  integer target, round;
  initial begin
    repeat (4) @(negedge clk);
    rst = 1'b0;
    for (round = 0; round < 60; round = round + 1) begin
      ready_rate = round % 3 == 0 ? 100 : round % 3 == 1 ? 50 : 15;
      wr_rate = round % 4 == 0 ? 0 : 50;
      setup(round % 16 == 5);
      put_job;
      model;
      target = dones + 1;
      start;
      check("running", running, 1);
      while (dones != target) @(negedge clk);
      check("events", ev_at, ev_n);
      check("sweeps", word32(4), total);
      check("samples", word32(8), samples_in_job);
      check("zero", word32(12), 0);
      check("flips low", word32(16), flips[31:0]);
      check("flips high", word32(20), flips[63:32]);
      check("cycles", word32(24), cycles[31:0]);
      check("cycles high", word32(28), 0);
      if (word32(36) != 0) fail("stall high", word32(36), 0);
      check("idle", running, 0);
    end
    if (exact < 150) fail("segments back to back", exact, 150);

    // Blocked output: the array waits in the second sample's readout, nothing is lost, the clocks are counted.
    wr_rate = 0;
    setup(0);
    nruns = 0; sum = 0; nsteps = 1; interval = 1; burn = 0; flags = 0; step_sweeps[0] = 5;
    put(4*first_step+2, 5);
    put_job;
    model;
    hold = 1'b1;
    target = dones + 1;
    start;
    repeat (9000) @(negedge clk);
    check("waits", dut.u_control.data_wait, 1);
    hold = 1'b0;
    while (dones != target) @(negedge clk);
    check("events", ev_at, ev_n);
    if (word32(32) < 5000 || word32(32) > 9000) fail("stall cycles", word32(32), 7000);

    // A sample that no frame can hold.
    nruns = 1;
    put(12'h402 + 4*first_run, 65528);
    put_job;
    samples_in_job = 0;
    ev_n = 0;
    ev_at = 0;
    event_add(SEEDS, 0);
    event_add(DONE, 7);
    target = dones + 1;
    start;
    while (dones != target) @(negedge clk);
    check("status", last_status, 7);
    for (s = 4; s < 40; s = s + 4) check("no counts", word32(s), 0);

    // Abort: the running job ends at the next boundary, the queued one is dropped.
    follow = 1'b0;
    nruns = 0; interval = 0; flags = 2; step_sweeps[0] = 60000;
    put(4*first_step+2, 60000);
    put_job;
    samples_in_job = 0;
    start;
    put_job;
    push = 1'b1;
    @(negedge clk);
    push = 1'b0;
    check("queued", queued, 1);
    repeat (5000) @(negedge clk);
    target = dones + 1;
    abort = 1'b1;
    @(negedge clk);
    abort = 1'b0;
    check("dropped", queued, 0);
    repeat (2000) @(negedge clk);
    check("done", dones, target);
    check("aborted", last_status, 8);
    check("no final sample", word32(8), samples_in_job);
    if (word32(4) == 0 || word32(4) >= 60000) fail("whole sweeps", word32(4), 1);
    check("idle", running, 0);
    abort = 1'b1;
    @(negedge clk);
    abort = 1'b0;
    follow = 1'b1;

    // The machine still works.
    setup(0);
    put_job;
    model;
    target = dones + 1;
    start;
    while (dones != target) @(negedge clk);
    check("events", ev_at, ev_n);
    if (failures == 0) $display("PASS");
    $finish;
  end
endmodule
