/* A layer sampler in plain C for tests of its users: exact Gibbs updates in floating
 * point. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_GIBBS_SAMPLER_H
#define GLB_TEST_GIBBS_SAMPLER_H

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"
#include "learn/layers/layer_sampler.h"

struct gibbs {
    const struct glb_topology *t;
    int words;
    double *J, *h;
    uint64_t *plane;
    bool *clamped;
    const struct glb_layer_sum *want; /* what it counts */
    int nsums;
    int64_t *sum;
};

static enum glb_status gibbs_set_weights(void *self, const double *J, const double *h,
                                         int *saturated) {
    struct gibbs *g = self;
    memcpy(g->J, J, sizeof *J * (size_t)g->t->graph->m);
    memcpy(g->h, h, sizeof *h * (size_t)g->t->graph->n);
    if (saturated)
        *saturated = 0;
    return GLB_OK;
}

static enum glb_status gibbs_set_layer(void *self, int layer, const uint64_t *planes) {
    struct gibbs *g = self;
    const struct glb_layer *l = &g->t->layer[layer];
    if (planes)
        memcpy(g->plane + (size_t)l->first * g->words, planes,
               sizeof *planes * (size_t)l->count * (size_t)g->words);
    return GLB_OK;
}

static enum glb_status gibbs_clamp(void *self, const bool *clamped) {
    struct gibbs *g = self;
    for (int i = 0; i < g->t->graph->n; i++)
        g->clamped[i] = clamped && clamped[i];
    return GLB_OK;
}

static double gibbs_spin(const struct gibbs *g, int i, int c) {
    return g->plane[(size_t)i * g->words + (c >> 6)] >> (c & 63) & 1 ? 1 : -1;
}

static void gibbs_update(struct gibbs *g, int i, double beta, uint64_t seed, uint64_t sweep,
                         int words) {
    for (int c = 0; c < words * 64; c++) {
        double field = g->h[i];
        for (int e = 0; e < g->t->graph->m; e++) {
            const int a = g->t->graph->ei[e], b = g->t->graph->ej[e];
            if (a == i || b == i)
                field += g->J[e] * gibbs_spin(g, a == i ? b : a, c);
        }
        const double u = glb_unit_at(seed, sweep, (uint64_t)i, (uint64_t)c);
        uint64_t *word = &g->plane[(size_t)i * g->words + (c >> 6)];
        *word = (*word & ~(1ull << (c & 63))) | (uint64_t)(u < 1 / (1 + exp(-2 * beta * field)))
                                                    << (c & 63);
    }
}

static void gibbs_count(struct gibbs *g, enum glb_layer_count how) {
    for (int k = 0; k < g->nsums && how != GLB_COUNT_NOT; k++)
        for (int c = 0; c < g->words * 64; c++) {
            const double j = g->want[k].j < 0 ? 1 : gibbs_spin(g, g->want[k].j, c);
            if (gibbs_spin(g, g->want[k].i, c) == j)
                g->sum[k] += how == GLB_COUNT_ADD ? 1 : -1;
        }
}

static enum glb_status gibbs_sums(void *self, int64_t *out) {
    const struct gibbs *g = self;
    for (int k = 0; k < g->nsums; k++)
        out[k] = g->sum[k];
    return GLB_OK;
}

static enum glb_status gibbs_run(void *self, const struct glb_layer_run *request,
                                 glb_layer_sample_fn fn, void *user,
                                 struct glb_job_counters *counters) {
    struct gibbs *g = self;
    const int words = request->words ? request->words : g->words;
    uint64_t *sample = malloc(sizeof *sample * (size_t)g->t->graph->n * words);
    memset(counters, 0, sizeof *counters);
    for (int k = 0; k < g->nsums && request->replace; k++)
        g->sum[k] = 0;
    uint32_t stage = 0, until = request->steps[0].sweeps, total = 0;
    for (int k = 0; k < request->nsteps; k++)
        total += request->steps[k].sweeps;
    for (uint32_t sweep = 1; sweep <= total; sweep++) {
        while (sweep > until)
            until += request->steps[++stage].sweeps;
        for (int k = 0; k < request->norder; k++) {
            const struct glb_layer *l = &g->t->layer[request->order[k]];
            for (int i = 0; i < l->count; i++)
                if (!g->clamped[l->first + i] && !(request->hold >> request->order[k] & 1))
                    gibbs_update(g, l->first + i, request->steps[stage].beta, request->seed, sweep,
                                 words);
            counters->flips += (uint64_t)l->count * words * 64;
        }
        if (sweep <= request->burn_in || (sweep - request->burn_in) % request->interval)
            continue;
        gibbs_count(g, request->count);
        if (request->last && (sweep < total || !request->read))
            continue;
        uint64_t *out = sample;
        for (int i = 0; i < g->t->graph->n; i++)
            if (request->read >> g->t->layer_of[i] & 1) {
                memcpy(out, g->plane + (size_t)i * g->words, sizeof *out * (size_t)words);
                out += words;
            }
        fn(user, counters->samples++, sample);
    }
    free(sample);
    return GLB_OK;
}

static void gibbs_close(void *self) {
    struct gibbs *g = self;
    free(g->J);
    free(g->h);
    free(g->plane);
    free(g->clamped);
    free(g->sum);
    free(g);
}

static struct glb_layer_sampler gibbs_open(const struct glb_topology *t, int chains) {
    struct gibbs *g = calloc(1, sizeof *g);
    g->t = t;
    g->words = chains / 64;
    g->J = calloc((size_t)t->graph->m, sizeof *g->J);
    g->h = calloc((size_t)t->graph->n, sizeof *g->h);
    g->plane = calloc((size_t)t->graph->n * g->words, sizeof *g->plane);
    g->clamped = calloc((size_t)t->graph->n, sizeof *g->clamped);
    return (struct glb_layer_sampler){.chains = chains,
                                      .words = g->words,
                                      .u = 1.0 / 16,
                                      .weight_max = 127,
                                      .self = g,
                                      .set_weights = gibbs_set_weights,
                                      .set_layer = gibbs_set_layer,
                                      .clamp = gibbs_clamp,
                                      .run = gibbs_run,
                                      .sums = gibbs_sums,
                                      .close = gibbs_close};
}

/* Counts the first nsums of `want`, which stay the caller's. */
static inline void gibbs_counts(struct glb_layer_sampler *s, const struct glb_layer_sum *want,
                                int nsums) {
    struct gibbs *g = s->self;
    g->want = want;
    g->nsums = s->nsums = nsums;
    g->sum = calloc((size_t)nsums, sizeof *g->sum);
}

#endif
