// WRITE STATES (docs/design/array.md, section 5): tokens to state words, which go to the words of the readout runs from a given one on. The
// runs are read from the table memory, one ahead of the one that is filled. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module glb_states #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS
) (
  input  wire              clk,
  input  wire              rst,
  input  wire              active,      // tokens come and runs are read; else reset
  // tokens
  input  wire              valid,       // data is the next byte
  output wire              hold,        // it is not taken yet
  input  wire [7:0]        data,
  input  wire [7:0]        prev,        // the byte before
  // runs
  input  wire              run_valid,   // there is one more
  output wire              run_next,    // it is read
  output wire [1:0]        run_word,    // its word that is wanted
  input  wire [15:0]       run_data,    // three clocks later
  // state words
  output wire              ld_valid,
  output wire [NS-1:0]     ld_tile,
  output wire [AW-1:0]     ld_addr,
  output wire [CHAINS-1:0] ld_data
);
  localparam [2:0] TILE = 3'd3, ADDR = 3'd4, COUNT = 3'd5;  // clocks of a run in which its words come
  reg [2:0] phase_q;
  reg next_valid_q, next_zero_q;       // next: read, waits for the one that is filled
  reg [NS-1:0] next_tile_q, tile_q;
  reg [AW-1:0] next_addr_q, addr_q;
  reg [15:0] next_count_q, count_q;    // words left, this one included
  reg open_q, last_q;                  // a run is filled; its last word comes
  reg end_q;                           // no run is left: the rest is dropped

  reg literal_q, zeros_q, second_q;    // what words of the token come; second_q: the word's second byte
  reg [6:0] left_q;                    // words of the token after this one
  wire whole = CHAINS <= 8 || second_q;
  wire token = valid && !hold && !literal_q;
  wire word = open_q && (zeros_q || (valid && literal_q && whole));  // open_q && !zeros_q: not on hold
  wire take = next_valid_q && (!open_q || (word && last_q));
  wire read = active && run_valid && !next_valid_q;

  reg ld_valid_q;
  reg [NS-1:0] ld_tile_q;
  reg [AW-1:0] ld_addr_q;
  reg [CHAINS-1:0] ld_data_q;

  always_ff @(posedge clk) begin
    // runs
    if (read) begin
      phase_q <= run_next ? 3'd0 : phase_q + 1'b1;
      if (phase_q == TILE) next_tile_q <= run_data[NS-1:0];
      if (phase_q == ADDR) next_addr_q <= run_data[AW-1:0];
      next_count_q <= run_data;
      next_zero_q <= run_data == 16'd0;
    end
    if (run_next) next_valid_q <= 1'b1;
    else if (take) next_valid_q <= 1'b0;
    if (take) begin
      tile_q <= next_tile_q;
      addr_q <= next_addr_q;
      count_q <= next_count_q;
      last_q <= next_count_q == 16'd1;
      open_q <= !next_zero_q;
    end else if (word) begin
      addr_q <= addr_q + 1'b1;
      count_q <= count_q - 1'b1;
      last_q <= count_q == 16'd2;
      if (last_q) open_q <= 1'b0;
    end
    end_q <= !run_valid && !next_valid_q && !open_q;

    // tokens: t < 128: t + 1 words, t >= 128: t - 127 zeros
    if (token) begin
      literal_q <= !data[7];
      zeros_q <= data[7];
      left_q <= data[6:0];
    end else if (word) begin
      if (left_q == 7'd0) {literal_q, zeros_q} <= 2'b00;
      left_q <= left_q - 1'b1;
    end
    if (valid && !hold) second_q <= literal_q && !whole;
    if (end_q) zeros_q <= 1'b0;

    ld_valid_q <= word && !rst;
    ld_tile_q <= tile_q;
    ld_addr_q <= addr_q;
    ld_data_q <= zeros_q ? {CHAINS{1'b0}} : CHAINS > 8 ? CHAINS'({data, prev}) : CHAINS'(data);
    if (!active || rst) begin
      phase_q <= 3'd0;
      next_valid_q <= 1'b0;
      open_q <= 1'b0;
      end_q <= 1'b0;
      {literal_q, zeros_q, second_q} <= 3'b000;
    end
  end

  assign hold = active && !end_q && (zeros_q || (valid && !open_q));
  assign run_next = read && phase_q == COUNT;
  assign run_word = phase_q[1:0];
  assign ld_valid = ld_valid_q;
  assign ld_tile = ld_tile_q;
  assign ld_addr = ld_addr_q;
  assign ld_data = ld_data_q;
endmodule

`default_nettype wire
