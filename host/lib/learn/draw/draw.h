/* Drawing digits: labels clamped, everything else annealed. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_DRAW_H
#define GLB_LEARN_DRAW_H

#include <stdint.h>
#include "learn/data/dataset.h"
#include "learn/layers/layer_sampler.h"
#include "learn/topology/topology.h"

struct glb_drawing {
    int columns; /* pictures a class */
    int sweeps;  /* of annealing, all in all; the last tenth at beta */
    double beta; /* inverse temperature at the end; 0: 1 */
    int average; /* sweeps at the end over which a pixel is averaged */
    uint64_t seed;
};

/* GLB_ERR_ARGUMENT for a machine that has not each pixel once: it cannot draw. The functions below
 * check it themselves. */
enum glb_status glb_draw_check(const struct glb_topology *t);

/* The sampler's weights must be set and all its layers but the labels must be free to move. grey
 * gets [classes][columns][height][width] values: 255 is a pixel that was always on. */
enum glb_status glb_draw_digits(const struct glb_topology *t, struct glb_layer_sampler *sampler,
                                const struct glb_drawing *o, uint8_t *grey,
                                struct glb_job_counters *counters);

/* In-painting: image index[c] of the dataset in chain c, its label and those of its pixels held
 * that keep[height][width] of one plane names, in every plane (NULL: the rows before height / 2),
 * all else annealed. grey gets [count][height][width] values. GLB_ERR_ARGUMENT for images of
 * another size than the topology's. */
enum glb_status glb_draw_inpaint(const struct glb_topology *t, struct glb_layer_sampler *sampler,
                                 const struct glb_dataset *d, const int32_t *index, int count,
                                 const bool *keep, const struct glb_drawing *o, uint8_t *grey,
                                 struct glb_job_counters *counters);

/* Whether pixel p of [height][width], all planes, is one of those that in-painting holds. */
static inline bool glb_draw_keeps(const struct glb_dataset *d, const bool *keep, int p) {
    const int high = d->height / d->binarise.planes, at = p % (high * d->width);
    return keep ? keep[at] : at / d->width < high / 2;
}

/* Pixel couplings of `count` hidden units of the first hidden layer, spread evenly over it:
 * [count][height][width], 128 is none, the strongest of all is 1 or 255; all 128 where no pixel is
 * coupled. */
void glb_draw_weights(const struct glb_topology *t, const double *J, int count, uint8_t *grey);

#endif
