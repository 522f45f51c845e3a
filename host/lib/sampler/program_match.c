/* Compares a program with a graph. SPDX-License-Identifier: Apache-2.0 */
#include "graph/graph.h"
#include "sampler/program_match.h"

#include <stdlib.h>
#include <string.h>

/* Every read of a coupling ends at one of its p-bits. */
static bool same_couplings(const struct glb_program *p, const struct glb_graph *g) {
    for (int k = 0; k < p->nreads; k++) {
        const struct glb_read_ref *r = &p->reads[k];
        if (g->ei[r->edge] != r->to && g->ej[r->edge] != r->to)
            return false;
    }
    return true;
}

/* The coupling memory with the weights of g compared with the one that p has. */
static enum glb_status compare_images(const struct glb_program *p, const struct glb_graph *g,
                                      bool *same, int *saturated) {
    struct glb_program q = *p;
    const size_t bytes = (size_t)p->array.tiles * (size_t)p->c_used * sizeof *q.coupling;
    q.coupling = malloc(bytes + 1);
    q.weight = malloc(((size_t)p->m + 1) * sizeof *q.weight);
    q.qbias = malloc(((size_t)p->n + 1) * sizeof *q.qbias);
    enum glb_status s = GLB_OK;
    if (q.coupling && q.weight && q.qbias) {
        memcpy(q.coupling, p->coupling, bytes);
        s = glb_program_set_weights(&q, g->J, g->h, saturated);
        *same = memcmp(q.coupling, p->coupling, bytes) == 0;
    } else {
        s = glb_fail(GLB_ERR_MEMORY, "no memory to compare program and graph");
    }
    free(q.coupling);
    free(q.weight);
    free(q.qbias);
    return s;
}

enum glb_status program_match(const struct glb_program *p, const struct glb_graph *g,
                              int *saturated) {
    const bool twin = p->graph_hash == g->hash;
    bool same = false;
    if (p->n == g->n && p->m == g->m && (twin || same_couplings(p, g))) {
        const enum glb_status s = compare_images(p, g, &same, saturated);
        if (s)
            return s;
    }
    if (same)
        return GLB_OK;
    return glb_fail(GLB_ERR_ARGUMENT,
                    "the program is of another graph%s: %d p-bits, %d couplings, hash %016llx; "
                    "this graph: %d, %d, %016llx; compile this one",
                    twin ? " or has other weights" : "", p->n, p->m,
                    (unsigned long long)p->graph_hash, g->n, g->m, (unsigned long long)g->hash);
}
