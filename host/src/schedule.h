/* Cuts a run (beta schedule, burn-in, sampling interval) into jobs that the array's memories hold.
 * Sampling points stay where they are in the whole run. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SCHEDULE_H
#define GLB_SCHEDULE_H

#include "job.h"
#include "program.h"
#include "status.h"

struct glb_piece { /* one job of the run */
    struct glb_beta_step *steps;
    int nsteps;
    uint32_t burn_in, interval;
    uint8_t flags;
    uint64_t first_sweep; /* sweeps before it */
    long first_sample;    /* samples before it */
};

struct glb_schedule {
    struct glb_piece *piece;
    int npieces;
    uint64_t sweeps;
    long samples;
    struct glb_beta_step *steps; /* storage of all pieces */
};

/* steps[nsteps] with K instead of beta. Samples after burn_in + k * interval sweeps, k = 1 .. */
enum glb_status glb_schedule_plan(const struct glb_beta_step *steps, int nsteps, uint32_t burn_in,
                                  uint32_t interval, struct glb_schedule *out);
void glb_schedule_free(struct glb_schedule *s);

#endif
