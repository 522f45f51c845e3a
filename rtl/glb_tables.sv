// Table memory of the control side: beta steps, readout runs, segments and the two job slots (map
// in glb_proto.svh).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_tables (
  input  wire        clk,
  input  wire        wr_valid,
  input  wire [11:0] wr_addr,
  input  wire [15:0] wr_data,
  input  wire [11:0] rd_addr,
  output wire [15:0] rd_data   // two clocks later
);
  (* no_rw_check *) reg [15:0] mem[0:4095];  // jobs do not read what the host writes
  reg [15:0] mem_q, data_q;

  always_ff @(posedge clk) begin
    if (wr_valid) mem[wr_addr] <= wr_data;
    mem_q <= mem[rd_addr];
    data_q <= mem_q;
  end
  assign rd_data = data_q;
endmodule

`default_nettype wire
