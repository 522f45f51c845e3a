// The one reader of the table memory: which words come next, by what the job is doing, and glb_fetch, which reads them.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"

module glb_job_fetch (
  input  wire        clk,
  input  wire        rst,
  // what the job is doing; else the readout asks
  input  wire        in_load,      // its own words, from slot head
  input  wire        in_sum,       // the lengths of its readout runs
  input  wire        in_step,      // its next beta step
  input  wire        in_run,       // segments
  input  wire        begin_state,  // first clock of load, sum or step
  input  wire [1:0]  head,
  input  wire [8:0]  runs_start,
  input  wire [9:0]  runs_count,
  input  wire [7:0]  step,
  // of segments
  input  wire        seg_begin,
  input  wire [11:0] seg_base,
  input  wire [9:0]  seg_count,
  output wire        seg_wait,     // busy, or about to be
  // of readout runs
  input  wire        run_begin,
  input  wire [11:0] run_base,
  // words
  output wire        valid,
  output wire        last,
  output wire [3:0]  index,        // modulo 16
  output wire [15:0] data,
  // table memory
  output wire [11:0] tab_addr,
  input  wire [15:0] tab_data      // two clocks later
);
  reg [11:0] base;
  reg [9:0] count;
  always_comb
    if (in_load) begin
      base = `GLB_TAB_JOB + {5'd0, head, 5'd0};
      count = 10'd16;
    end else if (in_sum) begin
      base = `GLB_TAB_RUNS + {1'b0, runs_start, 2'd2};
      count = runs_count;
    end else if (in_step) begin
      base = `GLB_TAB_BETA + {2'd0, step, 2'd0};
      count = 10'd4;
    end else if (in_run) begin
      base = seg_base;
      count = seg_count;
    end else begin
      base = run_base;
      count = 10'd3;
    end

  // One register between the choice and the fetch.
  reg start_q, by_four_q;
  reg [11:0] base_q;
  reg [9:0] count_q;
  always_ff @(posedge clk) begin
    start_q <= (((in_load || in_sum || in_step) && begin_state) || (in_run && seg_begin) || run_begin) && !rst;
    base_q <= base;
    count_q <= count;
    by_four_q <= in_sum;
  end

  wire busy;
  glb_fetch u_fetch (
    .clk(clk), .rst(rst), .start(start_q), .base(base_q), .count(count_q), .by_four(by_four_q), .busy(busy),
    .valid(valid), .last(last), .index(index), .data(data), .rd_addr(tab_addr), .rd_data(tab_data)
  );
  assign seg_wait = busy || start_q;
endmodule

`default_nettype wire
