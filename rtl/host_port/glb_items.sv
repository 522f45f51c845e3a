// Payload bytes to words: a WRITE's items to the load bus or the table memory, a RUN's parameters to a job slot there.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"
`include "glb_params.svh"

module glb_items #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS
) (
  input  wire        clk,
  input  wire        rst,
  input  wire        begin_items,  // before the first byte of items
  input  wire        item_valid,   // data is the next byte of items
  input  wire        param_valid,  // data is byte pos of a RUN
  input  wire [5:0]  pos,
  input  wire [7:0]  data,
  input  wire [7:0]  prev,         // the byte before
  // what the items are
  input  wire [3:0]  target,
  input  wire [15:0] addr,         // of the first one
  input  wire [3:0]  item_bytes,
  input  wire        in_table,     // in the table memory
  // where the RUN goes
  input  wire        full,         // nowhere
  input  wire        tail,
  // writes
  output wire        ld_valid,
  output wire [15:0] ld_addr,
  output wire [35:0] ld_data,
  output wire        tab_valid,
  output wire [11:0] tab_addr,
  output wire [15:0] tab_data
);
  `include "glb_targets.svh"
  reg [3:0] byte_q;              // of the item
  reg [CW-1:0] item_q;           // a coupling word is the longest
  reg ld_valid_q, tab_valid_q;
  reg [15:0] ld_addr_q;
  reg [11:0] tab_addr_q;
  reg [15:0] tab_data_q;
  wire item_last = byte_q + 4'd1 == item_bytes;

  always_ff @(posedge clk) begin
    ld_valid_q <= item_valid && !in_table && item_last;
    if (begin_items) begin
      byte_q <= 4'd0;
      ld_addr_q <= addr;
    end else begin
      if (item_valid) byte_q <= item_last ? 4'd0 : byte_q + 1'b1;
      if (ld_valid_q || (item_valid && in_table && item_last)) ld_addr_q <= ld_addr_q + 1'b1;
    end
    if (item_valid) begin
      if (byte_q == 4'd0) item_q <= CW'(data);
      for (integer i = 8; i < CW; i = i + 1)
        if (byte_q == 4'(i / 8)) item_q[i] <= data[i%8];
    end
    tab_valid_q <= (item_valid && in_table && byte_q[0]) || (param_valid && pos[0] && !full);
    tab_data_q <= {data, prev};
    tab_addr_q <= param_valid ? `GLB_TAB_JOB + {6'd0, tail, pos[5:1]} : glb_table_addr(target, ld_addr_q[8:0], byte_q[3:1]);
    if (rst) begin
      ld_valid_q <= 1'b0;
      tab_valid_q <= 1'b0;
    end
  end

  assign ld_valid = ld_valid_q;
  assign ld_addr = ld_addr_q;
  assign ld_data = 36'(item_q);
  assign tab_valid = tab_valid_q;
  assign tab_addr = tab_addr_q;
  assign tab_data = tab_data_q;
endmodule

`default_nettype wire
