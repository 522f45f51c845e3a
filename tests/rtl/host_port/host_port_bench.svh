// glb_host_port with a stand-in for sequencer and array, parameters of array `tiny` but CHAINS, which is the module's: what was written, and
// frames that benches send.
// SPDX-License-Identifier: Apache-2.0
`include "host_bench.svh"

  // The sequencer's side.
  wire ld_valid, tab_valid, wr_req, push, abort, error, data_ack, done_ack, tx_done, word_ready;
  wire [3:0] ld_target;
  wire [7:0] ld_tile;
  wire [15:0] ld_addr, tab_data;
  wire [35:0] ld_data;
  wire [11:0] tab_addr;
  wire [5:0] tx_index;
  reg wr_grant = 1'b0, running = 1'b0, full = 1'b0;
  reg [1:0] queued = 2'd0, tail = 2'd0, run_page = 2'd0;
  reg [15:0] tab_read_1 = 16'd0, tab_read = 16'd0;  // the table memory's answer, two clocks after the address
  reg grant_hold = 1'b0;  // writes wait
  reg data_valid = 1'b0, done_valid = 1'b0, word_valid = 1'b0;
  reg [15:0] data_len = 16'd0;
  reg [CHAINS-1:0] word = 0;
  reg [7:0] tx_byte_1 = 8'd0, tx_byte_2 = 8'd0, tx_byte = 8'd0;  // three clocks after the index
  glb_host_port #(
    .TILES(4), .LANES(2), .CHAINS(CHAINS), .JW(8), .ACC(12), .GW(4), .SDEPTH(256), .CDEPTH(128),
    .BUILD_HASH(32'hcafef00d)
  ) dut (
    .clk(clk), .rst(rst), .in_data(in_data), .in_valid(in_valid), .in_ready(in_ready),
    .out_data(out_data), .out_valid(out_valid), .out_ready(out_ready), .error(error),
    .ld_valid(ld_valid), .ld_target(ld_target), .ld_tile(ld_tile), .ld_addr(ld_addr), .ld_data(ld_data),
    .tab_valid(tab_valid), .tab_addr(tab_addr), .tab_data(tab_data), .tab_read(tab_read), .wr_req(wr_req), .wr_grant(wr_grant),
    .push(push), .abort(abort), .running(running), .queued(queued), .full(full), .tail(tail), .run_page(run_page),
    .data_valid(data_valid), .data_len(data_len), .data_ack(data_ack),
    .done_valid(done_valid), .done_status(4'd8), .done_ack(done_ack), .tx_done(tx_done), .tx_index(tx_index),
    .tx_byte(tx_byte), .word(word), .word_valid(word_valid), .word_ready(word_ready)
  );

  // What was written: a hash and a count tell all loads, the last one is kept; the table memory is kept whole.
  integer loads = 0, tabs = 0, pushes = 0, aborts = 0;
  reg [67:0] last_load;
  reg [15:0] tab[0:4095];
  always @(posedge clk) begin
    tab_read_1 <= tab[tab_addr];
    tab_read <= tab_read_1;
    wr_grant <= wr_req && !grant_hold && (wr_grant || $urandom_range(9) == 0);
    if (ld_valid) begin
      loads = loads + 1;
      last_load = {ld_target, 4'd0, ld_tile, ld_addr, ld_data};
      if (!wr_req && !wr_grant) fail("load without grant", 0, 1);
    end
    if (tab_valid) begin
      tabs = tabs + 1;
      tab[tab_addr] = tab_data;
    end
    if (push) pushes = pushes + 1;
    if (abort) aborts = aborts + 1;
    tx_byte_1 <= {tx_done, 1'b0, tx_index};
    tx_byte_2 <= tx_byte_1;
    tx_byte <= tx_byte_2;
    if (data_ack) data_valid <= 1'b0;
    if (done_ack) done_valid <= 1'b0;
    if (!word_valid || word_ready) begin
      if (word_valid) word <= word + 1'b1;
      word_valid <= $urandom_range(3) != 0;
    end
  end

  reg [7:0] seq = 8'd0;
  task refuse(input [7:0] cmd, input integer status);
    begin
      send_frame(cmd, seq, 0);
      expect_frame(8'h80 | cmd, seq, status, 0);
      seq = seq + 1;
    end
  endtask
  task head(input integer target, input integer tile, input integer addr, input integer bytes);
    begin
      write_head(target, tile, addr);
      repeat (bytes) p8($urandom);
    end
  endtask
  task run_pay(input [15:0] b, input [15:0] bn, input [15:0] r, input [15:0] rn, input [7:0] page, input [15:0] nseg,
               input [7:0] seg5);  // nseg: nsampled in the high byte
    integer i;
    begin
      p32(1); p32(2); p32(3); p16(b); p16(bn); p32(4); p32(5); p16(r); p16(rn); p8(page); p8(8'hff); p16(nseg);
      for (i = 0; i < 16; i = i + 1) p8(i == 5 ? seg5 : i);
    end
  endtask
