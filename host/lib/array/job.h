/* A job: everything that, with a program and initial states, determines the output
 * (docs/design/array.md, section 6). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_JOB_H
#define GLB_ARRAY_JOB_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include "array/array.h"
#include "base/status.h"

struct glb_beta_step {
    uint32_t k; /* 16.16, glb_program_k() */
    uint32_t sweeps;
};

struct glb_run { /* readout run: count words from (tile, addr) on; addr = {lane, g} */
    uint16_t tile, addr, count;
};

enum { /* flags of a job */
       GLB_RUN_SAMPLE_INITIAL = 1,
       GLB_RUN_SAMPLE_FINAL = 2,
       GLB_RUN_SUBTRACT = 4, /* counts are subtracted: each adds -a - 1 */
       GLB_RUN_REPLACE = 8,  /* counts replace the sums until the first sampling point is passed */
       GLB_RUN_QUIET = 16    /* sampling points return nothing */
};

struct glb_job {
    uint32_t id;
    uint64_t seed;
    const struct glb_beta_step *steps;
    int nsteps;                 /* 1 .. GLB_BETA_STEPS */
    uint32_t burn_in, interval; /* sweeps; interval 0: no periodic samples */
    const struct glb_run *runs;
    int nruns;           /* 0 .. GLB_RUNS */
    uint8_t page, flags; /* 0 .. GLB_PAGES - 1; GLB_RUN_* */
    uint8_t nseg, seg[GLB_SEGMENTS];
    uint8_t nsampled; /* the last so many of seg run only in sweeps that end at a sampling point;
                         0 .. nseg - 1 */
    /* host only: of an emulator with several boards the first so many run, and the states and
     * sample bits of the others are undefined afterwards; 0: all */
    int boards;
    /* host only, or NULL: of an emulator with groups of boards K of each group instead of that of
     * the only step */
    const uint32_t *group_k;
    /* host only, emulator only: 1: the noise goes on where the last job on this emulator left it,
     * so that both together are one job; no seed is taken */
    int goes_on;
    /* host only, or NULL: non-zero ends the job, as ABORT does; samples already taken are whole */
    const atomic_int *stop;
    /* host only, or NULL: called now and then from the thread that runs the job, with the sweeps
     * that are done as far as that is known; a non-zero return ends the job */
    int (*progress)(void *user, uint32_t sweeps);
    void *user;
};

struct glb_job_counters { /* the DONE frame */
    uint32_t sweeps, samples;
    uint64_t flips, run_cycles, stall_cycles;
    int aborted;
};

/* Called for every sample with the readout words in run order: words[i * stride + w] is word
 * w of the i-th address of the runs; its bits are chains (of all boards of an emulator: bit board *
 * CHAINS + chain, 64 to a word). Runs in the thread that runs the job. A non-zero return ends the
 * job (aborted). */
typedef int (*glb_sample_fn)(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                             size_t stride);

/* Sweeps of a job that nothing stops, and the samples that it takes. */
uint64_t glb_job_sweeps(const struct glb_job *j);
uint32_t glb_job_samples(const struct glb_job *j);

/* Sweep after which sample number `sample` (0 .. glb_job_samples() - 1) is taken. */
uint32_t glb_job_sample_sweep(const struct glb_job *j, uint32_t sample);

/* Whether a sample is due after this sweep (1 ..), the last one if it equals total. */
int glb_job_sample_due(const struct glb_job *j, uint64_t sweep, uint64_t total);

/* Whether this sweep (1 ..) ends at a sampling point; quiet ones too, the final sample is none. */
int glb_job_sampling_point(const struct glb_job *j, uint64_t sweep);

/* How many of seg this sweep (1 ..) runs, from the first on. */
int glb_job_segments(const struct glb_job *j, uint64_t sweep);

/* How this sweep (1 ..) counts: GLB_RUN_SUBTRACT and GLB_RUN_REPLACE as far as they hold in it. */
unsigned glb_job_count_flags(const struct glb_job *j, uint64_t sweep);

/* GLB_ERR_ARGUMENT if j names a step, run, page or segment that array a does not have. */
enum glb_status glb_job_check(const struct glb_array *a, const struct glb_job *j);

#endif
