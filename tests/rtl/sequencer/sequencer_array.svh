// The array's side for tb_glb_sequencer: words that depend on tile and address, the rules of rtl.md (gaps, load and readout latency), and the
// events that the schedule and the loads show.
// SPDX-License-Identifier: Apache-2.0

  // ---- the array: words that tell tile and address, and the rules ----
  reg [RD_LAT-1:0] rdv = 0;
  reg [3:0] rdw[0:RD_LAT-1];
  integer i, now = 0, last_pc = -100, last_ld = -100, last_rd = -100;
  always @(negedge clk) now = now + 1;
  assign rd_word_valid = rdv[RD_LAT-1];
  assign rd_word = rdw[RD_LAT-1];
  always @(posedge clk) begin
    rdv <= {rdv[RD_LAT-2:0], rd_valid && !rst};
    for (i = 1; i < RD_LAT; i = i + 1) rdw[i] <= rdw[i-1];
    rdw[0] <= rd_tile[3:0] * 5 + rd_addr[3:0] + rd_addr[4];
    if (!rst) begin
      if (pc_valid) begin
        if (now - last_ld < LOAD_LAT) fail("pc after load", now - last_ld, LOAD_LAT);
        if (now - last_rd < RD_LAT) fail("pc after readout", now - last_rd, RD_LAT);
        last_pc = now;
      end
      if (rd_valid) begin
        if (now - last_ld < LOAD_LAT) fail("readout after load", now - last_ld, LOAD_LAT);
        if (now - last_pc < gap_of(cur)) fail("readout after pc", now - last_pc, gap_of(cur));
        last_rd = now;
      end
      if (ld_valid || wr_grant) begin
        if (now - last_pc < gap_of(cur)) fail("load after pc", now - last_pc, gap_of(cur));
        if (rdv != 0 || rd_valid) fail("load in a readout", 1, 0);
        last_ld = now;
      end
    end
  end

  // ---- the model's list of events ----
  localparam TABLE = 1, SEG = 2, SAMPLE = 3, DONE = 4, SEEDS = 5;
  integer ev_kind[0:65535], ev_arg[0:65535];
  integer ev_n = 0, ev_at = 0;
  task event_add(input integer kind, input integer arg);
    begin
      ev_kind[ev_n] = kind;
      ev_arg[ev_n] = arg;
      ev_n = ev_n + 1;
    end
  endtask
  reg follow = 1'b1;  // aborted jobs leave the list
  task event_seen(input integer kind, input integer arg);
    if (follow) begin
      if (ev_at == ev_n || ev_kind[ev_at] != kind || ev_arg[ev_at] != arg)
        fail("event", 100000 * kind + arg, ev_at == ev_n ? 0 : 100000 * ev_kind[ev_at] + ev_arg[ev_at]);
      ev_at = ev_at + 1;
    end
  endtask

  // A segment's event: its number, 16 if it replaces.
  reg [15:0] sg_start[0:15], sg_len[0:15], sg_c[0:15], sg_wp[0:15];
  reg [4:0] sg_mode[0:15];  // part, hold, dump, count
  reg [31:0] sg_flips[0:15];
  integer cur = -1, pcs = 0, seg_at = -1000, last_other = 0, seen_ld = 0, exact = 0;
  reg data_last = 1'b0;
  function integer gap_of(input integer s);
    gap_of = s >= 0 && sg_mode[s][0] ? GAP + 4 : GAP;
  endfunction
  always @(posedge clk) if (!rst) begin
    // Segment n is recognised by its c_start, which is n + 1000.
    if (seg_start) begin
      if (cur >= 0 && pcs != sg_len[cur]) fail("clocks of a segment", pcs, sg_len[cur]);
      if (cur >= 0 && !job_start) begin
        if (now - seg_at < sg_len[cur] + gap_of(cur)) fail("gap", now - seg_at, sg_len[cur] + gap_of(cur));
        if (last_other < seg_at && sg_len[cur] > 8) begin
          exact = exact + 1;
          check("back to back", now - seg_at, sg_len[cur] + gap_of(cur));
        end
      end
      seg_at = now;
      cur = c_start - 1000;
      pcs = 0;
      event_seen(SEG, cur + 16 * mode[6]);
      check("wp_start", wp_start, sg_wp[cur] % 16);
      check("part, hold, dump, count", mode[4:0], sg_mode[cur]);
      check("subtract", mode[5], flags >> 2 & 1);
      if (follow) check("page", page, job_page);
    end
    if (pc_valid) begin
      check("pc", pc, (sg_start[cur] + pcs) % 65536);
      pcs = pcs + 1;
    end
    if (ld_valid && ld_target == `GLB_TARGET_LFSR) begin
      if (ld_tile == 0 && ld_addr == 0) begin
        event_seen(SEEDS, 0);
        seen_ld = 0;
      end
      seen_ld = seen_ld + 1;
    end
    if (ld_valid && ld_target == `GLB_TARGET_NOISE) begin
      if (ld_addr == 0) begin
        check("LFSR halves", seen_ld, 16);
        event_seen(TABLE, ld_data[14:0]);
      end
      if (ld_addr == 895) last_other = now;
    end
    if (data_valid && !data_last) event_seen(SAMPLE, data_len);
    data_last = data_valid;
    if (data_valid || wr_req || wr_grant || abort) last_other = now;
  end
