// Host port: bytes to frames, frames to actions, replies and job frames to bytes.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_params.svh"

module glb_host_port #(
  `GLB_PARAMETERS,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire              clk,
  input  wire              rst,
  // bytes
  input  wire [7:0]        in_data,
  input  wire              in_valid,
  output wire              in_ready,
  output wire [7:0]        out_data,
  output wire              out_valid,
  input  wire              out_ready,
  output wire              error,       // the last reply was not OK
  // writes
  output wire              ld_valid,
  output wire [3:0]        ld_target,
  output wire [7:0]        ld_tile,
  output wire [15:0]       ld_addr,
  output wire [35:0]       ld_data,
  output wire              tab_valid,
  output wire [11:0]       tab_addr,
  output wire [15:0]       tab_data,
  input  wire [15:0]       tab_read,    // word tab_addr, two clocks later
  output wire              wr_req,
  input  wire              wr_grant,
  // job queue
  output wire              push,
  output wire              abort,
  input  wire              running,
  input  wire [1:0]        queued,
  input  wire              full,
  input  wire [1:0]        tail,
  input  wire [1:0]        run_page,
  // DATA and DONE
  input  wire              data_valid,
  input  wire [15:0]       data_len,
  output wire              data_ack,
  input  wire              done_valid,
  input  wire [3:0]        done_status,
  output wire              done_ack,
  output wire              tx_done,
  output wire [5:0]        tx_index,
  input  wire [7:0]        tx_byte,
  input  wire [CHAINS-1:0] word,
  input  wire              word_valid,
  output wire              word_ready
);
  reg rst_q = 1'b1;  // near its users
  always_ff @(posedge clk) rst_q <= rst;

  wire [7:0] rx_data, slot_cmd, slot_seq, payload;
  wire rx_valid, rx_ready, slot_valid, slot_pop;
  wire [10:0] slot_len;
  wire [1:0] slot_status;
  wire [31:0] slot_skipped;
  wire [9:0] payload_addr;
  wire payload_en;
  wire reply_valid, reply_ack;
  wire [7:0] reply_type, reply_seq, reply_byte;
  wire [3:0] reply_status;
  wire [5:0] reply_len;

  wire room;
  assign in_ready = room && !rst_q;
  glb_skid #(.W(8)) u_in (
    .clk(clk),
    .rst(rst_q),
    .in_data(in_data),
    .in_valid(in_valid && !rst_q),
    .in_ready(room),
    .out_data(rx_data),
    .out_valid(rx_valid),
    .out_ready(rx_ready)
  );

  // .*: ports to the nets of their names.
  glb_frame_rx u_rx (
    .*, .rst(rst_q), .in_data(rx_data), .in_valid(rx_valid), .in_ready(rx_ready), .rd_en(payload_en), .rd_addr(payload_addr),
    .rd_data(payload)
  );
  glb_exec #(`GLB_PASS, .BUILD_HASH(BUILD_HASH)) u_exec (
    .*, .rst(rst_q), .rd_en(payload_en), .rd_addr(payload_addr), .rd_data(payload), .reply_index(tx_index[4:0])
  );
  glb_frame_tx #(.CHAINS(CHAINS)) u_tx (.*, .rst(rst_q), .job_byte(tx_byte), .is_done(tx_done), .index(tx_index));
endmodule

`default_nettype wire
