// Properties of glb_job_queue: around it four slots that hold numbered jobs. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module job_queue_proof (
  input wire clk, rst, push, pop, abort
);
  wire running, full, aborted;
  wire [1:0] queued, head, tail;
  glb_job_queue dut (
    .clk(clk), .rst(rst), .push(push), .pop(pop), .abort(abort), .running(running), .queued(queued), .full(full), .head(head),
    .tail(tail), .aborted(aborted)
  );
  initial assume (rst);

  // What the users keep to: no push to a full queue or in the clock of an abort, a pop of a job that runs.
  always_comb begin
    assume (!push || (!full && !abort));
    assume (!pop || running);
  end

  // The reference: the jobs in order of their pushes, numbered, f_job[0] the oldest; f_slot is where the caller wrote each.
  reg f_run = 1'b0, f_ended;
  reg [2:0] f_jobs;
  reg [4:0] f_next, f_job[0:4], f_slot[0:3];
  wire [2:0] f_left = f_jobs - {2'd0, pop};  // after a pop; a push goes behind these
  integer f_i;
  always_ff @(posedge clk) begin
    f_run <= 1'b1;
    if (rst) begin
      f_jobs <= 3'd0;
      f_ended <= 1'b0;
      f_next <= 5'd0;
    end else begin
      for (f_i = 0; f_i < 4; f_i = f_i + 1)
        f_job[f_i] <= push && f_left == f_i[2:0] ? f_next : f_job[f_i+{31'd0, pop}];
      if (push) begin
        f_slot[tail] <= f_next;
        f_next <= f_next + 5'd1;
      end
      // An abort ends the head and leaves no other; a head that goes in the same clock takes all with it.
      f_jobs <= abort ? {2'd0, f_jobs != 3'd0 && !pop} : f_left + {2'd0, push};
      f_ended <= !pop && (f_ended || (abort && f_jobs != 3'd0));
    end
  end

  always_comb
    if (f_run) begin
      assert (f_jobs <= 3'd4);
      assert (running == (f_jobs != 3'd0) && full == (f_jobs == 3'd4) && aborted == f_ended);
      assert (running ? queued == f_jobs - 3'd1 : queued == 2'd0);
      if (aborted) assert (running);
      // Every job is in the slot that was its own when it was pushed, the running one in the first.
      if (f_jobs > 3'd0) assert (f_slot[head] == f_job[0]);
      if (f_jobs > 3'd1) assert (f_slot[2'(head+1)] == f_job[1]);
      if (f_jobs > 3'd2) assert (f_slot[2'(head+2)] == f_job[2]);
      if (f_jobs > 3'd3) assert (f_slot[2'(head+3)] == f_job[3]);
      // The next job takes a free slot.
      if (!full) assert (tail == 2'(head + f_jobs));
      cover (full && f_job[0] == 5'd4);
      cover (aborted && queued == 2'd3);
    end
  always_ff @(posedge clk)
    if (f_run && !rst) begin
      cover (pop && abort && queued == 2'd3);
      cover (pop && push);
    end
endmodule

`default_nettype wire
