// Payload bytes to words: a WRITE's items to the load bus or the table memory, STATES by the runs that are there, a RUN's parameters to a job
// slot there.
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
  input  wire        items,        // bytes of items come
  input  wire        item_valid,   // data is the next one
  output wire        hold,         // it is not taken yet
  input  wire        param_valid,  // data is byte pos of a RUN
  input  wire [5:0]  pos,
  input  wire [7:0]  data,
  input  wire [7:0]  prev,         // the byte before
  // what the items are
  input  wire [3:0]  target,
  input  wire [7:0]  tile,
  input  wire [15:0] addr,         // of the first one
  input  wire [3:0]  item_bytes,
  input  wire        in_table,     // in the table memory
  input  wire        states,       // tokens of STATES: tile is a page, addr a run
  // where the RUN goes
  input  wire        full,         // nowhere
  input  wire [1:0]  tail,
  // writes
  output wire        ld_valid,
  output wire [3:0]  ld_target,
  output wire [7:0]  ld_tile,
  output wire [15:0] ld_addr,
  output wire [35:0] ld_data,
  output wire        tab_valid,
  output wire [11:0] tab_addr,
  output wire [15:0] tab_data,
  input  wire [15:0] tab_read      // word tab_addr, two clocks later
);
  `include "glb_targets.svh"
  reg [3:0] byte_q;              // of the item
  reg [CW-1:0] item_q;           // a coupling word is the longest
  reg ld_valid_q, tab_valid_q;
  reg [15:0] ld_addr_q;
  reg [11:0] tab_addr_q;
  reg [15:0] tab_data_q;
  wire item_last = byte_q + 4'd1 == item_bytes;
  wire item = item_valid && !states;

  // STATES: ld_addr_q is the run.
  wire st_next, st_valid;
  wire [1:0] st_word;
  wire [NS-1:0] st_tile;
  wire [AW-1:0] st_addr;
  wire [CHAINS-1:0] st_data;
  glb_states #(`GLB_PASS) u_states (
    .clk(clk), .rst(rst), .active(items && states), .valid(item_valid), .hold(hold), .data(data), .prev(prev),
    .run_valid(!ld_addr_q[9]), .run_next(st_next), .run_word(st_word), .run_data(tab_read), .ld_valid(st_valid), .ld_tile(st_tile),
    .ld_addr(st_addr), .ld_data(st_data)
  );

  always_ff @(posedge clk) begin
    ld_valid_q <= item && !in_table && item_last;
    if (begin_items) begin
      byte_q <= 4'd0;
      ld_addr_q <= addr;
    end else begin
      if (item) byte_q <= item_last ? 4'd0 : byte_q + 1'b1;
      if (ld_valid_q || (item && in_table && item_last) || st_next) ld_addr_q <= ld_addr_q + 1'b1;
    end
    if (item) begin
      if (byte_q == 4'd0) item_q <= CW'(data);
      for (integer i = 8; i < CW; i = i + 1)
        if (byte_q == 4'(i / 8)) item_q[i] <= data[i%8];
    end
    tab_valid_q <= (item && in_table && byte_q[0]) || (param_valid && pos[0] && !full);
    tab_data_q <= {data, prev};
    tab_addr_q <= param_valid ? `GLB_TAB_JOB + {5'd0, tail, pos[5:1]} : glb_table_addr(target, ld_addr_q[8:0], states ? {1'b0, st_word} : byte_q[3:1]);
    if (rst) begin
      ld_valid_q <= 1'b0;
      tab_valid_q <= 1'b0;
    end
  end

  assign ld_valid = ld_valid_q || st_valid;
  assign ld_target = states ? `GLB_TARGET_STATE : target;
  assign ld_tile = states ? 8'(st_tile) : tile;
  assign ld_addr = states ? 16'({tile[1:0], st_addr}) : ld_addr_q;
  assign ld_data = states ? 36'(st_data) : 36'(item_q);
  assign tab_valid = tab_valid_q;
  assign tab_addr = tab_addr_q;
  assign tab_data = tab_data_q;
endmodule

`default_nettype wire
