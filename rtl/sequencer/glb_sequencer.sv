// Jobs: seed expansion, beta tables, segments, sampling, abort; a state machine over the parts that do them
// (docs/design/array.md, section 6).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"

module glb_sequencer #(
  parameter TILES    = 64,  // tiles
  parameter LANES    = 2,   // lanes a tile
  parameter CHAINS   = 16,  // Markov chains
  parameter ACC      = 12,  // accumulator bits
  parameter GW       = 6,   // log2 of state words a lane and page
  parameter PCW      = 11,  // bits of a schedule address
  parameter CAW      = 10,  // bits of a coupling entry's
  parameter GAP      = 15,  // clocks between segments
  parameter LOAD_LAT = 24   // clocks until a load has taken effect
) (
  input  wire              clk,
  input  wire              rst,
  // job queue
  input  wire              push,          // the tail slot holds a checked job (not when full)
  input  wire              abort,         // end the running job, drop the queued one
  output wire              running,
  output wire              queued,
  output wire              tail,          // slot of the next push
  output wire              run_page,      // of the running job; right while wr_grant
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
  output wire              pc_valid,
  output wire [PCW-1:0]    pc,
  output wire              page,
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
  localparam WB = (CHAINS + 7) / 8;
  localparam [24:0] MAX_WORDS = 25'((65535 - 8) / WB);
  localparam SETTLE_CLOCKS = LOAD_LAT + 6;  // the host's writes are two registers further away

  localparam [3:0] PICK = 4'd0, LOAD = 4'd1, SEED = 4'd2, SUM = 4'd3, CHECK = 4'd4, STEP = 4'd5,
                   BETA = 4'd6, SETTLE = 4'd7, RUN = 4'd8, SAMPLE = 4'd9, READ = 4'd10,
                   GRANT = 4'd11, FINISH = 4'd12;
  reg [3:0] state_q;
  reg begin_q;  // first clock of a state that waits for something it starts

  reg rst_q = 1'b1;  // near its users
  always_ff @(posedge clk) rst_q <= rst;

  wire head, aborted;
  glb_job_queue u_queue (
    .clk(clk), .rst(rst_q), .push(push), .pop(done_valid && done_ack), .abort(abort),
    .running(running), .queued(queued), .head(head), .tail(tail), .aborted(aborted)
  );

  // The running job.
  reg active_q, first_q, bad_q;
  reg [24:0] words_q;
  reg initial_q, final_q;
  reg want_q, step_end_q;             // at the next boundary: sample, new step
  reg sampled_q;                      // the last sweep gave a sample
  reg stop_q;
  reg [6:0] settle_q;
  reg data_q, done_q;
  reg [3:0] status_q;

  reg job_start_q, sweep_q;

  // Fetches.
  wire [31:0] number;
  wire [8:0] runs_start;
  wire [9:0] runs_count;
  wire [4:0] nseg;
  wire [7:0] step;
  wire steps_left, sample_next, step_last, step_empty;
  wire f_start, f_busy, f_valid, f_last, rf_start, ro_busy, ro_stall;
  wire [3:0] f_index;
  wire [15:0] f_data;
  wire [11:0] rf_base;
  reg [11:0] f_base;
  reg [9:0] f_count;
  wire seg_ready, seg_have, seg_last, seg_zero, seg_begin;
  wire [11:0] seg_base;
  wire [9:0] seg_count;
  wire [PCW-1:0] n_start;
  wire [15:0] n_len;
  wire [31:0] n_flips;
  wire go = state_q == RUN && seg_ready && seg_have && !stop_q;
  always_comb
    case (state_q)
      LOAD: begin
        f_base = `GLB_TAB_JOB + {6'd0, head, 5'd0};
        f_count = 10'd16;
      end
      SUM: begin
        f_base = `GLB_TAB_RUNS + {1'b0, runs_start, 2'd2};
        f_count = runs_count;
      end
      STEP: begin
        f_base = `GLB_TAB_BETA + {2'd0, step, 2'd0};
        f_count = 10'd4;
      end
      RUN: begin
        f_base = seg_base;
        f_count = seg_count;
      end
      default: begin
        f_base = rf_base;
        f_count = 10'd3;
      end
    endcase
  assign f_start = ((state_q == LOAD || state_q == SUM || state_q == STEP) && begin_q) ||
                   (state_q == RUN && seg_begin) || rf_start;

  // One register between the choice and the fetch.
  reg f_start_q, f_four_q;
  reg [11:0] f_base_q;
  reg [9:0] f_count_q;
  always_ff @(posedge clk) begin
    f_start_q <= f_start && !rst_q;
    f_base_q <= f_base;
    f_count_q <= f_count;
    f_four_q <= state_q == SUM;
  end

  glb_fetch u_fetch (
    .clk(clk), .rst(rst_q), .start(f_start_q), .base(f_base_q), .count(f_count_q), .by_four(f_four_q), .busy(f_busy),
    .valid(f_valid), .last(f_last), .index(f_index), .data(f_data), .rd_addr(tab_addr), .rd_data(tab_data)
  );

  wire in_load = state_q == LOAD && f_valid;
  wire in_step = state_q == STEP && f_valid;
  glb_job u_job (
    .clk(clk), .job_valid(in_load), .step_valid(in_step), .index(f_index), .data(f_data),
    .first(state_q == SEED && begin_q), .next_step(state_q == BETA && begin_q), .sweep(sweep_q),
    .number(number), .runs_start(runs_start), .runs_count(runs_count), .page(page), .nseg(nseg), .step(step),
    .steps_left(steps_left), .sample_next(sample_next), .step_last(step_last), .step_empty(step_empty)
  );

  glb_prefetch #(.PCW(PCW), .CAW(CAW), .GW(GW)) u_prefetch (
    .clk(clk), .load(state_q == LOAD), .run(state_q == RUN), .go(go), .head(head), .nseg(nseg), .f_begin(seg_begin),
    .f_base(seg_base), .f_count(seg_count), .f_busy(f_busy || f_start_q), .f_valid(f_valid), .f_last(f_last),
    .f_index(f_index[2:0]), .f_data(f_data), .have(seg_have), .last(seg_last), .start(n_start), .len(n_len),
    .len_zero(seg_zero), .c_start(c_start), .wp_start(wp_start), .flips(n_flips)
  );

  wire seed_busy, beta_busy, seed_valid, beta_valid;
  wire [7:0] seed_tile;
  wire [15:0] seed_addr, beta_data;
  wire [31:0] seed_data;
  wire [9:0] beta_addr;
  wire [3:0] seed_ld = {in_load && f_index == 4'd5, in_load && f_index == 4'd4,
                        in_load && f_index == 4'd3, in_load && f_index == 4'd2};

  glb_seed #(.TILES(TILES), .LANES(LANES)) u_seed (
    .clk(clk), .rst(rst_q), .seed_ld(seed_ld), .seed_data(f_data), .start(state_q == SEED && begin_q),
    .busy(seed_busy), .ld_valid(seed_valid), .ld_tile(seed_tile), .ld_addr(seed_addr), .ld_data(seed_data)
  );

  glb_beta #(.ACC(ACC)) u_beta (
    .clk(clk), .rst(rst_q), .k_ld({in_step && f_index == 4'd1, in_step && f_index == 4'd0}), .k_data(f_data),
    .start(state_q == BETA && begin_q), .busy(beta_busy), .ld_valid(beta_valid), .ld_addr(beta_addr),
    .ld_data(beta_data)
  );

  reg ld_valid_q;
  reg [3:0] ld_target_q;
  reg [7:0] ld_tile_q;
  reg [15:0] ld_addr_q;
  reg [31:0] ld_data_q;
  always_ff @(posedge clk) begin
    ld_valid_q <= (seed_valid || beta_valid) && !rst_q;
    ld_target_q <= seed_valid ? `GLB_TARGET_LFSR : `GLB_TARGET_NOISE;
    ld_tile_q <= seed_tile;
    ld_addr_q <= seed_valid ? seed_addr : {6'd0, beta_addr};
    ld_data_q <= seed_valid ? seed_data : {16'd0, beta_data};
  end
  assign ld_valid = ld_valid_q;
  assign ld_target = ld_target_q;
  assign ld_tile = ld_tile_q;
  assign ld_addr = ld_addr_q;
  assign ld_data = ld_data_q;

  glb_segment #(.PCW(PCW), .GAP(GAP)) u_segment (
    .clk(clk), .rst(rst_q), .go(go), .s_start(n_start), .s_len(n_len), .len_zero(seg_zero), .ready(seg_ready),
    .seg_start(seg_start), .pc_valid(pc_valid), .pc(pc)
  );

  glb_readout #(.CHAINS(CHAINS), .TW($clog2(TILES)), .AW(GW + $clog2(LANES))) u_readout (
    .clk(clk), .rst(rst_q), .start(state_q == READ && begin_q), .runs_start(runs_start), .runs_count(runs_count),
    .busy(ro_busy), .stall(ro_stall), .fetch_start(rf_start), .fetch_base(rf_base), .fetch_valid(f_valid),
    .fetch_last(f_last), .fetch_index(f_index), .fetch_data(f_data), .rd_valid(rd_valid), .rd_tile(rd_tile),
    .rd_addr(rd_addr), .rd_word_valid(rd_word_valid), .rd_word(rd_word), .word(word), .word_valid(word_valid),
    .word_ready(word_ready)
  );

  always_ff @(posedge clk)
    if (state_q == LOAD) words_q <= 25'd0;
    else if (state_q == SUM && f_valid) words_q <= words_q + {9'd0, f_data};

  always_ff @(posedge clk) begin
    begin_q <= 1'b0;
    stop_q <= wr_req || aborted || want_q || step_end_q;
    settle_q <= settle_q - 1'b1;
    sweep_q <= go && seg_last;
    if (sweep_q) begin
      want_q <= sample_next;
      sampled_q <= sample_next;
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
        else if (want_q) state_q <= SAMPLE;
        else if (!step_end_q) state_q <= RUN;
        else if (steps_left) begin
          state_q <= STEP;
          begin_q <= 1'b1;
        end else if (final_q && !sampled_q) begin
          want_q <= 1'b1;
          final_q <= 1'b0;
        end else state_q <= FINISH;

      LOAD: begin
        if (in_load && f_index == 4'd14) {final_q, initial_q} <= f_data[9:8];
        if (in_load && f_last) begin
          state_q <= SEED;
          begin_q <= 1'b1;
        end
      end

      SEED: begin
        want_q <= initial_q;
        if (!begin_q && !seed_busy) begin
          state_q <= runs_count == 10'd0 ? CHECK : SUM;
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
        if (in_step && f_last) begin
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
        if (!begin_q && !ro_busy) begin
          want_q <= 1'b0;
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
            want_q <= 1'b0;
            state_q <= PICK;
          end
        end else if (!data_q) begin
          done_q <= 1'b1;
          status_q <= aborted ? `GLB_WIRE_ABORTED : bad_q ? `GLB_WIRE_BAD_PARAM : `GLB_WIRE_OK;
        end
    endcase

    if (rst_q) begin
      state_q <= PICK;
      active_q <= 1'b0;
      want_q <= 1'b0;
      sweep_q <= 1'b0;
      data_q <= 1'b0;
      done_q <= 1'b0;
    end
  end

  always_ff @(posedge clk) job_start_q <= go && first_q;
  assign job_start = job_start_q;

  glb_job_count u_count (
    .clk(clk), .clear(state_q == LOAD), .job(number),
    .go(go), .flips(n_flips), .cycle(go || !seg_ready), .sweep(sweep_q), .sample(data_ack),
    .stall((state_q == SAMPLE && data_q) || ro_stall), .tx_done(tx_done), .tx_index(tx_index), .tx_byte(tx_byte)
  );

  generate
    if (WB == 2) begin : g_len
      assign data_len = {words_q[14:0], 1'b0} + 16'd8;
    end else begin : g_len
      assign data_len = words_q[15:0] + 16'd8;
    end
  endgenerate
  assign data_valid = data_q;
  assign done_valid = done_q;
  assign done_status = status_q;
  assign run_page = page;
  assign wr_grant = state_q == GRANT;
endmodule

`default_nettype wire
