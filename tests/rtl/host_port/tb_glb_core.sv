// End to end on array `tiny`: a schedule in which neighbouring tiles swap a word in every sweep, so every sample is known.
// SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none

module tb_glb_core;
`include "host_bench.svh"
  localparam TILES = 4;
  `include "glb_clocks.svh"

  wire busy, error;
  glb_core #(.BUILD_HASH(32'h12345678)) dut (
    .clk(clk), .rst(rst), .in_data(in_data), .in_valid(in_valid), .in_ready(in_ready),
    .out_data(out_data), .out_valid(out_valid), .out_ready(out_ready), .busy(busy), .error(error)
  );

  integer i, n, round;
  reg [3:0] w[0:3];  // word 3 of every tile
  reg [7:0] seq = 8'd0;

  task send(input [7:0] cmd);
    begin
      send_frame(cmd, seq, 0);
      seq = seq + 1;
    end
  endtask
  task ok(input [7:0] cmd);
    begin
      send(cmd);
      expect_frame(8'h80 | cmd, seq - 1, 0, 0);
    end
  endtask

  task sample(input integer job, input integer number, input integer swapped);
    begin
      expect_frame(8'h40, 0, 0, 12);
      check("job", get32(0), job);
      check("sample", get32(4), number);
      for (i = 0; i < 4; i = i + 1) check("word", got[at+8+i], w[i ^ (swapped % 2)]);
    end
  endtask

  task run(input integer job, input [31:0] burn, input [31:0] interval, input [15:0] count, input [7:0] flags);
    begin
      p32(job);
      p32(32'hdeadbeef);
      p32(32'h01234567);
      p16(0);
      p16(count);
      p32(burn);
      p32(interval);
      p16(7);
      p16(4);
      p8(0);
      p8(flags);
      p8(1);
      p8(0);
      p8(2);
      for (i = 1; i < 16; i = i + 1) p8(8'hff);
      send(4);
    end
  endtask

  task done(input integer job, input integer status, input integer sweeps, input integer samples);
    begin
      expect_frame(8'h41, 0, status, 40);
      check("done job", get32(0), job);
      check("done sweeps", get32(4), sweeps);
      check("done samples", get32(8), samples);
      check("done zero", get32(12), 0);
      check("done flips", get32(16), sweeps * 8);
      check("done flips high", get32(20), 0);
      check("done cycles", get32(24), sweeps * (2 + GAP));
      check("done cycles high", get32(28), 0);
    end
  endtask

  initial begin
    repeat (4) @(negedge clk);
    rst = 1'b0;
    for (round = 0; round < 3; round = round + 1) begin
      in_rate = round == 1 ? 40 : 100;
      out_rate = round == 0 ? 100 : round == 1 ? 30 : 70;

      send(1);
      expect_frame(8'h81, seq - 1, 0, 32);
      check("magic", get32(0), 32'h52424c47);
      check("tiles", get32(4), 32'h00040002);
      check("lanes", get32(8), 32'h0c080402);
      check("gw", get32(12), 32'h01000404);
      check("cdepth", get32(16), {8'(WL), 8'd16, 16'd128});
      check("steps", get32(20), 32'h02000100);
      check("gap", got[at+24], GAP);
      check("hash", get32(26), 32'h12345678);

      // Schedule clocks 20 and 21: every bank gives word 3, stage 0 crossed; both take an entry.
      for (i = 0; i < 4; i = i + 1) begin
        write_head(0, i, 20);
        p8({1'b1, 5'd3, 2'd3});
        p8({1'b0, 5'd3, 2'd3});
        ok(3);
        // Entries 9 and 10: read with J = 1 in lane 0; write (sum - 1 >= 0) of lane 0.
        write_head(2, i, 9);
        p16(16'h0004);
        p8(8'h00);
        p16({14'h37ff, 2'b11});
        p8(8'h00);
        ok(3);
        w[i] = $urandom;
        write_head(3, i, 3);
        p8({4'hf, w[i]});
        ok(3);
      end
      write_head(1, 0, 20);
      p16(16'h0003);
      p16(16'h0003);
      ok(3);
      write_head(4, 0, 2);
      p16(20);
      p16(2);
      p16(9);
      p16(3);
      p32(8);
      ok(3);
      write_head(5, 0, 0);
      p32(32'h00010000);
      p32(2);
      p32(32'h00018000);
      p32(0);
      p32(32'h00020000);
      p32(4);
      p32(32'h00020000);
      p32(32'hffffffff);
      ok(3);
      write_head(6, 0, 7);
      for (i = 0; i < 4; i = i + 1) begin
        p16(i);
        p16(3);
        p16(1);
      end
      ok(3);

      in_rate = 100;
      // The words once more, from the list of runs, behind a job that would change them if it had sweeps.
      if (round == 2) begin
        for (i = 0; i < 4; i = i + 1) w[i] = i == 2 ? 0 : ~w[i];
        write_head(7, 0, 7);
        p8(1); p8(w[0]); p8(w[1]);
        p8(128);
        p8(0); p8(w[3]);
        ok(3);
      end

      // Two jobs, one behind the other.
      run(77, 1, 2, 3, 3);
      run(78, 0, 0, 1, 2);
      expect_frame(8'h84, seq - 2, 0, 0);
      expect_frame(8'h84, seq - 1, 0, 0);
      sample(77, 0, 0);
      sample(77, 1, 3);
      sample(77, 2, 5);
      sample(77, 3, 6);
      done(77, 0, 6, 4);
      sample(78, 0, 8);
      done(78, 0, 2, 1);
      // Sampling points return nothing, the last state does.
      run(90, 0, 1, 1, 16);
      run(91, 0, 1, 1, 18);
      expect_frame(8'h84, seq - 2, 0, 0);
      expect_frame(8'h84, seq - 1, 0, 0);
      done(90, 0, 2, 0);
      sample(91, 0, 12);
      done(91, 0, 2, 1);

      // A job without end; a state of the other page goes in while it runs, one of its own page and a schedule do not.
      run(80, 0, 0, 4, 0);
      expect_frame(8'h84, seq - 1, 0, 0);
      write_head(3, 1, 32 + 5);
      p8(8'h09);
      ok(3);
      write_head(3, 1, 31);
      p16(16'h0909);
      send(3);
      expect_frame(8'h83, seq - 1, 6, 0);
      write_head(0, 0, 0);
      p8(0);
      send(3);
      expect_frame(8'h83, seq - 1, 6, 0);
      write_head(7, 0, 7);
      p8(128);
      send(3);
      expect_frame(8'h83, seq - 1, 6, 0);
      // Three jobs wait, a fourth does not fit.
      for (n = 0; n < 4; n = n + 1) begin
        run(81 + n, 0, 0, 1, 0);
        expect_frame(8'h84, seq - 1, n == 3 ? 6 : 0, 0);
      end
      send(2);
      expect_frame(8'h82, seq - 1, 0, 20);
      check("running, queued", get32(0), 32'h00000301);
      check("bad crc", get32(8), 0);
      check("errors", get32(16), 4 * (round + 1));
      ok(5);
      expect_frame(8'h41, 0, 8, 40);
      check("aborted job", get32(0), 80);
      check("flips of sweeps", get32(16), get32(4) * 8);
      send(2);
      expect_frame(8'h82, seq - 1, 0, 20);
      check("idle", get32(0), 0);
      check("frames", get32(4), seq);
      repeat (2000) @(negedge clk);
      check("nothing more", frames, next);

      // The word written to the other page: run 300 reads it in a job on that page.
      write_head(6, 0, 300);
      p16(1);
      p16(5);
      p16(2);
      ok(3);
      write_head(3, 1, 32 + 6);
      p8(8'h06);
      ok(3);
      write_head(5, 0, 9);
      p32(1);
      p32(0);
      ok(3);
      p32(82); p32(0); p32(0); p16(9); p16(1); p32(0); p32(0); p16(300); p16(1); p8(1); p8(1); p8(1); p8(0);
      for (i = 0; i < 16; i = i + 1) p8(0);
      send(4);
      expect_frame(8'h84, seq - 1, 0, 0);
      expect_frame(8'h40, 0, 0, 10);
      check("other page", got[at+8], 9);
      check("other page, next word", got[at+9], 6);
      done(82, 0, 0, 1);
    end
    finish;
  end
endmodule
