// Properties of glb_job_queue: around it two slots that hold numbered jobs. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module job_queue_proof (
  input wire clk, rst, push, pop, abort
);
  wire running, queued, head, tail, aborted;
  glb_job_queue dut (
    .clk(clk), .rst(rst), .push(push), .pop(pop), .abort(abort), .running(running), .queued(queued), .head(head),
    .tail(tail), .aborted(aborted)
  );
  initial assume (rst);

  // What the users keep to: no push to a full queue or in the clock of an abort, a pop of a job that runs.
  always_comb begin
    assume (!push || (!queued && !abort));
    assume (!pop || running);
  end

  // The reference: the jobs in order of their pushes, numbered; slot is where the caller wrote the job.
  reg f_run = 1'b0, f_has_head, f_has_tail, f_ended;
  reg [3:0] f_next, f_head, f_tail;  // number of the next push, of the head and of the tail
  reg [3:0] f_slot[0:1];
  wire f_one = f_has_head && !f_has_tail;
  always_ff @(posedge clk) begin
    f_run <= 1'b1;
    if (rst) begin
      f_has_head <= 1'b0;
      f_has_tail <= 1'b0;
      f_ended <= 1'b0;
      f_next <= 4'd0;
    end else begin
      if (push) begin
        f_slot[tail] <= f_next;
        f_next <= f_next + 4'd1;
      end
      // The head goes; the tail follows, unless an abort drops it, or the job pushed in this clock.
      if (pop) begin
        f_has_head <= !abort && (f_has_tail || push);
        f_head <= f_has_tail ? f_tail : f_next;
        f_has_tail <= 1'b0;
        f_ended <= 1'b0;
      end else begin
        if (!f_has_head) f_head <= f_next;
        if (f_one) f_tail <= f_next;
        f_has_head <= f_has_head || push;
        f_has_tail <= !abort && (f_has_tail || (f_has_head && push));
        f_ended <= f_ended || (abort && f_has_head);
      end
    end
  end

  always_comb
    if (f_run) begin
      assert (running == f_has_head && queued == f_has_tail && aborted == f_ended);
      if (f_has_tail) assert (f_has_head);
      if (aborted) assert (running);
      // The running job is in the slot that was its own when it was pushed, the waiting one in the other.
      if (f_has_head) assert (f_slot[head] == f_head);
      if (f_has_tail) assert (f_slot[!head] == f_tail);
      // The next job takes a free slot; a full queue has none (two jobs, not three).
      assert (tail == (running && !queued ? !head : head));
      cover (f_has_tail && f_head == 4'd4);
      cover (aborted && queued);
    end
  always_ff @(posedge clk)
    if (f_run && !rst) begin
      cover (pop && abort && queued);
      cover (pop && push);
    end
endmodule

`default_nettype wire
