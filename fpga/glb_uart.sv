// UART, 8 data bits, no parity, one stop bit, behind the byte streams of glb_core. What arrives goes through a memory of
// 2,047 bytes, because a UART cannot wait: a host keeps at most that many bytes without their replies (docs/design/boards.md).
// A break on the line is passed on, for a reset.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_uart #(
  parameter CLK_HZ = 100000000,  // at least 8 times BAUD
  parameter BAUD   = 3000000
) (
  input  wire       clk,
  input  wire       rst,
  input  wire       rx,         // from the host, asynchronous
  output wire       tx,         // to the host
  // bytes received
  output wire [7:0] rx_data,
  output wire       rx_valid,
  input  wire       rx_ready,
  output wire       rx_lost,    // one clock: a byte had no room or no stop bit
  output wire       rx_break,   // the line has been low for 20 bits or more (twice a byte); not reset by rst
  // bytes to send
  input  wire [7:0] tx_data,
  input  wire       tx_valid,
  output wire       tx_ready
);
  // a bit's share of a clock, in 1/65536; rounded to 1/131072 of a clock
  localparam [16:0] STEP = 17'((64'(BAUD) * 64'd65536 + 64'(CLK_HZ) / 64'd2) / 64'(CLK_HZ));

  // Receiver: the phase starts at half a bit with the start bit's edge, so that it overflows in the middle of each bit.
  reg [2:0]  sync_q = 3'b111;
  reg [15:0] rphase_q;
  reg [3:0]  rcount_q;        // bits received: 0 idle, 1 start bit awaited, 2 .. 9 data, 10 stop
  reg [7:0]  rshift_q;
  reg        got_q, framing_q;
  reg        wait_q;          // no stop bit: wait for the line to rise before the next start bit
  wire [16:0] rnext = {1'b0, rphase_q} + STEP;
  always_ff @(posedge clk) begin
    sync_q    <= {sync_q[1:0], rx};
    got_q     <= 1'b0;
    framing_q <= 1'b0;
    rphase_q  <= rcount_q == 4'd0 ? 16'h8000 : rnext[15:0];
    if (rcount_q == 4'd0) begin
      if (!sync_q[2]) rcount_q <= 4'd1;
    end else if (rnext[16]) begin
      rcount_q <= rcount_q + 1'b1;
      rshift_q <= {sync_q[2], rshift_q[7:1]};
      if (rcount_q == 4'd1 && sync_q[2]) rcount_q <= 4'd0;  // a glitch, not a start bit
      if (rcount_q == 4'd10) begin
        rcount_q  <= sync_q[2] ? 4'd0 : 4'd10;
        rshift_q  <= rshift_q;
        got_q     <= sync_q[2] && !wait_q;
        framing_q <= !sync_q[2] && !wait_q;
        wait_q    <= !sync_q[2];
      end
    end
    if (rcount_q == 4'd0) wait_q <= 1'b0;
    if (rst) rcount_q <= 4'd0;
  end

  localparam BREAK_BITS = $clog2(20 * ((CLK_HZ + BAUD - 1) / BAUD));
  reg [BREAK_BITS:0] low_q = '0;  // clocks for which the line has been low
  always_ff @(posedge clk)
    if (sync_q[2]) low_q <= '0;
    else if (!rx_break) low_q <= low_q + 1'b1;
  assign rx_break = low_q[BREAK_BITS];

  wire room;
  glb_byte_fifo #(.AW(11)) u_rx_fifo (
    .clk(clk), .rst(rst), .in_data(rshift_q), .in_valid(got_q), .in_ready(room),
    .out_data(rx_data), .out_valid(rx_valid), .out_ready(rx_ready)
  );
  assign rx_lost = framing_q || (got_q && !room);

  // Sender: start bit, 8 data bits, stop bit.
  reg [15:0] tphase_q;
  reg [9:0]  tshift_q = 10'h3ff;
  reg [3:0]  tleft_q;
  wire [16:0] tnext = {1'b0, tphase_q} + STEP;
  always_ff @(posedge clk) begin
    tphase_q <= tleft_q == 4'd0 ? 16'd0 : tnext[15:0];
    if (tleft_q == 4'd0) begin
      if (tx_valid) begin
        tshift_q <= {1'b1, tx_data, 1'b0};
        tleft_q <= 4'd10;
      end
    end else if (tnext[16]) begin
      tshift_q <= {1'b1, tshift_q[9:1]};
      tleft_q <= tleft_q - 1'b1;
    end
    if (rst) begin
      tshift_q <= 10'h3ff;
      tleft_q <= 4'd0;
    end
  end
  assign tx_ready = tleft_q == 4'd0;
  assign tx = tshift_q[0];
endmodule

`default_nettype wire
