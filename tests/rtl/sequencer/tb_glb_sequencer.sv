// Random jobs against a list of events written by a model of array.md's section 6; array and host port are stand-ins. SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none
`include "glb_proto.svh"

module tb_glb_sequencer;
  localparam TILES = 4;
  `include "glb_clocks.svh"

  reg clk = 1'b0, rst = 1'b1;
  always #5 clk = !clk;

  reg push = 1'b0, abort = 1'b0, wr_req = 1'b0, data_ack = 1'b0, done_ack = 1'b0, word_ready = 1'b0;
  wire running, full, wr_grant, ld_valid, job_start, seg_start, pc_valid, rd_valid;
  wire [1:0] queued, tail, run_page, page;
  wire [6:0] mode;
  wire data_valid, done_valid, word_valid, rd_word_valid;
  wire [11:0] tab_addr;
  wire [12:0] c_start;
  wire [15:0] tab_data, tab_unused, ld_addr, pc, rd_addr, data_len;
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
    .clk(clk), .wr_valid(tw), .wr_addr(tw_addr), .wr_data(tw_data), .wr_read(tab_unused), .rd_addr(tab_addr), .rd_data(tab_data)
  );
  glb_sequencer #(
    .TILES(TILES), .LANES(2), .CHAINS(4), .ACC(12), .GW(4), .SDEPTH(65536), .CDEPTH(8192)
  ) dut (
    .clk(clk), .rst(rst), .push(push), .abort(abort), .running(running), .queued(queued), .full(full), .tail(tail),
    .run_page(run_page), .wr_req(wr_req), .wr_grant(wr_grant), .tab_addr(tab_addr), .tab_data(tab_data),
    .ld_valid(ld_valid), .ld_target(ld_target), .ld_tile(ld_tile), .ld_addr(ld_addr), .ld_data(ld_data),
    .job_start(job_start), .seg_start(seg_start), .c_start(c_start), .wp_start(wp_start), .mode(mode), .pc_valid(pc_valid),
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

`include "sequencer_array.svh"
`include "sequencer_host.svh"
`include "sequencer_jobs.svh"
`include "sequencer_long.svh"

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
  // Runs the job in the tables and compares it with the model; the job's clocks began at `from`.
  task finish(input [63:0] from);
    begin
      model;
      cycles = cycles + from;
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
      check("cycles high", word32(28), cycles[63:32]);
      if (word32(36) != 0) fail("stall high", word32(36), 0);
      check("idle", running, 0);
    end
  endtask
`include "sequencer_ends.svh"
`include "sequencer_queue.svh"
  initial begin
    repeat (4) @(negedge clk);
    rst = 1'b0;
    for (round = 0; round < 60; round = round + 1) begin
      ready_rate = round % 3 == 0 ? 100 : round % 3 == 1 ? 50 : 15;
      wr_rate = round % 4 == 0 ? 0 : 50;
      setup(round % 16 == 5);
      put_job;
      finish(64'd0);
    end
    // Chance: measured(1578, 290, 150) | changes of segment without a gap in 60 random jobs
    if (exact < 150) fail("segments back to back", exact, 150);

    for (round = 0; round < 6; round = round + 1) begin
      wr_rate = round % 2 == 0 ? 0 : 50;
      setup(0);
      long_job;
      finish(LONG_CLOCKS);
      long = 1'b0;
    end

    // Blocked output: the array waits in the second sample's readout, nothing is lost, the clocks are counted.
    wr_rate = 0;
    setup(0);
    nruns = 0; sum = 0; nsteps = 1; interval = 1; burn = 0; flags = 0; step_sweeps[0] = 5;
    put(`GLB_TAB_BETA + 4*first_step+2, 5);
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
    put(`GLB_TAB_RUNS + 2 + 4*first_run, 65528);
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

    blocked_sample;
    abort_too_long;

    queue_in_order;
    for (round = 0; round < 4; round = round + 1) abort_with_waiting(round);
    directed_nsampled;

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
