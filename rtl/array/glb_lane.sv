// A lane: coupling register, which chains add it, and the p-bit units. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_lane #(
  parameter CHAINS = 16,
  parameter JW     = 8,
  parameter ACC    = 12
) (
  input  wire              clk,
  input  wire              job_start,  // accumulators and nc become 0
  input  wire [1:0]        k,          // 0 nothing, 1 add j in the chains whose bit of arrived is 1, 2 add the noise word in
                                       // chain nc, nc += 1, 3 finish: see bias, dbl, clr
  input  wire [JW-1:0]     j,          // signed
  input  wire [CHAINS-1:0] arrived,    // state word from the network
  input  wire [ACC-1:0]    t,          // noise word n = t_neg ? ~t : t, signed
  input  wire              t_neg,
  input  wire [ACC-2:0]    bias,       // signed
  input  wire              dbl,
  input  wire              clr,
  output wire [CHAINS-1:0] sign        // sign bits of the sums, one clock later
);
  (* keep *) wire noise;
  assign noise = k == 2'd2;
  wire ctrl = k == 2'd3;

  reg [CHAINS-1:0] nc_q;  // one-hot: the next noise word's chain
  always_ff @(posedge clk)
    if (job_start) nc_q <= CHAINS'(1);
    else if (noise) nc_q <= {nc_q[CHAINS-2:0], nc_q[CHAINS-1]};

  reg [ACC-1:0] j_q;
  reg           dbl_q, clr_q;
  // not marked keep: with it Yosys 0.70 shorts some of its bits in one of eight tiles
  wire [ACC-2:0] entry = ctrl ? bias : {{(ACC-1-JW){j[JW-1]}}, j};
  always_ff @(posedge clk) begin
    j_q   <= noise ? t ^ {ACC{t_neg}} : {entry[ACC-2], entry};
    dbl_q <= ctrl & dbl;
    clr_q <= (ctrl & clr) | job_start;
  end

  glb_pbit #(.CHAINS(CHAINS), .ACC(ACC)) u_pbit (
    .clk(clk), .k(k), .arrived(arrived), .nc(nc_q), .j(j_q), .dbl(dbl_q), .clr(clr_q), .sign(sign)
  );
endmodule

`default_nettype wire
