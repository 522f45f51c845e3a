// FIFO with a registered output; the writer keeps count of the room itself, or looks at `level`.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_fifo #(
  parameter W = 8,  // bits of a word
  parameter AW = 4  // log2 of the words it holds
) (
  input  wire         clk,
  input  wire         rst,
  input  wire         wr_valid,  // must not be set when the FIFO is full
  input  wire [W-1:0] wr_data,
  output wire [AW:0]  level,     // words in the memory (one more may be in the output register)
  output wire [W-1:0] rd_data,
  output wire         rd_valid,
  input  wire         rd_ready
);
  (* no_rw_check *) reg [W-1:0] mem[0:(1<<AW)-1];
  reg [W-1:0] data_q;
  reg valid_q;
  reg [AW:0] wp_q, rp_q;

  wire fetch = rp_q != wp_q && (rd_ready || !valid_q);

  always_ff @(posedge clk) begin
    if (wr_valid) mem[wp_q[AW-1:0]] <= wr_data;
    if (fetch) data_q <= mem[rp_q[AW-1:0]];
  end

  always_ff @(posedge clk)
    if (rst) begin
      wp_q <= 0;
      rp_q <= 0;
      valid_q <= 1'b0;
    end else begin
      if (wr_valid) wp_q <= wp_q + 1'b1;
      if (fetch) rp_q <= rp_q + 1'b1;
      valid_q <= fetch || (valid_q && !rd_ready);
    end

  assign level = wp_q - rp_q;
  assign rd_data = data_q;
  assign rd_valid = valid_q;
endmodule

`default_nettype wire
