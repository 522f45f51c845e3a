/* How often p-bits agree in one phase, counted over chains and samples.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_PAIR_STATISTICS_H
#define GLB_LEARN_PAIR_STATISTICS_H

#include <stdint.h>
#include "base/status.h"
#include "learn/topology/topology.h"

struct glb_pair_statistics {
    const struct glb_topology *t;
    int words, capacity;                     /* words a plane; samples that fit */
    int stride;                              /* words between clamped planes: the most of a plane */
    int sweeps;                              /* that the phase samples */
    int samples;                             /* collected: as many, or the last one alone */
    unsigned free_layers;                    /* bit l: layer l was updated */
    unsigned read_layers;                    /* bit l: it is part of the samples */
    const uint64_t *clamped[GLB_MAX_LAYERS]; /* of a clamped layer: [count][stride], not owned */
    uint64_t *sample;                        /* free p-bits: [n][capacity][words] */
    uint64_t *slices; /* free p-bits: [n][GLB_COUNT_PLANES][words], bit-sliced sums over samples */
    uint64_t *ones;   /* [n] chains x samples in which the p-bit was 1 */
};

enum glb_status glb_pair_statistics_init(struct glb_pair_statistics *pairs,
                                         const struct glb_topology *t, int words, int capacity);
void glb_pair_statistics_free(struct glb_pair_statistics *pairs);

/* Planes of phases to come have so many words, at most those of glb_pair_statistics_init(). */
static inline void glb_pair_statistics_narrow(struct glb_pair_statistics *pairs, int words) {
    pairs->words = words;
}

/* Starts a phase of `sweeps` samples in which the layers of `free_layers` are sampled; those of
 * `read_layers`, which are some of them, are collected. Every other layer's planes
 * [count][stride] are set in `clamped` before glb_pair_statistics_end() and stay there unchanged.
 */
void glb_pair_statistics_begin(struct glb_pair_statistics *pairs, unsigned free_layers,
                               unsigned read_layers, int sweeps);
/* A glb_layer_sample_fn with user = the statistics; the run must read exactly those layers. */
int glb_pair_statistics_sample(void *user, uint32_t sample, const uint64_t *planes);
/* Words of p-bit i of a layer that is read in sample s. */
static inline const uint64_t *glb_pair_statistics_at(const struct glb_pair_statistics *pairs, int i,
                                                     int s) {
    return pairs->sample + ((size_t)i * pairs->capacity + s) * pairs->words;
}
/* The newest sample of p-bit i of a layer that is read. */
const uint64_t *glb_pair_statistics_last(const struct glb_pair_statistics *pairs, int i);

/* Prepares counts; then glb_pair_statistics_agree() may be called from several threads. */
void glb_pair_statistics_end(struct glb_pair_statistics *pairs, int threads);

/* Chain-samples in which m_i m_j = 1, of glb_pair_statistics_total(): <m_i m_j> is 2 agree / total
 * -
 * 1. With j = -1 those in which m_i = 1. Both p-bits are clamped, or all samples of their layers
 * were collected. */
int64_t glb_pair_statistics_agree(const struct glb_pair_statistics *pairs, int i, int j);
static inline int64_t glb_pair_statistics_total(const struct glb_pair_statistics *pairs) {
    return INT64_C(64) * pairs->words * pairs->sweeps;
}

#endif
