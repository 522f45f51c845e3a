// Network words: columns of 32 switch bits; the address of a column is delayed so that its bits meet the words at their
// stage. A readout sets all switches of a stage alike. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_net_mem #(
  parameter TILES  = 4,
  parameter SDEPTH = 256,
  // derived
  localparam NS    = $clog2(TILES),
  localparam NB    = NS * TILES / 2,
  localparam PCW   = $clog2(SDEPTH)
) (
  input  wire           clk,
  // load, the clock after the other fields' decode: column and half in chunk, data of the next clock
  input  wire           ld_valid,
  input  wire [7:0]     ld_chunk,
  input  wire [PCW-1:0] ld_addr,   // one clock after ld_valid
  input  wire [15:0]    ld_data,   // one clock after ld_valid
  input  wire [PCW-1:0] pc,        // clock AT_PC
  input  wire           rd_valid,  // clock 1
  input  wire [NS-1:0]  rd_tile,
  output wire [NB-1:0]  swap      // of stage s at clock AT_NET + s
);
  `include "glb_clocks.svh"
  localparam HALF = TILES / 2;             // switches a stage
  localparam COLS = (NB + 31) / 32;
  localparam PC_WAIT = AT_NET - 3 - AT_PC; // of pc for stage 0; the memory takes two clocks, the switches' register one
  localparam LAST = PC_WAIT + NS - 2;      // longest delay of pc before that, clocks
  reg [PCW*LAST-1:0] pc_q;                 // delayed by 1 .. LAST
  always_ff @(posedge clk) pc_q <= (PCW*LAST)'({pc_q, pc});

  // readout: sets stage s at clock AT_NET + s, so it is decided a clock before, AT_NET - 2 + s clocks after it came
  localparam RD_WAIT = AT_NET - 2;
  reg [(NS+1)*(RD_WAIT+NS)-1:0] rd_q;
  always_ff @(posedge clk) rd_q <= ((NS+1)*(RD_WAIT+NS))'({rd_q, rd_tile, rd_valid});

  for (genvar c = 0; c < COLS; c = c + 1) begin : g_col
    localparam S0 = 32 * c / HALF;         // first stage of the column
    localparam BITS = NB - 32 * c < 32 ? NB - 32 * c : 32;
    reg [PCW-1:0] addr_q;                  // the column's own copy: pc delayed by PC_WAIT + S0
    always_ff @(posedge clk) addr_q <= pc_q[PCW*(PC_WAIT+S0-2) +: PCW];
    reg [3:0] be_q;
    always_ff @(posedge clk)
      be_q <= {{2{ld_valid && ld_chunk == 8'(2*c+1)}}, {2{ld_valid && ld_chunk == 8'(2*c)}}};
    wire [35:0] word;
    glb_sched_col #(.SDEPTH(SDEPTH)) u_col (
      .clk(clk), .w_addr(ld_addr), .w_be(be_q), .w_data({2'd0, ld_data, 2'd0, ld_data}),
      .r_addr(addr_q), .r_data(word)
    );
    wire [BITS-1:0] flat = BITS'({word[33:18], word[15:0]});
    for (genvar b = 0; b < BITS; b = b + HALF) begin : g_stage
      localparam S = (32 * c + b) / HALF;
      localparam N = BITS - b < HALF ? BITS - b : HALF;
      wire [N-1:0] bits;
      if (S == S0) begin : g_first
        assign bits = flat[b +: N];
      end else begin : g_later
        glb_delay #(.WIDTH(N), .CLOCKS(S - S0)) u_delay (.clk(clk), .d(flat[b +: N]), .q(bits));
      end
      wire rd = rd_q[(NS+1)*(RD_WAIT+S-1)];
      wire to = rd_q[(NS+1)*(RD_WAIT+S-1) + 1 + S];
      reg [N-1:0] swap_q;
      always_ff @(posedge clk) swap_q <= rd ? {N{to}} : bits;
      assign swap[32*c + b +: N] = swap_q;
    end
  end
endmodule

`default_nettype wire
