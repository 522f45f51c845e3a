// The host port's side for tb_glb_sequencer: takes DATA and DONE frames, asks for writes, fills the table memory.
// SPDX-License-Identifier: Apache-2.0

  // ---- the frames' side: takes DATA after its words, DONE after its bytes ----
  reg [7:0] done[0:39];
  reg [3:0] words[0:65535];
  integer nwords = 0, taken = 0, dones = 0, ready_rate = 100;
  integer want_words = 0;
  reg [3:0] want[0:65535];
  reg hold = 1'b0;
  integer samples_in_job = 0;
  task get_head(input reg is_done, input integer bytes);
    integer j;
    begin
      tx_done = is_done;
      for (j = 0; j < bytes; j = j + 1) begin
        tx_index = j;
        repeat (3) @(negedge clk);
        done[j] = tx_byte;
      end
    end
  endtask
  function [31:0] word32(input integer j);
    word32 = {done[j+3], done[j+2], done[j+1], done[j]};
  endfunction
  integer fr_i, job_id = 0;
  reg [3:0] last_status;
  initial forever begin
    @(negedge clk);
    if (data_valid && !hold) begin
      get_head(1'b0, 8);
      check("job of DATA", word32(0), job_id);
      check("sample of DATA", word32(4), samples_in_job);
      samples_in_job = samples_in_job + 1;
      fr_i = 0;
      while (fr_i < data_len - 8) begin
        word_ready = $urandom_range(99) < ready_rate;
        if (word_valid && word_ready) begin
          if (word !== want[fr_i]) fail("word", word, want[fr_i]);
          fr_i = fr_i + 1;
        end
        @(negedge clk);
      end
      word_ready = 1'b0;
      data_ack = 1'b1;
      @(negedge clk);
      data_ack = 1'b0;
    end
    if (done_valid && !hold) begin
      get_head(1'b1, 40);
      last_status = done_status;
      done_ack = 1'b1;
      event_seen(DONE, done_status);
      @(negedge clk);
      done_ack = 1'b0;
      dones = dones + 1;
    end
  end

  // The host's writes of the other page, at any time.
  integer wr_rate = 0;
  initial forever begin
    @(negedge clk);
    if ($urandom_range(9999) < wr_rate) begin
      wr_req = 1'b1;
      while (!wr_grant) @(negedge clk);
      repeat ($urandom_range(20)) @(negedge clk);
      wr_req = 1'b0;
    end
  end

  task put(input [11:0] addr, input [15:0] data);
    begin
      tw = 1'b1;
      tw_addr = addr;
      tw_data = data;
      @(negedge clk);
      tw = 1'b0;
    end
  endtask
