// Drives the array's port: loads, readouts, the clocks of a segment. Included in array_check. SPDX-License-Identifier: Apache-2.0

  task automatic load(input integer target, input integer tile, input integer addr, input [35:0] data);
    begin
      ld_valid = 1;
      ld_target = target;
      ld_tile = tile;
      ld_addr = addr;
      ld_data = data;
      @(negedge clk);
      ld_valid = 0;
      if (target == `GLB_TARGET_LFSR) @(negedge clk);
    end
  endtask

  // readout of a page's first words of each tile, a word a clock, against the model
  integer rd_tile_n, rd_addr_n, bad;
  reg checking = 0;
  always @(negedge clk)
    if (rd_word_valid) begin
      if (!checking || rd_word !== state[rd_tile_n*WORDS + {page, rd_addr_n[AW-1:0]}]) begin
        if (bad < 5)
          $display("array %0dx%0dx%0d: tile %0d page %0d word %0d is %h, expected %h", TILES, LANES, CHAINS,
                   rd_tile_n, page, rd_addr_n, rd_word, state[rd_tile_n*WORDS + {page, rd_addr_n[AW-1:0]}]);
        bad = bad + 1;
      end
      rd_tile_n = (rd_tile_n + 1) % TILES;
      if (rd_tile_n == 0) rd_addr_n = rd_addr_n + 1;
    end

  task automatic readout(input [1:0] of_page, input integer words);
    begin
      rd_tile_n = 0;
      rd_addr_n = 0;
      checking = 1;
      page = of_page;
      for (integer a = 0; a < words; a = a + 1)
        for (integer t = 0; t < TILES; t = t + 1) begin
          rd_valid = 1;
          rd_tile = t;
          rd_addr = a;
          @(negedge clk);
        end
      rd_valid = 0;
      repeat (RD_LAT + 3) @(negedge clk);
      if (rd_addr_n != words) begin
        if (bad < 5) $display("array %0dx%0dx%0d: %0d rows of words read", TILES, LANES, CHAINS, rd_addr_n);
        bad = bad + 1;
      end
      checking = 0;
    end
  endtask

  // A clock of the schedule: address pc, if any, and the start of segment s, if any; otherwise what is sampled then is random.
  task automatic schedule(input integer address, input integer s, input [6:0] mode_of_s);
    begin
      seg_start = s >= 0;
      c_start = seg_start ? seg_c[s] : rnd(0);
      wp_start = seg_start ? seg_w[s] : rnd(0);
      mode = seg_start ? mode_of_s : rnd(0);
      pc_valid = address >= 0;
      pc = pc_valid ? address : rnd(0);
      @(negedge clk);
      job_start = 0;
      seg_start = 0;
      pc_valid = 0;
    end
  endtask
