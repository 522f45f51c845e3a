// Whose turn it is on the bus. A data packet belongs to the token right before it, not to an earlier one if that token broke on the way;
// an ACK belongs to the packet right before it, not to one that the host lost and gave up (USB 2.0, 8.7.2).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_usb_turn (
  input  wire       clk,
  input  wire       rst,
  input  wire [8:0] patience,   // clocks after a token, or after our data, in which the host's packet must come
  input  wire       new_token,  // for this device
  input  wire       rx_active,  // a data packet comes
  input  wire       rx_invalid, // its CRC is wrong
  input  wire       rx_answer,  // it is to be answered now
  input  wire       tx_active,  // a data packet of ours goes
  output wire       data_due,   // a data packet belongs to the last token
  output wire       no_ack      // from here on an ACK is for another packet
);
  reg       due_q;
  reg [8:0] token_q, sent_q;  // clocks since the token or its data, and since our data
  assign data_due = due_q;
  assign no_ack = new_token || (sent_q == patience && !tx_active);
  always_ff @(posedge clk)
    if (rst) begin
      due_q <= 1'b0;
      token_q <= 9'd0;
      sent_q <= 9'd0;
    end else begin
      token_q <= new_token || rx_active ? 9'd0 : token_q + 9'd1;
      sent_q <= tx_active ? 9'd0 : sent_q + 9'd1;
      if (new_token) due_q <= 1'b1;
      else if (rx_invalid || rx_answer || token_q == patience) due_q <= 1'b0;
    end
endmodule

`default_nettype wire
