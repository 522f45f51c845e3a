/* Runs of ladders for tests. SPDX-License-Identifier: Apache-2.0 */
#ifndef TEMPERED_H
#define TEMPERED_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glauber.h>

struct tempered {
    struct glb_graph *g;
    struct glb_sampler *s;
    struct glb_settings set;
    struct glb_tempering t;
};

static inline void must(enum glb_status s) {
    if (s)
        fail_msg("%s", glb_error());
}

static inline struct glb_graph *made(int n, int m, const int32_t *i, const int32_t *j,
                                     const double *J, const double *h) {
    struct glb_graph *g;
    must(glb_graph_from_arrays(n, m, i, j, J, h, GLB_BOLTZMANN, 0, &g));
    return g;
}

/* Takes the graph over. */
static inline struct tempered tempered_open(struct glb_graph *g, const char *device,
                                            const char *array) {
    struct tempered x = {.g = g};
    must(glb_sampler_open(g, device, array, &x.s));
    glb_settings_init(&x.set, sizeof x.set);
    glb_tempering_init(&x.t, sizeof x.t);
    return x;
}

static inline const struct glb_ladder *tempered_go(struct tempered *x) {
    must(glb_sampler_temper(x->s, &x->set, &x->t));
    const struct glb_ladder *l = glb_sampler_ladder(x->s);
    assert_non_null(l);
    return l;
}

static inline void tempered_close(struct tempered *x) {
    glb_sampler_close(x->s);
    glb_graph_free(x->g);
}

#endif
