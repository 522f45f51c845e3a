// Acts on the frames that glb_frame_rx hands over: checks, writes, job queue, replies. The order of
// checks is that of docs/design/array.md, section 7.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"

module glb_exec #(
  parameter TILES  = 64,    // see array.md, section 1
  parameter LANES  = 2,
  parameter CHAINS = 16,
  parameter JW     = 8,
  parameter ACC    = 12,
  parameter GW     = 6,
  parameter SDEPTH = 1536,
  parameter CDEPTH = 1024,
  parameter WL     = 11,    // clocks from a CTRL to its write
  parameter GAP    = 15,    // clocks between segments
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
  output wire [9:0]  rd_addr,
  input  wire [7:0]  rd_data,      // two clocks later
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
  output wire        wr_req,
  input  wire        wr_grant,
  // job queue
  output wire        push,
  output wire        abort,
  input  wire        running,
  input  wire        queued,
  input  wire        tail,
  input  wire        run_page
);
  localparam LW = $clog2(LANES);
  localparam AW = GW + LW;
  localparam OW = $clog2(LANES + 2);
  localparam NB = $clog2(TILES) * TILES / 2;
  localparam PW = LANES * JW > 16 ? LANES * JW : 16;
  localparam IW = PW + OW;  // bits of the longest item, a coupling word
  localparam [7:0] SCHED_BYTES = 8'((AW + OW + 7) / 8);
  localparam [7:0] COUPLING_BYTES = 8'((PW + OW + 7) / 8);
  localparam [7:0] STATE_BYTES = 8'((CHAINS + 7) / 8);
  localparam [16:0] STATE_DEPTH = 17'(2 << AW);
  localparam [7:0] CHUNKS = 8'((NB + 15) / 16);

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

  // Payload bytes, one a clock.
  reg [9:0] addr_q;
  reg [10:0] left_q;                // bytes still to be read
  reg read_q;
  reg [1:0] valid_q;
  reg [5:0] pos_q;                  // byte of the command
  reg [3:0] drain_q;                // pipeline after the last byte
  wire byte_valid = valid_q[1];
  wire [7:0] data = rd_data;
  wire idle = !read_q && valid_q == 2'b00;

  // WRITE.
  reg [7:0] target_q, tile_q;
  reg [15:0] waddr_q;
  reg [3:0] size_q;                 // bytes of an item
  reg [7:0] tiles_q;                // tiles of the target
  reg [16:0] depth_q;
  reg table_q;                      // target is in the table memory
  reg [9:0] dividend_q, items_q;
  reg [4:0] rem_q;
  reg [3:0] bit_q;
  reg [16:0] end_q;
  reg first_page_q, last_page_q;
  reg bad_target_q, bad_length_q, bad_range_q, busy_q;
  wire [4:0] rem_next = {rem_q[3:0], dividend_q[9]};
  wire rem_fits = rem_next >= {1'b0, size_q};
  wire [16:0] last_addr = end_q - 17'd1;

  // Items on their way.
  reg [3:0] item_byte_q;
  reg [IW-1:0] item_q;
  reg ld_valid_q, tab_valid_q;
  reg [15:0] ld_addr_q;
  reg [7:0] low_q;
  reg [11:0] tab_addr_q;
  reg [15:0] tab_data_q;
  wire item_last = item_byte_q + 4'd1 == size_q;

  // RUN.
  reg full_q;
  wire bad_param;
  wire is_write = cmd_q == `GLB_CMD_WRITE;
  wire short_write = len_q[10:2] == 9'd0;
  wire run_length = len_q == 11'(`GLB_RUN_BYTES);
  wire other_page = first_page_q != run_page && last_page_q != run_page;
  wire in_items = state_q == ITEMS && byte_valid;
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
      left_q <= is_write ? 11'd4 : 11'd48;
      read_q <= check_q == 2'd0 && (is_write ? !short_write : cmd_q == `GLB_CMD_RUN && run_length);
    end else if (state_q == REQUEST) begin
      left_q <= len_q - 11'd4;
      read_q <= wr_grant && !busy_q;
    end else if (read_q) begin
      addr_q <= addr_q + 1'b1;
      left_q <= left_q - 1'b1;
      if (left_q == 11'd1) read_q <= 1'b0;
    end
    valid_q <= {valid_q[0], read_q};
    if (byte_valid) pos_q <= pos_q + 1'b1;
    drain_q <= state_q == CLASS || state_q == REQUEST ? 4'd0 : {drain_q[2:0], idle};

    // WRITE's header, target's shape, items = (len - 4) / size.
    if (state_q == HEAD && byte_valid) begin
      if (pos_q[1:0] == 2'd0) target_q <= data;
      if (pos_q[1:0] == 2'd1) tile_q <= data;
      if (pos_q[1:0] == 2'd2) waddr_q[7:0] <= data;
      if (pos_q[1:0] == 2'd3) waddr_q[15:8] <= data;
    end
    bad_target_q <= target_q >= `GLB_TARGETS;
    tiles_q <= 8'd1;
    table_q <= target_q[2];
    case (target_q[2:0])
      3'd0: begin
        size_q <= SCHED_BYTES[3:0];
        tiles_q <= 8'(TILES);
        depth_q <= 17'(SDEPTH);
      end
      3'd1: begin
        size_q <= 4'd2;
        tiles_q <= CHUNKS;
        depth_q <= 17'(SDEPTH);
      end
      3'd2: begin
        size_q <= COUPLING_BYTES[3:0];
        tiles_q <= 8'(TILES);
        depth_q <= 17'(CDEPTH);
      end
      3'd3: begin
        size_q <= STATE_BYTES[3:0];
        tiles_q <= 8'(TILES);
        depth_q <= STATE_DEPTH;
      end
      3'd4: begin
        size_q <= 4'd12;
        depth_q <= 17'(`GLB_SEGMENTS);
      end
      3'd5: begin
        size_q <= 4'd8;
        depth_q <= 17'(`GLB_BETA_STEPS);
      end
      default: begin
        size_q <= 4'd6;
        depth_q <= 17'(`GLB_RUNS);
      end
    endcase
    if (state_q == SIZE) begin
      dividend_q <= len_q[9:0] - 10'd4;  // 1024 - 4 fits as well
      items_q <= 10'd0;
      rem_q <= 5'd0;
      bit_q <= 4'd9;
    end
    if (state_q == DIVIDE) begin
      dividend_q <= {dividend_q[8:0], 1'b0};
      items_q <= {items_q[8:0], rem_fits};
      rem_q <= rem_fits ? rem_next - {1'b0, size_q} : rem_next;
      bit_q <= bit_q - 1'b1;
    end
    end_q <= {1'b0, waddr_q} + {7'd0, items_q};
    bad_length_q <= rem_q != 5'd0 || items_q == 10'd0;
    bad_range_q <= tile_q >= tiles_q || end_q > depth_q;
    first_page_q <= waddr_q[AW];
    last_page_q <= last_addr[AW];
    busy_q <= running && !(target_q[2:0] == 3'd3 && other_page);

    // Items: bytes to words.
    ld_valid_q <= in_items && !table_q && item_last;
    if (state_q == REQUEST) begin
      item_byte_q <= 4'd0;
      ld_addr_q <= waddr_q;
    end else begin
      if (in_items) item_byte_q <= item_last ? 4'd0 : item_byte_q + 1'b1;
      if (ld_valid_q || (in_items && table_q && item_last)) ld_addr_q <= ld_addr_q + 1'b1;
    end
    if (in_items) begin
      if (item_byte_q == 4'd0) item_q <= IW'(data);
      for (integer i = 8; i < IW; i = i + 1)
        if (item_byte_q == 4'(i / 8)) item_q[i] <= data[i%8];
    end
    if (byte_valid) low_q <= data;
    tab_valid_q <= (in_items && table_q && item_byte_q[0]) || (in_param && pos_q[0] && !full_q);
    tab_data_q <= {data, low_q};
    tab_addr_q <= state_q == PARAM ? `GLB_TAB_JOB + {6'd0, tail, pos_q[5:1]}
                : target_q[1:0] == 2'd0 ? `GLB_TAB_SEG + {5'd0, ld_addr_q[3:0], item_byte_q[3:1]}
                : target_q[1:0] == 2'd1 ? `GLB_TAB_BETA + {2'd0, ld_addr_q[7:0], item_byte_q[2:1]}
                : `GLB_TAB_RUNS + {1'b0, ld_addr_q[8:0], item_byte_q[2:1]};

    if (state_q == CLASS) full_q <= queued;

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
        if (bad_target_q) status_q <= `GLB_WIRE_BAD_TARGET;
        else if (bad_length_q) status_q <= `GLB_WIRE_BAD_LENGTH;
        else if (bad_range_q) status_q <= `GLB_WIRE_BAD_RANGE;
        else if (busy_q) status_q <= `GLB_WIRE_BUSY;
        else state_q <= REQUEST;
      end
      REQUEST:
        if (wr_grant) begin
          // Another job may have become the running one while this frame waited.
          state_q <= busy_q ? ACT : ITEMS;
          if (busy_q) status_q <= `GLB_WIRE_BUSY;
        end
      ITEMS: if (drain_q[1]) state_q <= ACT;
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
      ld_valid_q <= 1'b0;
      tab_valid_q <= 1'b0;
    end
  end

  glb_run_check u_run_check (
    .clk(clk), .clear(state_q == CLASS), .valid(in_param), .pos(pos_q), .data(data), .prev(low_q), .bad(bad_param)
  );

  wire ok = status_q == `GLB_WIRE_OK;
  assign slot_pop = state_q == REPLY && reply_ack;
  assign rd_addr = addr_q;
  assign wr_req = state_q == REQUEST || state_q == ITEMS;
  assign push = state_q == ACT && ok && cmd_q == `GLB_CMD_RUN;
  assign abort = state_q == ACT && ok && cmd_q == `GLB_CMD_ABORT;
  assign ld_valid = ld_valid_q;
  assign ld_target = target_q[3:0];
  assign ld_tile = tile_q;
  assign ld_addr = ld_addr_q;
  assign ld_data = 36'(item_q);
  assign tab_valid = tab_valid_q;
  assign tab_addr = tab_addr_q;
  assign tab_data = tab_data_q;
  assign error = error_q;

  assign reply_valid = state_q == REPLY;
  assign reply_type = `GLB_TYPE_REPLY | cmd_q;
  assign reply_seq = seq_q;
  assign reply_status = status_q;
  assign reply_len = !ok ? 6'd0
                   : cmd_q == `GLB_CMD_IDENT ? 6'(`GLB_IDENT_BYTES)
                   : cmd_q == `GLB_CMD_STATUS ? 6'(`GLB_STATUS_BYTES) : 6'd0;

  glb_reply #(
    .TILES(TILES), .LANES(LANES), .CHAINS(CHAINS), .JW(JW), .ACC(ACC), .GW(GW), .SDEPTH(SDEPTH), .CDEPTH(CDEPTH), .WL(WL),
    .GAP(GAP), .BUILD_HASH(BUILD_HASH)
  ) u_reply (
    .clk(clk), .ident(cmd_q[0]), .index(reply_index), .data(reply_byte), .running(running), .queued(queued),
    .frames(frames_q), .bad_crc(bad_crc_q), .skipped(skipped_q), .errors(errors_q)
  );
endmodule

`default_nettype wire
