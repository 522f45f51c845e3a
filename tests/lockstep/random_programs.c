/* Random graphs, compiled. SPDX-License-Identifier: Apache-2.0 */
#include "random_programs.h"

#include <stdlib.h>
#include "compiler/compile.h"
#include "compiler/counting/counting.h"

static uint32_t below(struct glb_rng *r, uint32_t n) {
    return glb_rng_below(r, n);
}

/* A graph of one of five kinds. */
struct glb_graph *program_graph(const struct glb_array *a, struct glb_rng *r) {
    const int room = glb_array_capacity(a), kind = (int)below(r, 5);
    int n = 2 + (int)below(r, (uint32_t)(room < 400 ? room / 2 : 200));
    int m = n * (int)below(r, 6) / 2; /* few edges leave isolated p-bits */
    if (kind == 3) {                  /* every state word in use */
        n = room;
        m = n / 2;
    }
    const int hubs = kind == 2 ? 1 + (int)below(r, 3) : 0; /* neighbours of half of all */
    struct glb_graph *g;
    glb_graph_new(n, m + hubs * n, &g);
    if (!g)
        return NULL;
    for (int k = 0; k < m; k++) {
        const int i = (int)below(r, (uint32_t)n), j = (int)below(r, (uint32_t)n);
        if (i == j)
            continue;
        g->ei[g->m] = i;
        g->ej[g->m++] = j;
    }
    for (int h = 0; h < hubs; h++)
        for (int i = hubs; i < n; i++)
            if (below(r, 2)) {
                g->ei[g->m] = h;
                g->ej[g->m++] = i;
            }
    const int integer = (int)below(r, 2);
    for (int k = 0; k < g->m; k++)
        g->J[k] = integer ? (below(r, 2) ? 1 : -1) : glb_rng_normal(r);
    for (int i = 0; i < n && kind != 4; i++)
        g->h[i] = below(r, 3) ? glb_rng_normal(r) : 0;
    if (glb_graph_finish(g) == GLB_OK)
        return g;
    glb_graph_free(g);
    return NULL;
}

/* Either one segment with everything, or the p-bits dealt to up to four segments. */
struct glb_program *program_compile(const struct glb_graph *g, const struct glb_array *a,
                                    struct glb_rng *r) {
    struct glb_segment_spec spec[4];
    int32_t *pbits = malloc((size_t)g->n * 4 * sizeof *pbits);
    struct glb_compile_options o = {.effort = 0, .seed = glb_rng_u64(r)};
    if (below(r, 3) == 0) {
        o.nsegments = 1 + (int)below(r, 4);
        for (int s = 0; s < o.nsegments; s++)
            spec[s] = (struct glb_segment_spec){pbits + (size_t)s * g->n, 0};
        for (int i = 0; i < g->n; i++) {
            const int s = (int)below(r, (uint32_t)o.nsegments);
            pbits[(size_t)s * g->n + spec[s].count++] = i;
        }
        int kept = 0;
        for (int s = 0; s < o.nsegments; s++)
            if (spec[s].count)
                spec[kept++] = spec[s];
        o.nsegments = kept;
        o.segments = spec;
    }
    if (below(r, 3) == 0)
        o.hub_degree = 2 + (int)below(r, 30);
    o.count = below(r, 2) == 0;
    struct glb_program *p = NULL;
    struct glb_compile_report report;
    int held;
    if (glb_compile(g, a, &o, &p, &report))
        p = NULL;
    else if (below(r, 2)) /* where there is room, and no hub in the segment */
        (void)glb_program_add_hold(p, (int)below(r, (uint32_t)p->nseg), &held);
    free(pbits);
    return p;
}
