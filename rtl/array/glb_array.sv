// The data path: load bus and schedule clock in, readout words out (docs/design/array.md, rtl.md).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"
`include "glb_params.svh"

module glb_array #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS
) (
  input  wire              clk,
  input  wire              rst,
  // load bus: an item a clock; after an LFSR item one clock without an item
  input  wire              ld_valid,
  input  wire [3:0]        ld_target,      // GLB_TARGET_SCHED, NET, COUPLING, STATE, NOISE or LFSR
  input  wire [7:0]        ld_tile,        // tile; chunk for NET; ignored for the noise table
  input  wire [15:0]       ld_addr,        // as in array.md section 5; LFSR: {lane, half}
  input  wire [35:0]       ld_data,        // item, from bit 0
  // schedule
  input  wire              job_start,      // before or with the job's first seg_start
  input  wire              seg_start,      // before or with the segment's first pc
  input  wire [15:0]       c_start,        // coupling entry of the segment
  input  wire [15:0]       wp_start,       // state word of the segment's first update in each lane
  input  wire              pc_valid,       // issue schedule address pc
  input  wire [15:0]       pc,
  input  wire [1:0]        page,           // of the job; steady while anything of it is in flight
  input  wire [6:0]        mode,           // with seg_start: {replace, subtract, part[1:0], hold, dump, count} of the segment
  // readout
  input  wire              rd_valid,
  input  wire [7:0]        rd_tile,
  input  wire [15:0]       rd_addr,        // {lane, g}
  output wire              rd_word_valid,  // RD_LAT clocks after rd_valid
  output wire [CHAINS-1:0] rd_word
);
  `include "glb_clocks.svh"
  glb_check #(`GLB_PASS) u_check ();

  // Load chain: an item in stage g is compared with group g and decoded there from stage g + 1. An LFSR item is two items of 16 bits.
  localparam STAGES = LOAD_STAGES;
  localparam TNW    = NS > 4 ? NS : 4;  // bits of a tile's number; there are never more chunks
  reg  [STAGES-1:0]     chv_q;
  reg  [4*STAGES-1:0]   cht_q;
  reg  [TNW*STAGES-1:0] chn_q;
  reg  [LAW*STAGES-1:0] cha_q;
  reg  [CW*STAGES-1:0]  chd_q;
  reg  [15:0]           high_q;
  reg                   second_q;
  wire is_lfsr = ld_valid && ld_target == `GLB_TARGET_LFSR;
  always_ff @(posedge clk) begin
    second_q <= is_lfsr & ~rst;
    high_q   <= ld_data[31:16];
    chv_q    <= STAGES'({chv_q, (ld_valid | second_q) & ~rst});
    cht_q[4*STAGES-1:4]     <= cht_q[4*STAGES-5:0];
    chn_q[TNW*STAGES-1:TNW] <= chn_q[TNW*STAGES-TNW-1:0];
    cha_q[LAW*STAGES-1:LAW] <= cha_q[LAW*STAGES-LAW-1:0];
    chd_q                   <= (CW*STAGES)'({chd_q, second_q ? CW'(high_q) : ld_data[CW-1:0]});
    if (!second_q) begin
      cht_q[3:0]     <= ld_target;
      chn_q[TNW-1:0] <= ld_tile[TNW-1:0];
      cha_q[LAW-1:0] <= is_lfsr ? LAW'(ld_addr[15:1]) : ld_addr[LAW-1:0];
    end
  end

`ifndef SYNTHESIS
  always @(posedge clk)
    if (ld_valid && second_q) $fatal(1, "glb_array: an item in the clock after an LFSR item is lost");
`endif

  reg [GROUPS-1:0] hit_q;  // the item in stage g + 1 is for group g
  always_ff @(posedge clk)
    for (integer g = 0; g < GROUPS; g = g + 1)
      hit_q[g] <= chv_q[g] && TNW'(chn_q[TNW*g +: TNW] >> $clog2(GROUP)) == TNW'(g);

  // Schedule: what reaches the groups in clock AT_x is in the relays' registers by then, so it waits AT_x - 1 clocks here.
  reg [PCW*(AT_PC-1)-1:0] pc_q;
  reg [AT_VALID-2:0]      pcv_q;
  reg [AT_START-2:0]      job_q, seg_q;
  reg [AW*(AT_RD-1)-1:0]  rda_q;
  reg [CAW-1:0] c_start_q;
  reg [GW-1:0]  wp_start_q;
  reg [1:0]     page_q;
  reg [6:0]     mode_q, mode1_q;  // as the tiles take it: no dump without count, no replacing in a dump or without count
  always_ff @(posedge clk) begin
    pc_q   <= (PCW*(AT_PC-1))'({pc_q, pc[PCW-1:0]});
    pcv_q  <= (AT_VALID-1)'({pcv_q, pc_valid & ~rst});
    job_q  <= (AT_START-1)'({job_q, job_start});
    seg_q  <= (AT_START-1)'({seg_q, seg_start});
    rda_q  <= (AW*(AT_RD-1))'({rda_q, rd_valid ? rd_addr[AW-1:0] : {AW{1'b0}}});
    page_q <= page;
    mode1_q <= mode_q;
    if (seg_start) begin
      c_start_q  <= c_start[CAW-1:0];
      wp_start_q <= wp_start[GW-1:0];
      mode_q     <= {mode[6] & mode[0] & ~mode[1], mode[5:2], mode[1] & mode[0], mode[0]};
    end
    if (rst) mode_q <= 7'd0;
  end

  localparam RELAYS = (GROUPS + 3) / 4;
  localparam RW     = PCW + CAW + GW + AW + 12;
  wire [RW-1:0] sent = {pc_q[PCW*(AT_PC-2) +: PCW], pcv_q[AT_VALID-2], job_q[AT_START-2], seg_q[AT_START-2], c_start_q, wp_start_q,
                        page_q, mode1_q, rda_q[AW*(AT_RD-2) +: AW]};
  wire [RW*RELAYS-1:0] relayed;
  for (genvar r = 0; r < RELAYS; r = r + 1) begin : g_relay
    glb_relay #(.WIDTH(RW)) u_relay (.clk(clk), .d(sent), .q(relayed[RW*r +: RW]));
  end
  reg          rd_q;
  reg [NS-1:0] rd_tile_q;
  always_ff @(posedge clk) begin
    rd_q      <= rd_valid & ~rst;
    rd_tile_q <= rd_tile[NS-1:0];
  end

  wire [NB-1:0] swap;
  glb_net_mem #(.TILES(TILES), .SDEPTH(SDEPTH)) u_net_mem (
    .clk(clk), .ld_valid(chv_q[GROUPS] && cht_q[4*GROUPS +: 4] == `GLB_TARGET_NET), .ld_chunk(8'(chn_q[TNW*GROUPS +: TNW])),
    .ld_addr(cha_q[LAW*(GROUPS+1) +: PCW]), .ld_data(chd_q[CW*(GROUPS+1) +: 16]),
    .pc(relayed[RW-1 -: PCW]), .rd_valid(rd_q), .rd_tile(rd_tile_q), .swap(swap)
  );

  wire [TILES*CHAINS-1:0] bank;
  wire [TILES*CHAINS-1:0] routed;
  glb_network #(.TILES(TILES), .CHAINS(CHAINS)) u_network (
    .clk(clk), .swap(swap), .in(bank), .out(routed)
  );

  for (genvar g = 0; g < GROUPS; g = g + 1) begin : g_group
    wire [PCW-1:0] g_pc;
    wire [CAW-1:0] g_c_start;
    wire [GW-1:0]  g_wp_start;
    wire [AW-1:0]  g_rda;
    wire           g_pcv, g_job, g_seg;
    wire [1:0]     g_page;
    wire [6:0]     g_mode;
    assign {g_pc, g_pcv, g_job, g_seg, g_c_start, g_wp_start, g_page, g_mode, g_rda} = relayed[RW*(g/4) +: RW];
    glb_group #(`GLB_PASS) u_group (
      .clk(clk), .ld_valid(chv_q[g+1]), .ld_hit(hit_q[g]), .ld_target(cht_q[4*(g+1) +: 4]),
      .ld_tile(chn_q[TNW*(g+1) +: $clog2(GROUP)]), .ld_addr(cha_q[LAW*(g+1) +: LAW]), .ld_data(chd_q[CW*(g+1) +: CW]),
      .ld1_addr(cha_q[LAW*(g+2) +: LAW]), .ld2_data(chd_q[CW*(g+3) +: CW]),
      .pc(g_pc), .pc_valid(g_pcv), .job_start(g_job), .seg_start(g_seg),
      .c_start(g_c_start), .wp_start(g_wp_start), .page(g_page), .mode(g_mode), .rd_addr(g_rda),
      .bank(bank[GROUP*CHAINS*g +: GROUP*CHAINS]), .arrived(routed[GROUP*CHAINS*g +: GROUP*CHAINS])
    );
  end

  reg [RD_LAT-1:0] rdv_q;
  reg [CHAINS-1:0] word_q;
  always_ff @(posedge clk) begin
    rdv_q  <= {rdv_q[RD_LAT-2:0], rd_valid} & {RD_LAT{~rst}};
    word_q <= routed[CHAINS-1:0];
  end
  assign rd_word_valid = rdv_q[RD_LAT-1];
  assign rd_word = word_q;
endmodule

`default_nettype wire
