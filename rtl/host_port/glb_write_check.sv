// A WRITE's header and its checks (docs/design/array.md, section 7): target, length, range, busy. The bytes of its items are divided by the
// size of one, a quotient bit a clock. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"
`include "glb_params.svh"

module glb_write_check #(
  `GLB_PARAMETERS,
  `GLB_WIDTHS
) (
  input  wire        clk,
  // the header
  input  wire        head,        // data is byte pos of it
  input  wire [1:0]  pos,
  input  wire [7:0]  data,
  input  wire [9:0]  len,         // of the payload, modulo 1024
  // after the header: one clock, then ten
  input  wire        size,
  input  wire        divide,
  // the running job
  input  wire        running,
  input  wire [1:0]  run_page,
  // what was found; right three clocks after divide
  output wire [3:0]  target,
  output wire [7:0]  tile,
  output wire [15:0] addr,        // of the first item
  output wire [3:0]  item_bytes,
  output wire        in_table,     // the target is in the table memory
  output wire        states,       // the target is STATES: tile is a page, addr a run, items are bytes
  output wire        bad_target,
  output wire        bad_length,
  output wire        bad_range,
  output wire        busy         // not while this job runs; follows it
);
  `include "glb_targets.svh"
  reg [7:0] target_q, tile_q;
  reg [15:0] addr_q;
  reg [3:0] item_bytes_q;
  reg [7:0] tiles_q;                // tiles of the target
  reg [16:0] depth_q;
  reg table_q;
  reg [9:0] dividend_q, items_q;
  reg [4:0] rem_q;
  reg [16:0] end_q;
  reg [1:0] first_page_q, last_page_q;
  reg states_q, bad_target_q, bad_length_q, bad_range_q, busy_q;
  wire [4:0] rem_next = {rem_q[3:0], dividend_q[9]};
  wire rem_fits = rem_next >= {1'b0, item_bytes_q};
  wire other_page = run_page < first_page_q || run_page > last_page_q;
  wire has_page = target_q[3:0] == `GLB_TARGET_STATE || states_q;

  always_ff @(posedge clk) begin
    if (head) begin
      if (pos == 2'd0) target_q <= data;
      if (pos == 2'd1) tile_q <= data;
      if (pos == 2'd2) addr_q[7:0] <= data;
      if (pos == 2'd3) addr_q[15:8] <= data;
    end
    bad_target_q <= target_q >= `GLB_TARGETS;
    states_q <= target_q[3:0] == `GLB_TARGET_STATES;
    {table_q, item_bytes_q, tiles_q, depth_q} <= glb_target(target_q[3:0]);

    // items = (len - 4) / item_bytes
    if (size) begin
      dividend_q <= len - 10'd4;  // 1024 - 4 fits as well
      items_q <= 10'd0;
      rem_q <= 5'd0;
    end
    if (divide) begin
      dividend_q <= {dividend_q[8:0], 1'b0};
      items_q <= {items_q[8:0], rem_fits};
      rem_q <= rem_fits ? rem_next - {1'b0, item_bytes_q} : rem_next;
    end
    end_q <= {1'b0, addr_q} + {7'd0, items_q};
    bad_length_q <= rem_q != 5'd0 || items_q == 10'd0;
    bad_range_q <= tile_q >= tiles_q || (states_q ? addr_q[15:9] != 7'd0 : end_q > depth_q);  // 512 runs
    first_page_q <= states_q ? tile_q[1:0] : addr_q[AW+1:AW];
    last_page_q <= states_q ? tile_q[1:0] : 2'((end_q - 17'd1) >> AW);
    busy_q <= running && !(has_page && other_page);
  end

  assign target = target_q[3:0];
  assign tile = tile_q;
  assign addr = addr_q;
  assign item_bytes = item_bytes_q;
  assign in_table = table_q;
  assign states = states_q;
  assign bad_target = bad_target_q;
  assign bad_length = bad_length_q;
  assign bad_range = bad_range_q;
  assign busy = busy_q;
endmodule

`default_nettype wire
