// The job queue for tb_glb_sequencer: four jobs in order, an ABORT with up to three that wait; and the corners of nsampled one by one.
// SPDX-License-Identifier: Apache-2.0

  // Pushes one more job behind those that are there.
  task push_one;
    begin
      put_job;
      push = 1'b1;
      @(negedge clk);
      push = 1'b0;
    end
  endtask

  // Jobs without sweeps: their DONEs come in the order of the pushes, from whatever slot.
  integer ids[0:63], pushed, popped;
  task queue_in_order;
    begin
      follow = 1'b0;
      setup(0);
      interval = 0; flags = 0; nsteps = 1; step_sweeps[0] = 0;
      put(`GLB_TAB_BETA + 4*first_step+2, 0);
      pushed = 0;
      popped = 0;
      hold = 1'b1;
      while (popped < 40) begin
        while (!full && pushed < 40) begin
          push_one;
          ids[pushed] = job_id;
          pushed = pushed + 1;
          check("queued", queued, pushed - popped - 1);
          check("full", full, pushed - popped == 4);
        end
        repeat ($urandom_range(3000)) @(negedge clk);
        check("none is lost", queued, pushed - popped - 1);
        repeat ($urandom_range(pushed - popped, 1)) begin
          target = dones + 1;
          hold = 1'b0;
          while (dones != target) @(negedge clk);
          hold = 1'b1;
          check("jobs in order", word32(0), ids[popped]);
          popped = popped + 1;
        end
        if (pushed - popped > 0) check("queued after DONE", queued, pushed - popped - 1);
        else check("none runs", running, 0);
      end
      hold = 1'b0;
      follow = 1'b1;
    end
  endtask

  // Abort: the running job ends at the next boundary, those that wait are dropped; an abort of nothing does nothing.
  task abort_with_waiting(input integer waiting);
    integer first, j;
    begin
      follow = 1'b0;
      setup(0);
      nruns = 0; interval = 0; flags = 2; nsteps = 1; step_sweeps[0] = 60000;
      put(`GLB_TAB_BETA + 4*first_step+2, 60000);
      put_job;
      samples_in_job = 0;
      first = job_id;
      start;
      for (j = 0; j < waiting; j = j + 1) push_one;
      job_id = first;
      check("queued", queued, waiting);
      repeat (5000) @(negedge clk);
      target = dones + 1;
      abort = 1'b1;
      @(negedge clk);
      abort = 1'b0;
      check("dropped", queued, 0);
      repeat (4000) @(negedge clk);
      check("done", dones, target);
      check("aborted", last_status, 8);
      check("its number", word32(0), first);
      check("no final sample", word32(8), samples_in_job);
      if (word32(4) == 0 || word32(4) >= 60000) fail("whole sweeps", word32(4), 1);
      check("idle", running, 0);
      abort = 1'b1;
      @(negedge clk);
      abort = 1'b0;
      follow = 1'b1;
    end
  endtask

  // Short sweeps around sampling points: burn-in 0 and 1, intervals 0 to 3, steps without sweeps in between, all flags.
  task directed_nsampled;
    integer b, n;
    for (b = 0; b < 2; b = b + 1)
      for (n = 0; n < 4; n = n + 1)
        for (round = 0; round < 8; round = round + 1) begin
          setup(0);
          burn = b; interval = n; flags = 4 * round + $urandom_range(3);
          nseg = 2 + round % 2; nsampled = 1 + round / 4 % 2 * (nseg - 2);
          nsteps = 3;
          if (first_step > 253) first_step = 253;
          for (s = 0; s < 3; s = s + 1) begin
            step_k[s] = 100 * s + 50;
            step_sweeps[s] = s == 1 ? 0 : 1 + round % 3;
            put(`GLB_TAB_BETA + 4*(first_step+s), step_k[s]);
            put(`GLB_TAB_BETA + 4*(first_step+s)+1, 0);
            put(`GLB_TAB_BETA + 4*(first_step+s)+2, step_sweeps[s]);
            put(`GLB_TAB_BETA + 4*(first_step+s)+3, 0);
          end
          put_job;
          finish(64'd0);
        end
  endtask
