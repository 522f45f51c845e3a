/* The Gibbs sampler of gibbs_sampler.h with a record of every run: what it was asked for, the
 * states before and after it, and means and correlations of its samples by plain loops. For
 * machines of small_machine.h. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_WATCHED_SAMPLER_H
#define GLB_TEST_WATCHED_SAMPLER_H

#include "support/learn/gibbs_sampler.h"
#include "support/learn/small_machine.h"

enum { MAX_RUNS = 100, MAX_WORDS = 16 };

struct watched_run {
    struct glb_layer_run asked;
    struct glb_step step;
    bool clamped[N];
    double J[M], h[N];
    uint64_t before[N][MAX_WORDS], after[N][MAX_WORDS];
    double mean[N], pair[M]; /* <m_i>, <m_i m_j> of edge e, over chains and samples */
};

static struct watched_run watched[MAX_RUNS];
static int watched_runs;

struct watched_user {
    const struct gibbs *g;
    glb_layer_sample_fn fn;
    void *user;
    int samples;
};

static int watched_sample(void *user, uint32_t sample, const uint64_t *planes) {
    struct watched_user *u = user;
    struct watched_run *r = &watched[watched_runs];
    const int words = r->asked.words ? r->asked.words : u->g->words;
    for (int c = 0; c < 64 * words; c++) {
        double m[N];
        for (int i = 0; i < N; i++) {
            m[i] = gibbs_spin(u->g, i, c);
            r->mean[i] += m[i];
        }
        for (int e = 0; e < M; e++)
            r->pair[e] += m[u->g->t->graph->ei[e]] * m[u->g->t->graph->ej[e]];
    }
    u->samples++;
    return u->fn(u->user, sample, planes);
}

static void watched_planes(const struct gibbs *g, uint64_t to[N][MAX_WORDS]) {
    for (int i = 0; i < N; i++)
        memcpy(to[i], g->plane + (size_t)i * g->words, sizeof **to * (size_t)g->words);
}

static enum glb_status watched_run_layers(void *self, const struct glb_layer_run *request,
                                          glb_layer_sample_fn fn, void *user,
                                          struct glb_job_counters *counters) {
    struct gibbs *g = self;
    struct watched_run *r = &watched[watched_runs];
    struct watched_user u = {g, fn, user, 0};
    if (watched_runs == MAX_RUNS - 1)
        return glb_fail(GLB_ERR_DEVICE, "too many runs for the test's record");
    memset(r, 0, sizeof *r);
    r->asked = *request;
    r->step = request->steps[0];
    memcpy(r->clamped, g->clamped, sizeof r->clamped);
    memcpy(r->J, g->J, sizeof r->J);
    memcpy(r->h, g->h, sizeof r->h);
    watched_planes(g, r->before);
    const enum glb_status s = gibbs_run(self, request, watched_sample, &u, counters);
    watched_planes(g, r->after);
    const double all = 64.0 * (request->words ? request->words : g->words) * u.samples;
    for (int i = 0; i < N; i++)
        r->mean[i] /= all;
    for (int e = 0; e < M; e++)
        r->pair[e] /= all;
    watched_runs++;
    return s;
}

static struct glb_layer_sampler watched_open(const struct glb_topology *t, int chains) {
    struct glb_layer_sampler s = gibbs_open(t, chains);
    s.run = watched_run_layers;
    watched_runs = 0;
    return s;
}

static inline int bit(uint64_t planes[N][MAX_WORDS], int i, int c) {
    return (int)(planes[i][c >> 6] >> (c & 63) & 1);
}

/* Which image a chain has: of small_set(), the number that its pixels spell. */
static inline int image_of(struct watched_run *run, int c) {
    int image = 0;
    for (int p = 0; p < PIXELS; p++)
        image |= bit(run->before, p, c) << p;
    return image;
}

#endif
