// One 36-bit column of the schedule memory: blocks of 1024 words (two memories of 18 bits), a last block of up to 512 as one
// of 36 bits. Data two clocks after the address. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_sched_col #(
  parameter SDEPTH = 1536,
  parameter PCW    = $clog2(SDEPTH)   // derived: address bits
) (
  input  wire           clk,
  input  wire [PCW-1:0] w_addr,
  input  wire [3:0]     w_be,         // one bit for each 9 bits
  input  wire [35:0]    w_data,
  input  wire [PCW-1:0] r_addr,
  output wire [35:0]    r_data
);
`ifdef GLB_ECP5
  localparam FULL = SDEPTH / 1024 + (SDEPTH % 1024 > 512 ? 1 : 0);
  localparam REST = SDEPTH > FULL * 1024 ? 1 : 0;
  localparam BLOCKS = FULL + REST;
  wire [36*BLOCKS-1:0] data;
  wire [9:0] wa = 10'(w_addr);
  wire [9:0] ra = 10'(r_addr);
  wire [17:0] unused [0:2*FULL];
  for (genvar b = 0; b < BLOCKS; b = b + 1) begin : g_block
    wire here = BLOCKS == 1 || (w_addr >> 10) == b;
    if (b < FULL) begin : g_full
      glb_ebr18 #(.DEPTH(1024)) u_lo (
        .clk(clk), .a_addr(wa), .a_we(w_be[1:0] & {2{here}}), .a_wdata(w_data[17:0]), .a_rdata(unused[2*b]), .a_rst(1'b0),
        .b_addr(ra), .b_we(2'd0), .b_wdata(18'd0), .b_rdata(data[36*b +: 18])
      );
      glb_ebr18 #(.DEPTH(1024)) u_hi (
        .clk(clk), .a_addr(wa), .a_we(w_be[3:2] & {2{here}}), .a_wdata(w_data[35:18]), .a_rdata(unused[2*b+1]), .a_rst(1'b0),
        .b_addr(ra), .b_we(2'd0), .b_wdata(18'd0), .b_rdata(data[36*b + 18 +: 18])
      );
    end else begin : g_rest
      glb_ebr36 #(.DEPTH(512)) u_rest (
        .clk(clk), .w_addr(wa[8:0]), .w_be(w_be & {4{here}}), .w_data(w_data),
        .r_addr(ra[8:0]), .r_data(data[36*b +: 36])
      );
    end
  end
  if (BLOCKS == 1) begin : g_one
    assign r_data = data[35:0];
  end else begin : g_many
    localparam BW = $clog2(BLOCKS);
    reg [BW-1:0] b1_q, b2_q;
    always_ff @(posedge clk) begin
      b1_q <= r_addr[PCW-1:10];
      b2_q <= b1_q;
    end
    assign r_data = data[36*b2_q +: 36];
  end
`else
  glb_ebr36 #(.DEPTH(SDEPTH)) u_mem (
    .clk(clk), .w_addr(w_addr), .w_be(w_be), .w_data(w_data), .r_addr(r_addr), .r_data(r_data)
  );
`endif
endmodule

`default_nettype wire
