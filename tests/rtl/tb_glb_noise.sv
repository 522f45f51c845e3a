// Noise ports of one, two and four lanes against docs/design/array.md, section 4: random LFSRs, and ones whose words have a deep tail.
// SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none

module noise_check #(
  parameter LANES = 2,
  parameter ACC = 12,
  parameter NOISE_REG = 0
) (
  output reg done,
  output integer bad
);
  localparam LATENCY = 3 + NOISE_REG;
  reg clk = 0, job_start = 0;
  always #5 if (done !== 1) clk = !clk;
  reg [LANES-1:0] sel = 0, sel_q = 0, ld = 0;
  reg [15:0] ld_data = 0, z, z_1;
  wire [9:0] idx;
  wire [ACC-1:0] t;
  wire t_neg;
  glb_noise #(.LANES(LANES), .ACC(ACC), .NOISE_REG(NOISE_REG)) dut (
    .clk(clk), .job_start(job_start), .sel(sel), .sel_q(sel_q), .ld(ld), .ld_data(ld_data), .idx(idx), .z(z), .t(t), .t_neg(t_neg)
  );
  reg [15:0] table_z[0:1023];
  always @(posedge clk) begin
    sel_q <= sel;
    z_1 <= table_z[idx];
    z <= z_1;
  end

  // LFSRs of which the lowest bit of the first 30, 31, 32, 33, 40 and 47 words is 0 while the next word has only its low bits: solutions of
  // these linear equations.
  localparam [64*6-1:0] DEEP = {64'h059c6e2cc1777c45, 64'h92208fb6406dc099, 64'h2c530dbe7cb5ce37, 64'h22c1fe3767e86bea,
                                64'h3acdae32e79c9e29, 64'hffec311a04351924};
  reg [63:0] lfsr[0:LANES-1];
  integer tail[0:LANES-1], run[0:LANES-1];  // run: words since the tail counter was 0, without its limit
  integer deepest = 0, beyond = 0;          // run of a word from the deepest entries; words of the last group that are beyond the limit

  function automatic [ACC-1:0] draw(input integer l);
    reg [63:0] s;
    reg [15:0] r;
    reg [14:0] v;
    integer entry, sum;
    begin
      s = lfsr[l];
      for (integer i = 0; i < 16; i = i + 1) r[i] = s[i] ^ s[i+9] ^ s[i+19] ^ s[i+31];
      lfsr[l] = {r, s[63:16]};
      v = r[14:0];
      if (v >= 2048) entry = v / 64;
      else if (v >= 128) entry = 512 + v / 16;
      else if (v >= 8) entry = 640 + v;
      else begin
        entry = 768 + 4 * tail[l] + v / 2;
        if (run[l] > deepest) deepest = run[l];
        if (run[l] > 31) beyond = beyond + 1;
      end
      run[l] = r[0] ? 0 : run[l] + 1;
      tail[l] = run[l] > 31 ? 31 : run[l];
      sum = $signed(table_z[entry]);
      sum = sum + v[4:0];
      draw = r[15] ? ~(sum >>> 5) : sum >>> 5;
    end
  endfunction

  // what is due, and when
  reg [ACC-1:0] due[0:LATENCY];
  reg [LATENCY:0] due_valid = 0;
  task clock(input integer l);  // lane that takes a word, or -1
    begin
      sel = l < 0 ? 0 : 1 << l;
      for (integer i = LATENCY; i > 0; i = i - 1) due[i] = due[i-1];
      due_valid = {due_valid[LATENCY-1:0], l >= 0};
      if (l >= 0) due[0] = draw(l);
      #1;
      if (due_valid[LATENCY] && (t_neg ? ~t : t) !== due[LATENCY]) begin
        if (bad < 5) $display("%0d lanes: word %h, expected %h, time %0t", LANES, t_neg ? ~t : t, due[LATENCY], $time);
        bad = bad + 1;
      end
      @(negedge clk);
    end
  endtask

  integer kind;
  initial begin
    done = 0;
    bad = 0;
    for (integer i = 0; i < 1024; i = i + 1) table_z[i] = $urandom;
    @(negedge clk);
    for (integer round = 0; round < 40; round = round + 1) begin
      job_start = 1;
      for (integer l = 0; l < LANES; l = l + 1) begin
        kind = (round + 3 * l) % 8;
        lfsr[l] = kind < 6 ? DEEP[64*kind +: 64] : kind == 6 ? 64'd0 : {$urandom, $urandom};
        tail[l] = 0;
        run[l] = 0;
        for (integer i = 0; i < 4; i = i + 1) begin
          ld = 1 << l;
          ld_data = lfsr[l][16*i +: 16];
          @(negedge clk);
        end
      end
      ld = 0;
      ld_data = $urandom;
      clock(-1);
      job_start = 0;
      // one lane after another without a pause, then all of them as it comes
      for (integer i = 0; i < 20; i = i + 1) clock(round % LANES);
      for (integer i = 0; i < 80 * LANES; i = i + 1) clock($urandom_range(LANES) - 1);
      repeat (LATENCY + 1) clock(-1);
    end
    if (deepest < 47 || beyond < 20) begin
      $display("%0d lanes: deepest tail %0d, %0d words beyond the limit", LANES, deepest, beyond);
      bad = bad + 1;
    end
    done = 1;
  end
endmodule

module tb_glb_noise;
  wire [2:0] done;
  wire [31:0] bad1, bad2, bad4;
  noise_check #(.LANES(1), .ACC(10)) u_1 (.done(done[0]), .bad(bad1));
  noise_check #(.LANES(2), .NOISE_REG(1)) u_2 (.done(done[1]), .bad(bad2));
  noise_check #(.LANES(4), .ACC(14)) u_4 (.done(done[2]), .bad(bad4));
  initial begin
    wait (&done);
    if (bad1 + bad2 + bad4 == 0) $display("PASS");
    else $display("FAIL %0d %0d %0d", bad1, bad2, bad4);
    $finish;
  end
endmodule

`default_nettype wire
