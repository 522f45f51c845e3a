// Register slice for a valid/ready stream: every output, ready included, comes from a register.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_skid #(
  parameter W = 8  // bits of a word
) (
  input  wire         clk,
  input  wire         rst,
  input  wire [W-1:0] in_data,
  input  wire         in_valid,
  output wire         in_ready,
  output wire [W-1:0] out_data,
  output wire         out_valid,
  input  wire         out_ready
);
  reg [W-1:0] data_q, skid_q;
  reg valid_q, skid_valid_q;

  always_ff @(posedge clk) begin
    if (out_ready || !valid_q) begin
      data_q <= skid_valid_q ? skid_q : in_data;
      valid_q <= skid_valid_q || in_valid;
      skid_valid_q <= 1'b0;
    end else if (in_valid && !skid_valid_q) begin
      skid_q <= in_data;
      skid_valid_q <= 1'b1;
    end
    if (rst) begin
      valid_q <= 1'b0;
      skid_valid_q <= 1'b0;
    end
  end

  assign in_ready = !skid_valid_q;
  assign out_data = data_q;
  assign out_valid = valid_q;
endmodule

`default_nettype wire
