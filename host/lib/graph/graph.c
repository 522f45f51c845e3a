/* The graph container: building, normal form, hash, energy. SPDX-License-Identifier: Apache-2.0 */
#include "graph/graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum glb_status glb_graph_new(int n, int m_capacity, struct glb_graph **out) {
    *out = NULL;
    if (n < 0 || m_capacity < 0 || n > GLB_GRAPH_MAX_N || m_capacity > GLB_GRAPH_MAX_M)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "a graph cannot have %d p-bits and %d couplings; at most %d and %d", n,
                        m_capacity, GLB_GRAPH_MAX_N, GLB_GRAPH_MAX_M);
    struct glb_graph *g = calloc(1, sizeof *g);
    if (g) {
        const size_t m = m_capacity ? (size_t)m_capacity : 1;
        g->n = n;
        g->scale = 1;
        g->ei = calloc(m, sizeof *g->ei);
        g->ej = calloc(m, sizeof *g->ej);
        g->J = calloc(m, sizeof *g->J);
        g->h = calloc(n ? (size_t)n : 1, sizeof *g->h);
        if (g->ei && g->ej && g->J && g->h) {
            *out = g;
            return GLB_OK;
        }
    }
    glb_graph_free(g);
    return glb_fail(GLB_ERR_MEMORY, "out of memory for a graph of %d p-bits and %d couplings", n,
                    m_capacity);
}

void glb_graph_free(struct glb_graph *g) {
    if (!g)
        return;
    free(g->ei);
    free(g->ej);
    free(g->J);
    free(g->h);
    free(g);
}

static uint64_t fnv1a(uint64_t hash, const void *data, size_t size) {
    const unsigned char *p = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Order of the edges by (key, index): one pass of a counting sort, stable. */
static void sort_by(const int32_t *key, int n, int m, const int32_t *in, int32_t *out,
                    int32_t *count) {
    memset(count, 0, ((size_t)n + 1) * sizeof *count);
    for (int e = 0; e < m; e++)
        count[key[e] + 1]++;
    for (int i = 0; i < n; i++)
        count[i + 1] += count[i];
    for (int e = 0; e < m; e++)
        out[count[key[in[e]]]++] = in[e];
}

static enum glb_status check(struct glb_graph *g) {
    for (int e = 0; e < g->m; e++) {
        const int32_t i = g->ei[e], j = g->ej[e];
        if (i < 0 || j < 0 || i >= g->n || j >= g->n)
            return glb_fail(GLB_ERR_ARGUMENT, "coupling %d joins p-bits %d and %d of %d", e, i, j,
                            g->n);
        if (i == j)
            return glb_fail(GLB_ERR_ARGUMENT, "coupling %d joins p-bit %d to itself", e, i);
        if (!(fabs(g->J[e]) <= GLB_GRAPH_MAX_VALUE)) /* sums of many stay finite */
            return glb_fail(GLB_ERR_ARGUMENT,
                            "coupling %d (%d, %d) is %g, allowed are -1e100 to 1e100", e, i, j,
                            g->J[e]);
        g->ei[e] = i < j ? i : j;
        g->ej[e] = i < j ? j : i;
    }
    for (int i = 0; i < g->n; i++)
        if (!isfinite(g->h[i]))
            return glb_fail(GLB_ERR_ARGUMENT, "the bias of p-bit %d is not finite", i);
    return GLB_OK;
}

void glb_graph_rehash(struct glb_graph *g) {
    const size_t m = (size_t)g->m, n = (size_t)g->n;
    for (size_t e = 0; e < m; e++)
        g->J[e] += 0.0; /* -0 becomes +0, so that equal graphs have equal hashes */
    for (size_t i = 0; i < n; i++)
        g->h[i] += 0.0;
    const int32_t size[2] = {g->n, g->m};
    g->hash = fnv1a(UINT64_C(0xcbf29ce484222325), size, sizeof size);
    g->hash = fnv1a(g->hash, g->ei, m * sizeof *g->ei);
    g->hash = fnv1a(g->hash, g->ej, m * sizeof *g->ej);
    g->hash = fnv1a(g->hash, g->J, m * sizeof *g->J);
    g->hash = fnv1a(g->hash, g->h, n * sizeof *g->h);
}

enum glb_status glb_graph_finish(struct glb_graph *g) {
    enum glb_status status = check(g);
    if (status)
        return status;
    const int m = g->m;
    const size_t slots = m ? (size_t)m : 1;
    int32_t *order = calloc(2 * slots, sizeof *order);
    int32_t *count = malloc(((size_t)g->n + 1) * sizeof *count);
    int32_t *ei = malloc(slots * sizeof *ei), *ej = malloc(slots * sizeof *ej);
    double *J = malloc(slots * sizeof *J);
    if (!order || !count || !ei || !ej || !J) {
        free(order);
        free(count);
        free(ei);
        free(ej);
        free(J);
        return glb_fail(GLB_ERR_MEMORY, "out of memory while sorting %d couplings", m);
    }
    for (int e = 0; e < m; e++)
        order[m + e] = e;
    sort_by(g->ej, g->n, m, order + m, order, count);
    sort_by(g->ei, g->n, m, order, order + m, count);
    int kept = 0;
    for (int k = 0; k < m; k++) {
        const int e = order[m + k];
        if (kept && ei[kept - 1] == g->ei[e] && ej[kept - 1] == g->ej[e]) {
            J[kept - 1] += g->J[e];
            continue;
        }
        ei[kept] = g->ei[e];
        ej[kept] = g->ej[e];
        J[kept++] = g->J[e];
    }
    free(order);
    free(count);
    free(g->ei);
    free(g->ej);
    free(g->J);
    g->ei = ei;
    g->ej = ej;
    g->J = J;
    g->m = kept;
    for (int e = 0; e < kept; e++)
        if (fabs(J[e]) > GLB_GRAPH_MAX_VALUE)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "the couplings of p-bits %d and %d add up to %g, allowed are -1e100 to "
                            "1e100",
                            ei[e], ej[e], J[e]);
    glb_graph_rehash(g);
    return GLB_OK;
}

double glb_graph_energy(const struct glb_graph *g, const int8_t *spins) {
    double e = 0;
    for (int k = 0; k < g->m; k++)
        e -= spins[g->ei[k]] == spins[g->ej[k]] ? g->J[k] : -g->J[k];
    for (int i = 0; i < g->n; i++)
        e -= spins[i] > 0 ? g->h[i] : -g->h[i];
    return e;
}

double glb_graph_input_energy(const struct glb_graph *g, const int8_t *spins) {
    return g->scale * glb_graph_energy(g, spins) + g->offset;
}
