// Reset of the USB side: until its clock has run for 256 periods since `good`. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_usb_reset (
  input  wire clk,   // of USB
  input  wire good,  // it may begin; asynchronous
  output wire rst
);
  reg [1:0] good_q = 2'b00;
  reg [8:0] wait_q = 9'd0;
  always_ff @(posedge clk) begin
    good_q <= {good_q[0], good};
    if (!good_q[1]) wait_q <= 9'd0;
    else if (!wait_q[8]) wait_q <= wait_q + 1'b1;
  end
  assign rst = !wait_q[8];
endmodule

`default_nettype wire
