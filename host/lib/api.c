/* The small functions of glauber.h: accessors, graphs from arrays, compiling with
 * defaults. SPDX-License-Identifier: Apache-2.0 */
#include "graph/graph.h"
#include "array/program.h"
#include "compiler/compile.h"
#include "base/status.h"

int glb_graph_pbits(const struct glb_graph *g) {
    return g->n;
}

int glb_graph_couplings(const struct glb_graph *g) {
    return g->m;
}

uint64_t glb_graph_hash(const struct glb_graph *g) {
    return g->hash;
}

struct glb_graph *glb_graph_from_arrays(int n, int m, const int32_t *i, const int32_t *j,
                                        const double *J, const double *h) {
    if (n < 1 || m < 0) {
        glb_fail(GLB_ERR_ARGUMENT, "a graph needs p-bits: n = %d, m = %d", n, m);
        return NULL;
    }
    struct glb_graph *g = glb_graph_new(n, m);
    if (!g)
        return NULL;
    for (int k = 0; k < m; k++) {
        g->ei[k] = i[k];
        g->ej[k] = j[k];
        g->J[k] = J[k];
    }
    g->m = m;
    for (int k = 0; k < n && h; k++)
        g->h[k] = h[k];
    if (glb_graph_finish(g)) {
        glb_graph_free(g);
        return NULL;
    }
    return g;
}

enum glb_status glb_program_compile(const struct glb_graph *g, const char *array, int effort,
                                    struct glb_program **out) {
    const struct glb_array *a;
    *out = NULL;
    const enum glb_status s = glb_array_require(array, &a);
    if (s)
        return s;
    const struct glb_compile_options o = {.effort = effort, .seed = 1};
    struct glb_compile_report report;
    return glb_compile(g, a, &o, out, &report);
}

int glb_program_colours(const struct glb_program *p) {
    return p->colours;
}
