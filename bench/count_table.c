/* Prints what counting segments take on the training machines, as a table in Markdown. Sums are
 * those that training takes: couplings to pixels first, then the others, then p-bits but pixels.
 * Every program is checked by the verifier. count_table [topology] SPDX-License-Identifier:
 * Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "compiler/counting/counting.h"
#include "compiler/compile.h"
#include "learn/topology/topology.h"

enum { PIXELS = 784 };

static int list_sums(const struct glb_topology *t, struct glb_count_want *want) {
    const struct glb_graph *g = t->graph;
    int n = 0;
    for (int pixels = 1; pixels >= 0; pixels--)
        for (int e = 0; e < g->m; e++)
            if ((g->ei[e] < PIXELS) == pixels)
                want[n++] = (struct glb_count_want){g->ei[e], g->ej[e]};
    for (int i = PIXELS; i < g->n; i++)
        want[n++] = (struct glb_count_want){i, -1};
    return n;
}

static enum glb_status compile(const struct glb_topology *t, const char *array,
                               struct glb_program **p) {
    struct glb_segment_spec spec[GLB_MAX_LAYERS];
    int32_t *all = malloc(sizeof *all * (size_t)t->graph->n);
    for (int i = 0; all && i < t->graph->n; i++)
        all[i] = i;
    for (int l = 1; l < t->nlayers; l++)
        spec[l - 1] = (struct glb_segment_spec){all + t->layer[l].first, t->layer[l].count};
    const struct glb_compile_options o = {
        .segments = spec, .nsegments = t->nlayers - 1, .u = 1.0 / 128, .effort = 2};
    const enum glb_status s = all ? glb_compile(t->graph, glb_array_find(array), &o, p, NULL)
                                  : glb_fail(GLB_ERR_MEMORY, "no memory for the list of p-bits");
    free(all);
    return s;
}

static enum glb_status row(const char *topology, const char *array) {
    struct glb_topology t;
    struct glb_program *p = NULL;
    enum glb_status s = glb_topology_build(topology, 28, 28, 10, 1, &t);
    if (s)
        return s;
    struct glb_count_want *want = malloc(sizeof *want * ((size_t)t.graph->m + (size_t)t.graph->n));
    int hold, counted = 0;
    s = want ? compile(&t, array, &p) : glb_fail(GLB_ERR_MEMORY, "no memory for the sums");
    if (!s)
        s = glb_program_add_hold(p, p->nseg - 1, &hold);
    const int n = s ? 0 : list_sums(&t, want), sweep = p ? p->s_used : 0;
    const clock_t start = clock();
    if (!s)
        s = glb_program_add_counts(p, want, n, NULL, &counted);
    const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (!s)
        s = glb_program_verify(p, t.graph);
    if (!s)
        printf("| %s | %s | %d | %d | %d | %d | %d | %s | %d | %d | %d | %.1f |\n", topology, array,
               sweep, p->c_used, p->array.cdepth - p->c_used, n, counted,
               p->report.sums_limit ? p->report.sums_limit : "", p->sums, p->report.count_clocks,
               p->dumps, seconds);
    fflush(stdout);
    glb_program_free(p);
    free(want);
    glb_topology_clear(&t);
    return s;
}

int main(int argc, char **argv) {
    static const char *const topologies[] = {"local", "blocks", "deep", "deep:h3=10"};
    int bad = 0;
    printf(
        "| topology | array | clocks of a sweep | entries | free | sums wanted | counted | full | "
        "entries of sums | clocks | dumps | s "
        "|\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (size_t k = 0; k < sizeof topologies / sizeof topologies[0]; k++)
        if (argc < 2 || !strcmp(argv[1], topologies[k]))
            for (int big = 0; big < 2; big++)
                if (row(topologies[k], big ? "big" : "ulx3s-85")) {
                    printf("| %s | %s |\n", topologies[k], glb_error());
                    bad = 1;
                }
    return bad;
}
