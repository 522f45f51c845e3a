/* Graphs from compressed rows. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include "graph/graph.h"

struct triplets {
    int64_t count;
    int32_t *i, *j;
    double *v;
};

static bool triplets_make(struct triplets *t, int64_t capacity) {
    const size_t n = capacity > 0 ? (size_t)capacity : 1;
    *t = (struct triplets){0, malloc(n * sizeof *t->i), malloc(n * sizeof *t->j),
                           malloc(n * sizeof *t->v)};
    return t->i && t->j && t->v;
}

static void triplets_free(struct triplets *t) {
    free(t->i);
    free(t->j);
    free(t->v);
}

static void triplets_add(struct triplets *t, int32_t i, int32_t j, double v) {
    t->i[t->count] = i;
    t->j[t->count] = j;
    t->v[t->count++] = v;
}

static enum glb_status check_rows(int n, const int64_t *start) {
    const int64_t limit = 2 * (int64_t)GLB_GRAPH_MAX_M + GLB_GRAPH_MAX_N;
    if (n < 1 || n > GLB_GRAPH_MAX_N)
        return glb_fail(GLB_ERR_ARGUMENT, "%d p-bits; 1 to %d are possible", n, GLB_GRAPH_MAX_N);
    if (start[0] != 0)
        return glb_fail(GLB_ERR_ARGUMENT, "row 0 starts at entry %lld; it must be 0",
                        (long long)start[0]);
    for (int i = 0; i < n; i++)
        if (start[i + 1] < start[i] || start[i + 1] > limit)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "row %d ends at entry %lld; it must be %lld or more, and at most %lld",
                            i, (long long)start[i + 1], (long long)start[i], (long long)limit);
    return GLB_OK;
}

/* The lower triangle's couplings, transposed, must be the upper's. As a QUBO both may have a
 * diagonal, and J = -v / 4. */
static enum glb_status check_symmetric(int n, const struct triplets *upper,
                                       const struct triplets *lower) {
    struct glb_graph *u = NULL, *l = NULL;
    enum glb_status s =
        glb_graph_from_arrays(n, upper->count, upper->i, upper->j, upper->v, NULL, GLB_QUBO, 0, &u);
    if (!s)
        s = glb_graph_from_arrays(n, lower->count, lower->i, lower->j, lower->v, NULL, GLB_QUBO, 0,
                                  &l);
    for (int e = 0; !s && (e < u->m || e < l->m); e++) {
        const bool same = e < u->m && e < l->m && u->ei[e] == l->ei[e] && u->ej[e] == l->ej[e];
        const struct glb_graph *has = e < u->m && (e >= l->m || u->ei[e] < l->ei[e] ||
                                                   (u->ei[e] == l->ei[e] && u->ej[e] < l->ej[e]))
                                          ? u
                                          : l;
        if (!same)
            s = glb_fail(GLB_ERR_ARGUMENT,
                         "the pair (%d, %d) stands in the %s triangle only: the matrix is not "
                         "symmetric",
                         has->ei[e], has->ej[e], has == u ? "upper" : "lower");
        else if (u->J[e] != l->J[e])
            s = glb_fail(GLB_ERR_ARGUMENT,
                         "entry (%d, %d) is %g but (%d, %d) is %g: the matrix is not symmetric",
                         u->ei[e], u->ej[e], -4 * u->J[e], u->ej[e], u->ei[e], -4 * l->J[e]);
    }
    glb_graph_free(u);
    glb_graph_free(l);
    return s;
}

enum glb_status glb_graph_from_csr(int n, const int64_t *start, const int32_t *column,
                                   const double *v, int both_triangles, const double *single,
                                   enum glb_convention c, double offset, struct glb_graph **out) {
    *out = NULL;
    enum glb_status s = check_rows(n, start);
    if (s)
        return s;
    struct triplets upper, lower; /* upper: the diagonal too, and all if one triangle is given */
    const bool ok = triplets_make(&upper, start[n]);
    if (!triplets_make(&lower, both_triangles ? start[n] : 0) || !ok)
        s = glb_fail(GLB_ERR_MEMORY, "out of memory for %lld couplings", (long long)start[n]);
    for (int i = 0; i < n && !s; i++)
        for (int64_t k = start[i]; k < start[i + 1]; k++)
            triplets_add(both_triangles && column[k] < i ? &lower : &upper, i, column[k], v[k]);
    if (!s && both_triangles)
        s = check_symmetric(n, &upper, &lower);
    if (!s)
        s = glb_graph_from_arrays(n, upper.count, upper.i, upper.j, upper.v, single, c, offset,
                                  out);
    triplets_free(&upper);
    triplets_free(&lower);
    return s;
}
