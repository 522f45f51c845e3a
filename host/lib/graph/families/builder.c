/* Growing a graph edge by edge. SPDX-License-Identifier: Apache-2.0 */
#include "graph/families/builder.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 4096 };

/* The lines of the help page as one. */
static const char *one_line(const char *text, char *out, size_t size) {
    size_t n = 0;
    for (; *text && n + 1 < size; text++)
        if (*text != '\n' && !(*text == ' ' && n && out[n - 1] == ' '))
            out[n++] = *text;
    out[n] = 0;
    return out;
}

bool builder_begin(struct builder *b, int64_t n) {
    struct glb_arguments *a = b->args;
    char keys[400];
    const char *unused = glb_arguments_unused(a);
    if (a->status)
        return false;
    if (unused)
        a->status = glb_fail(GLB_ERR_ARGUMENT, "%s has no key '%s'; there are: %s", a->of, unused,
                             one_line(b->help, keys, sizeof keys));
    else if (n < 1 || n > GLB_GRAPH_MAX_N)
        a->status = glb_fail(GLB_ERR_ARGUMENT, "%s: at most %d p-bits", a->of, GLB_GRAPH_MAX_N);
    else
        a->status = glb_graph_new((int)n, FIRST_CAPACITY, &b->g);
    b->capacity = FIRST_CAPACITY;
    return !a->status;
}

static bool grow(struct glb_graph *g, int capacity) {
    int32_t *ends = realloc(g->ei, (size_t)capacity * sizeof *ends);
    if (!ends)
        return false;
    g->ei = ends;
    ends = realloc(g->ej, (size_t)capacity * sizeof *ends);
    if (!ends)
        return false;
    g->ej = ends;
    double *J = realloc(g->J, (size_t)capacity * sizeof *J);
    if (!J)
        return false;
    g->J = J;
    return true;
}

bool builder_edge(struct builder *b, int i, int j, double J) {
    struct glb_graph *g = b->g;
    if (g->m == b->capacity) {
        if (b->capacity >= GLB_GRAPH_MAX_M) {
            b->args->status = glb_fail(GLB_ERR_ARGUMENT, "%s: more than %d couplings", b->args->of,
                                       GLB_GRAPH_MAX_M);
            return false;
        }
        if (!grow(g, 2 * b->capacity)) {
            b->args->status = glb_fail(GLB_ERR_MEMORY, "out of memory for the couplings");
            return false;
        }
        b->capacity *= 2;
    }
    g->ei[g->m] = i;
    g->ej[g->m] = j;
    g->J[g->m++] = J;
    return true;
}
