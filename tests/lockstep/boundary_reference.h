/* What a board may answer when a frame comes in the midst of jobs: the emulated board's answer with
 * the frame at each of its boundaries. SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LOCKSTEP_BOUNDARY_REFERENCE_H
#define TESTS_LOCKSTEP_BOUNDARY_REFERENCE_H

#include "array/array.h"
#include "bursts.h"

enum { MAX_OUTCOMES = 128 };

struct sweep { /* frames each */
    struct stream load, before, frame, after;
};

struct outcome {
    struct stream jobs; /* DATA and DONE frames, blanked as board_blank() does */
    int status;         /* of the frame's reply */
    int point;          /* pieces of the jobs before the frame */
    const char *kind;
};

struct outcomes {
    struct outcome at[MAX_OUTCOMES];
    int n;
};

/* The outcomes in the order of the frame's time. Besides the emulated ones an ABORT may drop a
 * sample that is due at its boundary, and the queued job with the running one's last clock. */
void outcomes_make(struct outcomes *o, const struct glb_array *a, const struct sweep *w);
void outcomes_free(struct outcomes *o);

#endif
