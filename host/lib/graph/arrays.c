/* Graphs from arrays, and their values as arrays. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include "graph/convention.h"

int glb_graph_pbits(const struct glb_graph *g) {
    return g->n;
}

int glb_graph_couplings(const struct glb_graph *g) {
    return g->m;
}

enum glb_convention glb_graph_convention(const struct glb_graph *g) {
    return g->convention;
}

const int32_t *glb_graph_coupling_i(const struct glb_graph *g) {
    return g->ei;
}

const int32_t *glb_graph_coupling_j(const struct glb_graph *g) {
    return g->ej;
}

const double *glb_graph_coupling_values(const struct glb_graph *g) {
    return g->J;
}

const double *glb_graph_bias_values(const struct glb_graph *g) {
    return g->h;
}

double glb_graph_scale(const struct glb_graph *g) {
    return g->scale;
}

double glb_graph_offset(const struct glb_graph *g) {
    return g->offset;
}

uint64_t glb_graph_hash(const struct glb_graph *g) {
    return g->hash;
}

static bool allowed(double v) {
    return fabs(v) <= GLB_GRAPH_MAX_VALUE; /* false for NaN */
}

static enum glb_status check_single(enum glb_convention c, int n, const double *single) {
    for (int i = 0; single && i < n; i++)
        if (!allowed(single[i]))
            return glb_fail(GLB_ERR_ARGUMENT,
                            "the value of p-bit %d is %g, allowed are -1e100 to 1e100", i,
                            single[i]);
    return convention_check_single(c, n, single);
}

static enum glb_status check_entries(int n, int64_t entries, const int32_t *i, const int32_t *j,
                                     const double *v, enum glb_convention c) {
    if (n < 1 || n > GLB_GRAPH_MAX_N)
        return glb_fail(GLB_ERR_ARGUMENT, "%d p-bits; 1 to %d are possible", n, GLB_GRAPH_MAX_N);
    if (entries < 0 || entries > GLB_GRAPH_MAX_M)
        return glb_fail(GLB_ERR_ARGUMENT, "%lld couplings; 0 to %d are possible",
                        (long long)entries, GLB_GRAPH_MAX_M);
    for (int64_t k = 0; k < entries; k++) {
        if (i[k] < 0 || j[k] < 0 || i[k] >= n || j[k] >= n)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "coupling %lld joins p-bits %d and %d; there are 0 to %d", (long long)k,
                            i[k], j[k], n - 1);
        if (!allowed(v[k]))
            return glb_fail(GLB_ERR_ARGUMENT,
                            "coupling %lld (%d, %d) is %g, allowed are -1e100 to 1e100",
                            (long long)k, i[k], j[k], v[k]);
        if (i[k] == j[k] && v[k] != 0 && c != GLB_QUBO)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "coupling %lld joins p-bit %d to itself; only the qubo convention has "
                            "a diagonal",
                            (long long)k, i[k]);
    }
    return GLB_OK;
}

enum glb_status glb_graph_from_arrays(int n, int64_t entries, const int32_t *i, const int32_t *j,
                                      const double *v, const double *single, enum glb_convention c,
                                      double offset, struct glb_graph **out) {
    struct glb_graph *g = NULL;
    *out = NULL;
    enum glb_status status = check_entries(n, entries, i, j, v, c);
    if (!status)
        status = check_single(c, n, single);
    if (!status)
        status = glb_graph_new(n, (int)entries, &g);
    if (!status)
        status = convention_begin(g, c, offset);
    for (int64_t k = 0; k < entries && !status; k++) {
        if (i[k] == j[k]) {
            if (v[k] != 0)
                convention_single(g, i[k], v[k]);
            continue;
        }
        g->ei[g->m] = i[k];
        g->ej[g->m] = j[k];
        g->J[g->m++] = convention_pair(g, i[k], j[k], v[k]);
    }
    for (int k = 0; single && k < n && !status; k++)
        convention_single(g, k, single[k]);
    if (!status)
        status = glb_graph_finish(g);
    if (status)
        glb_graph_free(g);
    else
        *out = g;
    return status;
}

enum glb_status glb_graph_from_qubo(int n, int64_t entries, const int32_t *i, const int32_t *j,
                                    const double *q, double offset, struct glb_graph **out) {
    return glb_graph_from_arrays(n, entries, i, j, q, NULL, GLB_QUBO, offset, out);
}

void glb_graph_get_weights(const struct glb_graph *g, double *pair, double *single,
                           double *offset) {
    const bool qubo = g->convention == GLB_QUBO;
    const double factor = qubo                                                         ? -4
                          : g->convention == GLB_ZTE_34 || g->convention == GLB_MAXCUT ? -1
                                                                                       : 1;
    for (int e = 0; pair && e < g->m; e++)
        pair[e] = factor * g->J[e] + 0.0;
    for (int i = 0; single && i < g->n; i++)
        single[i] = (qubo ? -2 : g->convention == GLB_BOLTZMANN ? 1 : -1) * g->h[i] + 0.0;
    for (int e = 0; single && qubo && e < g->m; e++) { /* h_i = -Q_ii / 2 - sum_j Q_ij / 4 */
        single[g->ei[e]] += 2 * g->J[e];
        single[g->ej[e]] += 2 * g->J[e];
    }
    if (offset)
        *offset = g->constant;
}

enum glb_status glb_graph_set_weights(struct glb_graph *g, const double *pair,
                                      const double *single) {
    enum glb_status status = check_entries(g->n, g->m, g->ei, g->ej, pair, g->convention);
    if (!status)
        status = check_single(g->convention, g->n, single);
    if (status)
        return status;
    g->offset = g->constant;
    for (int i = 0; i < g->n; i++)
        g->h[i] = 0;
    for (int e = 0; e < g->m; e++)
        g->J[e] = convention_pair(g, g->ei[e], g->ej[e], pair[e]);
    for (int i = 0; single && i < g->n; i++)
        convention_single(g, i, single[i]);
    glb_graph_rehash(g);
    return GLB_OK;
}
