// Properties of glb_segment, included at its end in formal runs. SPDX-License-Identifier: Apache-2.0

  initial assume (rst);
  always_comb begin
    assume (len_zero == (s_len == 16'd0));
    if (go) assume (ready);
  end

  reg f_run = 1'b0, f_used = 1'b0;
  reg [PCW-1:0] f_start;
  reg [15:0] f_len, f_issued;
  reg f_counts;
  wire [6:0] f_gap = f_counts ? GAP_COUNT : GAP;
  reg [16:0] f_clocks;  // go or not ready, as the sequencer counts them
  reg [6:0] f_quiet;  // clocks, this one included, since the last schedule clock (or the start of an empty segment), up to 100
  wire [6:0] f_more = f_quiet >= 7'd100 ? f_quiet : f_quiet + 1'b1;
  always_ff @(posedge clk) begin
    f_run <= !rst;
    if (rst) f_used <= 1'b0;
    else if (go) begin
      f_used <= 1'b1;
      f_start <= s_start;
      f_len <= s_len;
      f_counts <= counts;
      f_issued <= 16'd0;
      f_clocks <= 17'd1;
      f_quiet <= len_zero ? 7'd1 : 7'd0;
    end else begin
      f_issued <= f_issued + {15'd0, pc_valid};
      f_clocks <= f_clocks + {16'd0, !ready};
      // In the clock after a schedule clock without another one the silence begins.
      f_quiet <= valid_q && !last_q ? 7'd0 : f_more;
    end
  end

  always_comb
    if (f_run) begin
      assert (!(valid_q && gap_q) && !(valid_q && ready_q) && !(gap_q && ready_q));
      assert (valid_q || gap_q || ready_q);
      if (f_used) begin
        // Schedule clocks: from s_start on, without a hole, s_len of them.
        if (pc_valid) assert (pc == PCW'(f_start + f_issued));
        if (pc_valid) assert (f_issued < f_len);
        if (!pc_valid) assert (f_issued == f_len);
        if (seg_start) assert (f_issued == 16'd0 && pc_valid == (f_len != 16'd0));
        // The gap: ready exactly when GAP clocks are silent, this one included, GAP_COUNT after a segment that counts.
        assert (pc_valid == (f_quiet == 7'd0));
        assert (ready == (f_quiet >= f_gap));
        // What a segment costs: its clocks and the gap.
        if (ready) assert (f_clocks == f_len + f_gap);
        // Invariants that make the proof inductive.
        if (valid_q) assert (f_issued + left_q == f_len && last_q == (left_q == 16'd1) && wait_q == f_gap - 1 && f_clocks == f_issued + 1);
        if (gap_q) assert (wait_q + f_quiet == f_gap && wait_q != 6'd0 && f_clocks == f_len + f_quiet);
      end else assert (ready && !seg_start);
      if (ready) assert (!seg_start && !pc_valid);
    end

  // What the array sees: from one segment's first clock to the next one's at least s_len + GAP clocks.
  reg f_go_q = 1'b0;
  always_ff @(posedge clk) begin
    f_go_q <= go && !rst;
    if (f_run && $past(f_run) && !$past(rst)) assert (seg_start == f_go_q);
    if (f_run) begin
      cover (f_used && ready && f_len == 16'd3);
      cover (f_used && ready && f_len == 16'd3 && f_counts);
      cover (f_used && ready && f_len == 16'd0);
    end
  end
