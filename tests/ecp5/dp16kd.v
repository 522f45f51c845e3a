// DP16KD for simulation, in the forms that rtl/ and synthesis use: two ports of 4, 9 or 18 bits, or port A writing and port B reading
// 36 bits; one clock; contents from INITVAL with 18 bits. Yosys' library has no body for this cell. From Lattice's memory usage
// guide (FPGA-TN-02204).
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
  parameter RESETMODE = "SYNC";
  parameter ASYNC_RESET_RELEASE = "SYNC";
  parameter CSDECODE_A = "0b000";
  parameter CSDECODE_B = "0b000";
  parameter [319:0] INITVAL_00 = 320'd0, INITVAL_01 = 320'd0, INITVAL_02 = 320'd0, INITVAL_03 = 320'd0;
  parameter [319:0] INITVAL_04 = 320'd0, INITVAL_05 = 320'd0, INITVAL_06 = 320'd0, INITVAL_07 = 320'd0;
  parameter [319:0] INITVAL_08 = 320'd0, INITVAL_09 = 320'd0, INITVAL_0A = 320'd0, INITVAL_0B = 320'd0;
  parameter [319:0] INITVAL_0C = 320'd0, INITVAL_0D = 320'd0, INITVAL_0E = 320'd0, INITVAL_0F = 320'd0;
  parameter [319:0] INITVAL_10 = 320'd0, INITVAL_11 = 320'd0, INITVAL_12 = 320'd0, INITVAL_13 = 320'd0;
  parameter [319:0] INITVAL_14 = 320'd0, INITVAL_15 = 320'd0, INITVAL_16 = 320'd0, INITVAL_17 = 320'd0;
  parameter [319:0] INITVAL_18 = 320'd0, INITVAL_19 = 320'd0, INITVAL_1A = 320'd0, INITVAL_1B = 320'd0;
  parameter [319:0] INITVAL_1C = 320'd0, INITVAL_1D = 320'd0, INITVAL_1E = 320'd0, INITVAL_1F = 320'd0;
  parameter [319:0] INITVAL_20 = 320'd0, INITVAL_21 = 320'd0, INITVAL_22 = 320'd0, INITVAL_23 = 320'd0;
  parameter [319:0] INITVAL_24 = 320'd0, INITVAL_25 = 320'd0, INITVAL_26 = 320'd0, INITVAL_27 = 320'd0;
  parameter [319:0] INITVAL_28 = 320'd0, INITVAL_29 = 320'd0, INITVAL_2A = 320'd0, INITVAL_2B = 320'd0;
  parameter [319:0] INITVAL_2C = 320'd0, INITVAL_2D = 320'd0, INITVAL_2E = 320'd0, INITVAL_2F = 320'd0;
  parameter [319:0] INITVAL_30 = 320'd0, INITVAL_31 = 320'd0, INITVAL_32 = 320'd0, INITVAL_33 = 320'd0;
  parameter [319:0] INITVAL_34 = 320'd0, INITVAL_35 = 320'd0, INITVAL_36 = 320'd0, INITVAL_37 = 320'd0;
  parameter [319:0] INITVAL_38 = 320'd0, INITVAL_39 = 320'd0, INITVAL_3A = 320'd0, INITVAL_3B = 320'd0;
  parameter [319:0] INITVAL_3C = 320'd0, INITVAL_3D = 320'd0, INITVAL_3E = 320'd0, INITVAL_3F = 320'd0;

  wire [13:0] ada = {ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0};
  wire [13:0] adb = {ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0};
  wire [17:0] dia = {DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3,
                     DIA2, DIA1, DIA0};
  wire [17:0] dib = {DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3,
                     DIB2, DIB1, DIB0};
  reg [17:0] lat_a, lat_b, reg_a, reg_b;
  wire [17:0] out_a = REGMODE_A == "OUTREG" ? reg_a : lat_a;
  wire [17:0] out_b = REGMODE_A == "OUTREG" ? reg_b : lat_b;
  assign {DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1,
          DOA0} = out_a;
  assign {DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1,
          DOB0} = out_b;

  // words of 18 bits, of 4 or 9 in the memories that synthesis infers; a port's width is the other's
  localparam WORDS = DATA_WIDTH_A == 4 ? 4096 : DATA_WIDTH_A == 9 ? 2048 : 1024;
  localparam SHIFT = DATA_WIDTH_A == 4 ? 2 : DATA_WIDTH_A == 9 ? 3 : 4;
  localparam WIDE = DATA_WIDTH_A == 36;
  localparam BOTH = WRITEMODE_A == "READBEFOREWRITE";
  localparam [64*320-1:0] INIT = {
    INITVAL_3F, INITVAL_3E, INITVAL_3D, INITVAL_3C, INITVAL_3B, INITVAL_3A, INITVAL_39, INITVAL_38,
    INITVAL_37, INITVAL_36, INITVAL_35, INITVAL_34, INITVAL_33, INITVAL_32, INITVAL_31, INITVAL_30,
    INITVAL_2F, INITVAL_2E, INITVAL_2D, INITVAL_2C, INITVAL_2B, INITVAL_2A, INITVAL_29, INITVAL_28,
    INITVAL_27, INITVAL_26, INITVAL_25, INITVAL_24, INITVAL_23, INITVAL_22, INITVAL_21, INITVAL_20,
    INITVAL_1F, INITVAL_1E, INITVAL_1D, INITVAL_1C, INITVAL_1B, INITVAL_1A, INITVAL_19, INITVAL_18,
    INITVAL_17, INITVAL_16, INITVAL_15, INITVAL_14, INITVAL_13, INITVAL_12, INITVAL_11, INITVAL_10,
    INITVAL_0F, INITVAL_0E, INITVAL_0D, INITVAL_0C, INITVAL_0B, INITVAL_0A, INITVAL_09, INITVAL_08,
    INITVAL_07, INITVAL_06, INITVAL_05, INITVAL_04, INITVAL_03, INITVAL_02, INITVAL_01, INITVAL_00
  };
  reg [17:0] mem [0:WORDS-1];
  wire [13:0] wa = ada >> SHIFT;
  wire [13:0] wb = adb >> SHIFT;
  integer i;
  initial begin
    if (REGMODE_A != REGMODE_B || DATA_WIDTH_A != DATA_WIDTH_B || WRITEMODE_A != WRITEMODE_B ||
        (DATA_WIDTH_A != 18 && INIT != {(64*320){1'b0}} && ^INIT !== 1'bx) ||
        ((DATA_WIDTH_A == 36 || RESETMODE != "SYNC") && RSTA !== 1'b0) ||
        (DATA_WIDTH_A != 4 && DATA_WIDTH_A != 9 && DATA_WIDTH_A != 18 && DATA_WIDTH_A != 36))
      $display("FAIL DP16KD: a form that the model lacks");
    for (i = 0; i < WORDS; i = i + 1)
      mem[i] = DATA_WIDTH_A == 18 ? INIT[i*20 +: 18] : 18'd0;
  end
  always @(posedge CLKA) begin
    if (RSTB | CSA0 | CSA1 | CSA2 | CSB0 | CSB1 | CSB2 | ~OCEA | ~OCEB)
      $display("FAIL DP16KD: a control that the model lacks");
    if (WIDE) begin
      if (CEA && WEA && ada[0]) mem[{ada[13:5], 1'b0}][8:0] <= dia[8:0];
      if (CEA && WEA && ada[1]) mem[{ada[13:5], 1'b0}][17:9] <= dia[17:9];
      if (CEA && WEA && ada[2]) mem[{ada[13:5], 1'b1}][8:0] <= dib[8:0];
      if (CEA && WEA && ada[3]) mem[{ada[13:5], 1'b1}][17:9] <= dib[17:9];
      if (CEB) lat_a <= mem[{adb[13:5], 1'b0}];
      if (CEB) lat_b <= mem[{adb[13:5], 1'b1}];
    end else begin
      if (CEA && WEA && (DATA_WIDTH_A != 18 || ada[0])) mem[wa[$clog2(WORDS)-1:0]][8:0] <= dia[8:0];
      if (CEA && WEA && DATA_WIDTH_A == 18 && ada[1]) mem[wa[$clog2(WORDS)-1:0]][17:9] <= dia[17:9];
      if (CEB && WEB && (DATA_WIDTH_A != 18 || adb[0])) mem[wb[$clog2(WORDS)-1:0]][8:0] <= dib[8:0];
      if (CEB && WEB && DATA_WIDTH_A == 18 && adb[1]) mem[wb[$clog2(WORDS)-1:0]][17:9] <= dib[17:9];
      if (CEA) lat_a <= WEA && !BOTH ? 18'bx : mem[wa[$clog2(WORDS)-1:0]];
      if (CEB) lat_b <= WEB && !BOTH ? 18'bx : mem[wb[$clog2(WORDS)-1:0]];
    end
    reg_a <= RSTA ? 18'd0 : lat_a;
    reg_b <= lat_b;
  end
endmodule

`default_nettype wire
