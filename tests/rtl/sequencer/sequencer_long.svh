// Jobs beyond 16 and 32 bits for tb_glb_sequencer: burn-in, interval and steps have high halves, which are taken off the countdowns as soon
// as these are loaded, and the clocks start just below 2^32. SPDX-License-Identifier: Apache-2.0

  localparam [32:0] LONG_BURN = 33'h0FFFF0000, LONG_INTERVAL = 33'h000020000, LONG_STEP = 33'h000050000;
  localparam [63:0] LONG_CLOCKS = 64'h00000000FFFFFFC0;
  reg long = 1'b0, long_begun, long_beta, long_reload;
  integer long_step;
  task long_job;
    reg [11:0] base;
    begin
      interval = 1 + $urandom_range(3);
      step_sweeps[0] = 10;
      put(`GLB_TAB_BETA + 4*first_step + 2, 10);
      put_job;
      base = `GLB_TAB_JOB + 32 * tail;
      put(base + 9, LONG_BURN[31:16]);
      put(base + 11, LONG_INTERVAL[31:16]);
      for (s = 0; s < nsteps; s = s + 1)
        put(`GLB_TAB_BETA + 4*(first_step+s) + 3, step_sweeps[s] == 0 ? 0 : LONG_STEP[31:16]);
      long_begun = 1'b0;
      long_beta = 1'b0;
      long_reload = 1'b0;
      long_step = 0;
      long = 1'b1;
    end
  endtask

  // A countdown that lost its high half is too small for this, and is left alone: the events differ as well.
  task long_next(input [32:0] skip);
    if (dut.u_job.next_q <= skip) fail("sweeps to the next sample / 65536", dut.u_job.next_q >> 16, skip >> 16);
    else dut.u_job.next_q = dut.u_job.next_q - skip;
  endtask
  task long_left;
    if (dut.u_job.left_q <= LONG_STEP) fail("sweeps left of a step / 65536", dut.u_job.left_q >> 16, LONG_STEP >> 16);
    else dut.u_job.left_q = dut.u_job.left_q - LONG_STEP[31:0];
  endtask
  always @(posedge clk) long_reload = long && dut.u_job.sweep && dut.u_job.next_is1_q;
  always @(negedge clk) if (long) begin
    if (long_reload) long_next(LONG_INTERVAL);
    if (dut.in_beta && !long_beta) begin
      if (!long_begun) begin
        long_next(LONG_BURN + LONG_INTERVAL);
        dut.u_count.cycles_q = LONG_CLOCKS;
      end
      if (step_sweeps[long_step] != 0) long_left;
      long_begun = 1'b1;
      long_step = long_step + 1;
    end
    long_beta = dut.in_beta;
  end
