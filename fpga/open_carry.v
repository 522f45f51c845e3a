// The first cells of our carry chains ignore CIN, and CIN must stay open: on a constant nextpnr spends one more cell a chain, and
// Yosys has made the constant of an x by now. SPDX-License-Identifier: Apache-2.0
module GLB_CCU2C_START (CIN, A0, B0, C0, D0, A1, B1, C1, D1, S0, S1, COUT);
  parameter INIT0 = 0;
  parameter INIT1 = 0;
  parameter INJECT1_0 = "NO";
  parameter INJECT1_1 = "NO";
  input CIN, A0, B0, C0, D0, A1, B1, C1, D1;
  output S0, S1, COUT;
  CCU2C #(.INIT0(INIT0), .INIT1(INIT1), .INJECT1_0(INJECT1_0), .INJECT1_1(INJECT1_1)) _TECHMAP_REPLACE_ (
    .CIN(1'bx), .COUT(COUT), .A0(A0), .B0(B0), .C0(C0), .D0(D0), .S0(S0), .A1(A1), .B1(B1), .C1(C1), .D1(D1), .S1(S1)
  );
endmodule
