// The next segment of a sweep, fetched while the last one runs: its number from the job's list, then its six words
// (docs/design/array.md, sections 5 and 6). SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"

module glb_prefetch #(
  parameter PCW = 11,  // bits of a schedule address
  parameter CAW = 10,  // of a coupling entry's
  parameter GW  = 6    // of a state word's
) (
  input  wire            clk,
  input  wire            load,        // a job is being loaded: start with its first segment
  input  wire            run,         // segments may run
  input  wire            go,          // the fetched one starts; only while have
  input  wire [1:0]      head,        // job slot
  input  wire [4:0]      nseg,        // segments of a sweep that ends at a sampling point, 1 .. 16
  input  wire [4:0]      nalways,     // of any other
  input  wire            sample_next, // the sweep that has begun or comes next ends at a sampling point; right three clocks after go
  // fetch, shared with the sequencer
  output wire            f_begin,
  output wire [11:0]     f_base,
  output wire [9:0]      f_count,
  input  wire            f_busy,      // or about to be
  input  wire            f_valid,
  input  wire            f_last,
  input  wire [2:0]      f_index,
  input  wire [15:0]     f_data,
  // the fetched segment
  output wire            have,
  output wire            last,        // it ends the sweep
  output wire [PCW-1:0]  start,       // schedule address
  output wire [15:0]     len,         // clocks of schedule
  output wire            len_zero,
  output wire [CAW-1:0]  c_start,     // coupling entry; stays some clocks after go, as the next word takes so long
  output wire [GW-1:0]   wp_start,    // state word of each lane's first update; likewise
  output wire [4:0]      mode,        // part, hold, dump, count; likewise
  output wire [31:0]     flips        // p-bit updates
);
  localparam [1:0] INDEX = 2'd0, SEG = 2'd1, HAVE = 2'd2;
  reg [1:0] state_q;
  reg begin_q;
  reg [3:0] i_q, seg_q;  // place in the list, segment
  reg last_q, len_zero_q;
  reg [PCW-1:0] start_q;
  reg [15:0] len_q;
  reg [CAW-1:0] c_q;
  reg [GW-1:0] wp_q;
  reg [4:0] mode_q;
  reg [31:0] flips_q;
  always_ff @(posedge clk) begin
    begin_q <= 1'b0;
    if (load) begin
      state_q <= INDEX;
      i_q <= 4'd0;
    end else if (run)
      case (state_q)
        INDEX: begin
          if (!f_busy && !begin_q) begin_q <= 1'b1;
          if (f_valid) begin
            seg_q <= i_q[0] ? f_data[11:8] : f_data[3:0];
            last_q <= {1'b0, i_q} + 5'd1 == (sample_next ? nseg : nalways);
            state_q <= SEG;
            begin_q <= 1'b1;
          end
        end
        SEG:
          if (f_valid) begin
            case (f_index)
              3'd0: start_q <= f_data[PCW-1:0];
              3'd1: begin
                len_q <= f_data;
                len_zero_q <= f_data == 16'd0;
              end
              3'd2: begin
                c_q <= f_data[CAW-1:0];
                mode_q[2:0] <= {f_data[13], f_data[14], f_data[15]};
              end
              3'd3: begin
                wp_q <= f_data[GW-1:0];
                mode_q[4:3] <= f_data[15:14];
              end
              3'd4: flips_q[15:0] <= f_data;
              default: flips_q[31:16] <= f_data;
            endcase
            if (f_last) begin
              state_q <= HAVE;
              i_q <= last_q ? 4'd0 : i_q + 1'b1;
            end
          end
        default:
          if (go) begin
            state_q <= INDEX;
            begin_q <= 1'b1;
          end
      endcase
  end

  assign f_begin = begin_q;
  assign f_base = state_q == INDEX ? `GLB_TAB_JOB + {5'd0, head, 2'b10, i_q[3:1]}
                                   : `GLB_TAB_SEG + {5'd0, seg_q, 3'd0};
  assign f_count = state_q == INDEX ? 10'd1 : 10'd6;
  assign have = state_q == HAVE;
  assign last = last_q;
  assign start = start_q;
  assign len = len_q;
  assign len_zero = len_zero_q;
  assign c_start = c_q;
  assign wp_start = wp_q;
  assign mode = mode_q;
  assign flips = flips_q;
endmodule

`default_nettype wire
