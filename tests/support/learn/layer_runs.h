/* Samples of layer runs, kept; one run of a pair by itself. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_LAYER_RUNS_H
#define GLB_TEST_LAYER_RUNS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "support/learn/layer_pairs.h"

enum { EDGES = 512 };

struct samples {
    int count;
    size_t size;
    uint64_t planes[SWEEPS * MOST * WORDS];
};

static inline int keep(void *user, uint32_t sample, const uint64_t *planes) {
    struct samples *s = user;
    assert_int_equal(sample, s->count++);
    memcpy(s->planes + sample * s->size, planes, sizeof *planes * s->size);
    return 0;
}

static inline size_t words_read(const struct glb_layer_run *run) {
    size_t words = 0;
    for (int l = 0; l < LAYERS; l++)
        words += run->read >> l & 1 ? (size_t)topology.layer[l].count * WORDS : 0;
    return words;
}

static inline void set_all(struct glb_layer_sampler *s, const struct pair *p) {
    for (int l = 0; l < LAYERS; l++)
        assert_int_equal(s->set_layer(s->self, l, p->set + (size_t)topology.layer[l].first * WORDS),
                         GLB_OK);
}

static inline void set_for(struct glb_layer_sampler *s, const struct pair *p, int k) {
    for (int l = 0; l < LAYERS; l++)
        if (p->phase[k].state[l])
            assert_int_equal(s->set_layer(s->self, l, p->phase[k].state[l]), GLB_OK);
}

/* All layers at all sampling points of one of the runs, or after its last sweep. */
static inline void run_one(struct glb_layer_sampler *s, const struct pair *p, int k, int last,
                           struct samples *all) {
    struct glb_layer_run run = p->phase[k].run;
    struct glb_job_counters n;
    run.count = GLB_COUNT_NOT;
    run.last = run.replace = false;
    run.read = (1 << LAYERS) - 1;
    if (last) {
        run.burn_in = run.steps->sweeps - 1;
        run.interval = 1;
    }
    all->size = words_read(&run);
    all->count = 0;
    set_all(s, p);
    set_for(s, p, k);
    if (s->run(s->self, &run, keep, all, &n) != GLB_OK)
        fail_msg("%s", glb_error());
}

static inline void weigh(struct glb_rng *rng, struct glb_layer_sampler *s, int samplers) {
    double J[EDGES], h[MOST];
    for (int e = 0; e < topology.graph->m; e++)
        J[e] = ((int)glb_rng_below(rng, 9) - 4) / 16.0;
    for (int i = 0; i < topology.graph->n; i++)
        h[i] = ((int)glb_rng_below(rng, 9) - 4) / 16.0;
    for (int d = 0; d < samplers; d++)
        assert_int_equal(s[d].set_weights(s[d].self, J, h, NULL), GLB_OK);
}

#endif
