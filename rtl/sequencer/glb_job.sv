// The running job's words and its countdowns: sweeps to the next sample, sweeps left of a step, steps left
// (docs/design/array.md, section 6). SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_job (
  input  wire        clk,
  // fetched words: of the job's slot, or of a beta step
  input  wire        job_valid,
  input  wire        step_valid,
  input  wire [3:0]  index,
  input  wire [15:0] data,
  // events
  input  wire        first,        // after the last word of the job: the first sample is one interval later
  input  wire        next_step,    // the step that was fetched is used
  input  wire        sweep,        // a sweep ends
  // words
  output wire [31:0] number,
  output wire [8:0]  runs_start,
  output wire [9:0]  runs_count,
  output wire [1:0]  page,
  output wire [4:0]  nseg,         // segments of a sweep that ends at a sampling point
  output wire [4:0]  nalways,      // of any other
  output wire [7:0]  step,         // the next beta step
  // countdowns, a clock behind
  output wire        steps_left,
  output wire        sample_next,  // this sweep's end is a sampling point
  output wire        step_last,    // this sweep ends the step
  output wire        step_empty    // the step has no sweeps
);
  reg [31:0] number_q, interval_q, left_q;
  reg [32:0] next_q;  // sweeps to the next sample
  reg interval_nz_q, next_is1_q, left_is1_q, left_is0_q;
  reg [7:0] step_q;
  reg [8:0] steps_left_q;
  reg [8:0] runs_start_q;
  reg [9:0] runs_count_q;
  reg [1:0] page_q;
  reg [4:0] nseg_q, nalways_q;
  always_ff @(posedge clk) begin
    if (job_valid)
      case (index)
        4'd0: number_q[15:0] <= data;
        4'd1: number_q[31:16] <= data;
        4'd6: step_q <= data[7:0];
        4'd7: steps_left_q <= data[8:0];
        4'd10: interval_q[15:0] <= data;
        4'd11: interval_q[31:16] <= data;
        4'd12: runs_start_q <= data[8:0];
        4'd13: runs_count_q <= data[9:0];
        4'd14: page_q <= data[1:0];
        4'd15: begin
          nseg_q <= data[4:0];
          nalways_q <= data[4:0] - data[12:8];
        end
        default: ;
      endcase
    interval_nz_q <= interval_q != 32'd0;

    if (job_valid && index == 4'd8) next_q <= {17'd0, data};
    else if (job_valid && index == 4'd9) next_q[31:16] <= data;
    else if (first) next_q <= next_q + {1'b0, interval_q};
    else if (sweep) next_q <= next_is1_q ? {1'b0, interval_q} : next_q - 1'b1;
    next_is1_q <= next_q == 33'd1;

    if (step_valid && index == 4'd2) left_q[15:0] <= data;
    else if (step_valid && index == 4'd3) left_q[31:16] <= data;
    else if (sweep) left_q <= left_q - 1'b1;
    left_is1_q <= left_q == 32'd1;
    left_is0_q <= left_q == 32'd0;

    if (next_step) begin
      step_q <= step_q + 1'b1;
      steps_left_q <= steps_left_q - 1'b1;
    end
  end

  assign number = number_q;
  assign runs_start = runs_start_q;
  assign runs_count = runs_count_q;
  assign page = page_q;
  assign nseg = nseg_q;
  assign nalways = nalways_q;
  assign step = step_q;
  assign steps_left = steps_left_q != 9'd0;
  assign sample_next = interval_nz_q && next_is1_q;
  assign step_last = left_is1_q;
  assign step_empty = left_is0_q;
endmodule

`default_nettype wire
