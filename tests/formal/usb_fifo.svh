// Properties of glb_usb_fifo, included at its end in formal runs. SPDX-License-Identifier: Apache-2.0

  // Both sides have been in reset and leave it in any order; wr_clk and rd_clk are free.
  initial assume (wp_q == 0 && wp_gray_q == 0 && rp_q == 0 && rp_gray_q == 0 && wp_a_q == 0 && wp_b_q == 0 && rp_a_q == 0 &&
                  rp_b_q == 0 && full_q && empty_q && !valid_q);
  reg f_wr_ran = 1'b0, f_rd_ran = 1'b0;
  always_ff @(posedge wr_clk) f_wr_ran <= !wr_rst;
  always_ff @(posedge rd_clk) f_rd_ran <= !rd_rst;
  always_comb begin
    if (f_wr_ran) assume (!wr_rst);  // for good
    if (f_rd_ran) assume (!rd_rst);
  end

  function [AW:0] f_binary(input [AW:0] gray);
    integer i;
    begin
      f_binary[AW] = gray[AW];
      for (i = AW - 1; i >= 0; i = i - 1) f_binary[i] = f_binary[i+1] ^ gray[i];
    end
  endfunction

  // What each side knows of the other lags behind, never ahead: reader <= b <= a <= writer, and the same of the read pointer.
  localparam [AW:0] DEPTH = 1 << AW;
  wire [AW:0] f_used = wp_q - rp_q;
  wire [AW:0] f_wp_a = f_binary(wp_a_q) - rp_q, f_wp_b = f_binary(wp_b_q) - rp_q;  // bytes that the reader may know of
  wire [AW:0] f_rp_a = wp_q - f_binary(rp_a_q), f_rp_b = wp_q - f_binary(rp_b_q);  // places that the writer believes to be taken
  always_comb begin
    assert (f_binary(wp_gray_q) == wp_q && f_binary(rp_gray_q) == rp_q);
    assert (f_used <= DEPTH);
    assert (f_wp_b <= f_wp_a && f_wp_a <= f_used);
    assert (f_used <= f_rp_a && f_rp_a <= f_rp_b && f_rp_b <= DEPTH);
    assert (full_q || f_rp_b < DEPTH);
    assert (empty_q || f_wp_b != 0);
    if (!f_wr_ran) assert (wp_q == 0 && rp_a_q == 0 && rp_b_q == 0 && full_q);
    if (!f_rd_ran) assert (rp_q == 0 && wp_a_q == 0 && wp_b_q == 0 && empty_q && !valid_q);
  end

  // One bit at a time: what a flip-flop of the other clock catches in the middle of a change is the old pointer or the new one.
  reg [AW:0] f_wp_before = 0, f_rp_before = 0;
  always_ff @(posedge wr_clk) f_wp_before <= wp_gray_q;
  always_ff @(posedge rd_clk) f_rp_before <= rp_gray_q;
  wire [AW:0] f_wp_change = f_wp_before ^ wp_gray_q, f_rp_change = f_rp_before ^ rp_gray_q;
  always_comb begin
    assert ((f_wp_change & (f_wp_change - 1'b1)) == 0);
    assert ((f_rp_change & (f_rp_change - 1'b1)) == 0);
    assert (f_wp_change == 0 || f_binary(f_wp_before) + 1'b1 == wp_q);
    assert (f_rp_change == 0 || f_binary(f_rp_before) + 1'b1 == rp_q);
  end

  // Any one byte, by the pointer it went in at: what it was, while it is inside, and when it comes out.
  (* anyconst *) reg [AW:0] f_at;
  reg [7:0] f_byte;
  reg f_out = 1'b0;
  always_ff @(posedge wr_clk) if (!wr_rst && wr && wp_q == f_at) f_byte <= wr_data;
  always_ff @(posedge rd_clk) if (!rd_rst) f_out <= rd ? rp_q == f_at : f_out && !rd_ready;
  wire [AW:0] f_behind = f_at - rp_q;
  reg [7:0] f_shown;  // f_byte when it was read: the next one may come in at the same pointer while this one waits
  always_ff @(posedge rd_clk) if (rd && rp_q == f_at) f_shown <= f_byte;
  always_comb begin
    if (f_behind < f_used) assert (mem[f_at[AW-1:0]] == f_byte);
    if (f_out) assert (valid_q && data_q == f_shown);
  end

  always_comb begin
    cover (full_q && f_wr_ran && f_used == DEPTH);
    cover (f_out && f_at[AW]);  // the memory used a second time
  end
