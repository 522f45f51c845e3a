// Acts on the frames of glb_frame_rx: checks, writes, job queue, replies. The order of checks is that of docs/design/array.md, section 7.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"
`include "glb_params.svh"

module glb_exec #(
  `GLB_PARAMETERS,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire        clk,
  input  wire        rst,
  // the oldest frame
  input  wire        slot_valid,
  output wire        slot_pop,
  input  wire [7:0]  slot_cmd,
  input  wire [7:0]  slot_seq,
  input  wire [10:0] slot_len,
  input  wire [1:0]  slot_status,
  input  wire [31:0] slot_skipped,
  output wire        rd_en,
  output wire [9:0]  rd_addr,
  input  wire [7:0]  rd_data,      // two enabled clocks later
  // the reply
  output wire        reply_valid,
  input  wire        reply_ack,    // sent
  output wire [7:0]  reply_type,
  output wire [7:0]  reply_seq,
  output wire [3:0]  reply_status,
  output wire [5:0]  reply_len,
  input  wire [4:0]  reply_index,
  output wire [7:0]  reply_byte,   // three clocks later
  output wire        error,        // the last reply was not OK
  // writes
  output wire        ld_valid,
  output wire [3:0]  ld_target,
  output wire [7:0]  ld_tile,
  output wire [15:0] ld_addr,
  output wire [35:0] ld_data,
  output wire        tab_valid,
  output wire [11:0] tab_addr,
  output wire [15:0] tab_data,
  input  wire [15:0] tab_read,     // word tab_addr, two clocks later
  output wire        wr_req,
  input  wire        wr_grant,
  // job queue
  output wire        push,
  output wire        abort,
  input  wire        running,
  input  wire [1:0]  queued,
  input  wire        full,
  input  wire [1:0]  tail,
  input  wire [1:0]  run_page
);
  localparam [3:0] IDLE = 4'd0, CLASS = 4'd1, HEAD = 4'd2, SIZE = 4'd3, DIVIDE = 4'd4, RANGE = 4'd5,
                   DECIDE = 4'd6, REQUEST = 4'd7, ITEMS = 4'd8, PARAM = 4'd9, ACT = 4'd10,
                   REPLY = 4'd11;
  reg [3:0] state_q;

  // The frame and its reply.
  reg [7:0] cmd_q, seq_q;
  reg [10:0] len_q;
  reg [1:0] check_q;
  reg [3:0] status_q;
  reg error_q;
  reg [31:0] frames_q, bad_crc_q, skipped_q, errors_q;

  // Payload bytes, one a clock, unless STATES holds all of it.
  reg [9:0] addr_q;
  reg [10:0] left_q;                // bytes still to be read
  reg read_q;
  reg [1:0] valid_q;
  reg [5:0] pos_q;                  // byte of the command
  reg [3:0] drain_q;                // pipeline after the last byte
  wire hold;
  wire byte_valid = valid_q[1] && !hold;
  wire [7:0] data = rd_data;
  reg [7:0] prev_q;                 // the byte before
  wire idle = !read_q && valid_q == 2'b00;

  // WRITE.
  reg [3:0] bit_q;                  // of the quotient; then clocks of the checks
  wire [3:0] target;
  wire [7:0] tile;
  wire [15:0] item_addr;
  wire [3:0] item_bytes;
  wire in_table, states, bad_target, bad_length, bad_range, busy;

  // RUN.
  reg full_q;
  wire bad_param;
  wire is_write = cmd_q == `GLB_CMD_WRITE;
  wire short_write = len_q[10:2] == 9'd0;
  wire run_length = len_q == 11'(`GLB_RUN_BYTES);
  wire in_items = state_q == ITEMS && valid_q[1];
  wire in_param = state_q == PARAM && byte_valid;

  always_ff @(posedge clk) begin
    if (state_q == IDLE) begin
      cmd_q <= slot_cmd;
      seq_q <= slot_seq;
      len_q <= slot_len;
      check_q <= slot_status;
      if (slot_valid) begin
        skipped_q <= slot_skipped;
        if (slot_status == 2'd0) frames_q <= frames_q + 1'b1;
        if (slot_status == 2'd1) bad_crc_q <= bad_crc_q + 1'b1;
      end
    end

    // Reader: HEAD takes 4 bytes, ITEMS the rest, PARAM all.
    if (state_q == CLASS) begin
      addr_q <= 10'd0;
      pos_q <= 6'd0;
      left_q <= is_write ? 11'd4 : 11'(`GLB_RUN_BYTES);
      read_q <= check_q == 2'd0 && (is_write ? !short_write : cmd_q == `GLB_CMD_RUN && run_length);
    end else if (state_q == REQUEST) begin
      left_q <= len_q - 11'd4;
      read_q <= wr_grant && !busy;
    end else if (read_q && !hold) begin
      addr_q <= addr_q + 1'b1;
      left_q <= left_q - 1'b1;
      if (left_q == 11'd1) read_q <= 1'b0;
    end
    if (!hold) valid_q <= {valid_q[0], read_q};
    if (byte_valid) pos_q <= pos_q + 1'b1;
    drain_q <= state_q == CLASS || state_q == REQUEST ? 4'd0 : {drain_q[2:0], idle};

    if (byte_valid) prev_q <= data;
    if (state_q == SIZE) bit_q <= 4'd9;
    if (state_q == DIVIDE) bit_q <= bit_q - 1'b1;
    if (state_q == CLASS) full_q <= full;

    case (state_q)
      IDLE: if (slot_valid) state_q <= CLASS;
      CLASS: begin
        state_q <= ACT;
        status_q <= `GLB_WIRE_OK;
        if (check_q != 2'd0) status_q <= {2'd0, check_q};
        else
          case (cmd_q)
            `GLB_CMD_IDENT, `GLB_CMD_STATUS, `GLB_CMD_ABORT:
              if (len_q != 11'd0) status_q <= `GLB_WIRE_BAD_LENGTH;
            `GLB_CMD_WRITE:
              if (short_write) status_q <= `GLB_WIRE_BAD_LENGTH;
              else state_q <= HEAD;
            `GLB_CMD_RUN:
              if (!run_length) status_q <= `GLB_WIRE_BAD_LENGTH;
              else state_q <= PARAM;
            default: status_q <= `GLB_WIRE_BAD_COMMAND;
          endcase
      end

      HEAD: if (drain_q[0]) state_q <= SIZE;
      SIZE: state_q <= DIVIDE;
      DIVIDE: if (bit_q == 4'd0) state_q <= RANGE;
      RANGE: begin  // three clocks for the sums and compares
        bit_q <= bit_q + 1'b1;
        if (bit_q == 4'd2) state_q <= DECIDE;
      end
      DECIDE: begin
        state_q <= ACT;
        if (bad_target) status_q <= `GLB_WIRE_BAD_TARGET;
        else if (bad_length) status_q <= `GLB_WIRE_BAD_LENGTH;
        else if (bad_range) status_q <= `GLB_WIRE_BAD_RANGE;
        else if (busy) status_q <= `GLB_WIRE_BUSY;
        else state_q <= REQUEST;
      end
      REQUEST:
        if (wr_grant) begin
          // Another job may have become the running one while this frame waited.
          state_q <= busy ? ACT : ITEMS;
          if (busy) status_q <= `GLB_WIRE_BUSY;
        end
      ITEMS: if (drain_q[1] && !hold) state_q <= ACT;
      PARAM:
        if (drain_q[3]) begin
          state_q <= ACT;
          if (bad_param) status_q <= `GLB_WIRE_BAD_PARAM;
          else if (full_q) status_q <= `GLB_WIRE_BUSY;
        end
      ACT: state_q <= REPLY;
      default: if (reply_ack) state_q <= IDLE;
    endcase
    if (state_q == ACT) begin
      error_q <= status_q != `GLB_WIRE_OK;
      if (status_q != `GLB_WIRE_OK) errors_q <= errors_q + 1'b1;
    end

    if (rst) begin
      state_q <= IDLE;
      read_q <= 1'b0;
      valid_q <= 2'b00;
      error_q <= 1'b0;
      frames_q <= 32'd0;
      bad_crc_q <= 32'd0;
      skipped_q <= 32'd0;
      errors_q <= 32'd0;
    end
  end

  glb_write_check #(`GLB_PASS) u_write_check (
    .clk(clk), .head(state_q == HEAD && byte_valid), .pos(pos_q[1:0]), .data(data), .len(len_q[9:0]), .size(state_q == SIZE),
    .divide(state_q == DIVIDE), .running(running), .run_page(run_page), .target(target), .tile(tile), .addr(item_addr),
    .item_bytes(item_bytes), .in_table(in_table), .states(states), .bad_target(bad_target), .bad_length(bad_length),
    .bad_range(bad_range), .busy(busy)
  );
  glb_run_check u_run_check (
    .clk(clk), .clear(state_q == CLASS), .valid(in_param), .pos(pos_q), .data(data), .prev(prev_q), .bad(bad_param)
  );
  glb_items #(`GLB_PASS) u_items (
    .clk(clk), .rst(rst), .begin_items(state_q == REQUEST), .items(state_q == ITEMS), .item_valid(in_items), .hold(hold),
    .param_valid(in_param), .pos(pos_q), .data(data), .prev(prev_q), .target(target), .tile(tile), .addr(item_addr),
    .item_bytes(item_bytes), .in_table(in_table), .states(states), .full(full_q), .tail(tail), .ld_valid(ld_valid),
    .ld_target(ld_target), .ld_tile(ld_tile), .ld_addr(ld_addr), .ld_data(ld_data), .tab_valid(tab_valid), .tab_addr(tab_addr),
    .tab_data(tab_data), .tab_read(tab_read)
  );

  wire ok = status_q == `GLB_WIRE_OK;
  assign slot_pop = state_q == REPLY && reply_ack;
  assign rd_en = !hold;
  assign rd_addr = addr_q;
  assign wr_req = state_q == REQUEST || state_q == ITEMS;
  assign push = state_q == ACT && ok && cmd_q == `GLB_CMD_RUN;
  assign abort = state_q == ACT && ok && cmd_q == `GLB_CMD_ABORT;
  assign error = error_q;

  assign reply_valid = state_q == REPLY;
  assign reply_type = `GLB_TYPE_REPLY | cmd_q;
  assign reply_seq = seq_q;
  assign reply_status = status_q;
  assign reply_len = !ok ? 6'd0
                   : cmd_q == `GLB_CMD_IDENT ? 6'(`GLB_IDENT_BYTES)
                   : cmd_q == `GLB_CMD_STATUS ? 6'(`GLB_STATUS_BYTES) : 6'd0;

  glb_reply #(`GLB_PASS, .BUILD_HASH(BUILD_HASH)) u_reply (
    .clk(clk), .ident(cmd_q[0]), .index(reply_index), .data(reply_byte), .running(running), .queued(queued),
    .frames(frames_q), .bad_crc(bad_crc_q), .skipped(skipped_q), .errors(errors_q)
  );
endmodule

`default_nettype wire
