/* Scores of labels over the sweeps of a batch: sums of the labels' spins, and of their fields as
 * the sampled neighbours give them. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_LABEL_SCORES_H
#define GLB_LEARN_LABEL_SCORES_H

#include <stdint.h>
#include "graph/adjacency.h"
#include "learn/labels/bit_counter.h"
#include "learn/topology/topology.h"

struct glb_label_scores {
    const struct glb_topology *t;
    const double *J, *h;
    int each;        /* chains an image, next to each other */
    unsigned read;   /* layers that a sample must have */
    uint64_t *image; /* [pixels of an image][words] the images: the caller's to fill */
    uint64_t
        *pixels;   /* [p-bits that show them][words] as glb_topology_show() makes them of these */
    double *spin;  /* [images][classes] over sweeps, chains and a class's copies */
    double *field; /* the same */
    /* inside */
    struct glb_adjacency beside;
    struct glb_bit_counter counter;
    const uint32_t *counted; /* [p-bits of a sample][stride] chain-samples of an image, or NULL */
    size_t stride;
    double *sum;  /* [images] of a p-bit's spin */
    uint16_t *on; /* [64 * words] */
};

/* Layers that a sample must have for labels' spins, and for their fields. */
unsigned glb_label_layers(const struct glb_topology *t, int fields);

/* J, h: the weights that the sampler has, or NULL: no fields. */
enum glb_status glb_label_scores_open(struct glb_label_scores *scores, const struct glb_topology *t,
                                      const double *J, const double *h, int words, int each);
void glb_label_scores_close(struct glb_label_scores *scores);

void glb_label_scores_begin(struct glb_label_scores *scores);
int glb_label_scores_sample(void *scores, uint32_t sample,
                            const uint64_t *planes); /* a glb_layer_sample_fn */
/* Instead of samples: counts of `samples` of them, as run_groups() of a layer sampler makes them.
 * Valid until the end. */
void glb_label_scores_counted(struct glb_label_scores *scores, const uint32_t *on, size_t stride,
                              uint32_t samples);
/* Makes spin and field of the first images. */
void glb_label_scores_end(struct glb_label_scores *scores, int images);

#endif
