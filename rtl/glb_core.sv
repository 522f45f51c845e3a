// The whole machine behind one byte stream each way: what board tops and the simulator wrap.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module glb_core #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire       clk,
  input  wire       rst,
  input  wire [7:0] in_data,    // bytes from the host
  input  wire       in_valid,
  output wire       in_ready,
  output wire [7:0] out_data,   // bytes to the host
  output wire       out_valid,
  input  wire       out_ready,
  output wire       busy,       // a job runs
  output wire       error       // the last command was refused
);
  // A local copy of the reset, so that its source need not reach every corner in one clock.
  reg rst_q = 1'b1;
  always_ff @(posedge clk) rst_q <= rst;

  wire hp_ld_valid, sq_ld_valid, tab_wr, wr_req, wr_grant;
  wire [3:0] hp_ld_target, sq_ld_target;
  wire [7:0] hp_ld_tile, sq_ld_tile;
  wire [15:0] hp_ld_addr, sq_ld_addr;
  wire [35:0] hp_ld_data;
  wire [31:0] sq_ld_data;
  wire [11:0] tab_wr_addr, tab_rd_addr;
  wire [15:0] tab_wr_data, tab_wr_read, tab_rd_data;
  wire push, abort, running, full;
  wire [1:0] queued, tail, run_page, page;
  wire [6:0] mode;
  wire data_valid, data_ack, done_valid, done_ack, tx_done, word_valid, word_ready;
  wire [15:0] data_len;
  wire [3:0] done_status;
  wire [5:0] tx_index;
  wire [7:0] tx_byte;
  wire [CHAINS-1:0] word, rd_word;
  wire job_start, seg_start, pc_valid, rd_valid, rd_word_valid;
  wire [CAW-1:0] c_start;
  wire [GW-1:0] wp_start;
  wire [PCW-1:0] pc;
  wire [15:0] rd_addr;
  wire [7:0] rd_tile;

  glb_host_port #(`GLB_PASS, .BUILD_HASH(BUILD_HASH)) u_host_port (
    .clk(clk),
    .rst(rst_q),
    .in_data(in_data),
    .in_valid(in_valid),
    .in_ready(in_ready),
    .out_data(out_data),
    .out_valid(out_valid),
    .out_ready(out_ready),
    .error(error),
    .ld_valid(hp_ld_valid),
    .ld_target(hp_ld_target),
    .ld_tile(hp_ld_tile),
    .ld_addr(hp_ld_addr),
    .ld_data(hp_ld_data),
    .tab_valid(tab_wr),
    .tab_addr(tab_wr_addr),
    .tab_data(tab_wr_data),
    .tab_read(tab_wr_read),
    .wr_req(wr_req),
    .wr_grant(wr_grant),
    .push(push),
    .abort(abort),
    .running(running),
    .queued(queued),
    .full(full),
    .tail(tail),
    .run_page(run_page),
    .data_valid(data_valid),
    .data_len(data_len),
    .data_ack(data_ack),
    .done_valid(done_valid),
    .done_status(done_status),
    .done_ack(done_ack),
    .tx_done(tx_done),
    .tx_index(tx_index),
    .tx_byte(tx_byte),
    .word(word),
    .word_valid(word_valid),
    .word_ready(word_ready)
  );

  glb_tables u_tables (
    .clk(clk),
    .wr_valid(tab_wr),
    .wr_addr(tab_wr_addr),
    .wr_data(tab_wr_data),
    .wr_read(tab_wr_read),
    .rd_addr(tab_rd_addr),
    .rd_data(tab_rd_data)
  );

  glb_sequencer #(`GLB_PASS) u_sequencer (
    .clk(clk),
    .rst(rst_q),
    .push(push),
    .abort(abort),
    .running(running),
    .queued(queued),
    .full(full),
    .tail(tail),
    .run_page(run_page),
    .wr_req(wr_req),
    .wr_grant(wr_grant),
    .tab_addr(tab_rd_addr),
    .tab_data(tab_rd_data),
    .ld_valid(sq_ld_valid),
    .ld_target(sq_ld_target),
    .ld_tile(sq_ld_tile),
    .ld_addr(sq_ld_addr),
    .ld_data(sq_ld_data),
    .job_start(job_start),
    .seg_start(seg_start),
    .c_start(c_start),
    .wp_start(wp_start),
    .mode(mode),
    .pc_valid(pc_valid),
    .pc(pc),
    .page(page),
    .rd_valid(rd_valid),
    .rd_tile(rd_tile),
    .rd_addr(rd_addr),
    .rd_word_valid(rd_word_valid),
    .rd_word(rd_word),
    .data_valid(data_valid),
    .data_len(data_len),
    .data_ack(data_ack),
    .done_valid(done_valid),
    .done_status(done_status),
    .done_ack(done_ack),
    .tx_done(tx_done),
    .tx_index(tx_index),
    .tx_byte(tx_byte),
    .word(word),
    .word_valid(word_valid),
    .word_ready(word_ready)
  );

  // The host's writes and the sequencer's loads never come at the same time.
  reg ld_valid_q;
  reg [3:0] ld_target_q;
  localparam DW = CW > 32 ? 36 : 32;  // an LFSR's half has 32 bits, a coupling word up to 36
  reg [NS-1:0] ld_tile_q;
  reg [15:0] ld_addr_q;
  reg [DW-1:0] ld_data_q;
  always_ff @(posedge clk) begin
    ld_valid_q <= (hp_ld_valid || sq_ld_valid) && !rst_q;
    ld_target_q <= sq_ld_valid ? sq_ld_target : hp_ld_target;
    ld_tile_q <= sq_ld_valid ? sq_ld_tile[NS-1:0] : hp_ld_tile[NS-1:0];
    ld_addr_q <= sq_ld_valid ? sq_ld_addr : hp_ld_addr;
    ld_data_q <= sq_ld_valid ? DW'(sq_ld_data) : hp_ld_data[DW-1:0];
  end
`ifndef SYNTHESIS
  always @(posedge clk)
    if (hp_ld_valid && sq_ld_valid && !rst_q) $fatal(1, "glb_core: a write of the host meets a load of the sequencer");
`endif

  glb_array #(`GLB_PASS) u_array (
    .clk(clk),
    .rst(rst_q),
    .ld_valid(ld_valid_q),
    .ld_target(ld_target_q),
    .ld_tile(8'(ld_tile_q)),
    .ld_addr(ld_addr_q),
    .ld_data(36'(ld_data_q)),
    .job_start(job_start),
    .seg_start(seg_start),
    .c_start(16'(c_start)),
    .wp_start(16'(wp_start)),
    .mode(mode),
    .pc_valid(pc_valid),
    .pc(16'(pc)),
    .page(page),
    .rd_valid(rd_valid),
    .rd_tile(rd_tile),
    .rd_addr(rd_addr),
    .rd_word_valid(rd_word_valid),
    .rd_word(rd_word)
  );

  assign busy = running;
endmodule

`default_nettype wire
