// Memory of DEPTH x 18 bits with two ports, each read or write (write beats read), output registers: data two clocks after the
// address. With GLB_ECP5 one DP16KD, or two for up to 2,048 words. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_ebr18 #(
  parameter DEPTH = 1024,              // words
  parameter AW    = $clog2(DEPTH)      // derived: address bits
) (
  input  wire          clk,
  // port A
  input  wire [AW-1:0] a_addr,
  input  wire [1:0]    a_we,           // one bit for each 9 bits
  input  wire [17:0]   a_wdata,
  output wire [17:0]   a_rdata,        // undefined after a write
  input  wire          a_rst,          // a_rdata is 0 from the next clock on
  // port B
  input  wire [AW-1:0] b_addr,
  input  wire [1:0]    b_we,
  input  wire [17:0]   b_wdata,
  output wire [17:0]   b_rdata
);
`ifdef GLB_ECP5
  localparam FITS = DEPTH <= 2048;
`else
  localparam FITS = 0;
`endif
  generate
    if (FITS != 0) begin : g_ebr
`ifdef GLB_ECP5
      if (DEPTH <= 1024) begin : g_one
        glb_dp16kd #(.WIDTH(18)) u_ebr (
          .clk(clk), .a_we(|a_we), .a_addr({10'(a_addr), 2'b00, a_we}), .a_wdata(a_wdata), .a_rdata(a_rdata), .a_rst(a_rst),
          .b_we(|b_we), .b_addr({10'(b_addr), 2'b00, b_we}), .b_wdata(b_wdata), .b_rdata(b_rdata)
        );
      end else begin : g_two
        for (genvar i = 0; i < 2; i = i + 1) begin : g_half
          wire [17:0] a, b;
          glb_dp16kd #(.WIDTH(9)) u_ebr (
            .clk(clk), .a_we(a_we[i]), .a_addr({11'(a_addr), 3'b000}), .a_wdata({9'd0, a_wdata[9*i +: 9]}), .a_rdata(a),
            .a_rst(a_rst),
            .b_we(b_we[i]), .b_addr({11'(b_addr), 3'b000}), .b_wdata({9'd0, b_wdata[9*i +: 9]}), .b_rdata(b)
          );
          assign a_rdata[9*i +: 9] = a[8:0];
          assign b_rdata[9*i +: 9] = b[8:0];
        end
      end
`endif
    end else begin : g_model
      reg [17:0] mem [0:DEPTH-1];
      reg [17:0] a_lat_q, a_out_q, b_lat_q, b_out_q;
      always_ff @(posedge clk) begin
        if (a_we[0]) mem[a_addr][8:0] <= a_wdata[8:0];
        if (a_we[1]) mem[a_addr][17:9] <= a_wdata[17:9];
        if (a_we == 2'd0) a_lat_q <= mem[a_addr];
        a_out_q <= a_rst ? 18'd0 : a_lat_q;
        if (b_we[0]) mem[b_addr][8:0] <= b_wdata[8:0];
        if (b_we[1]) mem[b_addr][17:9] <= b_wdata[17:9];
        if (b_we == 2'd0) b_lat_q <= mem[b_addr];
        b_out_q <= b_lat_q;
      end
      assign a_rdata = a_out_q;
      assign b_rdata = b_out_q;
    end
  endgenerate
endmodule

`default_nettype wire
