/* A job on array tiny behind the byte protocol: sweeps of five clocks in which nothing happens, and
 * a sample of six words after sweeps 5, 8, 11 .. and the last. SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_SUPPORT_SMALL_JOB_H
#define TESTS_SUPPORT_SMALL_JOB_H

#include "wire/client.h"

enum { SMALL_JOB_WORDS = 6, SMALL_JOB_FLIPS = 8 /* a sweep */ };

struct small_job_tape {
    int samples;                     /* taken so far; must come in order */
    uint32_t last_sweep;             /* of the last sample */
    uint64_t words[SMALL_JOB_WORDS]; /* the last sample */
    int stop_after; /* samples after which the callback returns stop_with; 0: never */
    int stop_with;
};

extern const struct glb_run small_job_runs[2];

/* The job with one step, which the caller keeps. */
struct glb_job small_job(uint32_t id, const struct glb_beta_step *step);

enum glb_status small_job_run(struct glb_client *c, uint32_t sweeps, struct small_job_tape *tape,
                              struct glb_job_counters *n);

#endif
