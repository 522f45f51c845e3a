// First in, first out: 2^AW bytes in block memory, a byte out every two clocks at most (a UART is slower by far). SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_byte_fifo #(
  parameter AW = 11
) (
  input  wire       clk,
  input  wire       rst,
  input  wire [7:0] in_data,
  input  wire       in_valid,
  output wire       in_ready,
  output wire [7:0] out_data,
  output wire       out_valid,
  input  wire       out_ready
);
  (* ram_style = "block" *) reg [7:0] mem [0:(1<<AW)-1];
  reg [AW:0] wr_q, rd_q;         // one bit more than the address: full and empty differ
  reg [7:0]  mem_q, data_q;
  reg        room_q, some_q;
  reg        read_q, have_q;     // mem_q, data_q hold a byte
  wire [AW:0] used = wr_q - rd_q;
  wire store = in_valid && room_q;
  wire fetch = some_q && !read_q && (!have_q || out_ready);

  always_ff @(posedge clk) begin
    if (store) mem[wr_q[AW-1:0]] <= in_data;
    if (fetch) mem_q <= mem[rd_q[AW-1:0]];
    if (read_q) data_q <= mem_q;
  end
  always_ff @(posedge clk) begin
    wr_q   <= wr_q + {{AW{1'b0}}, store};
    rd_q   <= rd_q + {{AW{1'b0}}, fetch};
    read_q <= fetch;
    have_q <= read_q || (have_q && !out_ready);
    room_q <= used < (AW + 1)'((1 << AW) - 1);  // as it was a clock ago, hence one byte less
    some_q <= wr_q != rd_q && !fetch;           // a byte leaves every two clocks at most
    if (rst) begin
      wr_q   <= {(AW + 1){1'b0}};
      rd_q   <= {(AW + 1){1'b0}};
      read_q <= 1'b0;
      have_q <= 1'b0;
      room_q <= 1'b0;
      some_q <= 1'b0;
    end
  end
  assign in_ready = room_q;
  assign out_data = data_q;
  assign out_valid = have_q;
endmodule

`default_nettype wire
