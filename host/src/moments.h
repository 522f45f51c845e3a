/* First and second moments of one phase, counted over chains and samples. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_MOMENTS_H
#define GLB_MOMENTS_H

#include <stdint.h>
#include "status.h"
#include "topology.h"

struct glb_moments {
    const struct glb_topology *t;
    int words, capacity;  /* words a plane; samples that fit */
    int samples;          /* collected */
    unsigned free_layers; /* bit l: layer l was updated and is part of the samples */
    uint64_t *plane;      /* clamped p-bits: [n][words] */
    uint64_t *sample;     /* free p-bits: [n][capacity][words] */
    uint64_t *slices; /* free p-bits: [n][GLB_COUNT_PLANES][words], bit-sliced sums over samples */
    uint64_t *ones;   /* [n] chains x samples in which the p-bit was 1 */
};

enum glb_status glb_moments_init(struct glb_moments *m, const struct glb_topology *t, int words,
                                 int capacity);
void glb_moments_free(struct glb_moments *m);

/* Starts a phase in which the layers of `free_layers` are sampled. */
void glb_moments_begin(struct glb_moments *m, unsigned free_layers);
/* The plane of clamped p-bit i. */
static inline uint64_t *glb_moments_plane(struct glb_moments *m, int i) {
    return m->plane + (long)i * m->words;
}
/* A glb_phase_fn with user = the moments; the phase must read exactly the free layers. */
int glb_moments_sample(void *user, uint32_t sample, const uint64_t *planes);
/* The newest sample of free p-bit i. */
const uint64_t *glb_moments_last(const struct glb_moments *m, int i);

/* Prepares counts; then glb_moments_mean and glb_moments_correlation may be called from several
 * threads. */
void glb_moments_end(struct glb_moments *m, int threads);
double glb_moments_mean(const struct glb_moments *m, int i);               /* <m_i> */
double glb_moments_correlation(const struct glb_moments *m, int i, int j); /* <m_i m_j> */

#endif
