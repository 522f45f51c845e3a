// The state machine of a job: load, seed, beta steps, sweeps, samples, DONE; the host's writes and an abort between these
// (docs/design/array.md, section 6). SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"
`include "glb_params.svh"

module glb_job_control #(
  `GLB_PARAMETERS
) (
  input  wire        clk,
  input  wire        rst,
  // job queue
  input  wire        running,
  input  wire        aborted,
  // the host's writes, only at safe times
  input  wire        wr_req,
  output wire        wr_grant,     // until wr_req falls
  // what the job is doing
  output wire        in_load,
  output wire        in_seed,
  output wire        in_sum,
  output wire        in_step,
  output wire        in_beta,
  output wire        in_run,
  output wire        in_read,
  output wire        begin_state,  // first clock of one of these that waits for something it starts
  // fetched words
  input  wire        f_valid,
  input  wire        f_last,
  input  wire [3:0]  f_index,
  input  wire [15:0] f_data,
  // the job's words and countdowns
  input  wire        no_runs,      // a sample has no words
  input  wire        steps_left,
  input  wire        sample_next,
  input  wire        step_last,
  input  wire        step_empty,
  // the parts
  input  wire        seed_busy,
  input  wire        beta_busy,
  input  wire        readout_busy,
  input  wire        seg_ready,    // a segment may start
  input  wire        seg_have,     // the next one is there
  input  wire        seg_last,     // it ends the sweep
  output wire        go,           // it starts
  output wire        job_start,    // a clock after the job's first go
  output wire        sweep,        // a clock after a sweep's last go
  // DATA and DONE frames
  output wire        data_valid,   // a DATA frame is to be sent
  output wire [15:0] data_len,     // its payload bytes
  input  wire        data_ack,     // sent
  output wire        data_wait,    // the next one waits for this one
  output wire        subtract,     // counts are subtracted
  output wire        replace,      // they replace the sums: no sampling point is passed yet; right with a segment's first clock
  output wire        done_valid,   // a DONE frame is to be sent
  output wire [3:0]  done_status,
  input  wire        done_ack      // sent
);
  `include "glb_clocks.svh"
  localparam WB = (CHAINS + 7) / 8;
  localparam [24:0] MAX_WORDS = 25'((65535 - 8) / WB);
  localparam SETTLE_CLOCKS = LOAD_LAT + 6;  // the host's writes are two registers further away

  localparam [3:0] PICK = 4'd0, LOAD = 4'd1, SEED = 4'd2, SUM = 4'd3, CHECK = 4'd4, STEP = 4'd5,
                   BETA = 4'd6, SETTLE = 4'd7, RUN = 4'd8, SAMPLE = 4'd9, READ = 4'd10,
                   GRANT = 4'd11, FINISH = 4'd12;
  reg [3:0] state_q;
  reg begin_q;
  reg active_q, first_q, bad_q;
  reg [24:0] words_q;        // of a sample
  reg initial_q, final_q, subtract_q, replace_q, quiet_q;
  reg sample_q, step_end_q;  // at the next boundary: sample, new step
  reg sampled_q;             // the last sweep returned a sample
  reg stop_q;
  reg [6:0] settle_q;
  reg data_q, done_q;
  reg [3:0] status_q;
  reg job_start_q, sweep_q;

  assign go = state_q == RUN && seg_ready && seg_have && !stop_q;

  always_ff @(posedge clk)
    if (state_q == LOAD) words_q <= 25'd0;
    else if (state_q == SUM && f_valid) words_q <= words_q + {9'd0, f_data};

  always_ff @(posedge clk) begin
    begin_q <= 1'b0;
    job_start_q <= go && first_q;
    stop_q <= wr_req || aborted || sample_q || step_end_q;
    settle_q <= settle_q - 1'b1;
    sweep_q <= go && seg_last;
    if (sweep_q) begin
      sample_q <= sample_next && !quiet_q;
      sampled_q <= sample_next && !quiet_q;
      if (sample_next) replace_q <= 1'b0;
      step_end_q <= step_last;
    end
    if (data_ack) data_q <= 1'b0;

    case (state_q)
      PICK:
        if (!active_q)
          if (running) begin
            state_q <= LOAD;
            begin_q <= 1'b1;
            active_q <= 1'b1;
            first_q <= 1'b1;
            bad_q <= 1'b0;
            step_end_q <= 1'b1;
            sampled_q <= 1'b0;
          end else begin
            if (wr_req) state_q <= GRANT;
          end
        else if (wr_req) state_q <= GRANT;
        else if (aborted || bad_q) state_q <= FINISH;
        else if (sample_q) state_q <= SAMPLE;
        else if (!step_end_q) state_q <= RUN;
        else if (steps_left) begin
          state_q <= STEP;
          begin_q <= 1'b1;
        end else if (final_q && !sampled_q) begin
          sample_q <= 1'b1;
          final_q <= 1'b0;
        end else state_q <= FINISH;

      LOAD: begin
        if (f_valid && f_index == 4'd14) {quiet_q, replace_q, subtract_q, final_q, initial_q} <= f_data[12:8];
        if (f_valid && f_last) begin
          state_q <= SEED;
          begin_q <= 1'b1;
        end
      end

      SEED: begin
        sample_q <= initial_q;
        if (!begin_q && !seed_busy) begin
          state_q <= no_runs ? CHECK : SUM;
          begin_q <= 1'b1;
        end
      end

      SUM: if (f_valid && f_last) state_q <= CHECK;

      CHECK: begin
        bad_q <= words_q > MAX_WORDS;
        state_q <= SETTLE;
        settle_q <= 7'(SETTLE_CLOCKS);
      end

      STEP:
        if (f_valid && f_last) begin
          state_q <= BETA;
          begin_q <= 1'b1;
        end

      BETA:
        if (!begin_q && !beta_busy) begin
          step_end_q <= step_empty;
          state_q <= SETTLE;
          settle_q <= 7'(SETTLE_CLOCKS);
        end

      SETTLE: if (settle_q == 7'd0) state_q <= PICK;

      RUN:
        if (go) first_q <= 1'b0;
        else if (seg_ready && seg_have && stop_q) state_q <= PICK;

      SAMPLE:
        if (!data_q) begin
          state_q <= READ;
          begin_q <= 1'b1;
          data_q <= 1'b1;
        end

      READ:
        if (!begin_q && !readout_busy) begin
          sample_q <= 1'b0;
          state_q <= PICK;
        end

      GRANT:
        if (!wr_req) begin
          state_q <= SETTLE;
          settle_q <= 7'(SETTLE_CLOCKS);
        end

      default:  // FINISH
        if (done_q) begin
          if (done_ack) begin
            done_q <= 1'b0;
            active_q <= 1'b0;
            sample_q <= 1'b0;
            state_q <= PICK;
          end
        end else if (!data_q) begin
          done_q <= 1'b1;
          status_q <= aborted ? `GLB_WIRE_ABORTED : bad_q ? `GLB_WIRE_BAD_PARAM : `GLB_WIRE_OK;
        end
    endcase

    if (rst) begin
      state_q <= PICK;
      active_q <= 1'b0;
      sample_q <= 1'b0;
      sweep_q <= 1'b0;
      data_q <= 1'b0;
      done_q <= 1'b0;
    end
  end

  generate
    if (WB == 2) begin : g_len
      assign data_len = {words_q[14:0], 1'b0} + 16'd8;
    end else begin : g_len
      assign data_len = words_q[15:0] + 16'd8;
    end
  endgenerate
  assign in_load = state_q == LOAD;
  assign in_seed = state_q == SEED;
  assign in_sum = state_q == SUM;
  assign in_step = state_q == STEP;
  assign in_beta = state_q == BETA;
  assign in_run = state_q == RUN;
  assign in_read = state_q == READ;
  assign begin_state = begin_q;
  assign wr_grant = state_q == GRANT;
  assign job_start = job_start_q;
  assign sweep = sweep_q;
  assign data_valid = data_q;
  assign data_wait = state_q == SAMPLE && data_q;
  assign subtract = subtract_q;
  assign replace = replace_q;
  assign done_valid = done_q;
  assign done_status = status_q;
endmodule

`default_nettype wire
