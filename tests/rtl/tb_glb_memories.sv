// The wrapped memories and the counter: random traffic against arrays. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`timescale 1ns / 1ns

module tb_glb_memories;
  reg clk = 0;
  always #5 clk = ~clk;
  integer rnd_state = 7, bad = 0;

  // two ports of 18 bits, port A's register with a reset; the bench keeps the ports in different halves when one writes, as the array does
  reg  [9:0]  aa = 0, ba = 0;
  reg  [1:0]  aw = 0, bw = 0;
  reg         ar = 0;
  reg  [17:0] ad = 0, bd = 0;
  wire [17:0] aq, bq;
  glb_ebr18 #(.DEPTH(1024)) u_18 (
    .clk(clk), .a_addr(aa), .a_we(aw), .a_wdata(ad), .a_rdata(aq), .a_rst(ar),
    .b_addr(ba), .b_we(bw), .b_wdata(bd), .b_rdata(bq)
  );
  // the same words in one of twice the depth, its address bits in another order
  wire [17:0] aq2, bq2;
  glb_ebr18 #(.DEPTH(2048)) u_18_2048 (
    .clk(clk), .a_addr({aa[0], ~aa[9], aa[9:1]}), .a_we(aw), .a_wdata(ad), .a_rdata(aq2), .a_rst(ar),
    .b_addr({ba[0], ~ba[9], ba[9:1]}), .b_we(bw), .b_wdata(bd), .b_rdata(bq2)
  );
  reg [17:0] m18 [0:1023];
  reg [17:0] ae [0:2];
  reg [17:0] be [0:2];
  reg [2:0]  av = 0, bv = 0;

  // columns of the schedule memory: 36 bits, depths that end in a half block, in one of more than half, and below one
  reg  [10:0] wa = 0, ra = 0;
  reg  [3:0]  we = 0;
  wire [10:0] wa3 = wa + 164, ra3 = ra + 164;  // 164 .. 1,699
  reg  [35:0] wd = 0;
  wire [35:0] q1, q2, q3;
  glb_sched_col #(.SDEPTH(1536)) u_1536 (.clk(clk), .w_addr(wa), .w_be(we), .w_data(wd), .r_addr(ra), .r_data(q1));
  glb_sched_col #(.SDEPTH(1700)) u_1700 (.clk(clk), .w_addr(wa3), .w_be(we), .w_data(wd), .r_addr(ra3), .r_data(q3));
  glb_sched_col #(.SDEPTH(256)) u_256 (
    .clk(clk), .w_addr(wa[7:0]), .w_be(we), .w_data(wd), .r_addr(ra[7:0]), .r_data(q2)
  );
  reg [35:0] m1 [0:1535];
  reg [35:0] m2 [0:255];
  reg [35:0] e1 [0:2];
  reg [35:0] e2 [0:2];

  // the table memory
  reg         tw = 0;
  reg  [11:0] twa = 0, tra = 0;
  reg  [15:0] td = 0;
  wire [15:0] tq;
  glb_tables u_tables (.clk(clk), .wr_valid(tw), .wr_addr(twa), .wr_data(td), .rd_addr(tra), .rd_data(tq));
  reg [15:0] mt [0:4095];
  reg [15:0] te [0:1];

  reg        load = 1, en = 0;
  reg  [9:0] value = 0;
  wire [9:0] count;
  wire [4:0] count5;
  glb_counter #(.WIDTH(10)) u_count (.clk(clk), .load(load), .value(value), .en(en), .q(count));
  glb_counter #(.WIDTH(5)) u_count5 (.clk(clk), .load(load), .value(value[4:0]), .en(en), .q(count5));
  reg [9:0] ec = 0;

  task automatic fail(input [8*12-1:0] what, input [35:0] got, input [35:0] want);
    begin
      if (bad < 5) $display("%0s: %h, expected %h at %0t", what, got, want, $time);
      bad = bad + 1;
    end
  endtask

  integer n = 0;
  always @(negedge clk) begin
    if (n > 12000) begin
      if ((av[1] || ar) && aq !== ae[0]) fail("port A", aq, ae[0]);
      if (bv[1] && bq !== be[0]) fail("port B", bq, be[0]);
      if ((av[1] || ar) && aq2 !== ae[0]) fail("port A 2048", aq2, ae[0]);
      if (bv[1] && bq2 !== be[0]) fail("port B 2048", bq2, be[0]);
      if (q1 !== e1[0]) fail("column 1536", q1, e1[0]);
      if (q2 !== e2[0]) fail("column 256", q2, e2[0]);
      if (q3 !== e1[0]) fail("column 1700", q3, e1[0]);
      if (tq !== te[0]) fail("table", tq, te[0]);
    end
    if (n > 2 && (count !== ec || count5 !== ec[4:0])) fail("counter", count, ec);
    n = n + 1;
    // the first 12,000 clocks fill every word
    {aa, ad, aw} = {$random(rnd_state), $random(rnd_state)};
    {ba, bd, bw} = {$random(rnd_state), $random(rnd_state)};
    {wd, we} = {$random(rnd_state), $random(rnd_state)};
    wa = ($random(rnd_state) & 32'h7fffffff) % 1536;
    ra = ($random(rnd_state) & 32'h7fffffff) % 1536;
    if (n <= 4096) begin
      aa = n;
      aw = 3;
      bw = 0;
      wa = n % 1536;
      we = 15;
    end else begin
      aw = n % 3 == 0 ? aw : 0;
      bw = n % 5 == 0 ? bw : 0;
      if (aw != 0 || bw != 0) ba[9] = ~aa[9];
      if (wa == ra || wa[7:0] == ra[7:0]) we = 0;
    end
    ae[2] = m18[aa];
    be[2] = m18[ba];
    for (integer i = 0; i < 2; i = i + 1) begin
      ae[i] = ae[i+1];
      be[i] = be[i+1];
      e1[i] = e1[i+1];
      e2[i] = e2[i+1];
      if (aw[i]) m18[aa][9*i +: 9] = ad[9*i +: 9];
      if (bw[i]) m18[ba][9*i +: 9] = bd[9*i +: 9];
    end
    ar = $random(rnd_state);
    if (ar) ae[0] = 0;
    e1[1] = m1[ra];
    e2[1] = m2[ra[7:0]];
    for (integer i = 0; i < 4; i = i + 1)
      if (we[i]) begin
        m1[wa][9*i +: 9] = wd[9*i +: 9];
        m2[wa[7:0]][9*i +: 9] = wd[9*i +: 9];
      end
    {twa, tra} = $random(rnd_state);
    {tw, td} = $random(rnd_state);
    if (n <= 4096) begin
      twa = n;
      tw = 1;
    end else if (twa == tra) tw = 0;
    te[0] = te[1];
    te[1] = mt[tra];
    if (tw) mt[twa] = td;
    av = {av[1:0], aw == 0};
    bv = {bv[1:0], bw == 0};
    {load, en, value} = $random(rnd_state);
    load = load & (n % 7 == 0 || n < 3);
    ec = load ? value : ec + en;
    if (n == 40000) begin
      if (bad == 0) $display("PASS");
      else $display("FAIL %0d", bad);
      $finish;
    end
  end
endmodule

`default_nettype wire
