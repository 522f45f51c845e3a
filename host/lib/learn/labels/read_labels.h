/* Reading labels by Gibbs sampling: pixels clamped, all else moves, and the label wins whose mean
 * over sweeps and chains is the highest: the mean of its field, as its sampled neighbours give it,
 * or of its spin. The field is the less noisy one. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_READ_LABELS_H
#define GLB_LEARN_READ_LABELS_H

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include "learn/data/dataset.h"
#include "learn/layers/layer_sampler.h"
#include "learn/topology/topology.h"

struct glb_read_labels_options {
    int sweeps;  /* an image, over all its chains, burn-in included */
    int chains;  /* an image; 0: one. Each starts anew: labels stick, and other starts choose others
                  */
    int burn_in; /* sweeps dropped at the start of each chain */
    double beta; /* inverse temperature; 0: 1 */
    const double *J, *h; /* the sampler's weights, for the fields; NULL: labels by their spins */
    double *score;       /* [d->count][classes] or NULL: means over sweeps, chains and copies of the
                            fields, or of the spins where J is NULL */
    uint64_t seed;
    const atomic_int *stop; /* or NULL: non-zero ends it with GLB_ERR_INTERRUPTED */
    void (*progress)(void *user, int done, int count);
    void *user;
};

struct glb_read_labels {
    int images, right, right_by_spins;
    int classes, confusion[GLB_MAX_CLASSES][GLB_MAX_CLASSES]; /* [true][read] */
    uint64_t flips, cycles;
};

/* The sampler's weights must be set. predicted: [d->count] or NULL. */
enum glb_status glb_read_labels_run(const struct glb_topology *t, struct glb_layer_sampler *sampler,
                                    const struct glb_dataset *d,
                                    const struct glb_read_labels_options *o, uint8_t *predicted,
                                    struct glb_read_labels *out);

static inline double glb_read_labels_accuracy(const struct glb_read_labels *r) {
    return r->images ? (double)r->right / r->images : 0;
}

void glb_read_labels_print(const struct glb_read_labels *r, FILE *to); /* the confusion matrix */

#endif
