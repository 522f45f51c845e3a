// Random jobs for tb_glb_sequencer, and the events that array.md's section 6 makes of one.
// SPDX-License-Identifier: Apache-2.0

  // ---- one job ----
  integer nsteps, nseg, nsampled, burn, interval, flags, nruns, sweeps, total, s, k, m, sum;
  integer seg_list[0:15], step_k[0:255], step_sweeps[0:255], run_count[0:511];
  reg [63:0] flips, cycles;
  reg [1:0] job_page;
  reg replaces;
  integer first_step, first_run;
  task setup(input integer big_sample);
    begin
      for (s = 0; s < 16; s = s + 1) begin
        sg_start[s] = $urandom;
        sg_len[s] = $urandom_range(4) == 0 ? $urandom_range(3) : $urandom_range(60);
        sg_c[s] = 1000 + s;
        sg_wp[s] = $urandom;
        sg_mode[s] = {sg_wp[s][15:14], 3'($urandom)};
        sg_flips[s] = $urandom_range(3) == 0 ? $urandom : $urandom_range(1000);
        put(`GLB_TAB_SEG + 8*s, sg_start[s]);
        put(`GLB_TAB_SEG + 8*s + 1, sg_len[s]);
        put(`GLB_TAB_SEG + 8*s + 2, {sg_mode[s][0], sg_mode[s][1], sg_mode[s][2], sg_c[s][12:0]});
        put(`GLB_TAB_SEG + 8*s + 3, sg_wp[s]);
        put(`GLB_TAB_SEG + 8*s + 4, sg_flips[s][15:0]);
        put(`GLB_TAB_SEG + 8*s + 5, sg_flips[s][31:16]);
      end
      nsteps = $urandom_range(4, 1);
      first_step = $urandom_range(256 - nsteps);
      for (s = 0; s < nsteps; s = s + 1) begin
        step_k[s] = $urandom_range(60000);
        step_sweeps[s] = $urandom_range(3) == 0 ? 0 : $urandom_range(12);
        put(`GLB_TAB_BETA + 4*(first_step+s), step_k[s]);
        put(`GLB_TAB_BETA + 4*(first_step+s)+1, 0);
        put(`GLB_TAB_BETA + 4*(first_step+s)+2, step_sweeps[s]);
        put(`GLB_TAB_BETA + 4*(first_step+s)+3, 0);
      end
      nseg = $urandom_range($urandom_range(2) == 0 ? 3 : 16, 1);
      nsampled = $urandom_range(nseg - 1);
      for (s = 0; s < 16; s = s + 1) seg_list[s] = $urandom_range(15);
      nruns = $urandom_range(4) == 0 ? 0 : $urandom_range(9);
      first_run = $urandom_range(512 - nruns);
      sum = 0;
      for (s = 0; s < nruns; s = s + 1) begin
        k = $urandom_range(7);       // tile, more than there are: modulo 4
        m = $urandom_range(99);      // address, modulo 32
        run_count[s] = $urandom_range(4) == 0 ? 0 : $urandom_range(big_sample ? 900 : 6);
        put(`GLB_TAB_RUNS + 4*(first_run+s), k);
        put(`GLB_TAB_RUNS + 1 + 4*(first_run+s), m);
        put(`GLB_TAB_RUNS + 2 + 4*(first_run+s), run_count[s]);
        for (i = 0; i < run_count[s]; i = i + 1)
          want[sum+i] = (k % 4) * 5 + (m + i) % 16 + ((m + i) / 16) % 2;
        sum = sum + run_count[s];
      end
      burn = $urandom_range(2) == 0 ? 0 : $urandom_range(8);
      interval = $urandom_range(4);
      flags = $urandom_range(255);
    end
  endtask
  task put_job;
    reg [11:0] base;
    begin
      job_id = $urandom;
      job_page = $urandom;
      base = `GLB_TAB_JOB + 32 * tail;
      put(base, job_id); put(base+1, job_id >> 16);
      for (s = 2; s < 6; s = s + 1) put(base+s, $urandom);
      put(base+6, first_step); put(base+7, nsteps); put(base+8, burn); put(base+9, 0); put(base+10, interval); put(base+11, 0);
      put(base+12, first_run); put(base+13, nruns); put(base+14, {8'(flags), 6'd0, job_page}); put(base+15, {8'(nsampled), 8'(nseg)});
      for (s = 0; s < 16; s = s + 2) put(base+16+s/2, {seg_list[s+1][7:0], seg_list[s][7:0]});
    end
  endtask
  // Events of the job, its counters.
  task model;
    begin
      ev_n = 0;
      ev_at = 0;
      samples_in_job = 0;
      flips = 0;
      cycles = 0;
      total = 0;
      m = 0;  // the last sweep returned a sample
      replaces = flags >> 3;
      event_add(SEEDS, 0);
      if (flags & 1) event_add(SAMPLE, 8 + sum);
      for (s = 0; s < nsteps; s = s + 1) begin
        // Entry 0 of the table tells K: Q[0] = 62457.
        k = (62457 * step_k[s] + (1 << 23)) >> 24;
        event_add(TABLE, (k - 16) & 32767);
        for (sweeps = 0; sweeps < step_sweeps[s]; sweeps = sweeps + 1) begin
          total = total + 1;
          m = interval > 0 && total > burn && (total - burn) % interval == 0;
          for (k = 0; k < (m ? nseg : nseg - nsampled); k = k + 1) begin
            event_add(SEG, seg_list[k] + 16 * replaces);
            flips = flips + sg_flips[seg_list[k]];
            cycles = cycles + sg_len[seg_list[k]] + gap_of(seg_list[k]);
          end
          if (m) replaces = 1'b0;
          if (flags & 16) m = 0;
          if (m) event_add(SAMPLE, 8 + sum);
        end
      end
      if ((flags & 2) && !m) event_add(SAMPLE, 8 + sum);
      event_add(DONE, 0);
    end
  endtask
