/* Generated graphs for tests: made and checked for normal form, hashes of edges, degrees.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SUPPORT_GENERATED_GRAPH_H
#define GLB_SUPPORT_GENERATED_GRAPH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "graph/graph.h"

static inline struct glb_graph *make(const char *family, const char *args, uint64_t seed) {
    struct glb_graph *g;
    if (glb_graph_generate(family, args, seed, &g))
        fail_msg("%s %s: %s", family, args, glb_error());
    for (int e = 0; e < g->m; e++) { /* normal form */
        assert_true(g->ei[e] >= 0 && g->ei[e] < g->ej[e] && g->ej[e] < g->n);
        assert_true(e == 0 || g->ei[e - 1] < g->ei[e] ||
                    (g->ei[e - 1] == g->ei[e] && g->ej[e - 1] < g->ej[e]));
    }
    return g;
}

/* FNV-1a over 32-bit little-endian i, j and, if asked for, w = -J of all edges. */
static inline uint64_t edge_hash(const struct glb_graph *g, int fields) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (int e = 0; e < g->m; e++) {
        const uint32_t word[3] = {(uint32_t)g->ei[e], (uint32_t)g->ej[e],
                                  (uint32_t)(int32_t)-g->J[e]};
        for (int k = 0; k < 4 * fields; k++)
            hash = (hash ^ (word[k / 4] >> 8 * (k % 4) & 255)) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static inline int *degrees(const struct glb_graph *g) {
    int *d = calloc((size_t)g->n, sizeof *d);
    for (int e = 0; e < g->m; e++) {
        d[g->ei[e]]++;
        d[g->ej[e]]++;
    }
    return d;
}

static inline void check_degrees(const struct glb_graph *g, int least, int most) {
    int *d = degrees(g), low = d[0], high = d[0];
    for (int i = 1; i < g->n; i++) {
        low = d[i] < low ? d[i] : low;
        high = d[i] > high ? d[i] : high;
    }
    free(d);
    assert_int_equal(low, least);
    assert_int_equal(high, most);
}

#endif
