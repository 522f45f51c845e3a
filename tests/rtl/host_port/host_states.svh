// Body of the benches of WRITE STATES: random runs and tokens against a model of array.md's section 5, and the checks before them.
// The module has CHAINS. SPDX-License-Identifier: Apache-2.0
`include "host_port_bench.svh"

  localparam BYTES = CHAINS > 8 ? 2 : 1;
  reg [15:0] run_tile[0:511], run_addr[0:511], run_count[0:511];
  integer i, k, t, bytes, kind, round;

  // ---- what has to be loaded, and what is ----
  reg [67:0] want[0:(1<<18)-1];
  integer wanted = 0, seen = 0, loading = 0, at_run, at_word;
  reg [1:0] page;
  always @(posedge clk) begin
    if (wr_req && wr_grant) loading = loading + 1;
    if (ld_valid) begin
      if (seen >= wanted) fail("words", seen + 1, wanted);
      else if (last_load_in !== want[seen])
        fail("state word", last_load_in[59:36], want[seen][59:36]);
      seen = seen + 1;
    end
  end
  wire [67:0] last_load_in = {ld_target, 4'd0, ld_tile, ld_addr, ld_data};

  task word_to(input [CHAINS-1:0] value);
    begin
      while (at_run < 512 && at_word >= run_count[at_run]) begin
        at_run = at_run + 1;
        at_word = 0;
      end
      if (at_run < 512) begin
        want[wanted] = {4'd3, 10'd0, run_tile[at_run][1:0], 9'd0, page, run_addr[at_run][4:0] + 5'(at_word), 36'(value)};
        wanted = wanted + 1;
        at_word = at_word + 1;
      end
    end
  endtask
  task begin_states(input integer to_page, input integer run);
    begin
      write_head(7, to_page, run);
      page = to_page;
      at_run = run;
      at_word = 0;
      wanted = 0;
      seen = 0;
    end
  endtask
  task zeros(input integer words);
    begin
      p8(127 + words);
      repeat (words) word_to(0);
    end
  endtask
  // `announced` words, of which the first `words` and `more` bytes are there
  task literal(input integer announced, input integer words, input integer more);
    reg [15:0] v;
    begin
      p8(announced - 1);
      repeat (words) begin
        v = $urandom;
        p8(v[7:0]);
        if (BYTES == 2) p8(v[15:8]);
        word_to(v);
      end
      repeat (more) p8($urandom);
    end
  endtask
  task end_states(input integer status);
    begin
      if (status != 0) wanted = 0;
      refuse(3, status);
      check("all words", seen, wanted);
    end
  endtask
  task set_run(input integer run, input [15:0] tile, input [15:0] addr, input [15:0] count);
    begin
      run_tile[run] = tile;
      run_addr[run] = addr;
      run_count[run] = count;
      tab[12'h400 + 4*run] = tile;
      tab[12'h401 + 4*run] = addr;
      tab[12'h402 + 4*run] = count;
    end
  endtask

  task random_states;
    begin
      kind = $urandom_range(3);
      for (i = 0; i < 512; i = i + 1)
        set_run(i, $urandom, $urandom,
                kind == 0 ? $urandom_range(2) : kind == 1 ? $urandom_range(9) : kind == 2 ? $urandom_range(99) : $urandom);
      begin_states($urandom_range(3), $urandom_range(2) == 0 ? 511 - $urandom_range(20) : $urandom_range(511));
      bytes = 4 + $urandom_range($urandom_range(2) == 0 ? 1020 : 60, 1);
      while (pay_len < bytes) begin
        k = $urandom_range($urandom_range(1) == 0 ? 128 : 6, 1);
        if ($urandom_range(1) == 0) zeros(k);
        else begin
          t = (bytes - pay_len - 1) / BYTES;
          if (k <= t) literal(k, k, 0);
          else literal(k, t, bytes - pay_len - 1 - t * BYTES);
        end
      end
      end_states(0);
    end
  endtask

  task corners;
    begin
      for (i = 0; i < 512; i = i + 1) set_run(i, i, 0, 0);
      // Over the end of a bank's page, the upper bits of tile and address left out; zeros and words across runs, empty ones between.
      set_run(3, 16'hfff2, 16'hfffe, 5);
      set_run(5, 1, 31, 2);
      set_run(6, 3, 7, 1);
      set_run(9, 0, 0, 65535);
      begin_states(2, 2); zeros(3); literal(4, 4, 0); zeros(2); end_states(0);
      check("words of corners", wanted, 9);
      check("where", want[2], {4'd3, 4'd0, 8'd2, 16'd64, 36'd0});
      // Nothing but empty runs to the end: every token is dropped.
      begin_states(1, 10); zeros(128); literal(5, 5, 0); zeros(7); end_states(0);
      check("words of empty runs", wanted, 0);
      // The last run, and more words than it has.
      set_run(511, 2, 4, 3);
      begin_states(3, 511); zeros(2); literal(7, 7, 0); zeros(128); end_states(0);
      check("words of run 511", wanted, 3);
      begin_states(3, 511); zeros(128); end_states(0);
      begin_states(0, 500); literal(3, 3, 0); literal(9, 9, 0); end_states(0);
      check("words before the end", wanted, 3);
      // Tokens that are cut off: words, half of one, all.
      begin_states(0, 9); literal(128, 2, BYTES - 1); end_states(0);
      check("words of a token cut off", wanted, 2);
      begin_states(0, 9); literal(1, 0, 0); end_states(0);
      check("words of a token alone", wanted, 0);
      begin_states(0, 9); zeros(1); end_states(0);
      check("one zero", wanted, 1);
      // Many zeros into one run.
      begin_states(0, 9); repeat (1020) zeros(128); end_states(0);
      check("many words", wanted, 65535 + 3);
    end
  endtask

  task checks;
    begin
      begin_states(0, 9); end_states(2);
      begin_states(4, 9); end_states(2);
      begin_states(4, 9); zeros(1); end_states(5);
      begin_states(128, 9); zeros(1); end_states(5);
      begin_states(0, 512); zeros(1); end_states(5);
      begin_states(0, 65535); zeros(1); end_states(5);
      running = 1'b1;
      for (i = 0; i < 4; i = i + 1) begin
        run_page = i;
        begin_states(4, 9); zeros(1); end_states(5);
        for (k = 0; k < 4; k = k + 1) begin
          begin_states(k, 9); zeros(2); literal(3, 3, 0); end_states(k == i ? 6 : 0);
        end
      end
      // Another job becomes the running one while the frame waits.
      run_page = 2'd0;
      grant_hold = 1'b1;
      begin_states(1, 9);
      zeros(2);
      wanted = 0;
      send_frame(3, 8'h31, 0);
      repeat (300) @(negedge clk);
      check("no reply to a write that waits", frames, next);
      run_page = 2'd1;
      repeat (4) @(negedge clk);
      grant_hold = 1'b0;
      expect_frame(8'h83, 8'h31, 6, 0);
      check("nothing", seen, 0);
      running = 1'b0;
    end
  endtask

  // The clocks that the array has to wait: a byte or a zero a clock, also over runs of 6 words and more.
  task clocks;
    begin
      for (i = 0; i < 512; i = i + 1) set_run(i, i, 3 * i, 6 + i % 3);
      loading = 0;
      begin_states(1, 0); literal(128, 128, 0); zeros(128); literal(128, 128, 0); zeros(128); end_states(0);
      check("words in little time", wanted, 512);
      if (loading > 4 + 256 * BYTES + 256 + 40) fail("clocks of 512 words", loading, 4 + 256 * BYTES + 256 + 40);
      // A frame ends with its last word, without a look at the empty runs behind.
      for (i = 2; i < 512; i = i + 1) set_run(i, 0, 0, 0);
      loading = 0;
      begin_states(1, 0); zeros(6); literal(7, 7, 0); end_states(0);
      if (loading > 60) fail("clocks of two runs", loading, 60);
    end
  endtask

  initial begin
    repeat (4) @(negedge clk);
    rst = 1'b0;
    corners;
    checks;
    clocks;
    for (round = 0; round < 40; round = round + 1) begin
      in_rate = $urandom_range(100, 30);
      out_rate = $urandom_range(100, 30);
      random_states;
      // A STATE write behind it is read from its first byte.
      k = $urandom_range(15);
      wanted = 1;
      seen = 0;
      want[0] = {4'd3, 4'd0, 8'd1, 16'd37, 36'(k)};
      write_head(3, 1, 37);
      p8(k);
      if (BYTES == 2) p8(0);
      refuse(3, 0);
      check("STATE behind STATES", seen, 1);
    end
    finish;
  end
