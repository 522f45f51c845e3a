/* Reading labels by Gibbs sampling: pixels clamped, labels averaged over sweeps.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_READOUT_H
#define GLB_READOUT_H

#include <stdint.h>
#include <stdio.h>
#include "dataset.h"
#include "phase.h"
#include "topology.h"

struct glb_readout_options {
    int burn_in, sweeps; /* dropped; all, burn-in included */
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
