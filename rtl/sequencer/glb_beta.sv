// Noise table of a beta step: Q ROM x K, rounded, cut off at ZMAX, minus one half LSB
// (docs/design/array.md, section 4).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_beta #(
  parameter ACC = 12  // accumulator bits
) (
  input  wire        clk,
  input  wire        rst,
  input  wire [1:0]  k_ld,     // load this half of K, low half first
  input  wire [15:0] k_data,
  input  wire        start,
  output wire        busy,
  // load bus
  output wire        ld_valid,
  output wire [9:0]  ld_addr,  // table index
  output wire [15:0] ld_data   // table entry, signed
);
  localparam [9:0] ENTRIES = 10'd896;    // the rest is never read
  localparam ZB = ACC >= 12 ? 15 : ACC + 3;  // ZMAX = 2^ZB - 1
  localparam STAGES = 7;       // clocks from the index to the entry

  reg [17:0] rom[0:1023];
  initial begin
`include "glb_noise_q.svh"
  end

  reg [31:0] k_q;
  reg run_q;
  reg [9:0] index_q, addr_q;
  reg [STAGES-1:0] valid_q;

  reg [17:0] rom_q, way_q, q_q;  // way_q: between memory and multiplier
  reg [33:0] low_q, high_q;    // Q times the halves of K
  reg [34:0] sum_q;            // product, bits 16 and up
  reg [26:0] round_q;          // (product + 2^23) >> 24
  reg [15:0] z_q;

  always_ff @(posedge clk) begin
    if (k_ld[0]) k_q[15:0] <= k_data;
    if (k_ld[1]) k_q[31:16] <= k_data;

    rom_q <= rom[index_q];
    way_q <= rom_q;
    q_q <= way_q;
    low_q <= q_q * k_q[15:0];
    high_q <= q_q * k_q[31:16];
    sum_q <= {1'b0, high_q} + {17'd0, low_q[33:16]};
    round_q <= sum_q[34:8] + {26'd0, sum_q[7]};
    z_q <= round_q[26:ZB] != 0 ? 16'((1 << ZB) - 17) : {{(16 - ZB){1'b0}}, round_q[ZB-1:0]} - 16'd16;

    if (start) begin
      run_q <= 1'b1;
      index_q <= 10'd0;
    end else if (run_q) begin
      index_q <= index_q + 1'b1;
      if (index_q == ENTRIES - 10'd1) run_q <= 1'b0;
    end
    valid_q <= {valid_q[STAGES-2:0], run_q};
    if (start) addr_q <= 10'd0;
    else if (valid_q[STAGES-1]) addr_q <= addr_q + 1'b1;
    if (rst) begin
      run_q <= 1'b0;
      valid_q <= 0;
    end
  end

  assign busy = run_q || valid_q != 0;
  assign ld_valid = valid_q[STAGES-1];
  assign ld_addr = addr_q;
  assign ld_data = z_q;
endmodule

`default_nettype wire
