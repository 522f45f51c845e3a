// What a job counts, and the payload bytes of its DATA and DONE frames (docs/design/array.md, sections 6 and 7).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_job_count (
  input  wire        clk,
  input  wire        clear,     // a job is being loaded
  input  wire [31:0] job,       // its number
  // events
  input  wire        go,        // a segment starts
  input  wire [31:0] flips,     // its p-bit updates
  input  wire        cycle,     // a clock of a segment or of the gap after it
  input  wire        sweep,     // a sweep ends
  input  wire        sample,    // a DATA frame is sent
  input  wire        stall,     // a clock lost to the host's reading
  // bytes
  input  wire        tx_done,   // index is of a DONE frame, else of a DATA frame
  input  wire [5:0]  tx_index,  // byte of the payload (DATA: the first 8)
  output wire [7:0]  tx_byte    // three clocks later
);
  // The high halves follow one clock later.
  reg [31:0] sweeps_q, samples_q;
  reg [63:0] flips_q, cycles_q, stall_q;
  reg flips_c_q, cycles_c_q, stall_c_q, lost_q;
  always_ff @(posedge clk)
    if (clear) begin
      flips_q <= 64'd0;
      cycles_q <= 64'd0;
      stall_q <= 64'd0;
      sweeps_q <= 32'd0;
      samples_q <= 32'd0;
      {flips_c_q, cycles_c_q, stall_c_q, lost_q} <= 4'd0;
    end else begin
      if (go) {flips_c_q, flips_q[31:0]} <= {1'b0, flips_q[31:0]} + {1'b0, flips};
      else flips_c_q <= 1'b0;
      if (flips_c_q) flips_q[63:32] <= flips_q[63:32] + 1'b1;
      if (cycle) {cycles_c_q, cycles_q[31:0]} <= {1'b0, cycles_q[31:0]} + 33'd1;
      else cycles_c_q <= 1'b0;
      if (cycles_c_q) cycles_q[63:32] <= cycles_q[63:32] + 1'b1;
      lost_q <= stall;
      if (lost_q) {stall_c_q, stall_q[31:0]} <= {1'b0, stall_q[31:0]} + 33'd1;
      else stall_c_q <= 1'b0;
      if (stall_c_q) stall_q[63:32] <= stall_q[63:32] + 1'b1;
      if (sweep) sweeps_q <= sweeps_q + 1'b1;
      if (sample) samples_q <= samples_q + 1'b1;
    end

  wire [3:0] pick;
  reg [31:0] tx_word;
  reg done_frame_q;
  always_comb
    case (pick)
      4'd0: tx_word = job;
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
  always_ff @(posedge clk) done_frame_q <= tx_done;
  glb_payload_byte #(.IW(6)) u_byte (.clk(clk), .index(tx_index), .pick(pick), .word(tx_word), .data(tx_byte));
endmodule

`default_nettype wire
