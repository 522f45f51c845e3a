// Frames to the host: takes replies, DATA and DONE frames one at a time (in this order of
// preference) and adds header and CRC.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"

module glb_frame_tx #(
  parameter CHAINS = 16  // bits of a readout word
) (
  input  wire              clk,
  input  wire              rst,
  // replies
  input  wire              reply_valid,
  output wire              reply_ack,     // sent
  input  wire [7:0]        reply_type,
  input  wire [7:0]        reply_seq,
  input  wire [3:0]        reply_status,
  input  wire [5:0]        reply_len,
  input  wire [7:0]        reply_byte,    // payload byte `index`, three clocks later
  // DATA and DONE
  input  wire              data_valid,
  input  wire [15:0]       data_len,      // at least 8
  output wire              data_ack,
  input  wire              done_valid,
  input  wire [3:0]        done_status,
  output wire              done_ack,
  input  wire [7:0]        job_byte,      // payload byte `index` (DATA: the first 8), three later
  input  wire [CHAINS-1:0] word,          // DATA: the words after them
  input  wire              word_valid,
  output wire              word_ready,
  output wire              is_done,       // index is of a DONE frame
  output wire [5:0]        index,
  // bytes to the host
  output wire [7:0]        out_data,
  output wire              out_valid,
  input  wire              out_ready
);
  localparam WB = (CHAINS + 7) / 8;
  localparam [2:0] IDLE = 3'd0, HEAD = 3'd1, PAYLOAD = 3'd2, WORDS = 3'd3, SUM = 3'd4, ACK = 3'd5;
  localparam [1:0] FIXED = 2'd0, REPLY = 2'd1, JOB = 2'd2, CRC = 2'd3;

  reg [2:0] state_q;
  reg [1:0] kind_q;             // REPLY or JOB
  reg is_data_q, is_done_q;
  reg [7:0] type_q, seq_q, frame_seq_q;
  reg [3:0] status_q;
  reg [15:0] len_q, words_q;    // words_q: word bytes left
  reg [5:0] index_q, last_q;
  reg half_q;                   // high byte of a word
  reg room_q;

  // A byte on its way: what it is, its value, then the sum.
  reg sa_valid_q, s0_valid_q, s1_valid_q, s2_valid_q, s3_valid_q, sa_first_q, s0_first_q, s1_first_q, s2_first_q, s2_crc_q;
  reg [1:0] sa_kind_q, s0_kind_q, s1_kind_q;
  reg [7:0] sa_byte_q, s0_byte_q, s1_byte_q, s2_byte_q, s3_byte_q;
  wire [7:0] crc;
  wire [4:0] level;

  wire [15:0] word16 = {{(16 - CHAINS){1'b0}}, word};
  wire step = room_q && (state_q != WORDS || word_valid);
  wire word_high = WB == 1 || half_q;
  assign word_ready = state_q == WORDS && room_q && word_high;

  reg [7:0] head;
  always_comb
    case (index_q[2:0])
      3'd0: head = `GLB_SYNC_DEVICE;
      3'd1: head = type_q;
      3'd2: head = seq_q;
      3'd3: head = {4'd0, status_q};
      3'd4: head = len_q[7:0];
      default: head = len_q[15:8];
    endcase

  always_ff @(posedge clk) begin
    sa_valid_q <= 1'b0;
    sa_first_q <= 1'b0;
    case (state_q)
      IDLE: begin
        index_q <= 6'd0;
        half_q <= 1'b0;
        kind_q <= reply_valid ? REPLY : JOB;
        is_data_q <= !reply_valid && data_valid;
        is_done_q <= !reply_valid && !data_valid;
        type_q <= reply_valid ? reply_type : data_valid ? `GLB_TYPE_DATA : `GLB_TYPE_DONE;
        seq_q <= reply_valid ? reply_seq : frame_seq_q;
        status_q <= reply_valid ? reply_status : data_valid ? `GLB_WIRE_OK : done_status;
        len_q <= reply_valid ? {10'd0, reply_len} : data_valid ? data_len : 16'(`GLB_DONE_BYTES);
        if (reply_valid || data_valid || done_valid) state_q <= HEAD;
      end
      HEAD: if (room_q) begin
        sa_valid_q <= 1'b1;
        sa_first_q <= index_q == 6'd0;
        sa_kind_q <= FIXED;
        sa_byte_q <= head;
        index_q <= index_q + 1'b1;
        words_q <= len_q - 16'd8;
        last_q <= is_data_q ? 6'd7 : len_q[5:0] - 1'b1;
        if (index_q == 6'd5) begin
          index_q <= 6'd0;
          state_q <= len_q == 16'd0 ? SUM : PAYLOAD;
        end
      end
      PAYLOAD: if (room_q) begin
        sa_valid_q <= 1'b1;
        sa_kind_q <= kind_q;
        index_q <= index_q + 1'b1;
        if (index_q == last_q) begin
          index_q <= 6'd0;
          state_q <= is_data_q && words_q != 16'd0 ? WORDS : SUM;
        end
      end
      WORDS: if (step) begin
        sa_valid_q <= 1'b1;
        sa_kind_q <= FIXED;
        sa_byte_q <= half_q ? word16[15:8] : word16[7:0];
        half_q <= !word_high;
        words_q <= words_q - 1'b1;
        if (words_q == 16'd1) state_q <= SUM;
      end
      SUM: if (room_q) begin
        sa_valid_q <= 1'b1;
        sa_kind_q <= CRC;
        index_q <= index_q + 1'b1;
        if (index_q[1:0] == 2'd3) state_q <= ACK;
      end
      default: begin  // ACK
        if (kind_q == JOB) frame_seq_q <= frame_seq_q + 1'b1;
        state_q <= IDLE;
      end
    endcase

    s0_valid_q <= sa_valid_q;
    s0_first_q <= sa_first_q;
    s0_kind_q <= sa_kind_q;
    s0_byte_q <= sa_byte_q;
    s1_valid_q <= s0_valid_q;
    s1_first_q <= s0_first_q;
    s1_kind_q <= s0_kind_q;
    s1_byte_q <= s0_byte_q;
    s2_valid_q <= s1_valid_q;
    s2_first_q <= s1_first_q;
    s2_crc_q <= s1_kind_q == CRC;
    s2_byte_q <= s1_kind_q == REPLY ? reply_byte : s1_kind_q == JOB ? job_byte : s1_byte_q;
    s3_valid_q <= s2_valid_q;
    s3_byte_q <= s2_crc_q ? crc : s2_byte_q;
    room_q <= level <= 5'd8;
    if (rst) begin
      state_q <= IDLE;
      frame_seq_q <= 8'd0;
      sa_valid_q <= 1'b0;
      s0_valid_q <= 1'b0;
      s1_valid_q <= 1'b0;
      s2_valid_q <= 1'b0;
      s3_valid_q <= 1'b0;
      room_q <= 1'b0;
    end
  end

  glb_crc32 u_crc (
    .clk(clk),
    .init(s2_first_q),
    .en(s2_valid_q && !s2_crc_q),
    .shift(s2_valid_q && s2_crc_q),
    .data(s2_byte_q),
    .sum(crc)
  );

  glb_fifo #(.W(8), .AW(4)) u_out (
    .clk(clk),
    .rst(rst),
    .wr_valid(s3_valid_q),
    .wr_data(s3_byte_q),
    .level(level),
    .rd_data(out_data),
    .rd_valid(out_valid),
    .rd_ready(out_ready)
  );

  assign reply_ack = state_q == ACK && kind_q == REPLY;
  assign data_ack = state_q == ACK && is_data_q;
  assign done_ack = state_q == ACK && is_done_q && kind_q == JOB;
  assign is_done = is_done_q;
  assign index = index_q;
endmodule

`default_nettype wire
