// Jobs: queue of two slots, seed expansion, beta tables, segments, sampling, abort and counters
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
  output wire [15:0]       c_start,
  output wire [15:0]       wp_start,
  output wire              pc_valid,
  output wire [15:0]       pc,
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

  // Queue.
  reg head_q, abort_q;
  reg [1:0] count_q;
  wire pop = done_valid && done_ack;
  always_ff @(posedge clk)
    if (rst_q) begin
      head_q <= 1'b0;
      count_q <= 2'd0;
      abort_q <= 1'b0;
    end else begin
      if (pop) head_q <= !head_q;
      if (abort) count_q <= {1'b0, count_q != 2'd0 && !pop};
      else count_q <= count_q + {1'b0, push} - {1'b0, pop};
      abort_q <= !pop && (abort_q || (abort && count_q != 2'd0));
    end
  assign running = count_q != 2'd0;
  assign queued = count_q[1];
  assign tail = head_q ^ count_q[0];

  // The running job.
  reg active_q, first_q, bad_q;
  reg [31:0] job_q, interval_q, sweeps_q, samples_q, left_q;
  reg [32:0] next_q;                  // sweeps to the next sample
  reg interval_nz_q, next_is1_q, left_is1_q, left_is0_q;
  reg [7:0] step_q;
  reg [8:0] steps_left_q;
  reg [8:0] runs_start_q;
  reg [9:0] runs_count_q;
  reg [24:0] words_q;
  reg page_q, initial_q, final_q;
  reg [4:0] nseg_q;
  reg want_q, step_end_q;             // at the next boundary: sample, new step
  reg sampled_q;                      // the last sweep gave a sample
  reg stop_q;
  reg [6:0] settle_q;
  reg data_q, done_q;
  reg [3:0] status_q;

  // Segments: the next one is fetched while this one runs.
  localparam [1:0] F_INDEX = 2'd0, F_SEG = 2'd1, F_HAVE = 2'd2;
  reg [1:0] pf_q;
  reg pf_begin_q;
  reg [3:0] segi_q, segno_q;
  reg seg_last_q;                     // the fetched one ends the sweep
  reg [15:0] n_start_q, n_len_q, n_c_q, n_wp_q;
  reg [31:0] n_flips_q;
  reg [16:0] n_clocks_q;
  reg n_zero_q;
  reg [15:0] c_start_q, wp_start_q;
  reg job_start_q, sweep_q;
  wire seg_ready;
  wire go = state_q == RUN && seg_ready && pf_q == F_HAVE && !stop_q;

  // Fetches.
  wire f_start, f_busy, f_valid, f_last, rf_start, ro_busy, ro_stall;
  wire [3:0] f_index;
  wire [15:0] f_data;
  wire [11:0] rf_base;
  reg [11:0] f_base;
  reg [9:0] f_count;
  always_comb
    case (state_q)
      LOAD: begin
        f_base = `GLB_TAB_JOB + {6'd0, head_q, 5'd0};
        f_count = 10'd16;
      end
      SUM: begin
        f_base = `GLB_TAB_RUNS + {1'b0, runs_start_q, 2'd2};
        f_count = runs_count_q;
      end
      STEP: begin
        f_base = `GLB_TAB_BETA + {2'd0, step_q, 2'd0};
        f_count = 10'd4;
      end
      RUN: begin
        f_base = pf_q == F_INDEX ? `GLB_TAB_JOB + {6'd0, head_q, 2'b10, segi_q[3:1]}
                                 : `GLB_TAB_SEG + {5'd0, segno_q, 3'd0};
        f_count = pf_q == F_INDEX ? 10'd1 : 10'd6;
      end
      default: begin
        f_base = rf_base;
        f_count = 10'd3;
      end
    endcase
  assign f_start = ((state_q == LOAD || state_q == SUM || state_q == STEP) && begin_q) ||
                   (state_q == RUN && pf_begin_q) || rf_start;

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
    .clk(clk),
    .rst(rst_q),
    .start(f_start_q),
    .base(f_base_q),
    .count(f_count_q),
    .by_four(f_four_q),
    .busy(f_busy),
    .valid(f_valid),
    .last(f_last),
    .index(f_index),
    .data(f_data),
    .rd_addr(tab_addr),
    .rd_data(tab_data)
  );

  wire seed_busy, beta_busy, seed_valid, beta_valid;
  wire [7:0] seed_tile;
  wire [15:0] seed_addr, beta_data;
  wire [31:0] seed_data;
  wire [9:0] beta_addr;
  wire in_load = state_q == LOAD && f_valid;
  wire in_step = state_q == STEP && f_valid;
  wire [3:0] seed_ld = {in_load && f_index == 4'd5, in_load && f_index == 4'd4,
                        in_load && f_index == 4'd3, in_load && f_index == 4'd2};

  glb_seed #(.TILES(TILES), .LANES(LANES)) u_seed (
    .clk(clk),
    .rst(rst_q),
    .seed_ld(seed_ld),
    .seed_data(f_data),
    .start(state_q == SEED && begin_q),
    .busy(seed_busy),
    .ld_valid(seed_valid),
    .ld_tile(seed_tile),
    .ld_addr(seed_addr),
    .ld_data(seed_data)
  );

  glb_beta #(.ACC(ACC)) u_beta (
    .clk(clk),
    .rst(rst_q),
    .k_ld({in_step && f_index == 4'd1, in_step && f_index == 4'd0}),
    .k_data(f_data),
    .start(state_q == BETA && begin_q),
    .busy(beta_busy),
    .ld_valid(beta_valid),
    .ld_addr(beta_addr),
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

  glb_segment #(.GAP(GAP)) u_segment (
    .clk(clk),
    .rst(rst_q),
    .go(go),
    .s_start(n_start_q),
    .s_len(n_len_q),
    .len_zero(n_zero_q),
    .ready(seg_ready),
    .seg_start(seg_start),
    .pc_valid(pc_valid),
    .pc(pc)
  );

  glb_readout #(.CHAINS(CHAINS), .TW($clog2(TILES)), .AW(GW + $clog2(LANES))) u_readout (
    .clk(clk),
    .rst(rst_q),
    .start(state_q == READ && begin_q),
    .runs_start(runs_start_q),
    .runs_count(runs_count_q),
    .busy(ro_busy),
    .stall(ro_stall),
    .fetch_start(rf_start),
    .fetch_base(rf_base),
    .fetch_valid(f_valid),
    .fetch_last(f_last),
    .fetch_index(f_index),
    .fetch_data(f_data),
    .rd_valid(rd_valid),
    .rd_tile(rd_tile),
    .rd_addr(rd_addr),
    .rd_word_valid(rd_word_valid),
    .rd_word(rd_word),
    .word(word),
    .word_valid(word_valid),
    .word_ready(word_ready)
  );

  // What a job's and a step's words set.
  always_ff @(posedge clk) begin
    if (in_load)
      case (f_index)
        4'd0: job_q[15:0] <= f_data;
        4'd1: job_q[31:16] <= f_data;
        4'd6: step_q <= f_data[7:0];
        4'd7: steps_left_q <= f_data[8:0];
        4'd10: interval_q[15:0] <= f_data;
        4'd11: interval_q[31:16] <= f_data;
        4'd12: runs_start_q <= f_data[8:0];
        4'd13: runs_count_q <= f_data[9:0];
        4'd14: page_q <= f_data[0];
        4'd15: nseg_q <= f_data[4:0];
        default: ;
      endcase
    interval_nz_q <= interval_q != 32'd0;

    if (in_load && f_index == 4'd8) next_q <= {17'd0, f_data};
    else if (in_load && f_index == 4'd9) next_q[31:16] <= f_data;
    else if (state_q == SEED && begin_q) next_q <= next_q + {1'b0, interval_q};
    else if (sweep_q) next_q <= next_is1_q ? {1'b0, interval_q} : next_q - 1'b1;
    next_is1_q <= next_q == 33'd1;

    if (in_step && f_index == 4'd2) left_q[15:0] <= f_data;
    else if (in_step && f_index == 4'd3) left_q[31:16] <= f_data;
    else if (sweep_q) left_q <= left_q - 1'b1;
    left_is1_q <= left_q == 32'd1;
    left_is0_q <= left_q == 32'd0;

    if (state_q == BETA && begin_q) begin
      step_q <= step_q + 1'b1;
      steps_left_q <= steps_left_q - 1'b1;
    end

    if (state_q == LOAD) words_q <= 25'd0;
    else if (state_q == SUM && f_valid) words_q <= words_q + {9'd0, f_data};
  end

  always_ff @(posedge clk) begin
    begin_q <= 1'b0;
    stop_q <= wr_req || abort_q || want_q || step_end_q;
    settle_q <= settle_q - 1'b1;
    sweep_q <= go && seg_last_q;
    if (sweep_q) begin
      want_q <= interval_nz_q && next_is1_q;
      sampled_q <= interval_nz_q && next_is1_q;
      step_end_q <= left_is1_q;
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
        else if (abort_q || bad_q) state_q <= FINISH;
        else if (want_q) state_q <= SAMPLE;
        else if (!step_end_q) state_q <= RUN;
        else if (steps_left_q != 9'd0) begin
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
          state_q <= runs_count_q == 10'd0 ? CHECK : SUM;
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
          step_end_q <= left_is0_q;
          state_q <= SETTLE;
          settle_q <= 7'(SETTLE_CLOCKS);
        end

      SETTLE: if (settle_q == 7'd0) state_q <= PICK;

      RUN:
        if (go) first_q <= 1'b0;
        else if (seg_ready && pf_q == F_HAVE && stop_q) state_q <= PICK;

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
          status_q <= abort_q ? `GLB_WIRE_ABORTED : bad_q ? `GLB_WIRE_BAD_PARAM : `GLB_WIRE_OK;
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

  // Prefetch of the next segment.
  always_ff @(posedge clk) begin
    pf_begin_q <= 1'b0;
    if (state_q == LOAD) begin
      pf_q <= F_INDEX;
      pf_begin_q <= 1'b0;
      segi_q <= 4'd0;
    end else if (state_q == RUN)
      case (pf_q)
        F_INDEX: begin
          if (!f_busy && !f_start_q && !pf_begin_q) pf_begin_q <= 1'b1;
          if (f_valid) begin
            segno_q <= segi_q[0] ? f_data[11:8] : f_data[3:0];
            seg_last_q <= {1'b0, segi_q} + 5'd1 == nseg_q;
            pf_q <= F_SEG;
            pf_begin_q <= 1'b1;
          end
        end
        F_SEG:
          if (f_valid) begin
            case (f_index[2:0])
              3'd0: n_start_q <= f_data;
              3'd1: begin
                n_len_q <= f_data;
                n_zero_q <= f_data == 16'd0;
              end
              3'd2: n_c_q <= f_data;
              3'd3: n_wp_q <= f_data;
              3'd4: n_flips_q[15:0] <= f_data;
              default: n_flips_q[31:16] <= f_data;
            endcase
            n_clocks_q <= {1'b0, n_len_q} + 17'(GAP);
            if (f_last) begin
              pf_q <= F_HAVE;
              segi_q <= seg_last_q ? 4'd0 : segi_q + 1'b1;
            end
          end
        default:
          if (go) begin
            pf_q <= F_INDEX;
            pf_begin_q <= 1'b1;
          end
      endcase
    c_start_q <= n_c_q;
    wp_start_q <= n_wp_q;
    job_start_q <= go && first_q;
  end
  assign c_start = c_start_q;
  assign wp_start = wp_start_q;
  assign job_start = job_start_q;

  // Counters; the high halves follow one clock later.
  reg [63:0] flips_q, cycles_q, stall_q;
  reg flips_c_q, cycles_c_q, stall_c_q, lost_q;
  always_ff @(posedge clk)
    if (state_q == LOAD) begin
      flips_q <= 64'd0;
      cycles_q <= 64'd0;
      stall_q <= 64'd0;
      sweeps_q <= 32'd0;
      samples_q <= 32'd0;
      {flips_c_q, cycles_c_q, stall_c_q, lost_q} <= 4'd0;
    end else begin
      if (go) {flips_c_q, flips_q[31:0]} <= {1'b0, flips_q[31:0]} + {1'b0, n_flips_q};
      else flips_c_q <= 1'b0;
      if (flips_c_q) flips_q[63:32] <= flips_q[63:32] + 1'b1;
      if (go) {cycles_c_q, cycles_q[31:0]} <= {1'b0, cycles_q[31:0]} + {16'd0, n_clocks_q};
      else cycles_c_q <= 1'b0;
      if (cycles_c_q) cycles_q[63:32] <= cycles_q[63:32] + 1'b1;
      lost_q <= (state_q == SAMPLE && data_q) || ro_stall;
      if (lost_q) {stall_c_q, stall_q[31:0]} <= {1'b0, stall_q[31:0]} + 33'd1;
      else stall_c_q <= 1'b0;
      if (stall_c_q) stall_q[63:32] <= stall_q[63:32] + 1'b1;
      if (sweep_q) sweeps_q <= sweeps_q + 1'b1;
      if (data_ack) samples_q <= samples_q + 1'b1;
    end

  // Payload bytes of DATA and DONE.
  reg [31:0] tx_word, tx_word_q;
  reg [5:0] index_q;  // copies near by
  reg [1:0] index2_q;
  reg done_frame_q;
  reg [7:0] tx_byte_q;
  always_comb
    case (index_q[5:2])
      4'd0: tx_word = job_q;
      4'd1: tx_word = done_frame_q ? sweeps_q : samples_q;
      4'd2: tx_word = samples_q;
      4'd4: tx_word = flips_q[31:0];
      4'd5: tx_word = flips_q[63:32];
      4'd6: tx_word = cycles_q[31:0];
      4'd7: tx_word = cycles_q[63:32];
      4'd8: tx_word = stall_q[31:0];
      4'd9: tx_word = stall_q[63:32];
      default: tx_word = 32'd0;
    endcase
  always_ff @(posedge clk) begin
    tx_word_q <= tx_word;
    index_q <= tx_index;
    done_frame_q <= tx_done;
    index2_q <= index_q[1:0];
    tx_byte_q <= tx_word_q[{index2_q, 3'b000} +: 8];
  end
  assign tx_byte = tx_byte_q;

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
  assign page = page_q;
  assign run_page = page_q;
  assign wr_grant = state_q == GRANT;
endmodule

`default_nettype wire
