// The array's port at its edges: an item of each memory used as soon as LOAD_LAT promises it, words on their way and half an LFSR item at a
// reset of one clock. SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none
`include "glb_proto.svh"
`include "glb_params.svh"

// Works on the last tile, which a load reaches last. A segment of two clocks copies a state word to word 5, or adds a noise word in chain 0.
module array_edges #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS,
  parameter SHORT = 0  // clocks earlier than promised
) (
  output reg done,
  output integer bad
);
  `include "glb_clocks.svh"
  localparam T = TILES - 1;
  localparam ONES = (1 << CHAINS) - 1;
  reg clk = 0, rst = 1;
  always #5 if (done !== 1) clk = !clk;
  reg ld_valid = 0, job_start = 0, seg_start = 0, pc_valid = 0, rd_valid = 0;
  reg [3:0] ld_target = 0;
  reg [7:0] ld_tile = 0, rd_tile = 0;
  reg [15:0] ld_addr = 0, pc = 0, rd_addr = 0;
  reg [35:0] ld_data = 0;
  wire rd_word_valid;
  wire [CHAINS-1:0] rd_word;
  glb_array #(`GLB_PASS) dut (
    .clk(clk), .rst(rst), .ld_valid(ld_valid), .ld_target(ld_target), .ld_tile(ld_tile), .ld_addr(ld_addr),
    .ld_data(ld_data), .job_start(job_start), .seg_start(seg_start), .c_start(16'd0), .wp_start(16'd5),
    .pc_valid(pc_valid), .pc(pc), .page(2'd0), .mode(7'd0), .rd_valid(rd_valid), .rd_tile(rd_tile), .rd_addr(rd_addr),
    .rd_word_valid(rd_word_valid), .rd_word(rd_word)
  );

  task check(input [8*24-1:0] what, input integer got, input integer want);
    if (got !== want) begin
      $display("%0d tiles, %0s: got %h, expected %h, time %0t", TILES, what, got, want, $time);
      bad = bad + 1;
    end
  endtask
  task load(input integer target, input integer tile, input integer addr, input [35:0] data);
    begin
      ld_valid = 1;
      ld_target = target;
      ld_tile = tile;
      ld_addr = addr;
      ld_data = data;
      @(negedge clk);
      ld_valid = 0;
      if (target == `GLB_TARGET_LFSR) @(negedge clk);
    end
  endtask
  task settle(input integer target);  // after a load
    repeat (LOAD_LAT - SHORT - (target == `GLB_TARGET_LFSR ? 2 : 1)) @(negedge clk);
  endtask
  task read(input [8*24-1:0] what, input integer tile, input integer addr, input integer want);
    begin
      rd_valid = 1;
      rd_tile = tile;
      rd_addr = addr;
      @(negedge clk);
      rd_valid = 0;
      repeat (RD_LAT - 1) @(negedge clk);
      check("a word comes", rd_word_valid, 1);
      check(what, rd_word, want);
      @(negedge clk);
    end
  endtask
  task run(input [8*24-1:0] what, input integer first, input integer want);
    begin
      job_start = 1;
      seg_start = 1;
      pc_valid = 1;
      pc = first;
      @(negedge clk);
      job_start = 0;
      seg_start = 0;
      pc = first + 1;
      @(negedge clk);
      pc_valid = 0;
      repeat (GAP) @(negedge clk);
      read(what, T, 5, want);
    end
  endtask
  function [CHAINS-1:0] word(input integer t, input integer g);
    word = 7 * t + 3 * g + 1;
  endfunction

  // Where the last tile's word comes from with every switch of the last stages that share a chunk crossed.
  integer from;
  task where_from;
    begin
      from = T;
      for (integer s = NS - 1; s >= 0; s = s - 1)
        if ((s * TILES / 2 + TILES / 2 - 1) / 16 == CHUNKS - 1) from = from ^ (1 << s);
    end
  endtask

  localparam [SW-1:0] COPY1 = {AW'(1), OW'(LANES + 1)}, COPY2 = {AW'(2), OW'(LANES + 1)}, END = COPY1, DRAW = SW'(1);
  localparam [35:0] ADD = 36'(1) << OW;                                    // J = 1 in lane 0
  localparam [35:0] FINISH = {20'h37ff, OW'(LANES + 1)};                   // sum - 1, cleared, written
  localparam [35:0] FINISH_LOW = {20'h37fe, OW'(LANES + 1)};               // sum - 2
  integer words_seen;
  initial begin
    done = 0;
    bad = 0;
    where_from;
    repeat (20) @(negedge clk);
    rst = 0;
    for (integer t = 0; t < TILES; t = t + 1) begin
      for (integer g = 0; g < 8; g = g + 1) load(`GLB_TARGET_STATE, t, g, word(t, g));
      for (integer i = 0; i < 4; i = i + 1) load(`GLB_TARGET_SCHED, t, i, 0);
    end
    for (integer k = 0; k < CHUNKS; k = k + 1)
      for (integer i = 0; i < 4; i = i + 1) load(`GLB_TARGET_NET, k, i, 0);
    for (integer i = 0; i < 1024; i = i + 1) load(`GLB_TARGET_NOISE, 0, i, 3200);
    load(`GLB_TARGET_SCHED, T, 0, COPY1);
    load(`GLB_TARGET_SCHED, T, 1, END);
    load(`GLB_TARGET_COUPLING, T, 0, ADD);
    load(`GLB_TARGET_COUPLING, T, 1, FINISH);
    repeat (40) @(negedge clk);
    run("a copy", 0, word(T, 1));

    load(`GLB_TARGET_SCHED, T, 0, COPY2);
    settle(`GLB_TARGET_SCHED);
    run("new schedule", 0, word(T, 2));
    load(`GLB_TARGET_STATE, T, 2, word(T, 2) ^ 5);
    settle(`GLB_TARGET_STATE);
    run("new state", 0, word(T, 2) ^ 5);
    load(`GLB_TARGET_STATE, T, 7, word(T, 7) ^ 10);
    settle(`GLB_TARGET_STATE);
    read("new state, read", T, 7, word(T, 7) ^ 10);
    load(`GLB_TARGET_NET, CHUNKS - 1, 0, 16'hffff);
    settle(`GLB_TARGET_NET);
    run("new network", 0, word(from, 0));  // its own tile gives no address
    load(`GLB_TARGET_NET, CHUNKS - 1, 0, 0);
    load(`GLB_TARGET_COUPLING, T, 1, FINISH_LOW);
    settle(`GLB_TARGET_COUPLING);
    run("new coupling", 0, 0);

    // noise instead of the coupling: +100 or -101 in chain 0, -1 in the others
    load(`GLB_TARGET_SCHED, T, 2, DRAW);
    load(`GLB_TARGET_SCHED, T, 3, END);
    load(`GLB_TARGET_COUPLING, T, 0, FINISH);
    load(`GLB_TARGET_LFSR, T, 0, 0);
    load(`GLB_TARGET_LFSR, T, 1, 0);
    repeat (40) @(negedge clk);
    run("noise", 2, 1);
    load(`GLB_TARGET_LFSR, T, 1, 32'h00004000);
    settle(`GLB_TARGET_LFSR);
    run("new LFSR", 2, 0);
    load(`GLB_TARGET_LFSR, T, 0, 0);
    load(`GLB_TARGET_LFSR, T, 1, 0);
    load(`GLB_TARGET_NOISE, 0, 768, -3200);
    settle(`GLB_TARGET_NOISE);
    run("new noise table", 2, 0);

    // A reset of one clock while words are read: none of them comes after it.
    rd_valid = 1;
    repeat (RD_LAT - 2) @(negedge clk);
    rst = 1;
    @(negedge clk);
    rst = 0;
    rd_valid = 0;
    words_seen = 0;
    repeat (2 * RD_LAT) begin
      words_seen = words_seen + rd_word_valid;
      @(negedge clk);
    end
    check("words after a reset", words_seen, 0);
    read("word after a reset", T, 7, word(T, 7) ^ 10);

    // The first half of an LFSR item comes in the clock of a reset: the item after it is whole.
    ld_valid = 1;
    ld_target = `GLB_TARGET_LFSR;
    ld_tile = 0;
    ld_addr = 0;
    ld_data = 36'habcd1234;
    rst = 1;
    @(negedge clk);
    rst = 0;
    load(`GLB_TARGET_STATE, T, 6, word(T, 6) ^ 9);
    settle(`GLB_TARGET_STATE);
    read("state after a reset", T, 6, word(T, 6) ^ 9);
    done = 1;
  end
endmodule

module tb_glb_array_edges;
  wire [2:0] done;
  wire [31:0] bad4, bad16, bad32;
  array_edges #(.CHAINS(4)) u_4 (.done(done[0]), .bad(bad4));
  array_edges #(.TILES(16), .CHAINS(16), .GW(4)) u_16 (.done(done[1]), .bad(bad16));
  array_edges #(.TILES(32), .CHAINS(8)) u_32 (.done(done[2]), .bad(bad32));
  initial begin
    wait (&done);
    if (bad4 + bad16 + bad32 == 0) $display("PASS");
    else $display("FAIL %0d %0d %0d", bad4, bad16, bad32);
    $finish;
  end
endmodule

`default_nettype wire
