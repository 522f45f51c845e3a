// Queue of four job slots: the head runs, the others wait; an abort ends the head and drops those that wait
// (docs/design/array.md, section 6). SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_job_queue (
  input  wire       clk,
  input  wire       rst,
  input  wire       push,     // the tail slot holds a checked job (not when full)
  input  wire       pop,      // the head's DONE frame is sent
  input  wire       abort,
  output wire       running,  // there is a head
  output wire [1:0] queued,   // jobs that wait behind it
  output wire       full,     // no slot is free
  output wire [1:0] head,     // the head's slot
  output wire [1:0] tail,     // slot of the next push
  output wire       aborted   // the head is to end
);
  reg [1:0] head_q;
  reg [2:0] count_q;
  reg abort_q;
  always_ff @(posedge clk)
    if (rst) begin
      head_q <= 2'd0;
      count_q <= 3'd0;
      abort_q <= 1'b0;
    end else begin
      if (pop) head_q <= head_q + 1'b1;
      if (abort) count_q <= {2'b00, count_q != 3'd0 && !pop};
      else count_q <= count_q + {2'b00, push} - {2'b00, pop};
      abort_q <= !pop && (abort_q || (abort && count_q != 3'd0));
    end
  assign running = count_q != 3'd0;
  assign queued = count_q[1:0] - {1'b0, running};
  assign full = count_q[2];
  assign head = head_q;
  assign tail = head_q + count_q[1:0];
  assign aborted = abort_q;
endmodule

`default_nettype wire
