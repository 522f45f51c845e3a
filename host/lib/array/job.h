/* A job: everything that, with a program and initial states, determines the output
 * (docs/design/array.md, section 6). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_JOB_H
#define GLB_ARRAY_JOB_H

#include <stdatomic.h>
#include <stdint.h>
#include "array/array.h"

struct glb_beta_step {
    uint32_t k; /* 16.16, glb_program_k() */
    uint32_t sweeps;
};

struct glb_run { /* readout run: count words from (tile, addr) on; addr = {lane, g} */
    uint16_t tile, addr, count;
};

struct glb_job {
    uint32_t id;
    uint64_t seed;
    const struct glb_beta_step *steps;
    int nsteps; /* 1 .. GLB_BETA_STEPS */
    uint32_t burn_in, interval;
    const struct glb_run *runs;
    int nruns;           /* 0 .. GLB_RUNS */
    uint8_t page, flags; /* GLB_RUN_SAMPLE_* of proto.h */
    uint8_t nseg, seg[GLB_SEGMENTS];
    const atomic_int *stop; /* host only, or NULL: non-zero ends the job, as ABORT does; samples
                               already taken are whole */
};

struct glb_job_counters { /* the DONE frame */
    uint32_t sweeps, samples;
    uint64_t flips, run_cycles, stall_cycles;
    int aborted;
};

#endif
