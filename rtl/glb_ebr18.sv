// Memory of DEPTH x 18 bits with two ports, each read or write (write beats read), output registers: data two clocks after the
// address. With GLB_ECP5 one DP16KD. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_ebr18 #(
  parameter DEPTH = 1024,              // words; one DP16KD holds 1024
  parameter AW    = $clog2(DEPTH)      // derived: address bits
) (
  input  wire          clk,
  // port A
  input  wire [AW-1:0] a_addr,
  input  wire [1:0]    a_we,           // one bit for each 9 bits
  input  wire [17:0]   a_wdata,
  output wire [17:0]   a_rdata,        // undefined after a write
  // port B
  input  wire [AW-1:0] b_addr,
  input  wire [1:0]    b_we,
  input  wire [17:0]   b_wdata,
  output wire [17:0]   b_rdata
);
`ifdef GLB_ECP5
  localparam FITS = DEPTH <= 1024;
`else
  localparam FITS = 0;
`endif
  generate
    if (FITS != 0) begin : g_ebr
`ifdef GLB_ECP5
      wire [9:0] aa = 10'(a_addr);
      wire [9:0] ba = 10'(b_addr);
      DP16KD #(
        .DATA_WIDTH_A(18), .DATA_WIDTH_B(18), .REGMODE_A("OUTREG"), .REGMODE_B("OUTREG"),
        .WRITEMODE_A("NORMAL"), .WRITEMODE_B("NORMAL"), .CLKAMUX("CLKA"), .CLKBMUX("CLKB"),
        .GSR("DISABLED")
      ) u_ebr (
        .CLKA(clk), .CEA(1'b1), .OCEA(1'b1), .RSTA(1'b0), .WEA(|a_we),
        .CSA0(1'b0), .CSA1(1'b0), .CSA2(1'b0),
        .ADA0(a_we[0]), .ADA1(a_we[1]), .ADA2(1'b0), .ADA3(1'b0),
        .ADA4(aa[0]), .ADA5(aa[1]), .ADA6(aa[2]), .ADA7(aa[3]), .ADA8(aa[4]),
        .ADA9(aa[5]), .ADA10(aa[6]), .ADA11(aa[7]), .ADA12(aa[8]), .ADA13(aa[9]),
        .DIA0(a_wdata[0]), .DIA1(a_wdata[1]), .DIA2(a_wdata[2]), .DIA3(a_wdata[3]),
        .DIA4(a_wdata[4]), .DIA5(a_wdata[5]), .DIA6(a_wdata[6]), .DIA7(a_wdata[7]),
        .DIA8(a_wdata[8]), .DIA9(a_wdata[9]), .DIA10(a_wdata[10]), .DIA11(a_wdata[11]),
        .DIA12(a_wdata[12]), .DIA13(a_wdata[13]), .DIA14(a_wdata[14]), .DIA15(a_wdata[15]),
        .DIA16(a_wdata[16]), .DIA17(a_wdata[17]),
        .DOA0(a_rdata[0]), .DOA1(a_rdata[1]), .DOA2(a_rdata[2]), .DOA3(a_rdata[3]),
        .DOA4(a_rdata[4]), .DOA5(a_rdata[5]), .DOA6(a_rdata[6]), .DOA7(a_rdata[7]),
        .DOA8(a_rdata[8]), .DOA9(a_rdata[9]), .DOA10(a_rdata[10]), .DOA11(a_rdata[11]),
        .DOA12(a_rdata[12]), .DOA13(a_rdata[13]), .DOA14(a_rdata[14]), .DOA15(a_rdata[15]),
        .DOA16(a_rdata[16]), .DOA17(a_rdata[17]),
        .CLKB(clk), .CEB(1'b1), .OCEB(1'b1), .RSTB(1'b0), .WEB(|b_we),
        .CSB0(1'b0), .CSB1(1'b0), .CSB2(1'b0),
        .ADB0(b_we[0]), .ADB1(b_we[1]), .ADB2(1'b0), .ADB3(1'b0),
        .ADB4(ba[0]), .ADB5(ba[1]), .ADB6(ba[2]), .ADB7(ba[3]), .ADB8(ba[4]),
        .ADB9(ba[5]), .ADB10(ba[6]), .ADB11(ba[7]), .ADB12(ba[8]), .ADB13(ba[9]),
        .DIB0(b_wdata[0]), .DIB1(b_wdata[1]), .DIB2(b_wdata[2]), .DIB3(b_wdata[3]),
        .DIB4(b_wdata[4]), .DIB5(b_wdata[5]), .DIB6(b_wdata[6]), .DIB7(b_wdata[7]),
        .DIB8(b_wdata[8]), .DIB9(b_wdata[9]), .DIB10(b_wdata[10]), .DIB11(b_wdata[11]),
        .DIB12(b_wdata[12]), .DIB13(b_wdata[13]), .DIB14(b_wdata[14]), .DIB15(b_wdata[15]),
        .DIB16(b_wdata[16]), .DIB17(b_wdata[17]),
        .DOB0(b_rdata[0]), .DOB1(b_rdata[1]), .DOB2(b_rdata[2]), .DOB3(b_rdata[3]),
        .DOB4(b_rdata[4]), .DOB5(b_rdata[5]), .DOB6(b_rdata[6]), .DOB7(b_rdata[7]),
        .DOB8(b_rdata[8]), .DOB9(b_rdata[9]), .DOB10(b_rdata[10]), .DOB11(b_rdata[11]),
        .DOB12(b_rdata[12]), .DOB13(b_rdata[13]), .DOB14(b_rdata[14]), .DOB15(b_rdata[15]),
        .DOB16(b_rdata[16]), .DOB17(b_rdata[17])
      );
`endif
    end else begin : g_model
      reg [17:0] mem [0:DEPTH-1];
      reg [17:0] a_lat_q, a_out_q, b_lat_q, b_out_q;
      always_ff @(posedge clk) begin
        if (a_we[0]) mem[a_addr][8:0] <= a_wdata[8:0];
        if (a_we[1]) mem[a_addr][17:9] <= a_wdata[17:9];
        if (a_we == 2'd0) a_lat_q <= mem[a_addr];
        a_out_q <= a_lat_q;
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
