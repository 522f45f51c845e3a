/* Runs with statistics on a small graph and what they count. Include after cmocka.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef STATISTICS_RUN_H
#define STATISTICS_RUN_H

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <glauber.h>

enum { N = 24, M = 36 };

/* Counts of one run; `seen` of the samples that a callback got. */
struct counts {
    int64_t counted, up[N], agree[M];
};

struct seen {
    const struct glb_graph *g;
    struct counts c;
    double energy;
};

static inline int is_up(const uint8_t *bits, int i) {
    return bits[i / 8] >> i % 8 & 1;
}

static inline int on_sample(void *user, int64_t sample, int chain, const uint8_t *bits,
                            double energy) {
    struct seen *s = user;
    (void)sample, (void)chain;
    for (int i = 0; i < N; i++)
        s->c.up[i] += is_up(bits, i);
    for (int e = 0; e < M; e++)
        s->c.agree[e] += is_up(bits, glb_graph_coupling_i(s->g)[e]) ==
                         is_up(bits, glb_graph_coupling_j(s->g)[e]);
    s->c.counted++;
    s->energy += energy;
    return 0;
}

static inline struct glb_graph *make_graph(void) {
    struct glb_graph *g;
    assert_int_equal(glb_graph_generate("regular", "n=24,d=3,weights=gauss,bias=gauss", 1, &g),
                     GLB_OK);
    return g;
}

struct machine {
    struct glb_program *p;
    struct glb_device *d;
    struct glb_sampler *s;
};

static inline void open_machine(const struct glb_graph *g, const char *device, const char *array,
                                int counts, struct machine *m) {
    struct glb_compile_options o;
    glb_compile_options_init(&o, sizeof o);
    o.count = counts;
    assert_int_equal(glb_program_compile(g, array, &o, &m->p), GLB_OK);
    assert_int_equal(glb_device_open(device, array, &m->d), GLB_OK);
    assert_int_equal(glb_sampler_new(g, m->p, m->d, &m->s), GLB_OK);
}

static inline void close_machine(struct machine *m) {
    glb_sampler_close(m->s);
    glb_device_close(m->d);
    glb_program_free(m->p);
}

/* The result's means are those of its counts. */
static inline void take(const struct glb_graph *g, const struct glb_result *r, struct counts *c) {
    double energy = 0;
    assert_non_null(r->up_counts);
    c->counted = r->counted;
    memcpy(c->up, r->up_counts, sizeof c->up);
    memcpy(c->agree, r->agree_counts, sizeof c->agree);
    for (int i = 0; i < N; i++) {
        const double mean = 2.0 * (double)c->up[i] / (double)c->counted - 1;
        assert_true(r->magnetization[i] == mean);
        energy -= glb_graph_bias_values(g)[i] * mean;
    }
    for (int e = 0; e < M; e++) {
        const double mean = 2.0 * (double)c->agree[e] / (double)c->counted - 1;
        assert_true(r->correlations[e] == mean);
        energy -= glb_graph_coupling_values(g)[e] * mean;
    }
    assert_true(fabs(r->mean_energy - energy) < 1e-9);
}

static inline void same(const struct counts *a, const struct counts *b, const char *what,
                        size_t k) {
    if (memcmp(a, b, sizeof *a) != 0)
        fail_msg("%s, case %zu: %lld samples, %lld and %lld up, %lld and %lld equal", what, k,
                 (long long)a->counted, (long long)a->up[0], (long long)b->up[0],
                 (long long)a->agree[0], (long long)b->agree[0]);
}

#endif
