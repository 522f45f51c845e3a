// Random streams of good and broken frames, garbage between them and back-pressure, against a model of the counters.
// SPDX-License-Identifier: Apache-2.0
`timescale 1ns/1ns
`default_nettype none

module tb_glb_host_port_random;
  localparam CHAINS = 4;
`include "host_port_bench.svh"

  integer i, k, bytes, kind, skipped = 0, good = 0, bad_crc = 0, errors = 0;
  reg [7:0] b;
  reg [7:0] want_type[0:255], want_seq[0:255], want_status[0:255];
  initial begin
    repeat (4) @(negedge clk);
    rst = 1'b0;
    for (k = 0; k < 40; k = k + 1) begin
      in_rate = $urandom_range(100, 5);
      out_rate = $urandom_range(100, 5);
      if (frames > 800) begin
        frames = 0;
        next = 0;
        got_n = 0;
      end
      tx_wp = 0;
      tx_rp = 0;
      for (i = 0; i < 8; i = i + 1) begin
        kind = $urandom_range(9);
        bytes = $urandom_range(3) == 0 ? $urandom_range(60) : 0;
        repeat (bytes) begin
          b = $urandom;
          if (b != 8'ha5) begin
            send_byte(b);
            skipped = skipped + 1;
          end
        end
        want_seq[i] = $urandom;
        want_status[i] = 0;
        case (kind)
          0, 1: begin
            want_type[i] = 8'h83;
            head(3, 2, 0, $urandom_range(64, 1));
            send_frame(3, want_seq[i], 0);
          end
          2: begin
            want_type[i] = 8'h83;
            head(3, 2, 0, $urandom_range(1020));
            want_status[i] = 1;
            send_frame(3, want_seq[i], 1 << $urandom_range(31));
          end
          3: begin
            b = $urandom;
            want_type[i] = 8'h80 | b;
            want_status[i] = 2;
            send_byte(8'ha5); send_byte(b); send_byte(want_seq[i]); send_byte($urandom);
            bytes = $urandom_range(65535, 1025);
            send_byte(bytes[7:0]); send_byte(bytes[15:8]);
          end
          4: begin
            want_type[i] = 8'h84;
            want_status[i] = 2;
            repeat ($urandom_range(47)) p8($urandom);
            send_frame(4, want_seq[i], 0);
          end
          5: begin
            want_type[i] = 8'h86;
            want_status[i] = 3;
            repeat ($urandom_range(1024)) p8($urandom);
            send_frame(6, want_seq[i], 0);
          end
          default: begin
            want_type[i] = 8'h85;
            send_frame(5, want_seq[i], 0);
          end
        endcase
        if (kind != 2 && kind != 3) good = good + 1;
        if (kind == 2) bad_crc = bad_crc + 1;
        if (want_status[i] != 0) errors = errors + 1;
      end
      for (i = 0; i < 8; i = i + 1) expect_frame(want_type[i], want_seq[i], want_status[i], 0);
      send_frame(2, k, 0);
      good = good + 1;
      expect_frame(8'h82, k, 0, 20);
      check("frames", get32(4), good);
      check("bad crc", get32(8), bad_crc);
      check("skipped", get32(12), skipped);
      check("errors", get32(16), errors);
    end
    finish;
  end
endmodule
