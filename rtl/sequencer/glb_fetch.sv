// Reads a run of words from the table memory, one a clock, and numbers them.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_fetch (
  input  wire        clk,
  input  wire        rst,
  input  wire        start,    // not while busy
  input  wire [11:0] base,
  input  wire [9:0]  count,    // words, at least 1
  input  wire        by_four,  // addresses base, base + 4, ... instead of base, base + 1, ...
  output wire        busy,
  output wire        valid,
  output wire        last,
  output wire [3:0]  index,    // of this word, modulo 16
  output wire [15:0] data,
  // table memory
  output wire [11:0] rd_addr,
  input  wire [15:0] rd_data   // two clocks later
);
  reg [11:0] addr_q;
  reg [9:0] left_q;
  reg four_q, run_q, last_q;
  reg [1:0] valid_q, last_pipe_q;
  reg [3:0] index_q;

  always_ff @(posedge clk) begin
    if (start) begin
      addr_q <= base;
      left_q <= count;
      four_q <= by_four;
      last_q <= count == 10'd1;
      run_q <= 1'b1;
    end else begin
      addr_q <= addr_q + (four_q ? 12'd4 : 12'd1);
      left_q <= left_q - 1'b1;
      last_q <= left_q == 10'd2;
      if (last_q) run_q <= 1'b0;
    end
    valid_q <= {valid_q[0], run_q};
    last_pipe_q <= {last_pipe_q[0], run_q && last_q};
    index_q <= start ? 4'd0 : index_q + {3'd0, valid_q[1]};
    if (rst) begin
      run_q <= 1'b0;
      valid_q <= 2'b00;
    end
  end

  assign busy = run_q || valid_q != 2'b00;
  assign valid = valid_q[1];
  assign last = last_pipe_q[1];
  assign index = index_q;
  assign data = rd_data;
  assign rd_addr = addr_q;
endmodule

`default_nettype wire
