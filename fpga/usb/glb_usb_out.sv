// Bulk OUT: takes packets into a ring and gives their bytes away once a packet is whole and right. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_usb_out #(
  parameter AW = 11  // log2 of the ring; at least three packets, so that one comes while another leaves
) (
  input  wire       clk,
  input  wire       rst,            // empties the ring, data toggle 0
  input  wire       enable,         // there is such an endpoint
  input  wire       halt,
  input  wire       clear,          // data toggle 0
  input  wire [9:0] packet,         // largest packet: 64 or 512
  // the bus
  input  wire       token_out,      // the last token is OUT for this endpoint, and a data packet belongs to it
  input  wire       ping,           // PING, to be answered now
  input  wire       new_token,
  input  wire       rx_next,        // a byte of a data packet
  input  wire [7:0] rx_data,
  input  wire       rx_toggle,
  input  wire       rx_invalid,     // its CRC is wrong
  input  wire       rx_answer,      // the packet is to be answered now
  output wire       ack,
  output wire       nak,
  output wire       stall,
  // bytes
  output wire [7:0] data,
  output wire       valid,
  input  wire       ready
);
  reg [7:0] ring[0:(1<<AW)-1];
  reg [AW:0] wp_q, end_q, rp_q;  // next byte; end of the last good packet; next to leave
  reg [9:0]  count_q;            // bytes of this packet
  reg        lost_q, toggle_q;   // no room for one of its bytes

  wire take = token_out && rx_next && enable && !halt;
  wire full = wp_q - rp_q == {1'b1, {AW{1'b0}}};
  wire babble = count_q > packet;
  wire [AW:0] room = {1'b1, {AW{1'b0}}} - (end_q - rp_q);
  wire has_room = room >= {{(AW-9){1'b0}}, packet};

  wire answer = token_out && rx_answer && enable;
  wire good = answer && !halt && !babble && !lost_q && rx_toggle == toggle_q;
  wire again = answer && !halt && rx_toggle != toggle_q;  // a repetition: our ACK was lost
  assign ack = good || again || (ping && enable && !halt && has_room);
  assign nak = (answer && !halt && !babble && lost_q && !again) || (ping && enable && !halt && !has_room);
  assign stall = (answer || (ping && enable)) && halt;

  // a byte in a register is on its way out
  reg [7:0] data_q;
  reg       valid_q;
  wire      fetch = rp_q != end_q && (ready || !valid_q);
  assign data = data_q;
  assign valid = valid_q;

  always_ff @(posedge clk) begin
    if (take && !full) ring[wp_q[AW-1:0]] <= rx_data;
    if (fetch) data_q <= ring[rp_q[AW-1:0]];
  end

  always_ff @(posedge clk)
    if (rst) begin
      wp_q <= 0;
      end_q <= 0;
      rp_q <= 0;
      count_q <= 10'd0;
      lost_q <= 1'b0;
      toggle_q <= 1'b0;
      valid_q <= 1'b0;
    end else begin
      if (fetch) rp_q <= rp_q + 1'b1;
      valid_q <= fetch || (valid_q && !ready);
      if (good) end_q <= wp_q;
      if (answer || new_token || rx_invalid) begin
        if (!good) wp_q <= end_q;
        count_q <= 10'd0;
        lost_q <= 1'b0;
      end else if (take) begin
        if (!full) wp_q <= wp_q + 1'b1;
        if (full) lost_q <= 1'b1;
        if (count_q != 10'd1023) count_q <= count_q + 10'd1;
      end
      if (clear) toggle_q <= 1'b0;
      else if (good) toggle_q <= !toggle_q;
    end

endmodule

`default_nettype wire
