/* Reading labels by Gibbs sampling: pixels clamped, labels averaged over sweeps.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_READOUT_H
#define GLB_READOUT_H

#include <stdint.h>
#include <stdio.h>
#include "dataset.h"
#include "phase.h"
#include "topology.h"

/* At most GLB_READOUT_CYCLES cycles. */
enum { GLB_READOUT_STEPS = 4, GLB_READOUT_CYCLES = GLB_MAX_STAGES / (GLB_READOUT_STEPS + 1) };

struct glb_readout_options {
    int burn_in, sweeps; /* of a cycle: dropped at its start; all of all cycles, burn-in included */
    int cycles;          /* 0 or 1: one. Each warms up anew: labels that stick let go */
    double hot;          /* inverse temperature at a cycle's start, up to `beta` while burning in */
    double beta;         /* of the sweeps that count; 0: 1 */
    uint64_t seed;
    const volatile int *stop; /* or NULL: non-zero ends it with GLB_ERR_INTERRUPTED */
    void (*progress)(void *user, int done, int count);
    void *user;
};

struct glb_readout {
    int images, right;
    int confusion[GLB_CLASSES][GLB_CLASSES]; /* [true][read] */
    uint64_t flips, cycles;
};

/* The sampler's weights must be set. predicted: [d->count] or NULL. */
enum glb_status glb_readout_run(const struct glb_topology *t, struct glb_phase_sampler *sampler,
                                const struct glb_dataset *d, const struct glb_readout_options *o,
                                uint8_t *predicted, struct glb_readout *out);

static inline double glb_readout_accuracy(const struct glb_readout *r) {
    return r->images ? (double)r->right / r->images : 0;
}

void glb_readout_print(const struct glb_readout *r, FILE *to); /* the confusion matrix */

#endif
