// Memory of DEPTH x 36 bits with one write port and one read port, output registers: data two clocks after the address.
// With GLB_ECP5 and DEPTH <= 512 one DP16KD. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_ebr36 #(
  parameter DEPTH = 512,               // words; one DP16KD holds 512
  parameter AW    = $clog2(DEPTH)      // derived: address bits
) (
  input  wire          clk,
  input  wire [AW-1:0] w_addr,
  input  wire [3:0]    w_be,           // one bit for each 9 bits
  input  wire [35:0]   w_data,
  input  wire [AW-1:0] r_addr,
  output wire [35:0]   r_data
);
`ifdef GLB_ECP5
  localparam FITS = DEPTH <= 512;
`else
  localparam FITS = 0;
`endif
  generate
    if (FITS != 0) begin : g_ebr
`ifdef GLB_ECP5
      // the write port is A and always enabled: byte enables alone write
      glb_dp16kd #(.WIDTH(36)) u_ebr (
        .clk(clk), .a_we(1'b1), .a_addr({9'(w_addr), 1'b0, w_be}), .a_wdata(w_data[17:0]), .a_rdata(r_data[17:0]), .a_rst(1'b0),
        .b_we(1'b0), .b_addr({9'(r_addr), 5'b00000}), .b_wdata(w_data[35:18]), .b_rdata(r_data[35:18])
      );
`endif
    end else begin : g_model
      reg [35:0] mem [0:DEPTH-1];
      reg [35:0] lat_q, out_q;
      always_ff @(posedge clk) begin
        for (integer i = 0; i < 4; i = i + 1)
          if (w_be[i]) mem[w_addr][i*9 +: 9] <= w_data[i*9 +: 9];
        lat_q <= mem[r_addr];
        out_q <= lat_q;
      end
      assign r_data = out_q;
    end
  endgenerate
endmodule

`default_nettype wire
