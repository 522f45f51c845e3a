// Bulk IN: keeps bytes in a ring until the host has acknowledged them. A packet that is not full goes when no byte came for a while, an
// empty one after a full one, so that the host's transfer ends. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_usb_in #(
  parameter AW = 11,   // log2 of the ring
  parameter REST = 64  // clocks without a byte before a short packet goes
) (
  input  wire       clk,
  input  wire       rst,          // empties the ring, data toggle 0
  input  wire       enable,       // there is such an endpoint
  input  wire       halt,
  input  wire       clear,        // data toggle 0
  input  wire [9:0] packet,       // largest packet: 64 or 512
  // the bus
  input  wire       token_in,     // IN for this endpoint, to be answered now
  input  wire       no_ack,       // an ACK from here on is not for this packet
  input  wire       host_ack,
  output wire       nak,
  output wire       stall,
  output wire       tx_valid,
  output wire       tx_first,
  output wire       tx_last,      // without first: an empty packet
  output wire [7:0] tx_data,
  input  wire       tx_ready,
  output wire       tx_toggle,
  // bytes
  input  wire [7:0] data,
  input  wire       valid,
  output wire       ready
);
  reg [7:0] ring[0:(1<<AW)-1];
  reg [AW:0] wp_q, rp_q;      // next byte to come; first that is not acknowledged
  reg [AW-1:0] next_q;        // byte on the way
  reg [9:0]  left_q, size_q;  // of the packet on the way; its size
  reg        again_q;         // a packet was sent and not acknowledged: it must go as it was
  reg        wait_q;          // for the acknowledgement
  reg        sending_q, first_q, toggle_q, empty_due_q;
  reg [7:0]  rest_q, byte_q;

  wire [AW:0] have = wp_q - rp_q;
  wire at_rest = rest_q == REST[7:0];
  wire some = have >= {{(AW-9){1'b0}}, packet} || (at_rest && have != 0);
  wire [9:0] size = again_q ? size_q : have >= {{(AW-9){1'b0}}, packet} ? packet : have[9:0];
  wire asked = token_in && enable && !halt;
  wire empty = asked && (again_q ? size_q == 10'd0 : !some && at_rest && empty_due_q);
  wire start = asked && !empty && (again_q || some);
  wire step = sending_q && tx_ready;
  wire acked = wait_q && host_ack;

  assign nak = asked && !empty && !start;
  assign stall = token_in && enable && halt;
  assign tx_valid = sending_q || empty;
  assign tx_first = sending_q && first_q;
  assign tx_last = empty || (sending_q && left_q == 10'd1);
  assign tx_data = byte_q;
  assign tx_toggle = toggle_q;
  assign ready = have != {1'b1, {AW{1'b0}}} && !rst;

  wire [AW-1:0] read = step ? next_q + 1'b1 : sending_q ? next_q : rp_q[AW-1:0];
  always_ff @(posedge clk) begin
    if (valid && ready) ring[wp_q[AW-1:0]] <= data;
    byte_q <= ring[read];
  end

  always_ff @(posedge clk)
    if (rst) begin
      wp_q <= 0;
      rp_q <= 0;
      again_q <= 1'b0;
      wait_q <= 1'b0;
      sending_q <= 1'b0;
      toggle_q <= 1'b0;
      empty_due_q <= 1'b0;
      rest_q <= 8'd0;
    end else begin
      if (valid && ready) begin
        wp_q <= wp_q + 1'b1;
        rest_q <= 8'd0;
      end else if (!at_rest) rest_q <= rest_q + 8'd1;

      if (start) begin
        sending_q <= 1'b1;
        first_q <= 1'b1;
        next_q <= rp_q[AW-1:0];
        left_q <= size;
      end else if (step) begin
        first_q <= 1'b0;
        next_q <= next_q + 1'b1;
        left_q <= left_q - 10'd1;
        sending_q <= left_q != 10'd1;
      end
      if (start || empty) begin
        size_q <= empty ? 10'd0 : size;
        again_q <= 1'b1;
        wait_q <= 1'b1;
      end else if (acked) begin
        rp_q <= rp_q + {{(AW-9){1'b0}}, size_q};
        again_q <= 1'b0;
        wait_q <= 1'b0;
        empty_due_q <= size_q == packet;
      end else if (no_ack) wait_q <= 1'b0;
      if (clear) toggle_q <= 1'b0;
      else if (acked) toggle_q <= !toggle_q;
    end
endmodule

`default_nettype wire
