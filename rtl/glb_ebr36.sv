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
      wire [8:0] wa = 9'(w_addr);
      wire [8:0] ra = 9'(r_addr);
      // the write port is A and always enabled: byte enables alone write
      DP16KD #(
        .DATA_WIDTH_A(36), .DATA_WIDTH_B(36), .REGMODE_A("OUTREG"), .REGMODE_B("OUTREG"),
        .WRITEMODE_A("NORMAL"), .WRITEMODE_B("NORMAL"), .CLKAMUX("CLKA"), .CLKBMUX("CLKB"),
        .GSR("DISABLED")
      ) u_ebr (
        .CLKA(clk), .CEA(1'b1), .OCEA(1'b1), .RSTA(1'b0), .WEA(1'b1),
        .CSA0(1'b0), .CSA1(1'b0), .CSA2(1'b0),
        .ADA0(w_be[0]), .ADA1(w_be[1]), .ADA2(w_be[2]), .ADA3(w_be[3]), .ADA4(1'b0),
        .ADA5(wa[0]), .ADA6(wa[1]), .ADA7(wa[2]), .ADA8(wa[3]), .ADA9(wa[4]),
        .ADA10(wa[5]), .ADA11(wa[6]), .ADA12(wa[7]), .ADA13(wa[8]),
        .DIA0(w_data[0]), .DIA1(w_data[1]), .DIA2(w_data[2]), .DIA3(w_data[3]),
        .DIA4(w_data[4]), .DIA5(w_data[5]), .DIA6(w_data[6]), .DIA7(w_data[7]),
        .DIA8(w_data[8]), .DIA9(w_data[9]), .DIA10(w_data[10]), .DIA11(w_data[11]),
        .DIA12(w_data[12]), .DIA13(w_data[13]), .DIA14(w_data[14]), .DIA15(w_data[15]),
        .DIA16(w_data[16]), .DIA17(w_data[17]),
        .DIB0(w_data[18]), .DIB1(w_data[19]), .DIB2(w_data[20]), .DIB3(w_data[21]),
        .DIB4(w_data[22]), .DIB5(w_data[23]), .DIB6(w_data[24]), .DIB7(w_data[25]),
        .DIB8(w_data[26]), .DIB9(w_data[27]), .DIB10(w_data[28]), .DIB11(w_data[29]),
        .DIB12(w_data[30]), .DIB13(w_data[31]), .DIB14(w_data[32]), .DIB15(w_data[33]),
        .DIB16(w_data[34]), .DIB17(w_data[35]),
        .CLKB(clk), .CEB(1'b1), .OCEB(1'b1), .RSTB(1'b0), .WEB(1'b0),
        .CSB0(1'b0), .CSB1(1'b0), .CSB2(1'b0),
        .ADB0(1'b0), .ADB1(1'b0), .ADB2(1'b0), .ADB3(1'b0), .ADB4(1'b0),
        .ADB5(ra[0]), .ADB6(ra[1]), .ADB7(ra[2]), .ADB8(ra[3]), .ADB9(ra[4]),
        .ADB10(ra[5]), .ADB11(ra[6]), .ADB12(ra[7]), .ADB13(ra[8]),
        .DOA0(r_data[0]), .DOA1(r_data[1]), .DOA2(r_data[2]), .DOA3(r_data[3]),
        .DOA4(r_data[4]), .DOA5(r_data[5]), .DOA6(r_data[6]), .DOA7(r_data[7]),
        .DOA8(r_data[8]), .DOA9(r_data[9]), .DOA10(r_data[10]), .DOA11(r_data[11]),
        .DOA12(r_data[12]), .DOA13(r_data[13]), .DOA14(r_data[14]), .DOA15(r_data[15]),
        .DOA16(r_data[16]), .DOA17(r_data[17]),
        .DOB0(r_data[18]), .DOB1(r_data[19]), .DOB2(r_data[20]), .DOB3(r_data[21]),
        .DOB4(r_data[22]), .DOB5(r_data[23]), .DOB6(r_data[24]), .DOB7(r_data[25]),
        .DOB8(r_data[26]), .DOB9(r_data[27]), .DOB10(r_data[28]), .DOB11(r_data[29]),
        .DOB12(r_data[30]), .DOB13(r_data[31]), .DOB14(r_data[32]), .DOB15(r_data[33]),
        .DOB16(r_data[34]), .DOB17(r_data[35])
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
