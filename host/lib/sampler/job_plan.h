/* Cuts a run (beta schedule, burn-in, sampling interval) into jobs that the array's memories hold.
 * Sampling points stay where they are in the whole run. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_JOB_PLAN_H
#define GLB_SAMPLER_JOB_PLAN_H

#include "array/job.h"
#include "array/program.h"
#include "base/status.h"

struct glb_piece { /* one job of the run */
    struct glb_beta_step *steps;
    int nsteps;
    uint32_t burn_in, interval;
    uint8_t flags;
    uint64_t first_sweep; /* sweeps before it */
    int64_t first_sample; /* samples before it */
};

struct glb_job_plan {
    struct glb_piece *piece;
    int npieces;
    uint64_t sweeps;
    int64_t samples;
    struct glb_beta_step *steps; /* storage of all pieces */
};

/* Of jobs that count: none has more than `most` samples (1 ..), and of the first `samples` the last
 * one ends a job. */
struct glb_count_limit {
    int64_t samples, most;
};

/* steps[nsteps] with K instead of beta. Samples after burn_in + k * interval sweeps, k = 1 .. The
 * limit may be NULL. */
enum glb_status glb_job_plan_make(const struct glb_beta_step *steps, int nsteps, uint32_t burn_in,
                                  uint32_t interval, const struct glb_count_limit *limit,
                                  struct glb_job_plan *out);
void glb_job_plan_free(struct glb_job_plan *s);

#endif
