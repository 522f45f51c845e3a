// What a tile counts (docs/design/array.md, section 3a): its own word, the chains in which the arriving word agrees with it, and the
// sum that they are added to. The clocks are those of glb_clocks.svh. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_sums #(
  parameter CHAINS = 16
) (
  input  wire              clk,
  // M - 1
  input  wire [1:0]        what,      // 0 nothing, 1 own word := arrived, 2 own word := ones, 3 count
  input  wire [CHAINS-1:0] arrived,
  // of the segment
  input  wire              dump,      // sums stay as they are
  input  wire              subtract,
  // sum
  output wire              read,      // M + 1: the old sum's address is at the memory
  output wire              ready,     // M + 3: old is there
  input  wire [17:0]       old,
  output wire              done,      // M + 4: sum is the new one
  output wire [17:0]       sum
);
  reg [CHAINS-1:0] own_q;
  always_ff @(posedge clk)
    if (what == 2'd2) own_q <= {CHAINS{1'b1}};
    else if (what == 2'd1) own_q <= arrived;

  // agreeing chains: of two, of four, of eight, of all
  localparam EIGHTS = (CHAINS + 7) / 8;
  wire [CHAINS-1:0]    agree = arrived ~^ own_q;
  reg [CHAINS-1:0]     two_q;     // M
  reg [CHAINS/4*3-1:0] four_q;    // M + 1
  reg [EIGHTS*4-1:0]   eight_q;   // M + 2
  reg [5:0]            change_q;  // M + 3: what is added, sign first
  wire [4:0] all = EIGHTS > 1 ? 5'(eight_q[3:0]) + 5'(eight_q[EIGHTS*4-1 -: 4]) : 5'(eight_q[3:0]);
  always_ff @(posedge clk) begin
    for (integer i = 0; i < CHAINS / 2; i = i + 1)
      two_q[2*i +: 2] <= {1'b0, agree[2*i]} + {1'b0, agree[2*i+1]};
    for (integer i = 0; i < CHAINS / 4; i = i + 1)
      four_q[3*i +: 3] <= 3'(two_q[4*i +: 2]) + 3'(two_q[4*i+2 +: 2]);
    change_q <= dump ? 6'd0 : {1'b0, all} ^ {6{subtract}};
  end
  if (CHAINS < 8) begin : g_four
    always_ff @(posedge clk) eight_q <= 4'(four_q);
  end
  for (genvar i = 0; i < CHAINS / 8; i = i + 1) begin : g_eight
    always_ff @(posedge clk) eight_q[4*i +: 4] <= 4'(four_q[6*i +: 3]) + 4'(four_q[6*i+3 +: 3]);
  end

  reg [4:0]  count_q;  // a count at M .. M + 4
  reg [17:0] sum_q;    // M + 4
  always_ff @(posedge clk) begin
    count_q <= {count_q[3:0], what == 2'd3};
    sum_q   <= old + {{12{change_q[5]}}, change_q};
  end
  assign read = count_q[1];
  assign ready = count_q[3];
  assign done = count_q[4];
  assign sum = sum_q;
endmodule

`default_nettype wire
