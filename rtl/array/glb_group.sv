// A group of tiles with the memories they share (schedule columns, banks, noise tables) and their own copies of what comes from
// afar. All groups are alike, so synthesis builds one. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"
`include "glb_params.svh"

(* keep_hierarchy *)
module glb_group #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS,
  localparam TB = $clog2(GROUP)
) (
  input  wire                clk,
  // load chain: an item is decoded, its data and the next stage's address used a clock later, the data after it for couplings
  input  wire                ld_valid,
  input  wire                ld_hit,       // valid and for a tile of this group
  input  wire [3:0]          ld_target,
  input  wire [TB-1:0]       ld_tile,      // which of them
  input  wire [LAW-1:0]      ld_addr,
  input  wire [CW-1:0]       ld_data,
  input  wire [LAW-1:0]      ld1_addr,
  input  wire [CW-1:0]       ld2_data,
  // schedule; the clocks are those of glb_clocks.svh
  input  wire [PCW-1:0]      pc,           // AT_PC
  input  wire                pc_valid,     // AT_VALID
  input  wire                job_start,    // AT_START
  input  wire                seg_start,    // AT_START
  input  wire [CAW-1:0]      c_start,      // held from seg_start on
  input  wire [GW-1:0]       wp_start,     // likewise
  input  wire [1:0]          page,
  input  wire [6:0]          mode,         // held from AT_START on: {zero, subtract, part, hold, dump, count}
  input  wire [AW-1:0]       rd_addr,      // AT_RD, else 0
  // network
  output wire [GROUP*CHAINS-1:0] bank,     // words read, AT_NET
  input  wire [GROUP*CHAINS-1:0] arrived   // arriving words, AT_WORD
);
  // copies near the tiles
  reg [PCW-1:0] pc_q;
  reg           pc_valid_q, pc_update_q, job_q, seg_q;
  reg [6:0]     mode_q;
  reg [CAW-1:0] c_aux_q;
  reg [AW+1:0]  s_aux_q;
  // the item in ld1: which tile it is for, and what it is
  reg  [GROUP-1:0] tile_q;
  reg              coup_q, sched_q, state_q, table_q;
  reg  [1:0]       bank_page_q;
  reg  [LANES-1:0] lfsr_q;
  always_ff @(posedge clk) begin
    pc_q       <= pc;
    pc_valid_q <= pc_valid;
    pc_update_q <= pc_valid & ~mode[0];
    mode_q     <= mode;
    job_q      <= job_start;
    seg_q      <= seg_start;
    // no tile reads its bank while states are loaded
    bank_page_q <= state_q ? s_aux_q[AW+1 -: 2] : page;
    c_aux_q    <= ld_hit && ld_target == `GLB_TARGET_COUPLING ? ld_addr[CAW-1:0] : c_start;
    s_aux_q    <= ld_hit && ld_target == `GLB_TARGET_STATE ? ld_addr[AW+1:0] : {2'd0, rd_addr};
    table_q    <= ld_valid && ld_target == `GLB_TARGET_NOISE;
    sched_q    <= ld_target == `GLB_TARGET_SCHED;
    state_q    <= ld_hit && ld_target == `GLB_TARGET_STATE;
    coup_q     <= ld_hit && ld_target == `GLB_TARGET_COUPLING;
    for (integer t = 0; t < GROUP; t = t + 1)
      tile_q[t] <= ld_hit && ld_tile == TB'(t);
    for (integer l = 0; l < LANES; l = l + 1)
      lfsr_q[l] <= ld_target == `GLB_TARGET_LFSR &&
                   (LANES < 2 || ld_addr[(LW > 0 ? LW : 1)-1:0] == (LW > 0 ? LW : 1)'(l));
  end

  // each four tiles' own copy of the data: it goes to all their memories and LFSRs
  wire [GROUP/4*CW-1:0] ld1_data;
  for (genvar h = 0; h < GROUP / 4; h = h + 1) begin : g_data
    glb_relay #(.WIDTH(CW)) u_data (.clk(clk), .d(ld_data), .q(ld1_data[h*CW +: CW]));
  end

  // schedule words: a tile's is 9 bits of a column, or 18
  localparam PER = SW <= 9 ? 4 : 2;  // tiles a column
  localparam BITS = 36 / PER;
  wire [GROUP*SW-1:0] sched;
  for (genvar c = 0; c < GROUP / PER; c = c + 1) begin : g_col
    wire [35:0] word;
    wire [3:0]  be;
    for (genvar i = 0; i < 4; i = i + 1) begin : g_be
      assign be[i] = sched_q & tile_q[c*PER + i*PER/4];
    end
    glb_sched_col #(.SDEPTH(SDEPTH)) u_col (
      .clk(clk), .w_addr(ld1_addr[PCW-1:0]), .w_be(be), .w_data({PER{BITS'(ld1_data[c*PER/4*CW +: SW])}}),
      .r_addr(pc_q), .r_data(word)
    );
    for (genvar t = 0; t < PER; t = t + 1) begin : g_word
      assign sched[(c*PER+t)*SW +: SW] = word[t*BITS +: SW];
    end
  end

  wire [GROUP*AW-1:0]     bank_addr;
  wire [GROUP-1:0]        bank_we;
  wire [GROUP*CHAINS-1:0] bank_wdata;
  wire [GROUP*10-1:0]     nz_idx;
  wire [GROUP*16-1:0]     nz_z;
  for (genvar t = 0; t < GROUP; t = t + 1) begin : g_tile
    glb_tile #(`GLB_PASS) u_tile (
      .clk(clk), .job_start(job_q), .seg_start(seg_q), .wp_start(wp_start),
      .sched_valid(pc_valid_q), .sched_update(pc_update_q), .sched(sched[t*SW +: SW]),
      .count(mode_q[0]), .dump(mode_q[1]), .hold(mode_q[2]), .part(mode_q[4:3]), .subtract(mode_q[5]), .zero(mode_q[6]),
      .coup_aux(coup_q), .ld_coup(coup_q & tile_q[t]), .ld_state(state_q & tile_q[t]), .ld_lfsr(lfsr_q & {LANES{tile_q[t]}}),
      .ld_data(ld1_data[t/4*CW +: 16]), .ld_coup_data(ld2_data), .c_aux(c_aux_q), .s_aux(s_aux_q[AW-1:0]),
      .bank_addr(bank_addr[t*AW +: AW]), .bank_we(bank_we[t]),
      .bank_wdata(bank_wdata[t*CHAINS +: CHAINS]), .arrived(arrived[t*CHAINS +: CHAINS]),
      .nz_idx(nz_idx[t*10 +: 10]), .nz_z(nz_z[t*16 +: 16])
    );
  end

  // two tiles share a memory for their banks and one for their noise tables
  for (genvar p = 0; p < GROUP / 2; p = p + 1) begin : g_pair
    localparam A = 2 * p;
    localparam B = 2 * p + 1;
    wire [17:0] s_a, s_b, z_a, z_b;
    glb_ebr18 #(.DEPTH(8 << AW)) u_banks (
      .clk(clk),
      .a_addr({1'b0, bank_page_q, bank_addr[A*AW +: AW]}), .a_we({2{bank_we[A]}}),
      .a_wdata(18'(bank_wdata[A*CHAINS +: CHAINS])), .a_rdata(s_a), .a_rst(1'b0),
      .b_addr({1'b1, bank_page_q, bank_addr[B*AW +: AW]}), .b_we({2{bank_we[B]}}),
      .b_wdata(18'(bank_wdata[B*CHAINS +: CHAINS])), .b_rdata(s_b)
    );
    assign bank[A*CHAINS +: CHAINS] = s_a[CHAINS-1:0];
    assign bank[B*CHAINS +: CHAINS] = s_b[CHAINS-1:0];
    glb_ebr18 #(.DEPTH(1024)) u_table (
      .clk(clk),
      .a_addr(table_q ? ld1_addr[9:0] : nz_idx[A*10 +: 10]), .a_we({2{table_q}}),
      .a_wdata(18'(ld1_data[p/2*CW +: 16])), .a_rdata(z_a), .a_rst(1'b0),
      .b_addr(nz_idx[B*10 +: 10]), .b_we(2'd0), .b_wdata(18'd0), .b_rdata(z_b)
    );
    assign nz_z[A*16 +: 16] = z_a[15:0];
    assign nz_z[B*16 +: 16] = z_b[15:0];
  end
endmodule

`default_nettype wire
