/* Bursts of bytes for a board: good, wrong and broken frames, garbage, jobs.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LOCKSTEP_BURSTS_H
#define TESTS_LOCKSTEP_BURSTS_H

#include <stddef.h>
#include <stdint.h>
#include "array/array.h"
#include "base/rng.h"

struct stream { /* b has room for a burst: a megabyte */
    uint8_t *b;
    size_t n;
};

/* The frames of JOBS_IN_A_ROW come back among the replies to later ones: when is a matter of time.
 */
enum burst_kind { JOB_THAT_ENDS, JOBS_IN_A_ROW, JOB_TO_ABORT, NO_JOB, BURST_KINDS };

/* The dice; what a burst is made of. */
extern struct glb_rng rng;

/* Appends a random burst for an array. */
void burst(struct stream *s, const struct glb_array *a, enum burst_kind kind);
/* Appends writes of every state word, segment, step and run, so that all of a board is defined. */
void state_images(struct stream *s, const struct glb_array *a);

#endif
