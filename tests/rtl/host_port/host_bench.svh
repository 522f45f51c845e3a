// The host's side for the benches of glb_host_port and glb_core: sends frames at random times, takes bytes at random
// times, checks and keeps the frames that come back. SPDX-License-Identifier: Apache-2.0

  reg clk = 1'b0, rst = 1'b1;
  always #5 clk = !clk;

  reg [7:0] in_data = 8'd0;
  reg in_valid = 1'b0, out_ready = 1'b0;
  wire [7:0] out_data;
  wire in_ready, out_valid;
  integer in_rate = 100, out_rate = 100;  // percent of the clocks

  integer failures = 0;
  task fail(input [8*40-1:0] what, input integer got, input integer want);
    begin
      failures = failures + 1;
      $display("FAIL %0s: got %0d (%h), want %0d (%h), time %0t", what, got, got, want, want, $time);
    end
  endtask
  task check(input [8*40-1:0] what, input integer got, input integer want);
    if (got !== want) fail(what, got, want);
  endtask

  function [31:0] crc_step(input [31:0] crc, input [7:0] d);
    integer i;
    begin
      crc_step = crc;
      for (i = 0; i < 8; i = i + 1) begin
        crc_step = {1'b0, crc_step[31:1]} ^ ((crc_step[0] ^ d[i]) ? 32'hedb88320 : 32'd0);
      end
    end
  endfunction

  // ---- to the device ----
  reg [7:0] txq[0:(1<<18)-1];
  integer tx_wp = 0, tx_rp = 0;
  always @(posedge clk)
    if (!in_valid || in_ready) begin
      if (tx_rp != tx_wp && $urandom_range(99) < in_rate) begin
        in_data <= txq[tx_rp];
        in_valid <= 1'b1;
        tx_rp = tx_rp + 1;
      end else begin
        in_data <= 8'ha5;
        in_valid <= 1'b0;
      end
    end

  task send_byte(input [7:0] b);
    begin
      txq[tx_wp] = b;
      tx_wp = tx_wp + 1;
    end
  endtask

  reg [7:0] pay[0:2047];
  integer pay_len = 0;
  task p8(input [7:0] b);
    begin
      pay[pay_len] = b;
      pay_len = pay_len + 1;
    end
  endtask
  task p16(input [15:0] v);
    begin
      p8(v[7:0]);
      p8(v[15:8]);
    end
  endtask
  task p32(input [31:0] v);
    begin
      p16(v[15:0]);
      p16(v[31:16]);
    end
  endtask

  // Sends pay[0..pay_len-1] and empties it; flip is added to the CRC.
  task send_frame(input [7:0] cmd, input [7:0] seq, input [31:0] flip);
    reg [31:0] crc;
    integer i, first;
    begin
      first = tx_wp;
      send_byte(8'ha5);
      send_byte(cmd);
      send_byte(seq);
      send_byte(8'h00);
      send_byte(pay_len[7:0]);
      send_byte(pay_len[15:8]);
      for (i = 0; i < pay_len; i = i + 1) send_byte(pay[i]);
      crc = 32'hffffffff;
      for (i = first; i < tx_wp; i = i + 1) crc = crc_step(crc, txq[i]);
      crc = ~crc ^ flip;
      for (i = 0; i < 4; i = i + 1) send_byte(crc[8*i +: 8]);
      pay_len = 0;
    end
  endtask
  task write_head(input [7:0] target, input [7:0] tile, input [15:0] addr);
    begin
      p8(target);
      p8(tile);
      p16(addr);
    end
  endtask

  // ---- from the device ----
  reg [7:0] got[0:(1<<17)-1];        // all bytes
  integer got_n = 0;
  integer frame_at[0:1023];          // where frame i starts
  integer frames = 0;
  integer pos = 0, want_len = 0;
  reg [31:0] rx_crc;
  reg [7:0] job_seq = 8'd0;
  always @(posedge clk) begin
    out_ready <= $urandom_range(99) < out_rate;
    if (out_valid && out_ready && !rst) begin
      got[got_n] = out_data;
      got_n = got_n + 1;
      if (pos == 0) begin
        frame_at[frames] = got_n - 1;
        rx_crc = 32'hffffffff;
        want_len = 0;
        if (out_data !== 8'h5a) fail("sync", out_data, 8'h5a);
      end
      if (pos == 4) want_len = out_data;
      if (pos == 5) want_len = want_len + 256 * out_data;
      if (pos < 6 || pos < 6 + want_len) rx_crc = crc_step(rx_crc, out_data);
      else begin
        rx_crc = ~rx_crc;
        if (out_data !== rx_crc[7:0]) fail("crc byte", out_data, rx_crc[7:0]);
        rx_crc = ~{8'd0, rx_crc[31:8]};
      end
      if (pos >= 6 && pos == 9 + want_len) begin
        if (got[frame_at[frames] + 1] < 8'h80) begin
          if (got[frame_at[frames] + 2] !== job_seq) fail("seq of a job frame", got[frame_at[frames] + 2], job_seq);
          job_seq = job_seq + 1;
        end
        frames = frames + 1;
        pos = 0;
      end else pos = pos + 1;
    end
  end

  integer next = 0;                  // next frame to look at
  integer at = 0;                    // its payload
  task expect_frame(input [7:0] kind, input [7:0] seq, input [7:0] status, input integer len);
    integer f;
    begin
      while (frames <= next) @(negedge clk);
      f = frame_at[next];
      if (got[f+1] !== kind || (kind >= 8'h80 && got[f+2] !== seq) || got[f+3] !== status || got[f+4] + 256 * got[f+5] !== len) begin
        failures = failures + 1;
        $display("FAIL frame %0d: got type %h seq %h status %0d len %0d, want %h %h %0d %0d, time %0t", next, got[f+1], got[f+2],
                 got[f+3], got[f+4] + 256 * got[f+5], kind, seq, status, len, $time);
      end
      at = f + 6;
      next = next + 1;
    end
  endtask
  function [31:0] get32(input integer i);
    get32 = {got[at+i+3], got[at+i+2], got[at+i+1], got[at+i]};
  endfunction
  task finish;
    begin
      if (failures == 0) $display("PASS");
      $finish;
    end
  endtask
