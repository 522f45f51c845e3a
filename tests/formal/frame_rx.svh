// Properties of glb_frame_rx, included at its end in formal runs. SPDX-License-Identifier: Apache-2.0

  initial assume (rst);
  always_comb if (slot_pop) assume (slot_valid);

  // Independent of the design: bytes taken since the sync byte; of the bytes that the CRC has seen, a bit-serial CRC over all of them
  // (the sum included), how many were of the sum, and whether those were the right ones.
  reg [10:0] f_bytes = 11'd0;
  reg [31:0] f_crc = 32'd0;
  reg [2:0] f_sums = 3'd0;
  reg f_match = 1'b0;
  reg f_seen = 1'b0;
  reg [31:0] f_skipped = 32'd0;
  reg f_run = 1'b0;
  integer f_i;
  reg [31:0] f_next;
  always_comb begin
    f_next = (first_q ? 32'hffffffff : f_crc) ^ {24'd0, byte_q};
    for (f_i = 0; f_i < 8; f_i = f_i + 1) f_next = f_next[0] ? {1'b0, f_next[31:1]} ^ 32'hedb88320 : {1'b0, f_next[31:1]};
  end
  always_ff @(posedge clk) begin
    f_run <= !rst;
    if (take && state_q == HUNT && in_data != `GLB_SYNC_HOST) f_skipped <= f_skipped + 32'd1;
    if (take) f_bytes <= state_q == HUNT ? 11'd1 : f_bytes + 1'b1;
    if (add_q || check_q) begin
      f_crc <= f_next;
      f_match <= check_q && (f_sums == 3'd0 || f_match) && byte_q == crc;
      f_sums <= add_q ? 3'd0 : f_sums + 1'b1;
    end
    if (add_q) f_seen <= 1'b1;
    if (rst) begin
      f_seen <= 1'b0;
      f_sums <= 3'd0;
      f_skipped <= 32'd0;
    end
  end

  always_comb
    if (f_run) begin
      // The slots are counted rightly, and a frame comes in only into a free page.
      assert (count_q <= 2'd2);
      assert ((wslot_q ^ rslot_q) == count_q[0]);
      if (state_q != HUNT && state_q != HOLD) assert (count_q != 2'd2);
      if (push) assert (count_q != 2'd2);

      // The payload never leaves its page, and is never longer than announced.
      if (state_q == PAYLOAD) begin
        assert (len_q <= 11'd1024);
        assert (left_q != 11'd0 && left_q <= len_q);
        assert ({1'b0, wpos_q} + left_q == len_q);
      end
      if (state_q == SIZE) assert (wpos_q == 10'd0 && high_q);
      if (state_q == SIZE || state_q == PAYLOAD) assert (sum_q == 2'd0);
      if (state_q == SUM) assert (len_q <= 11'd1024);

      // Back to hunting after a bounded number of bytes: this count grows with every byte taken.
      case (state_q)
        HOLD: assert (f_bytes == 11'd1);
        CMD: assert (f_bytes == 11'd1);
        SEQ: assert (f_bytes == 11'd2);
        ZERO: assert (f_bytes == 11'd3);
        LEN: assert (f_bytes == (high_q ? 11'd5 : 11'd4));
        SIZE: assert (f_bytes == 11'd6);
        PAYLOAD: assert (f_bytes == 11'd6 + {1'b0, wpos_q});
        SUM: assert (f_bytes == 11'd6 + len_q + {9'd0, sum_q});
        default: ;
      endcase
      if (state_q != HUNT) assert (f_bytes <= 11'd1034);
      // Bytes are refused for some clocks of a frame, and longer only while both pages are in use.
      assert (state_q <= COMMIT);
      assert (in_ready == (state_q != HOLD && state_q != SIZE && state_q != DRAIN && state_q != COMMIT));

      // Skipped bytes are counted a clock later, before a frame's descriptor is made.
      assert (skipped_q + skip_q == f_skipped);
      if (push) assert (skipped_q == f_skipped);
      if (skip_q) assert (state_q == HUNT || state_q == HOLD);

      // What the CRC has seen follows the bytes by a clock.
      assert (!(add_q && check_q));
      if (state_q == HUNT) assert (!check_q);
      assert (f_sums <= 3'd4);
      if (state_q == HOLD) assert (!check_q && (add_q || (f_seen && f_sums == 3'd0)));
      if (state_q >= CMD && state_q <= PAYLOAD) assert (!check_q && f_seen && f_sums == 3'd0);
      if (state_q == SUM) assert (f_seen && f_sums + {2'd0, check_q} == {1'b0, sum_q} && !(add_q && sum_q != 2'd0));
      if (state_q == DRAIN) assert (f_seen && (long_q ? !check_q && f_sums == 3'd0 : check_q && f_sums == 3'd3));
      if (state_q == COMMIT) assert (f_seen && !add_q && !check_q && f_sums == (long_q ? 3'd0 : 3'd4));

      // A frame is good only if all four bytes of the sum were right.
      if (state_q == LEN || state_q == SIZE || state_q == PAYLOAD || state_q == SUM) assert (!long_q);
      if (f_seen) assert (bad_q == (f_sums != 3'd0 && !f_match));
      if (push && status == 2'd0) assert (f_match && !long_q);
      assert (status != 2'd3 || !push);
      // And then the CRC register over the whole frame, sum included, is the residue of CRC-32. Each right byte of
      // the sum leaves the two registers a constant apart.
      if (f_seen && f_sums == 3'd0) assert (f_crc == f_state);
      if (f_seen && f_sums == 3'd1 && f_match) assert (f_crc == (f_state ^ 32'h2d02ef8d) && f_state[31:24] == 8'd0);
      if (f_seen && f_sums == 3'd2 && f_match) assert (f_crc == (f_state ^ 32'hbe2612ff) && f_state[31:16] == 16'd0);
      if (f_seen && f_sums == 3'd3 && f_match) assert (f_crc == (f_state ^ 32'h00be2612) && f_state[31:8] == 24'd0);
      if (push && status == 2'd0) assert (f_crc == 32'hdebb20e3);
    end

  // A descriptor does not change while it waits.
  always_ff @(posedge clk)
    if (f_run && $past(f_run) && $past(slot_valid) && !$past(slot_pop) && !$past(rst) && !rst) begin
      assert (slot_valid);
      assert (slot_cmd == $past(slot_cmd) && slot_seq == $past(slot_seq) && slot_len == $past(slot_len));
      assert (slot_status == $past(slot_status));
    end

  always_ff @(posedge clk)
    if (f_run) begin
      cover (push && status == 2'd0);
      cover (push && status == 2'd1);
      cover (push && status == 2'd2);
    end
