// A byte of a payload that is kept as words of 32 bits: the index to a register, the word that the owner picks for it, the byte of the
// word. For glb_reply and glb_job_count. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_payload_byte #(
  parameter IW = 5  // bits of an index
) (
  input  wire          clk,
  input  wire [IW-1:0] index,
  output wire [IW-3:0] pick,  // the word wanted, a clock later
  input  wire [31:0]   word,  // that word, in the same clock
  output wire [7:0]    data   // three clocks after index
);
  reg [IW-1:0] index_q;  // a copy near by
  reg [1:0] index2_q;
  reg [31:0] word_q;
  reg [7:0] data_q;
  always_ff @(posedge clk) begin
    index_q <= index;
    word_q <= word;
    index2_q <= index_q[1:0];
    data_q <= word_q[{index2_q, 3'b000} +: 8];
  end
  assign pick = index_q[IW-1:2];
  assign data = data_q;
endmodule

`default_nettype wire
