// DATA frames of arrays of 4, 8 and 16 chains: the bytes of every word, low byte first, whatever the pauses of words and output.
// SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none

// One width: sends frames of random words and compares all bytes but the CRC, which tb_glb_crc32 and the host benches check.
module frame_tx_check #(
  parameter CHAINS = 16
) (
  output reg done,
  output integer bad
);
  localparam BYTES = CHAINS > 8 ? 2 : 1;
  reg clk = 1'b0, rst = 1'b1, data_valid = 1'b0, word_valid = 1'b0, out_ready = 1'b0;
  always #5 if (done !== 1'b1) clk = !clk;
  reg [15:0] data_len = 16'd0;
  reg [CHAINS-1:0] word = 0;
  wire data_ack, word_ready, out_valid, is_done, reply_ack, done_ack;
  wire [5:0] index;
  wire [7:0] out_data;
  glb_frame_tx #(.CHAINS(CHAINS)) dut (
    .clk(clk), .rst(rst), .reply_valid(1'b0), .reply_ack(reply_ack), .reply_type(8'd0), .reply_seq(8'd0), .reply_status(4'd0),
    .reply_len(6'd0), .reply_byte(8'd0), .data_valid(data_valid), .data_len(data_len), .data_ack(data_ack), .done_valid(1'b0),
    .done_status(4'd0), .done_ack(done_ack), .job_byte(8'hee), .word(word), .word_valid(word_valid), .word_ready(word_ready),
    .is_done(is_done), .index(index), .out_data(out_data), .out_valid(out_valid), .out_ready(out_ready)
  );

  reg [7:0] want[0:65535];
  integer wanted = 0, got = 0, frame, i, words, pause;
  task put(input [7:0] b);
    begin
      want[wanted] = b;
      wanted = wanted + 1;
    end
  endtask

  // words, taken when both sides are ready
  reg [CHAINS-1:0] queue[0:4095];
  integer queued = 0, sent = 0;
  always @(posedge clk) begin
    if (word_valid && word_ready) sent = sent + 1;
    word_valid <= sent < queued && $urandom_range(99) >= pause;
    word <= sent < queued ? queue[sent] : {CHAINS{1'b1}};
  end
  // bytes; of a CRC only the place
  always @(posedge clk) begin
    out_ready <= $urandom_range(99) >= pause;
    if (out_valid && out_ready) begin
      if (want[got] !== 8'hxx && out_data !== want[got]) begin
        if (bad < 5) $display("%0d chains, byte %0d: %h, expected %h", CHAINS, got, out_data, want[got]);
        bad = bad + 1;
      end
      got = got + 1;
    end
  end

  initial begin
    done = 1'b0;
    bad = 0;
    pause = 0;
    repeat (3) @(negedge clk);
    rst = 1'b0;
    for (frame = 0; frame < 24; frame = frame + 1) begin
      pause = frame % 3 == 0 ? 0 : frame % 3 == 1 ? 30 : 70;
      words = frame == 0 ? 0 : 1 + $urandom_range(40);
      put(8'h5a); put(8'h40); put(frame); put(8'h00); put(8 + BYTES * words); put((8 + BYTES * words) >> 8);
      repeat (8) put(8'hee);
      for (i = 0; i < words; i = i + 1) begin
        queue[queued] = $urandom;
        put(queue[queued][7:0] & ((1 << CHAINS) - 1));
        if (BYTES == 2) put(queue[queued] >> 8);
        queued = queued + 1;
      end
      repeat (4) put(8'hxx);
      data_len = 8 + BYTES * words;
      data_valid = 1'b1;
      while (!data_ack) @(negedge clk);
      @(negedge clk);
      data_valid = 1'b0;
    end
    pause = 0;
    repeat (60) @(negedge clk);
    if (got != wanted || sent != queued) begin
      $display("%0d chains: %0d bytes and %0d words, expected %0d and %0d", CHAINS, got, sent, wanted, queued);
      bad = bad + 1;
    end
    done = 1'b1;
  end
endmodule

module tb_glb_frame_tx;
  wire done4, done8, done16;
  wire [31:0] bad4, bad8, bad16;
  frame_tx_check #(.CHAINS(4)) u_4 (.done(done4), .bad(bad4));
  frame_tx_check #(.CHAINS(8)) u_8 (.done(done8), .bad(bad8));
  frame_tx_check #(.CHAINS(16)) u_16 (.done(done16), .bad(bad16));
  initial begin
    wait (done4 && done8 && done16);
    if (bad4 + bad8 + bad16 == 0) $display("PASS");
    else $display("FAIL %0d %0d %0d", bad4, bad8, bad16);
    $finish;
  end
endmodule

`default_nettype wire
