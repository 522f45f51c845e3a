// Butterfly of CHAINS-bit words, a register after every stage (array.md section 2). SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_network #(
  parameter TILES  = 4,
  parameter CHAINS = 4,
  parameter NS     = $clog2(TILES),   // derived: stages
  parameter NB     = NS * TILES / 2   // derived: switches
) (
  input  wire                    clk,
  input  wire [NB-1:0]           swap,  // of stage s in the clock in which the words are at its input
  input  wire [TILES*CHAINS-1:0] in,
  output wire [TILES*CHAINS-1:0] out     // NS clocks later
);
  for (genvar s = 0; s < NS; s = s + 1) begin : g_stage
    wire [TILES*CHAINS-1:0] from;
    wire [TILES*CHAINS-1:0] to;
    if (s == 0) begin : g_first
      assign from = in;
    end else begin : g_next
      assign from = g_stage[s-1].to;
    end
    for (genvar k = 0; k < TILES / 2; k = k + 1) begin : g_switch
      localparam P = ((k >> s) << (s + 1)) | (k & ((1 << s) - 1));
      localparam Q = P | (1 << s);
      reg [CHAINS-1:0] p_q, q_q;
      wire x = swap[s * TILES / 2 + k];
      always_ff @(posedge clk) begin
        p_q <= x ? from[Q*CHAINS +: CHAINS] : from[P*CHAINS +: CHAINS];
        q_q <= x ? from[P*CHAINS +: CHAINS] : from[Q*CHAINS +: CHAINS];
      end
      assign to[P*CHAINS +: CHAINS] = p_q;
      assign to[Q*CHAINS +: CHAINS] = q_q;
    end
  end
  assign out = g_stage[NS-1].to;
endmodule

`default_nettype wire
