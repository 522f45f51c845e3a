// Table memory of the control side: beta steps, readout runs, segments and the four job slots (map in glb_proto.svh). With GLB_ECP5 four
// DP16KD of 4,096 x 4 bits with output registers; jobs do not read what the host writes. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_tables (
  input  wire        clk,
  input  wire        wr_valid,
  input  wire [11:0] wr_addr,
  input  wire [15:0] wr_data,
  output wire [15:0] wr_read,  // word wr_addr, two clocks later, if neither clock writes
  input  wire [11:0] rd_addr,
  output wire [15:0] rd_data   // two clocks later
);
`ifdef GLB_ECP5
  for (genvar i = 0; i < 4; i = i + 1) begin : g_nibble
    wire [17:0] wr, read;
    glb_dp16kd #(.WIDTH(4)) u_ebr (
      .clk(clk), .a_we(wr_valid), .a_addr({wr_addr, 2'b00}), .a_wdata({14'd0, wr_data[4*i +: 4]}), .a_rdata(wr), .a_rst(1'b0),
      .b_we(1'b0), .b_addr({rd_addr, 2'b00}), .b_wdata(18'd0), .b_rdata(read)
    );
    assign wr_read[4*i +: 4] = wr[3:0];
    assign rd_data[4*i +: 4] = read[3:0];
  end
`else
  reg [15:0] mem[0:4095];
  reg [15:0] mem_q, data_q, wr_mem_q, wr_data_q;
  always_ff @(posedge clk) begin
    if (wr_valid) mem[wr_addr] <= wr_data;
    else wr_mem_q <= mem[wr_addr];
    wr_data_q <= wr_mem_q;
    mem_q <= mem[rd_addr];
    data_q <= mem_q;
  end
  assign rd_data = data_q;
  assign wr_read = wr_data_q;
`endif
endmodule

`default_nettype wire
