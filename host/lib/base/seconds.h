/* Clocks in seconds, for what is reported. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_SECONDS_H
#define GLB_BASE_SECONDS_H

#include <time.h>

/* CLOCK_MONOTONIC: of the wall; CLOCK_PROCESS_CPUTIME_ID: processor time of all threads;
 * CLOCK_THREAD_CPUTIME_ID: of this one. */
static inline double glb_seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
