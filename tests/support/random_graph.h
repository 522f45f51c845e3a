/* Random graphs, and programs of them that the verifier has walked. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef RANDOM_GRAPH_H
#define RANDOM_GRAPH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "compiler/compile.h"

static uint64_t random_graph_state = 1;

/* 0 .. n-1 */
static inline uint32_t draw(uint32_t n) {
    return (uint32_t)((glb_lcg(&random_graph_state) >> 33) % n);
}

static inline double real(void) {
    return draw(2001) / 1000.0 - 1;
}

static inline int coupled(const struct glb_graph *g, int i, int j) {
    for (int e = 0; e < g->m; e++)
        if ((g->ei[e] == i && g->ej[e] == j) || (g->ei[e] == j && g->ej[e] == i))
            return 1;
    return 0;
}

static inline void couple(struct glb_graph *g, int i, int j, double J) {
    g->ei[g->m] = i < j ? i : j;
    g->ej[g->m] = i < j ? j : i;
    g->J[g->m++] = J;
}

/* n p-bits, m random couplings, then hubs: p-bits 0 .. hubs-1 coupled to three quarters of all
 * others. */
static inline struct glb_graph *random_graph(int n, int m, int hubs, int integer) {
    struct glb_graph *g;
    glb_graph_new(n, m + hubs * n, &g);
    assert_non_null(g);
    g->m = 0;
    for (int k = 0; k < m; k++) {
        const int i = (int)draw((uint32_t)n), j = (int)draw((uint32_t)n);
        if (i != j && !coupled(g, i, j))
            couple(g, i, j, integer ? 2.0 * draw(2) - 1 : real());
    }
    for (int i = 0; i < hubs; i++)
        for (int j = 0; j < n; j++)
            if (i != j && draw(4) && !coupled(g, i, j))
                couple(g, i, j, integer ? 1 : real() / 4);
    for (int i = 0; i < n; i++)
        g->h[i] = draw(3) ? integer ? (int)draw(5) - 2.0 : real() : 0;
    assert_int_equal(glb_graph_finish(g), GLB_OK);
    return g;
}

static inline struct glb_program *compile_ok(const struct glb_graph *g, const char *array,
                                             const struct glb_compile_options *o,
                                             struct glb_compile_report *r) {
    struct glb_program *p;
    struct glb_compile_report own;
    const enum glb_status s = glb_compile(g, glb_array_find(array), o, &p, r ? r : &own);
    if (s != GLB_OK)
        print_message("%s\n", glb_error());
    assert_int_equal(s, GLB_OK);
    if (glb_program_verify(p, g) != GLB_OK)
        fail_msg("%s", glb_error());
    return p;
}

static inline int same_images(const struct glb_program *a, const struct glb_program *b) {
    const size_t tiles = (size_t)a->array.tiles, chunks = (size_t)(a->array.nb + 15) / 16;
    return a->s_used == b->s_used && a->c_used == b->c_used &&
           !memcmp(a->sched, b->sched, sizeof *a->sched * (size_t)a->s_used * tiles) &&
           !memcmp(a->net, b->net, sizeof *a->net * (size_t)a->s_used * chunks) &&
           !memcmp(a->coupling, b->coupling, sizeof *a->coupling * (size_t)a->c_used * tiles);
}

#endif
