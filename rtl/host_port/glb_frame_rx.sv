// Frames from the host: hunts for the sync byte, buffers the payload, checks the CRC and gives one descriptor a frame. Two pages of 1 KB:
// the next frame comes in while the last one is acted on.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"

module glb_frame_rx (
  input  wire        clk,
  input  wire        rst,
  // bytes from the host
  input  wire [7:0]  in_data,
  input  wire        in_valid,
  output wire        in_ready,
  // the oldest frame
  output wire        slot_valid,
  input  wire        slot_pop,      // done with it; its page is free again
  output wire [7:0]  slot_cmd,
  output wire [7:0]  slot_seq,
  output wire [10:0] slot_len,      // payload bytes
  output wire [1:0]  slot_status,   // GLB_WIRE_OK, _BAD_CRC or _BAD_LENGTH (nothing buffered)
  output wire [31:0] slot_skipped,  // bytes skipped since reset, as of this frame
  // its payload
  input  wire        rd_en,         // else both registers of rd_data keep what they have
  input  wire [9:0]  rd_addr,
  output wire [7:0]  rd_data        // two clocks later
);
  localparam [3:0] HUNT = 4'd0, HOLD = 4'd1, CMD = 4'd2, SEQ = 4'd3, ZERO = 4'd4, LEN = 4'd5, SIZE = 4'd6, PAYLOAD = 4'd7,
                   SUM = 4'd8, DRAIN = 4'd9, COMMIT = 4'd10;

  reg [3:0] state_q;
  reg open_q;                 // a state that takes bytes: not HOLD, SIZE, DRAIN, COMMIT
  reg [7:0] cmd_q, seq_q;
  reg [10:0] len_q, left_q;
  reg high_q;                 // LEN: this is the high byte
  reg huge_q;                 // a length of 2,048 or more
  reg [1:0] sum_q;            // byte of the CRC
  reg long_q;                 // too long: nothing is buffered
  reg skip_q;                 // the byte of the last clock was skipped
  reg [31:0] skipped_q;
  reg wslot_q, rslot_q;
  reg [1:0] count_q;
  reg [9:0] wpos_q;

  // A frame may come in only while a page is free; HOLD waits for that. Ready is a register: much hangs on it.
  assign in_ready = open_q;
  wire take = in_valid && open_q;
  wire push = state_q == COMMIT;
  wire pop = slot_pop && slot_valid;

  // A byte enters the CRC a clock later; DRAIN waits for the last one's.
  reg [7:0] byte_q;
  reg first_q, add_q, check_q;  // byte_q may be a frame's first, is one before the CRC, is one of the CRC
  reg bad_q;                    // a byte of the CRC was wrong
  wire [7:0] crc;
`ifdef FORMAL
  wire [31:0] f_state;
`endif
  always_ff @(posedge clk) begin
    byte_q <= in_data;
    first_q <= state_q == HUNT;
    add_q <= take && state_q != SUM && !rst;
    check_q <= take && state_q == SUM && !rst;
    if (add_q) bad_q <= 1'b0;
    else if (check_q && byte_q != crc) bad_q <= 1'b1;
  end
  glb_crc32 u_crc (
    .clk(clk),
    .init(first_q),
    .en(add_q),
    .shift(check_q),
`ifdef FORMAL
    .f_state(f_state),
`endif
    .data(byte_q),
    .sum(crc)
  );

  wire too_long = huge_q || (len_q[10] && len_q[9:0] != 10'd0);
  wire [1:0] status = {long_q, bad_q};

  always_ff @(posedge clk) begin
    skip_q <= take && state_q == HUNT && in_data != `GLB_SYNC_HOST;
    if (skip_q) skipped_q <= skipped_q + 1'b1;
    if (take)
      case (state_q)
        HUNT:
          if (in_data == `GLB_SYNC_HOST) begin
            state_q <= HOLD;
            open_q <= 1'b0;
          end
        CMD: begin
          cmd_q <= in_data;
          state_q <= SEQ;
        end
        SEQ: begin
          seq_q <= in_data;
          state_q <= ZERO;
        end
        ZERO: begin
          high_q <= 1'b0;
          long_q <= 1'b0;
          state_q <= LEN;
        end
        LEN: begin
          high_q <= 1'b1;
          sum_q <= 2'd0;
          wpos_q <= 10'd0;
          if (!high_q) len_q[7:0] <= in_data;
          else begin
            len_q[10:8] <= in_data[2:0];
            huge_q <= in_data[7:3] != 5'd0;
            state_q <= SIZE;
            open_q <= 1'b0;
          end
        end
        PAYLOAD: begin
          wpos_q <= wpos_q + 1'b1;
          left_q <= left_q - 1'b1;
          if (left_q == 11'd1) state_q <= SUM;
        end
        SUM: begin
          sum_q <= sum_q + 1'b1;
          if (sum_q == 2'd3) begin
            state_q <= DRAIN;
            open_q <= 1'b0;
          end
        end
        default: ;
      endcase
    case (state_q)
      HOLD:
        if (!count_q[1]) begin
          state_q <= CMD;
          open_q <= 1'b1;
        end
      SIZE: begin
        left_q <= len_q;
        long_q <= too_long;
        open_q <= !too_long;
        state_q <= too_long ? DRAIN : len_q == 11'd0 ? SUM : PAYLOAD;
      end
      DRAIN: state_q <= COMMIT;
      COMMIT: begin
        wslot_q <= !wslot_q;
        state_q <= HUNT;
        open_q <= 1'b1;
      end
      default: ;
    endcase
    if (pop) rslot_q <= !rslot_q;
    count_q <= count_q + {1'b0, push} - {1'b0, pop};
    if (rst) begin
      state_q <= HUNT;
      open_q <= 1'b1;
      skip_q <= 1'b0;
      skipped_q <= 32'd0;
      wslot_q <= 1'b0;
      rslot_q <= 1'b0;
      count_q <= 2'd0;
    end
  end

  // Descriptors, then payload.
  (* no_rw_check *) reg [60:0] desc[0:1];
  always_ff @(posedge clk) if (push) desc[wslot_q] <= {skipped_q, status, len_q, seq_q, cmd_q};
  assign {slot_skipped, slot_status, slot_len, slot_seq, slot_cmd} = desc[rslot_q];
  assign slot_valid = count_q != 2'd0;

  (* no_rw_check *) reg [7:0] mem[0:2047];  // read and written page differ
  reg [7:0] mem_q, data_q;
  always_ff @(posedge clk) begin
    if (take && state_q == PAYLOAD) mem[{wslot_q, wpos_q}] <= in_data;
    if (rd_en) begin
      mem_q <= mem[{rslot_q, rd_addr}];
      data_q <= mem_q;
    end
  end
  assign rd_data = data_q;

`ifdef FORMAL
`include "frame_rx.svh"
`endif
endmodule

`default_nettype wire
