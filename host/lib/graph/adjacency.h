/* Neighbour lists of a graph. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_GRAPH_ADJACENCY_H
#define GLB_GRAPH_ADJACENCY_H

#include <stdlib.h>
#include "graph/graph.h"

/* Node i's neighbours are node[start[i]] .. node[start[i + 1] - 1], ascending; edge[] is the
 * coupling to each. */
struct glb_adjacency {
    int n;
    int *start; /* [n + 1] */
    int32_t *node, *edge;
};

/* May be called again, and after a failed build. */
static inline void glb_adjacency_free(struct glb_adjacency *a) {
    free(a->start);
    free(a->node);
    free(a->edge);
    *a = (struct glb_adjacency){0};
}

/* GLB_ERR_MEMORY leaves it empty. Free it with glb_adjacency_free(). */
static inline enum glb_status glb_adjacency_build(const struct glb_graph *g,
                                                  struct glb_adjacency *a) {
    const size_t entries = 2 * (size_t)g->m + 1;
    a->n = g->n;
    a->start = calloc((size_t)g->n + 2, sizeof *a->start);
    a->node = malloc(entries * sizeof *a->node);
    a->edge = malloc(entries * sizeof *a->edge);
    if (!a->start || !a->node || !a->edge) {
        glb_adjacency_free(a);
        return glb_fail(GLB_ERR_MEMORY, "out of memory for the neighbours of %d p-bits", g->n);
    }
    int *next = a->start + 1; /* counts, then the running ends, which become the starts */
    for (int e = 0; e < g->m; e++) {
        next[g->ei[e] + 1]++;
        next[g->ej[e] + 1]++;
    }
    for (int i = 1; i <= g->n; i++)
        next[i] += next[i - 1];
    for (int e = 0; e < g->m; e++) { /* sorted by (ei, ej): smaller neighbours come first */
        const int i = next[g->ei[e]]++, j = next[g->ej[e]]++;
        a->node[i] = g->ej[e];
        a->node[j] = g->ei[e];
        a->edge[i] = a->edge[j] = e;
    }
    return GLB_OK;
}

#endif
