/* What the sweeps of a batch say about labels: sums of the labels' spins, and of their fields as
 * the sampled neighbours give them. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_VOTES_H
#define GLB_VOTES_H

#include <stdint.h>
#include "graph_adjacency.h"
#include "tally.h"
#include "topology.h"

struct glb_votes {
    const struct glb_topology *t;
    const double *J, *h;
    int each;         /* chains an image, next to each other */
    unsigned read;    /* layers that a sample must have */
    uint64_t *pixels; /* [pixels][words] the images: the caller's to fill */
    double *spin;     /* [images][GLB_CLASSES] over sweeps, chains and a class's copies */
    double *field;    /* the same */
    /* inside */
    struct glb_adjacency beside;
    struct glb_tally tally;
    double *sum;  /* [images] of a p-bit's spin */
    uint16_t *on; /* [64 * words] */
};

/* J, h: the weights that the sampler has, or NULL: no fields. */
enum glb_status glb_votes_open(struct glb_votes *v, const struct glb_topology *t, const double *J,
                               const double *h, int words, int each);
void glb_votes_close(struct glb_votes *v);

void glb_votes_begin(struct glb_votes *v);
int glb_votes_sample(void *votes, uint32_t sample, const uint64_t *planes); /* a glb_phase_fn */
/* Makes spin and field of the first images. */
void glb_votes_end(struct glb_votes *v, int images);

#endif
