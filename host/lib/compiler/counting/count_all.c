/* Sums of every coupling and p-bit of a graph. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "compiler/counting/counting.h"

enum glb_status glb_program_count_all(struct glb_program *p, const struct glb_graph *g,
                                      uint64_t seed) {
    const struct glb_count_options o = {.seed = seed, .all = true};
    struct glb_count_want *want = malloc(sizeof *want * ((size_t)g->m + (size_t)g->n));
    if (!want)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory for sums");
    for (int e = 0; e < g->m; e++)
        want[e] = (struct glb_count_want){g->ei[e], g->ej[e]};
    for (int i = 0; i < g->n; i++)
        want[g->m + i] = (struct glb_count_want){i, -1};
    int counted;
    const enum glb_status s = glb_program_add_counts(p, want, g->m + g->n, &o, &counted);
    free(want);
    return s;
}

bool glb_program_counts_all(const struct glb_program *p, const struct glb_graph *g) {
    if (p->copies > 1 || p->ncount != g->m + g->n)
        return false;
    for (int e = 0; e < g->m; e++)
        if (p->count[e].i != g->ei[e] || p->count[e].j != g->ej[e])
            return false;
    for (int i = 0; i < g->n; i++)
        if (p->count[g->m + i].i != i || p->count[g->m + i].j >= 0)
            return false;
    return true;
}
