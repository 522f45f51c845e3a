// A tile: op pipeline, coupling memory, noise port, lanes, bank port. The clock names are those of glb_clocks.svh: the schedule
// word is there at D, the tile's data meet at M. SPDX-License-Identifier: Apache-2.0
`default_nettype none

`include "glb_params.svh"

module glb_tile #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS
) (
  input  wire              clk,
  // strobes, two clocks before D
  input  wire              job_start,
  input  wire              seg_start,
  input  wire [GW-1:0]     wp_start,
  // schedule, EARLY clocks before D
  input  wire              sched_valid,
  input  wire              sched_update,  // sched_valid, but not in a segment that counts
  input  wire [SW-1:0]     sched,
  // of the segment, from two clocks before D on
  input  wire              count,
  input  wire              dump,        // not without count
  input  wire              hold,
  input  wire [1:0]        part,        // of 16 bits, CHAINS of which a dump writes
  input  wire              subtract,
  input  wire              zero,        // counts replace the old sums; not with dump
  // load bus: strobes; data and aux belong to the same clock, coup_data to the next
  input  wire              coup_aux,    // c_aux is the entry of a load, of this tile or another of its group
  input  wire              ld_coup,
  input  wire              ld_state,
  input  wire [LANES-1:0]  ld_lfsr,
  input  wire [15:0]       ld_data,
  input  wire [CW-1:0]     ld_coup_data,
  input  wire [CAW-1:0]    c_aux,       // coupling entry of a load or of seg_start
  input  wire [AW-1:0]     s_aux,       // address of ld_state or of a readout, else 0
  // bank port
  output wire [AW-1:0]     bank_addr,
  output wire              bank_we,
  output wire [CHAINS-1:0] bank_wdata,
  // arriving word, M - 1
  input  wire [CHAINS-1:0] arrived,
  // noise table
  output wire [9:0]        nz_idx,
  input  wire [15:0]       nz_z
);
  `include "glb_clocks.svh"
  localparam LB = LW > 0 ? LW : 1;  // bits of a lane number
  localparam [OW-1:0] CTRL = OW'(LANES + 1);

  // D: the schedule word
  localparam [OW-1:0] COUNT = OW'(3);
  wire [SW-1:0] issued = {sched[SW-1:OW], dump ? COUNT : sched[OW-1:0]} & {SW{sched_valid}};
  wire [SW-1:0] word;
  if (EARLY == 0) begin : g_at_d
    assign word = issued;
  end else begin : g_before_d
    reg [SW-1:0] word_q;
    always_ff @(posedge clk) word_q <= issued;
    assign word = word_q;
  end

  // E: op meets the first of two reads of the coupling memory; the flag decides who takes a noise word
  wire [OW-1:0] op_e;
  wire entry_e;  // an update takes an entry
  if (OP_WAIT > 0) begin : g_delay
    reg [OW*OP_WAIT-1:0] op_q;
    always_ff @(posedge clk) op_q <= (OW*OP_WAIT)'({op_q, word[OW-1:0]});
    assign op_e = op_q[OW*(OP_WAIT-1) +: OW];
    assign entry_e = op_e == CTRL && !count;
  end else begin : g_direct  // one LUT4 from the schedule memory to the pointer, hence sched_update and no dump
    assign op_e = OP_WAIT == 0 ? word[OW-1:0] : issued[OW-1:0];
    assign entry_e = sched[OW-1:0] == CTRL && sched_update;
  end
  // M + 1 .. M + 4 of a count
  wire        sum_read, sum_ready, sum_done;
  wire [17:0] old_sum, sum;
  wire taken = entry_e | sum_read;
  wire [CAW-1:0] c_early;
  glb_counter #(.WIDTH(CAW)) u_early (
    .clk(clk), .load(seg_start | coup_aux), .value(c_aux), .en(taken), .q(c_early)
  );
  reg ld_coup_q;
  reg [OW-1:0] op_e1_q, op_k_q;
  always_ff @(posedge clk) begin
    ld_coup_q <= ld_coup;
    op_e1_q   <= op_e;
    op_k_q    <= op_e1_q;
  end

  // K: the early word; M - 1: the late word
  wire [CW-1:0] early;
  wire [CW-1:0] late;
  // what the tile does with the entry, 0 if there is none: 1 READ, 2 + l CTRL of lane l; of a segment that counts the op. At K + 1 .. K + KD
  localparam KB = $clog2(LANES + 2);
  localparam KD = KIND_CLOCKS;
  reg [KD*KB-1:0] kind_q;
  if (CW <= 18) begin : g_twice
    // The late address is so many entries behind the early one as the tile has read early and not yet late (at most KD + 1), of sums
    // those not yet written (at most 3). A pointer of its own would cost CAW flip-flops.
    wire read_late = count ? sum_done : kind_q[(KD-1)*KB-1 -: KB] != KB'(0);
    reg  [2:0] behind_q;
    always_ff @(posedge clk)
      behind_q <= seg_start ? 3'd0 : behind_q + 3'(taken) - 3'(read_late);
    wire [CAW-1:0] c_late = c_early - CAW'(behind_q);
    wire [17:0] early18, late18;
    glb_ebr18 #(.DEPTH(CDEPTH)) u_coup (
      .clk(clk), .a_addr(c_early), .a_we({2{ld_coup_q}}), .a_wdata(18'(ld_coup_data)), .a_rdata(early18),
      .a_rst(zero), .b_addr(c_late), .b_we({2{sum_done & ~dump}}), .b_wdata(sum), .b_rdata(late18)
    );
    assign early = early18[CW-1:0];
    assign late = late18[CW-1:0];
    assign old_sum = early18;
  end else begin : g_delayed
    // Loads write at the pointer, sums so many entries behind it as are read and not yet written.
    reg  [1:0] behind_q;
    always_ff @(posedge clk)
      behind_q <= seg_start | coup_aux ? 2'd0 : behind_q + 2'(sum_read) - 2'(sum_done);
    wire [35:0] early36;
    glb_ebr36 #(.DEPTH(CDEPTH)) u_coup (
      .clk(clk), .w_addr(c_early - CAW'(behind_q)), .w_be({{2{ld_coup_q}}, {2{ld_coup_q | (sum_done & ~dump)}}}),
      .w_data({18'(ld_coup_data >> 18), ld_coup_q ? ld_coup_data[17:0] : sum}), .r_addr(c_early), .r_data(early36)
    );
    assign early = early36[CW-1:0];
    assign old_sum = early36[17:0] & {18{~zero}};
    glb_delay #(.WIDTH(CW), .CLOCKS(KD + 1)) u_delay (.clk(clk), .d(early), .q(late));
  end

  wire [OW-1:0] e_flag = early[OW-1:0];
  reg  [LANES-1:0] nsel;
  always_comb
    for (integer l = 0; l < LANES; l = l + 1)
      nsel[l] = !count && (op_k_q == OW'(l + 1) ||
                (op_k_q == CTRL && (e_flag == OW'(l + 1) ||
                 (LANES > 1 && e_flag == CTRL && early[OW+ACC+2] &&
                  (LANES < 2 || early[OW+ACC+3 +: LB] == LB'(l ^ 1))))));
  wire [KB-1:0] e_lane;
  if (LW > 0) begin : g_elane
    assign e_lane = KB'(early[OW+ACC+3 +: LB]);
  end else begin : g_elane1
    assign e_lane = KB'(0);
  end
  wire [KB-1:0] kind = count ? KB'((op_k_q & ~COUNT) == OW'(0) ? op_k_q : OW'(0)) :
                       op_k_q != CTRL ? KB'(0) : e_flag != CTRL ? KB'(1) : KB'(2) + e_lane;
  reg [KD*LANES-1:0] nsel_q;  // at K + 1 .. K + KD
  always_ff @(posedge clk) begin
    nsel_q <= {nsel_q[(KD-1)*LANES-1:0], nsel};
    kind_q <= {kind_q[(KD-1)*KB-1:0], kind};
  end

  wire [ACC-1:0] n_t;
  wire           n_neg;
  glb_noise #(.LANES(LANES), .ACC(ACC), .NOISE_REG(NOISE_REG)) u_noise (
    .clk(clk), .job_start(job_start), .sel(nsel_q[LANES-1:0]), .sel_q(nsel_q[2*LANES-1:LANES]), .ld(ld_lfsr), .ld_data(ld_data),
    .idx(nz_idx), .z(nz_z), .t(n_t), .t_neg(n_neg)
  );

  // M - 1: arriving word, noise word and entry meet; what each lane adds is in registers, because 16 chains wait for it
  wire [KB-1:0] kind_last = kind_q[KD*KB-1 -: KB];
  reg  [2*LANES-1:0] k_q;  // a lane: 0 nothing, 1 arrived, 2 noise, 3 finishes
  always_ff @(posedge clk)
    for (integer l = 0; l < LANES; l = l + 1)
      k_q[2*l +: 2] <= nsel_q[(KD-1)*LANES + l] ? 2'd2 : count ? 2'd0 : kind_last == KB'(2 + l) ? 2'd3 :
                       {1'b0, kind_last == KB'(1)};
  wire [PW-1:0] payload = late[CW-1:OW];
  wire [LANES*CHAINS-1:0] signs;
  for (genvar l = 0; l < LANES; l = l + 1) begin : g_lane_unit
    glb_lane #(.CHAINS(CHAINS), .JW(JW), .ACC(ACC)) u_lane (
      .clk(clk), .job_start(job_start), .k(k_q[2*l +: 2]),
      .j(payload[l*JW +: JW]), .arrived(arrived), .t(n_t), .t_neg(n_neg), .bias(payload[ACC-2:0]), .dbl(payload[ACC-1]),
      .clr(payload[ACC]), .sign(signs[l*CHAINS +: CHAINS])
    );
  end

  reg [1:0] what_q;
  always_ff @(posedge clk) what_q <= kind_last[1:0] & {2{count}};
  glb_sums #(.CHAINS(CHAINS)) u_sums (
    .clk(clk), .what(what_q), .arrived(arrived), .dump(dump), .subtract(subtract), .read(sum_read), .old(old_sum),
    .ready(sum_ready), .done(sum_done), .sum(sum)
  );

  // M: the result goes to the bank, at whose pins it is at M + 1; a dumped sum likewise at M + 4, by lane 0's pointer
  reg [LANES-1:0] done_q;  // the lane that finishes, one-hot
  reg we_q;
  wire dumps = dump & sum_ready;
  wire held = hold & ~payload[ACC-1] & payload[ACC];
  wire [LANES-1:0] done;
  for (genvar l = 0; l < LANES; l = l + 1) begin : g_done
    assign done[l] = &k_q[2*l +: 2];
  end
  always_ff @(posedge clk) begin
    done_q <= done | LANES'(dumps);
    we_q   <= dumps | (|done & payload[ACC+1] & ~held);
  end
  reg [LB-1:0] lane;
  always_comb begin
    lane = LB'(0);
    for (integer l = 1; l < LANES; l = l + 1)
      if (done_q[l]) lane = lane | LB'(l);
  end
  wire [LANES*GW-1:0] wps;
  for (genvar l = 0; l < LANES; l = l + 1) begin : g_wp
    glb_counter #(.WIDTH(GW)) u_wp (
      .clk(clk), .load(seg_start), .value(wp_start), .en(done_q[l]), .q(wps[l*GW +: GW])
    );
  end
  wire [AW-1:0] w_addr;
  if (LW > 0) begin : g_waddr
    assign w_addr = {lane, wps[lane*GW +: GW]};
  end else begin : g_waddr1
    assign w_addr = wps;
  end
  // a word from elsewhere; the signs are late, so all else is chosen in front of them
  wire [1:0] of_parts = part & 2'(16 / CHAINS - 1);
  wire [CHAINS-1:0] dumped = CHAINS'(sum[15:0] >> (4'(CHAINS) * 4'(of_parts)));
  wire [CHAINS-1:0] other = ld_state ? ld_data[CHAINS-1:0] : dumped;
  reg [AW-1:0] addr_q;
  reg bank_we_q;
  reg [CHAINS-1:0] wdata_q;
  always_ff @(posedge clk) begin
    bank_we_q <= we_q | ld_state;
    addr_q    <= we_q ? w_addr : word[SW-1:OW] | s_aux;
    wdata_q   <= ld_state | dump ? other : ~signs[lane*CHAINS +: CHAINS];
  end
  assign bank_addr = addr_q;
  assign bank_we = bank_we_q;
  assign bank_wdata = wdata_q;
endmodule

`default_nettype wire
