// One sample: walks the job's readout runs, reads the words from the array and keeps them for the
// DATA frame.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"

module glb_readout #(
  parameter CHAINS = 16,  // bits of a word
  parameter TW     = 6,   // log2 of the tiles
  parameter AW     = 7,   // address bits of a bank's page
  parameter FW     = 10   // log2 of the words kept
) (
  input  wire              clk,
  input  wire              rst,
  input  wire              start,
  input  wire [8:0]        runs_start,
  input  wire [9:0]        runs_count,
  output wire              busy,        // until the last word has come
  output wire              stall,       // no room: this clock is lost
  // runs, from the table memory
  output wire              fetch_start,
  output wire [11:0]       fetch_base,
  input  wire              fetch_valid,
  input  wire              fetch_last,
  input  wire [3:0]        fetch_index,
  input  wire [15:0]       fetch_data,
  // array
  output wire              rd_valid,
  output wire [7:0]        rd_tile,
  output wire [15:0]       rd_addr,
  input  wire              rd_word_valid,
  input  wire [CHAINS-1:0] rd_word,
  // words for the DATA frame
  output wire [CHAINS-1:0] word,
  output wire              word_valid,
  input  wire              word_ready
);
  localparam [FW:0] FULL = (FW+1)'((1 << FW) - 2);

  reg [8:0] run_q;                   // next run to fetch
  reg [9:0] runs_left_q;
  reg start_q, busy_q, fetch_q, fetch_start_q, next_valid_q;
  reg [TW-1:0] next_tile_q, tile_q;  // next: fetched, waits for the one that is read
  reg [AW-1:0] next_addr_q, addr_q;
  reg [15:0] next_count_q, count_q;  // count_q: reads left, this one included
  reg next_zero_q;                   // next_count_q is 0
  reg read_q, last_q, room_q;
  reg [6:0] flight_q;                // reads on their way
  reg [FW:0] used_q;                 // words kept or on their way
  reg rd_valid_q;
  reg [TW-1:0] rd_tile_q;
  reg [AW-1:0] rd_addr_q;

  wire issue = read_q && room_q;
  wire take = next_valid_q && (!read_q || (issue && last_q));
  wire pop = word_valid && word_ready;

  always_ff @(posedge clk) begin
    start_q <= start;
    fetch_start_q <= 1'b0;
    if (start) begin
      run_q <= runs_start;
      runs_left_q <= runs_count;
    end else if (!fetch_q && !next_valid_q && runs_left_q != 10'd0) begin
      fetch_start_q <= 1'b1;
      fetch_q <= 1'b1;
      runs_left_q <= runs_left_q - 1'b1;
    end
    if (fetch_q && fetch_valid) begin
      if (fetch_index == 4'd0) next_tile_q <= fetch_data[TW-1:0];
      if (fetch_index == 4'd1) next_addr_q <= fetch_data[AW-1:0];
      next_count_q <= fetch_data;
      next_zero_q <= fetch_data == 16'd0;
      if (fetch_last) begin
        fetch_q <= 1'b0;
        next_valid_q <= 1'b1;
        run_q <= run_q + 1'b1;
      end
    end

    if (take) begin
      next_valid_q <= 1'b0;
      tile_q <= next_tile_q;
      addr_q <= next_addr_q;
      count_q <= next_count_q;
      last_q <= next_count_q == 16'd1;
      read_q <= !next_zero_q;
    end else if (issue) begin
      addr_q <= addr_q + 1'b1;
      count_q <= count_q - 1'b1;
      last_q <= count_q == 16'd2;
      if (last_q) read_q <= 1'b0;
    end

    rd_valid_q <= issue;
    rd_tile_q <= tile_q;
    rd_addr_q <= addr_q;
    flight_q <= flight_q + {6'd0, issue} - {6'd0, rd_word_valid};
    used_q <= used_q + {{FW{1'b0}}, issue} - {{FW{1'b0}}, pop};
    room_q <= used_q < FULL;
    busy_q <= start || start_q || fetch_q || next_valid_q || read_q || runs_left_q != 10'd0 ||
              flight_q != 7'd0;
    if (rst) begin
      start_q <= 1'b0;
      busy_q <= 1'b0;
      fetch_q <= 1'b0;
      fetch_start_q <= 1'b0;
      next_valid_q <= 1'b0;
      read_q <= 1'b0;
      rd_valid_q <= 1'b0;
      runs_left_q <= 10'd0;
      flight_q <= 7'd0;
      used_q <= 0;
    end
  end

  // A block RAM is slow to answer: one more register behind it.
  wire [CHAINS-1:0] kept;
  wire kept_valid;
  reg [CHAINS-1:0] word_q;
  reg word_valid_q;
  always_ff @(posedge clk) begin
    if (!word_valid_q || word_ready) begin
      word_q <= kept;
      word_valid_q <= kept_valid;
    end
    if (rst) word_valid_q <= 1'b0;
  end
  assign word = word_q;
  assign word_valid = word_valid_q;

  // The level is left open: used_q counts the words on their way too.
  // verilator lint_off PINCONNECTEMPTY
  glb_fifo #(.W(CHAINS), .AW(FW)) u_words (
    .clk(clk),
    .rst(rst),
    .wr_valid(rd_word_valid),
    .wr_data(rd_word),
    .level(),
    .rd_data(kept),
    .rd_valid(kept_valid),
    .rd_ready(!word_valid_q || word_ready)
  );
  // verilator lint_on PINCONNECTEMPTY

  assign busy = busy_q;
  assign stall = read_q && !room_q;
  assign fetch_start = fetch_start_q;
  assign fetch_base = `GLB_TAB_RUNS + {1'b0, run_q, 2'b00};
  assign rd_valid = rd_valid_q;
  assign rd_tile = {{(8 - TW){1'b0}}, rd_tile_q};
  assign rd_addr = {{(16 - AW){1'b0}}, rd_addr_q};
endmodule

`default_nettype wire
