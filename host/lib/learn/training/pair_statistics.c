/* Pair statistics as integer counts: exact, so that they depend neither on the order of summation
 * nor on threads. SPDX-License-Identifier: Apache-2.0 */
#include "learn/training/pair_statistics.h"

#include <stdlib.h>
#include <string.h>
#include "base/bits.h"
#include "base/parallel.h"

enum glb_status glb_pair_statistics_init(struct glb_pair_statistics *pairs,
                                         const struct glb_topology *t, int words, int capacity) {
    const size_t n = (size_t)t->graph->n, w = (size_t)words;
    memset(pairs, 0, sizeof *pairs);
    if (capacity < 1 || capacity >= 1 << GLB_COUNT_PLANES)
        return glb_fail(GLB_ERR_ARGUMENT, "%d samples a phase; 1 to %d are counted", capacity,
                        (1 << GLB_COUNT_PLANES) - 1);
    pairs->t = t;
    pairs->words = pairs->stride = words;
    pairs->capacity = capacity;
    pairs->sample = calloc(n * w * (size_t)capacity, sizeof *pairs->sample);
    pairs->slices = calloc(n * w * GLB_COUNT_PLANES, sizeof *pairs->slices);
    pairs->ones = calloc(n, sizeof *pairs->ones);
    if (pairs->sample && pairs->slices && pairs->ones)
        return GLB_OK;
    glb_pair_statistics_free(pairs);
    return glb_fail(GLB_ERR_MEMORY, "no memory for the samples of %zu p-bits", n);
}

void glb_pair_statistics_free(struct glb_pair_statistics *pairs) {
    free(pairs->sample);
    free(pairs->slices);
    free(pairs->ones);
    memset(pairs, 0, sizeof *pairs);
}

void glb_pair_statistics_begin(struct glb_pair_statistics *pairs, unsigned free_layers,
                               unsigned read_layers, int sweeps) {
    pairs->sweeps = sweeps;
    pairs->samples = 0;
    pairs->free_layers = free_layers;
    pairs->read_layers = read_layers;
}

static int is_free(const struct glb_pair_statistics *pairs, int i) {
    return pairs->free_layers >> pairs->t->layer_of[i] & 1;
}

static const uint64_t *clamped_at(const struct glb_pair_statistics *pairs, int i) {
    const int l = pairs->t->layer_of[i];
    return pairs->clamped[l] + (size_t)(i - pairs->t->layer[l].first) * pairs->stride;
}

static uint64_t *sample_at(const struct glb_pair_statistics *pairs, int i, int s) {
    return pairs->sample + ((size_t)i * pairs->capacity + s) * pairs->words;
}

static uint64_t *slices_at(const struct glb_pair_statistics *pairs, int i) {
    return pairs->slices + (size_t)i * GLB_COUNT_PLANES * pairs->words;
}

int glb_pair_statistics_sample(void *user, uint32_t sample, const uint64_t *planes) {
    struct glb_pair_statistics *pairs = user;
    (void)sample;
    if (pairs->samples == pairs->capacity)
        return 1;
    for (int l = 0; l < pairs->t->nlayers; l++) {
        const struct glb_layer *layer = &pairs->t->layer[l];
        if (!(pairs->read_layers >> l & 1))
            continue;
        for (int i = 0; i < layer->count; i++, planes += pairs->words)
            memcpy(sample_at(pairs, layer->first + i, pairs->samples), planes,
                   sizeof *planes * pairs->words);
    }
    pairs->samples++;
    return 0;
}

const uint64_t *glb_pair_statistics_last(const struct glb_pair_statistics *pairs, int i) {
    return glb_pair_statistics_at(pairs, i, pairs->samples - 1);
}

static void prepare(void *user, int first, int end) {
    struct glb_pair_statistics *pairs = user;
    const struct glb_bit_ops *ops = glb_bits();
    const size_t w = (size_t)pairs->words;
    for (int i = first; i < end; i++) {
        if (!is_free(pairs, i)) {
            pairs->ones[i] = ops->count(clamped_at(pairs, i), w) * pairs->sweeps;
        } else if (pairs->read_layers >> pairs->t->layer_of[i] & 1) {
            ops->slice(sample_at(pairs, i, 0), pairs->samples, w, slices_at(pairs, i),
                       glb_planes_for(pairs->samples));
            pairs->ones[i] = ops->count(sample_at(pairs, i, 0), w * pairs->samples);
        }
    }
}

void glb_pair_statistics_end(struct glb_pair_statistics *pairs, int threads) {
    glb_parallel(threads, pairs->t->graph->n, prepare, pairs);
}

/* Chain-samples in which i and j differ. */
static uint64_t differing(const struct glb_pair_statistics *pairs, int i, int j) {
    const struct glb_bit_ops *ops = glb_bits();
    const size_t w = (size_t)pairs->words;
    const int fi = is_free(pairs, i), fj = is_free(pairs, j);
    if (fi && fj)
        return ops->count_xor(sample_at(pairs, i, 0), sample_at(pairs, j, 0), w * pairs->samples);
    if (!fi && !fj)
        return ops->count_xor(clamped_at(pairs, i), clamped_at(pairs, j), w) * pairs->sweeps;
    /* A clamped plane x is the same in all samples: ones(s ^ x) = ones(s) + ones(x) - 2 ones(s &
     * x). */
    const int f = fi ? i : j, c = fi ? j : i;
    const uint64_t both = ops->count_weighted(slices_at(pairs, f), glb_planes_for(pairs->samples),
                                              clamped_at(pairs, c), w);
    return pairs->ones[f] + pairs->ones[c] - 2 * both;
}

int64_t glb_pair_statistics_agree(const struct glb_pair_statistics *pairs, int i, int j) {
    return j < 0 ? (int64_t)pairs->ones[i]
                 : glb_pair_statistics_total(pairs) - (int64_t)differing(pairs, i, j);
}
