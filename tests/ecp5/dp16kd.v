// DP16KD for simulation, in the two forms that rtl/ uses: two ports of 18 bits, or port A writing and port B reading 36 bits;
// output registers on, one clock. Yosys' library has no body for this cell. From Lattice's memory usage guide (FPGA-TN-02204).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`timescale 1ns / 1ns

module DP16KD (
  input  wire CLKA, CEA, OCEA, RSTA, WEA, CSA0, CSA1, CSA2,
  input  wire ADA0, ADA1, ADA2, ADA3, ADA4, ADA5, ADA6, ADA7, ADA8, ADA9, ADA10, ADA11, ADA12, ADA13,
  input  wire DIA0, DIA1, DIA2, DIA3, DIA4, DIA5, DIA6, DIA7, DIA8, DIA9, DIA10, DIA11, DIA12, DIA13, DIA14, DIA15, DIA16, DIA17,
  output wire DOA0, DOA1, DOA2, DOA3, DOA4, DOA5, DOA6, DOA7, DOA8, DOA9, DOA10, DOA11, DOA12, DOA13, DOA14, DOA15, DOA16, DOA17,
  input  wire CLKB, CEB, OCEB, RSTB, WEB, CSB0, CSB1, CSB2,
  input  wire ADB0, ADB1, ADB2, ADB3, ADB4, ADB5, ADB6, ADB7, ADB8, ADB9, ADB10, ADB11, ADB12, ADB13,
  input  wire DIB0, DIB1, DIB2, DIB3, DIB4, DIB5, DIB6, DIB7, DIB8, DIB9, DIB10, DIB11, DIB12, DIB13, DIB14, DIB15, DIB16, DIB17,
  output wire DOB0, DOB1, DOB2, DOB3, DOB4, DOB5, DOB6, DOB7, DOB8, DOB9, DOB10, DOB11, DOB12, DOB13, DOB14, DOB15, DOB16, DOB17
);
  parameter DATA_WIDTH_A = 18;
  parameter DATA_WIDTH_B = 18;
  parameter REGMODE_A = "NOREG";
  parameter REGMODE_B = "NOREG";
  parameter WRITEMODE_A = "NORMAL";
  parameter WRITEMODE_B = "NORMAL";
  parameter CLKAMUX = "CLKA";
  parameter CLKBMUX = "CLKB";
  parameter GSR = "ENABLED";

  wire [13:0] ada = {ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0};
  wire [13:0] adb = {ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0};
  wire [17:0] dia = {DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3,
                     DIA2, DIA1, DIA0};
  wire [17:0] dib = {DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3,
                     DIB2, DIB1, DIB0};
  reg [17:0] lat_a, lat_b, out_a, out_b;
  assign {DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1,
          DOA0} = out_a;
  assign {DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1,
          DOB0} = out_b;

  reg [17:0] mem [0:1023];
  wire wide = DATA_WIDTH_A == 36;
  initial
    if (REGMODE_A != "OUTREG" || REGMODE_B != "OUTREG" || DATA_WIDTH_A != DATA_WIDTH_B ||
        (DATA_WIDTH_A != 18 && DATA_WIDTH_A != 36)) $display("FAIL DP16KD: a form that the model lacks");
  always @(posedge CLKA) begin
    if (RSTA | RSTB | CSA0 | CSA1 | CSA2 | CSB0 | CSB1 | CSB2 | ~CEA | ~CEB | ~OCEA | ~OCEB)
      $display("FAIL DP16KD: a control that the model lacks");
    if (wide) begin
      if (WEA && ada[0]) mem[{ada[13:5], 1'b0}][8:0] <= dia[8:0];
      if (WEA && ada[1]) mem[{ada[13:5], 1'b0}][17:9] <= dia[17:9];
      if (WEA && ada[2]) mem[{ada[13:5], 1'b1}][8:0] <= dib[8:0];
      if (WEA && ada[3]) mem[{ada[13:5], 1'b1}][17:9] <= dib[17:9];
      lat_a <= mem[{adb[13:5], 1'b0}];
      lat_b <= mem[{adb[13:5], 1'b1}];
    end else begin
      if (WEA && ada[0]) mem[ada[13:4]][8:0] <= dia[8:0];
      if (WEA && ada[1]) mem[ada[13:4]][17:9] <= dia[17:9];
      if (WEB && adb[0]) mem[adb[13:4]][8:0] <= dib[8:0];
      if (WEB && adb[1]) mem[adb[13:4]][17:9] <= dib[17:9];
      lat_a <= WEA ? 18'bx : mem[ada[13:4]];
      lat_b <= WEB ? 18'bx : mem[adb[13:4]];
    end
    out_a <= lat_a;
    out_b <= lat_b;
  end
endmodule

`default_nettype wire
