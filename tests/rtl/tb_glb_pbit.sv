// Lane and p-bit units: random commands against the sums of array.md section 3; accumulators of 12, 11 and 14 bits.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`timescale 1ns / 1ns

module pbit_check #(
  parameter CHAINS = 16,
  parameter JW     = 8,
  parameter ACC    = 12,
  parameter SEED   = 1
) (
  input  wire   clk,
  output integer bad
);
  integer rnd_state = SEED;
  reg job_start = 1, read = 0, noise = 0, ctrl = 0, dbl = 0, clr = 0, t_neg = 0;
  reg [JW-1:0] j = 0;
  reg [CHAINS-1:0] arrived = 0;
  reg [ACC-1:0] t = 0;
  reg [ACC-2:0] bias = 0;
  wire [CHAINS-1:0] sign;
  glb_lane #(.CHAINS(CHAINS), .JW(JW), .ACC(ACC)) dut (
    .clk(clk), .job_start(job_start), .k({noise | ctrl, (read & ~noise) | ctrl}), .j(j), .arrived(arrived), .t(t),
    .t_neg(t_neg), .bias(bias), .dbl(dbl), .clr(clr), .sign(sign)
  );

  reg [ACC-1:0] acc [0:CHAINS-1];
  reg [CHAINS-1:0] expected;
  reg [ACC-1:0] addend;
  integer nc = 0, n = 0, kind;
  reg check = 0;
  initial bad = 0;
  always @(negedge clk) begin
    // the sums of the last commands are out now
    if (check && sign !== expected) begin
      if (bad < 3) $display("lane with %0d bits, step %0d: signs %h, expected %h", ACC, n, sign, expected);
      bad = bad + 1;
    end
    n = n + 1;
    job_start = n < 6 || n == 3000;
    kind = job_start ? 0 : $random(rnd_state) & 7;
    read = kind == 1 || kind == 2 || kind == 3;
    noise = kind == 3 || kind == 4 || kind == 5;  // noise wins over read, as in READ+NOISE
    ctrl = kind == 6 || kind == 7;
    {j, arrived, t, t_neg} = {$random(rnd_state), $random(rnd_state)};
    {bias, dbl} = $random(rnd_state);
    clr = kind == 7;
    if (job_start) begin
      nc = 0;
      for (integer r = 0; r < CHAINS; r = r + 1) acc[r] = 0;
    end
    expected = 0;
    for (integer r = 0; r < CHAINS; r = r + 1) begin
      addend = 0;
      if (noise) addend = r == nc ? (t_neg ? ~t : t) : 0;
      else if (read) addend = arrived[r] ? {{(ACC-JW){j[JW-1]}}, j} : 0;
      else if (ctrl) addend = dbl ? acc[r] : {bias[ACC-2], bias};
      acc[r] = acc[r] + addend;
      expected[r] = acc[r][ACC-1];
      if (ctrl && clr) acc[r] = 0;
    end
    if (noise) nc = (nc + 1) % CHAINS;
    check = n > 8 && (n < 2999 || n > 3003);
  end
endmodule

module tb_glb_pbit;
  reg clk = 0;
  always #5 clk = ~clk;
  wire [31:0] bad12, bad11, bad14;
  pbit_check #(.SEED(1)) u_12 (.clk(clk), .bad(bad12));
  pbit_check #(.CHAINS(8), .JW(6), .ACC(11), .SEED(2)) u_11 (.clk(clk), .bad(bad11));
  pbit_check #(.CHAINS(4), .ACC(14), .SEED(3)) u_14 (.clk(clk), .bad(bad14));
  initial begin
    #200000;
    if (bad12 + bad11 + bad14 == 0) $display("PASS");
    else $display("FAIL %0d %0d %0d", bad12, bad11, bad14);
    $finish;
  end
endmodule

`default_nettype wire
