// CRC-32 of IEEE 802.3 (reflected, zlib's), one byte a clock; in shift mode the sum leaves low byte
// first.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_crc32 (
  input  wire       clk,
  input  wire       init,   // with en: this byte is the first of a frame
  input  wire       en,     // add data
  input  wire       shift,  // drop the low byte (not with en)
`ifdef FORMAL
  output wire [31:0] f_state,
`endif
  input  wire [7:0] data,
  output wire [7:0] sum     // low byte of the final sum of the bytes so far
);
  reg [31:0] crc_q;

  function [31:0] step(input [31:0] crc, input [7:0] d);
    integer i;
    begin
      step = crc ^ {24'd0, d};
      for (i = 0; i < 8; i = i + 1)
        step = {1'b0, step[31:1]} ^ (step[0] ? 32'hedb88320 : 32'd0);
    end
  endfunction

  always_ff @(posedge clk)
    if (en) crc_q <= step(init ? 32'hffffffff : crc_q, data);
    else if (shift) crc_q <= {8'd0, crc_q[31:8]};

  assign sum = ~crc_q[7:0];
`ifdef FORMAL
  assign f_state = crc_q;
`endif
endmodule

`default_nettype wire
