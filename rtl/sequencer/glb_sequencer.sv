// Jobs (docs/design/array.md, section 6): the state machine glb_job_control and the parts that it starts.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module glb_sequencer #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS
) (
  input  wire              clk,
  input  wire              rst,
  // job queue
  input  wire              push,          // the tail slot holds a checked job (not when full)
  input  wire              abort,         // end the running job, drop those that wait
  output wire              running,
  output wire [1:0]        queued,        // jobs that wait
  output wire              full,          // no slot is free
  output wire [1:0]        tail,          // slot of the next push
  output wire [1:0]        run_page,      // of the running job; right while wr_grant
  // the host's writes, only at safe times
  input  wire              wr_req,
  output wire              wr_grant,      // until wr_req falls
  // table memory
  output wire [11:0]       tab_addr,
  input  wire [15:0]       tab_data,      // two clocks later
  // array
  output wire              ld_valid,
  output wire [3:0]        ld_target,
  output wire [7:0]        ld_tile,
  output wire [15:0]       ld_addr,
  output wire [31:0]       ld_data,
  output wire              job_start,
  output wire              seg_start,
  output wire [CAW-1:0]    c_start,
  output wire [GW-1:0]     wp_start,
  output wire [6:0]        mode,          // with seg_start: replace, subtract, part (2 bits), hold, dump, count
  output wire              pc_valid,
  output wire [PCW-1:0]    pc,
  output wire [1:0]        page,
  output wire              rd_valid,
  output wire [7:0]        rd_tile,
  output wire [15:0]       rd_addr,
  input  wire              rd_word_valid,
  input  wire [CHAINS-1:0] rd_word,
  // DATA and DONE frames
  output wire              data_valid,    // a DATA frame is to be sent
  output wire [15:0]       data_len,      // its payload bytes
  input  wire              data_ack,      // sent
  output wire              done_valid,    // a DONE frame is to be sent
  output wire [3:0]        done_status,
  input  wire              done_ack,      // sent
  input  wire              tx_done,       // index is of a DONE frame, else of a DATA frame
  input  wire [5:0]        tx_index,      // byte of the payload (DATA: the first 8)
  output wire [7:0]        tx_byte,       // three clocks later
  output wire [CHAINS-1:0] word,          // DATA: the words after them
  output wire              word_valid,
  input  wire              word_ready
);
  `include "glb_clocks.svh"
  reg rst_q = 1'b1;  // near its users
  always_ff @(posedge clk) rst_q <= rst;

  wire [1:0] head;
  wire aborted;
  glb_job_queue u_queue (
    .clk(clk), .rst(rst_q), .push(push), .pop(done_valid && done_ack), .abort(abort),
    .running(running), .queued(queued), .full(full), .head(head), .tail(tail), .aborted(aborted)
  );

  // What the job is doing, and the events in it.
  wire in_load, in_seed, in_sum, in_step, in_beta, in_run, in_read, begin_state, go, sweep, data_wait;
  wire seed_busy, beta_busy, readout_busy, readout_stall, seg_ready, seg_have, seg_last, seg_zero;
  // Fetched words, and who fetches.
  wire f_valid, f_last, seg_begin, seg_wait, run_begin;
  wire [3:0] f_index;
  wire [15:0] f_data;
  wire [11:0] seg_base, run_base;
  wire [9:0] seg_count;
  // The running job.
  wire [31:0] number, flips;
  wire [8:0] runs_start;
  wire [9:0] runs_count;
  wire [4:0] nseg, nalways, seg_mode;
  wire [7:0] step;
  wire steps_left, sample_next, step_last, step_empty, subtract, replace;
  wire [PCW-1:0] s_start;
  wire [15:0] s_len;

  glb_job_control #(`GLB_PASS) u_control (
    .clk(clk), .rst(rst_q), .running(running), .aborted(aborted), .wr_req(wr_req), .wr_grant(wr_grant),
    .in_load(in_load), .in_seed(in_seed), .in_sum(in_sum), .in_step(in_step), .in_beta(in_beta), .in_run(in_run), .in_read(in_read),
    .begin_state(begin_state), .f_valid(f_valid), .f_last(f_last), .f_index(f_index), .f_data(f_data), .no_runs(runs_count == 10'd0),
    .steps_left(steps_left), .sample_next(sample_next), .step_last(step_last), .step_empty(step_empty),
    .seed_busy(seed_busy), .beta_busy(beta_busy), .readout_busy(readout_busy), .seg_ready(seg_ready), .seg_have(seg_have),
    .seg_last(seg_last), .go(go), .job_start(job_start), .sweep(sweep), .data_valid(data_valid), .data_len(data_len),
    .data_ack(data_ack), .data_wait(data_wait), .subtract(subtract), .replace(replace), .done_valid(done_valid),
    .done_status(done_status), .done_ack(done_ack)
  );

  glb_job_fetch u_fetch (
    .clk(clk), .rst(rst_q), .in_load(in_load), .in_sum(in_sum), .in_step(in_step), .in_run(in_run), .begin_state(begin_state),
    .head(head), .runs_start(runs_start), .runs_count(runs_count), .step(step), .seg_begin(seg_begin), .seg_base(seg_base),
    .seg_count(seg_count), .seg_wait(seg_wait), .run_begin(run_begin), .run_base(run_base), .valid(f_valid), .last(f_last),
    .index(f_index), .data(f_data), .tab_addr(tab_addr), .tab_data(tab_data)
  );

  wire job_valid = in_load && f_valid;
  wire step_valid = in_step && f_valid;
  glb_job u_job (
    .clk(clk), .job_valid(job_valid), .step_valid(step_valid), .index(f_index), .data(f_data), .first(in_seed && begin_state),
    .next_step(in_beta && begin_state), .sweep(sweep), .number(number), .runs_start(runs_start), .runs_count(runs_count), .page(page),
    .nseg(nseg), .nalways(nalways), .step(step), .steps_left(steps_left), .sample_next(sample_next), .step_last(step_last), .step_empty(step_empty)
  );

  glb_job_load #(`GLB_PASS) u_load (
    .clk(clk), .rst(rst_q), .job_valid(job_valid), .step_valid(step_valid), .index(f_index), .data(f_data),
    .seed_start(in_seed && begin_state), .seed_busy(seed_busy), .beta_start(in_beta && begin_state), .beta_busy(beta_busy),
    .ld_valid(ld_valid), .ld_target(ld_target), .ld_tile(ld_tile), .ld_addr(ld_addr), .ld_data(ld_data)
  );

  glb_prefetch #(.PCW(PCW), .CAW(CAW), .GW(GW)) u_prefetch (
    .clk(clk), .load(in_load), .run(in_run), .go(go), .head(head), .nseg(nseg), .nalways(nalways), .sample_next(sample_next),
    .f_begin(seg_begin), .f_base(seg_base), .f_count(seg_count), .f_busy(seg_wait), .f_valid(f_valid), .f_last(f_last), .f_index(f_index[2:0]), .f_data(f_data),
    .have(seg_have), .last(seg_last), .start(s_start), .len(s_len), .len_zero(seg_zero), .c_start(c_start), .wp_start(wp_start),
    .mode(seg_mode), .flips(flips)
  );

  glb_segment #(.PCW(PCW), .GAP(GAP), .GAP_COUNT(GAP_COUNT)) u_segment (
    .clk(clk), .rst(rst_q), .go(go), .s_start(s_start), .s_len(s_len), .len_zero(seg_zero), .counts(seg_mode[0]),
    .ready(seg_ready), .seg_start(seg_start), .pc_valid(pc_valid), .pc(pc)
  );

  glb_readout #(.CHAINS(CHAINS), .TW(NS), .AW(AW)) u_readout (
    .clk(clk), .rst(rst_q), .start(in_read && begin_state), .runs_start(runs_start), .runs_count(runs_count),
    .busy(readout_busy), .stall(readout_stall), .fetch_start(run_begin), .fetch_base(run_base), .fetch_valid(f_valid),
    .fetch_last(f_last), .fetch_index(f_index), .fetch_data(f_data), .rd_valid(rd_valid), .rd_tile(rd_tile),
    .rd_addr(rd_addr), .rd_word_valid(rd_word_valid), .rd_word(rd_word), .word(word), .word_valid(word_valid),
    .word_ready(word_ready)
  );

  glb_job_count u_count (
    .clk(clk), .clear(in_load), .job(number), .go(go), .flips(flips), .cycle(go || !seg_ready), .sweep(sweep), .sample(data_ack),
    .stall(data_wait || readout_stall), .tx_done(tx_done), .tx_index(tx_index), .tx_byte(tx_byte)
  );

  assign run_page = page;
  assign mode = {replace, subtract, seg_mode};
endmodule

`default_nettype wire
