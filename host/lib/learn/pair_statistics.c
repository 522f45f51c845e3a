/* Moments as integer counts: exact, so that they depend neither on the order of summation nor on
 * threads. SPDX-License-Identifier: Apache-2.0 */
#include "learn/pair_statistics.h"

#include <stdlib.h>
#include <string.h>
#include "base/bits.h"
#include "base/parallel.h"

enum glb_status glb_pair_statistics_init(struct glb_pair_statistics *m,
                                         const struct glb_topology *t, int words, int capacity) {
    const size_t n = (size_t)t->graph->n, w = (size_t)words;
    memset(m, 0, sizeof *m);
    if (capacity < 1 || capacity >= 1 << GLB_COUNT_PLANES)
        return glb_fail(GLB_ERR_ARGUMENT, "%d samples a phase; 1 to %d are counted", capacity,
                        (1 << GLB_COUNT_PLANES) - 1);
    m->t = t;
    m->words = words;
    m->capacity = capacity;
    m->plane = calloc(n * w, sizeof *m->plane);
    m->sample = calloc(n * w * (size_t)capacity, sizeof *m->sample);
    m->slices = calloc(n * w * GLB_COUNT_PLANES, sizeof *m->slices);
    m->ones = calloc(n, sizeof *m->ones);
    if (m->plane && m->sample && m->slices && m->ones)
        return GLB_OK;
    glb_pair_statistics_free(m);
    return glb_fail(GLB_ERR_MEMORY, "no memory for the samples of %zu p-bits", n);
}

void glb_pair_statistics_free(struct glb_pair_statistics *m) {
    free(m->plane);
    free(m->sample);
    free(m->slices);
    free(m->ones);
    memset(m, 0, sizeof *m);
}

void glb_pair_statistics_begin(struct glb_pair_statistics *m, unsigned free_layers) {
    m->samples = 0;
    m->free_layers = free_layers;
}

static int is_free(const struct glb_pair_statistics *m, int i) {
    return m->free_layers >> m->t->layer_of[i] & 1;
}

static uint64_t *sample_at(const struct glb_pair_statistics *m, int i, int s) {
    return m->sample + ((size_t)i * m->capacity + s) * m->words;
}

static uint64_t *slices_at(const struct glb_pair_statistics *m, int i) {
    return m->slices + (size_t)i * GLB_COUNT_PLANES * m->words;
}

int glb_pair_statistics_sample(void *user, uint32_t sample, const uint64_t *planes) {
    struct glb_pair_statistics *m = user;
    (void)sample;
    if (m->samples == m->capacity)
        return 1;
    for (int l = 0; l < m->t->nlayers; l++) {
        const struct glb_layer *layer = &m->t->layer[l];
        if (!(m->free_layers >> l & 1))
            continue;
        for (int i = 0; i < layer->count; i++, planes += m->words)
            memcpy(sample_at(m, layer->first + i, m->samples), planes, sizeof *planes * m->words);
    }
    m->samples++;
    return 0;
}

const uint64_t *glb_pair_statistics_last(const struct glb_pair_statistics *m, int i) {
    return sample_at(m, i, m->samples - 1);
}

static void prepare(void *user, int first, int end) {
    struct glb_pair_statistics *m = user;
    const struct glb_bit_ops *ops = glb_bits();
    const size_t w = (size_t)m->words;
    for (int i = first; i < end; i++) {
        if (is_free(m, i)) {
            ops->slice(sample_at(m, i, 0), m->samples, w, slices_at(m, i),
                       glb_planes_for(m->samples));
            m->ones[i] = ops->count(sample_at(m, i, 0), w * m->samples);
        } else {
            m->ones[i] = ops->count(m->plane + i * w, w) * m->samples;
        }
    }
}

void glb_pair_statistics_end(struct glb_pair_statistics *m, int threads) {
    glb_parallel(threads, m->t->graph->n, prepare, m);
}

double glb_pair_statistics_mean(const struct glb_pair_statistics *m, int i) {
    return 2.0 * (double)m->ones[i] / (64.0 * m->words * m->samples) - 1.0;
}

double glb_pair_statistics_correlation(const struct glb_pair_statistics *m, int i, int j) {
    const struct glb_bit_ops *ops = glb_bits();
    const size_t w = (size_t)m->words;
    const int fi = is_free(m, i), fj = is_free(m, j);
    uint64_t differ;
    if (fi && fj) {
        differ = ops->count_xor(sample_at(m, i, 0), sample_at(m, j, 0), w * m->samples);
    } else if (!fi && !fj) {
        differ = ops->count_xor(m->plane + i * w, m->plane + j * w, w) * m->samples;
    } else {
        /* A clamped plane x is the same in all samples: ones(s ^ x) = ones(s) + ones(x) - 2 ones(s
         * & x). */
        const int f = fi ? i : j, c = fi ? j : i;
        const uint64_t both =
            ops->count_weighted(slices_at(m, f), glb_planes_for(m->samples), m->plane + c * w, w);
        differ = m->ones[f] + m->ones[c] - 2 * both;
    }
    return 1.0 - 2.0 * (double)differ / (64.0 * m->words * m->samples);
}
