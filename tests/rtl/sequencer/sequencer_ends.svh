// Directed jobs for tb_glb_sequencer: a sample that fills the readout's memory while nothing is taken, and an ABORT at every clock of a job
// whose sample no frame can hold. SPDX-License-Identifier: Apache-2.0

  // More words than the readout keeps wait for the host; all of them come, in order.
  task blocked_sample;
    begin
      wr_rate = 0;
      ready_rate = 100;
      setup(0);
      nruns = 2; first_run = 17; sum = 0; nsteps = 1; interval = 0; flags = 2; step_sweeps[0] = 1;
      put(`GLB_TAB_BETA + 4*first_step + 2, 1);
      for (s = 0; s < nruns; s = s + 1) begin
        put(`GLB_TAB_RUNS + 4*(first_run+s), s);
        put(`GLB_TAB_RUNS + 1 + 4*(first_run+s), 0);
        put(`GLB_TAB_RUNS + 2 + 4*(first_run+s), 700);
        for (i = 0; i < 700; i = i + 1) want[sum+i] = s * 5 + i % 16 + (i / 16) % 2;
        sum = sum + 700;
      end
      put_job;
      model;
      hold = 1'b1;
      target = dones + 1;
      start;
      repeat (5000) @(negedge clk);
      check("words wait", samples_in_job, 0);
      hold = 1'b0;
      while (dones != target) @(negedge clk);
      check("sample after the wait", samples_in_job, 1);
      check("events", ev_at, ev_n);
    end
  endtask

  // ABORTED comes before BAD_PARAM for as long as DONE is not made.
  integer offset, made, aborted_first = 0;
  task abort_too_long;
    begin
      follow = 1'b0;
      setup(0);
      nruns = 1;
      put(`GLB_TAB_RUNS + 2 + 4*first_run, 65528);
      made = 0;
      for (offset = 0; made < 4; offset = offset + 1) begin
        put_job;
        samples_in_job = 0;
        target = dones + 1;
        start;
        repeat (offset) @(negedge clk);
        abort = 1'b1;
        @(negedge clk);
        abort = 1'b0;
        made = made + done_valid;
        if (!done_valid) aborted_first = aborted_first + 1;
        last_status = 0;
        while (dones != target) @(negedge clk);
        check("too long and aborted", last_status, made == 0 ? 8 : 7);
        for (s = 4; s < 40; s = s + 4) check("no counts", word32(s), 0);
        check("idle", running, 0);
      end
      if (aborted_first < 200) fail("clocks before DONE", aborted_first, 200);
      follow = 1'b1;
    end
  endtask
