// Queue of two job slots: the head runs, the tail waits; an abort ends the head and drops the tail
// (docs/design/array.md, section 6). SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_job_queue (
  input  wire clk,
  input  wire rst,
  input  wire push,     // the tail slot holds a checked job (not when full)
  input  wire pop,      // the head's DONE frame is sent
  input  wire abort,
  output wire running,  // there is a head
  output wire queued,   // and a tail
  output wire head,     // the head's slot
  output wire tail,     // slot of the next push
  output wire aborted   // the head is to end
);
  reg head_q, abort_q;
  reg [1:0] count_q;
  always_ff @(posedge clk)
    if (rst) begin
      head_q <= 1'b0;
      count_q <= 2'd0;
      abort_q <= 1'b0;
    end else begin
      if (pop) head_q <= !head_q;
      if (abort) count_q <= {1'b0, count_q != 2'd0 && !pop};
      else count_q <= count_q + {1'b0, push} - {1'b0, pop};
      abort_q <= !pop && (abort_q || (abort && count_q != 2'd0));
    end
  assign running = count_q != 2'd0;
  assign queued = count_q[1];
  assign head = head_q;
  assign tail = head_q ^ count_q[0];
  assign aborted = abort_q;
endmodule

`default_nettype wire
