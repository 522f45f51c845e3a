// Checks the 48 parameter bytes of a RUN as they pass (docs/design/array.md, section 7): words, sums of neighbours, bounds.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"

module glb_run_check (
  input  wire        clk,
  input  wire        clear,   // a frame begins
  input  wire        valid,   // a byte
  input  wire [5:0]  pos,     // which
  input  wire [7:0]  data,
  input  wire [7:0]  prev,    // the byte before
  output wire        bad      // right three clocks after the last byte
);
  reg bad_q, word_valid_q, sum_valid_q;
  reg [4:0] word_no_q, sum_no_q;
  reg [15:0] word_q, before_q;
  reg [16:0] sum_q;
  reg [4:0] nseg_q;
  reg seg_valid_q, seg_bad_q;
  reg [3:0] seg_no_q;
  wire bad_nseg = word_q[15:8] >= word_q[7:0] || word_q[7:0] > 8'd16;  // nsampled >= nseg: nseg 0 as well
  always_ff @(posedge clk) begin
    word_valid_q <= valid && pos[0];
    word_no_q <= pos[5:1];
    if (valid && pos[0]) begin
      word_q <= {data, prev};
      before_q <= word_q;
    end
    sum_valid_q <= word_valid_q;
    sum_no_q <= word_no_q;
    sum_q <= {1'b0, word_q} + {1'b0, before_q};
    seg_valid_q <= valid && pos[5];
    seg_no_q <= pos[3:0];
    seg_bad_q <= data[7:4] != 4'd0;
    if (word_valid_q && word_no_q == 5'd15) nseg_q <= word_q[4:0];
    if (clear) bad_q <= 1'b0;
    else begin
      if (word_valid_q && word_no_q == 5'd7 && word_q == 16'd0) bad_q <= 1'b1;
      if (sum_valid_q && sum_no_q == 5'd7 && sum_q > 17'(`GLB_BETA_STEPS)) bad_q <= 1'b1;
      if (sum_valid_q && sum_no_q == 5'd13 && sum_q > 17'(`GLB_RUNS)) bad_q <= 1'b1;
      if (word_valid_q && word_no_q == 5'd14 && word_q[7:2] != 6'd0) bad_q <= 1'b1;
      if (word_valid_q && word_no_q == 5'd15 && bad_nseg) bad_q <= 1'b1;
      if (seg_valid_q && seg_bad_q && {1'b0, seg_no_q} < nseg_q) bad_q <= 1'b1;
    end
  end
  assign bad = bad_q;
endmodule

`default_nettype wire
