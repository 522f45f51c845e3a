// The protocol without a machine behind it: every command and error, garbage between frames, DATA and DONE, throughput.
// SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`include "glb_proto.svh"
`default_nettype none

module tb_glb_host_port;
  localparam CHAINS = 4;
`include "host_port_bench.svh"

  integer i, k, was;

  // A write waits while another job becomes the running one, on its page: BUSY, and the frames behind it are read from their first byte.
  task waiting_write;
    begin
      in_rate = 100;
      out_rate = 100;
      running = 1'b1;
      run_page = 2'd0;
      grant_hold = 1'b1;
      was = loads;
      head(3, 1, 32, 32); send_frame(3, 8'h31, 0);
      head(3, 2, 7, 1); send_frame(3, 8'h32, 0);
      run_pay(77, 1, 0, 0, 0, 5, 0); send_frame(4, 8'h33, 0);
      repeat (400) @(negedge clk);
      check("no reply to a write that waits", frames, next);
      run_page = 2'd1;
      repeat (4) @(negedge clk);
      grant_hold = 1'b0;
      expect_frame(8'h83, 8'h31, 6, 0);
      expect_frame(8'h83, 8'h32, 0, 0);
      expect_frame(8'h84, 8'h33, 0, 0);
      check("only the second write is carried out", loads - was, 1);
      check("its item", last_load[67:36], {4'd3, 4'd0, 8'd2, 16'd7});
      check("the job behind it", tab[12'hc80+6], 77);
      running = 1'b0;
    end
  endtask

  // A RUN while the queue becomes free, at every clock of it: BUSY and no job, or the whole job.
  integer ran = 0;
  task falling_queue;
    integer d;
    for (d = 0; d < 120; d = d + 1) begin
      running = 1'b1;
      queued = 2'd3;
      full = 1'b1;
      was = pushes;
      tab[12'hc80+6] = 16'hffff;
      tab[12'hc80+23] = 16'hffff;
      run_pay(d, 1, 0, 0, 0, 5, 0);
      send_frame(4, d, 0);
      repeat (d) @(negedge clk);
      full = 1'b0;
      while (frames <= next) @(negedge clk);
      k = got[frame_at[next]+3];
      expect_frame(8'h84, d, k == 0 ? 0 : 6, 0);
      check("a job for OK", pushes - was, k == 0);
      check("its first steps", tab[12'hc80+6], k == 0 ? d : 16'hffff);
      check("its last word", tab[12'hc80+23], k == 0 ? 16'h0f0e : 16'hffff);
      ran = ran + (k == 0);
    end
  endtask
  initial begin
    repeat (4) @(negedge clk);
    rst = 1'b0;

    // Identity and status at full rate.
    send_frame(1, 8'h55, 0);
    expect_frame(8'h81, 8'h55, 0, 32);
    check("magic", get32(0), 32'h52424c47);
    check("hash", get32(26), 32'hcafef00d);
    check("wl, gap", {got[at+19], got[at+24]}, {8'd6, 8'd10});
    send_frame(2, 8'h56, 0);
    expect_frame(8'h82, 8'h56, 0, 20);
    check("frames", get32(4), 2);

    in_rate = 90;
    out_rate = 60;
    // Refusals, in the order of the checks; nothing may be written.
    refuse(8'h00, 3);
    refuse(8'h06, 3);
    refuse(8'h83, 3);
    p8(0); refuse(1, 2);
    p8(0); refuse(2, 2);
    p8(0); refuse(5, 2);
    repeat (47) p8(0); refuse(4, 2);
    repeat (49) p8(0); refuse(4, 2);
    refuse(3, 2);
    repeat (3) p8(0); refuse(3, 2);
    head(`GLB_TARGETS, 9, 0, 0); refuse(3, 4);
    head(255, 0, 0, 1); refuse(3, 4);
    head(`GLB_TARGET_NOISE, 0, 0, 2); refuse(3, 4);
    head(0, 9, 0, 0); refuse(3, 2);
    head(1, 0, 0, 3); refuse(3, 2);
    head(2, 0, 0, 4); refuse(3, 2);
    head(4, 0, 0, 13); refuse(3, 2);
    head(5, 0, 0, 15); refuse(3, 2);
    head(6, 0, 0, 1020); refuse(3, 0);
    head(6, 0, 0, 1019); refuse(3, 2);
    was = tabs;
    head(0, 4, 0, 1); refuse(3, 5);
    head(0, 0, 256, 1); refuse(3, 5);
    head(0, 0, 255, 2); refuse(3, 5);
    head(0, 0, 65535, 1020); refuse(3, 5);
    head(1, 1, 0, 2); refuse(3, 5);
    head(2, 3, 127, 6); refuse(3, 5);
    head(3, 3, 127, 2); refuse(3, 5);
    head(3, 3, 0, 129); refuse(3, 5);
    head(4, 1, 0, 12); refuse(3, 5);
    head(4, 0, 15, 24); refuse(3, 5);
    head(5, 0, 255, 16); refuse(3, 5);
    head(6, 0, 511, 12); refuse(3, 5);
    check("nothing loaded", loads, 0);
    check("nothing written", tabs, was);
    running = 1'b1;
    run_page = 2'd1;
    head(0, 0, 0, 1); refuse(3, 6);
    head(5, 0, 0, 8); refuse(3, 6);
    head(3, 0, 32, 1); refuse(3, 6);
    head(3, 0, 31, 2); refuse(3, 6);
    check("nothing loaded when busy", loads, 0);
    head(3, 0, 30, 2); refuse(3, 0);
    check("other page", loads, 2);
    run_page = 2'd0;
    head(3, 0, 32, 2); refuse(3, 0);
    head(3, 0, 31, 1); refuse(3, 6);
    check("other page", loads, 4);
    run_page = 2'd2;
    head(3, 0, 32, 96); refuse(3, 6);
    head(3, 0, 0, 128); refuse(3, 6);
    head(3, 0, 63, 2); refuse(3, 6);
    head(3, 0, 95, 2); refuse(3, 6);
    head(3, 0, 0, 64); refuse(3, 0);
    head(3, 0, 96, 32); refuse(3, 0);
    check("pages around it", loads, 100);
    running = 1'b0;

    // Jobs.
    run_pay(0, 0, 0, 0, 0, 1, 5); refuse(4, 7);
    run_pay(255, 2, 0, 0, 0, 1, 5); refuse(4, 7);
    run_pay(65535, 2, 0, 0, 0, 1, 5); refuse(4, 7);
    run_pay(0, 1, 512, 1, 0, 1, 5); refuse(4, 7);
    run_pay(0, 1, 1, 512, 0, 1, 5); refuse(4, 7);
    run_pay(0, 1, 1, 65535, 0, 1, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 4, 1, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 128, 1, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 0, 0, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 0, 17, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 0, 16'h0101, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 0, 16'h0505, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 0, 16'h8005, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 0, 16'h1010, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 0, 16'h1011, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 0, 16'h0081, 5); refuse(4, 7);
    run_pay(0, 1, 0, 0, 0, 6, 16); refuse(4, 7);
    check("no job", pushes, 0);
    run_pay(0, 256, 0, 512, 3, 16'h0f10, 15); refuse(4, 0);
    check("job", pushes, 1);
    check("slot 0, first word", tab[12'hc80], 1);
    check("slot 0, last word", tab[12'hc80+23], 16'h0f0e);
    running = 1'b1;
    for (i = 1; i < 4; i = i + 1) begin
      tail = i;
      queued = i - 1;
      run_pay(256 - i, i, 512, 0, i, 16'h0405, 16); refuse(4, 0);
      check("slot, first step", tab[12'hc80+32*i+6], 256 - i);
      check("slot, flags and page", tab[12'hc80+32*i+14], 16'hff00 + i);
      check("slot, nsampled and nseg", tab[12'hc80+32*i+15], 16'h0405);
    end
    queued = 2'd3;
    full = 1'b1;
    tail = 2'd0;
    send_frame(2, 8'h57, 0);
    expect_frame(8'h82, 8'h57, 0, 20);
    check("running, queued", get32(0), 32'h00000301);
    run_pay(9, 1, 0, 0, 0, 5, 0); refuse(4, 6);
    run_pay(9, 0, 0, 0, 0, 5, 0); refuse(4, 7);
    check("slot 0 untouched", tab[12'hc80+6], 0);
    check("jobs", pushes, 4);
    refuse(5, 0);
    check("abort", aborts, 1);
    running = 1'b0;
    queued = 2'd0;
    full = 1'b0;

    waiting_write;
    falling_queue;
    if (ran < 20 || ran > 100) fail("jobs that came after the queue was free", ran, 60);
    running = 1'b0;
    in_rate = 90;
    out_rate = 60;

    // Where items go; a coupling word has 18 bits here, what is above them is dropped.
    write_head(2, 3, 126);
    p8(8'h11); p8(8'h22); p8(8'hf3); p8(8'h44); p8(8'h55); p8(8'h66);
    refuse(3, 0);
    check("coupling", last_load === {4'd2, 4'd0, 8'd3, 16'd127, 36'h0025544}, 1);
    write_head(5, 0, 255);
    p32(32'h01020304); p32(32'h05060708);
    refuse(3, 0);
    check("beta", {tab[12'h3fd], tab[12'h3fc]}, 32'h01020304);
    check("beta sweeps", {tab[12'h3ff], tab[12'h3fe]}, 32'h05060708);
    write_head(4, 0, 15);
    for (i = 0; i < 6; i = i + 1) p16(16'h1000 + i);
    refuse(3, 0);
    for (i = 0; i < 6; i = i + 1) check("segment", tab[12'hc78+i], 16'h1000 + i);
    write_head(6, 0, 510);
    for (i = 0; i < 6; i = i + 1) p16(16'h2000 + i);
    refuse(3, 0);
    check("run 510", tab[12'hbf8], 16'h2000);
    check("run 511", tab[12'hbfe], 16'h2005);
    was = loads;
    head(0, 1, 0, 255); refuse(3, 0);
    check("long write", loads - was, 255);
    check("error light", error, 0);

    // Bad sum, too long, garbage.
    head(0, 1, 0, 100);
    send_frame(3, 8'h99, 32'h00010000);
    expect_frame(8'h83, 8'h99, 1, 0);
    check("bad sum loads nothing", loads - was, 255);
    check("error light", error, 1);
    send_byte(8'ha5); send_byte(8'h03); send_byte(8'h77); send_byte(8'h00); send_byte(8'h01); send_byte(8'h04);
    expect_frame(8'h83, 8'h77, 2, 0);
    send_byte(8'h00); send_byte(8'hff); send_byte(8'h5a);
    send_frame(2, 8'h78, 0);
    expect_frame(8'h82, 8'h78, 0, 20);
    check("bad crc", get32(8), 1);
    check("skipped", get32(12), 3);

    // DATA and DONE, with a reply in between.
    data_len = 8 + 37;
    data_valid = 1'b1;
    send_frame(5, 8'h79, 0);
    expect_frame(8'h40, 0, 0, 45);
    for (i = 0; i < 8; i = i + 1) check("head of DATA", got[at+i], i);
    for (i = 1; i < 37; i = i + 1) check("words of DATA", got[at+8+i], (got[at+7+i] + 1) % 16);
    expect_frame(8'h85, 8'h79, 0, 0);
    done_valid = 1'b1;
    expect_frame(8'h41, 0, 8, 40);
    for (i = 0; i < 40; i = i + 1) check("DONE", got[at+i], 8'h80 + i);
    data_len = 8;
    data_valid = 1'b1;
    expect_frame(8'h40, 0, 0, 8);

    // Throughput: writes of 1,020 items at one byte a clock take at most 5 % more clocks than bytes.
    in_rate = 100;
    out_rate = 100;
    tx_wp = 0;
    tx_rp = 0;
    for (i = 0; i < 10; i = i + 1) begin
      head(6, 0, 0, 1020);
      send_frame(3, i, 0);
    end
    k = $time;
    for (i = 0; i < 10; i = i + 1) expect_frame(8'h83, i, 0, 0);
    k = ($time - k) / 10;
    if (k > 10 * 1086 + 1300) fail("clocks of ten writes", k, 10 * 1086 + 1300);
    finish;
  end
endmodule
