/* Reads what is to be compiled: neighbours, segments, hubs, classes of p-bits without couplings
 * among them. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/problem.h"

#include <math.h>
#include <stdlib.h>

static enum glb_status out_of_memory(void) {
    return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
}

static enum glb_status read_segments(struct problem *problem) {
    const struct glb_compile_options *o = problem->options;
    problem->nseg = o->segments ? o->nsegments : 1;
    if (problem->nseg < 1 || problem->nseg > GLB_SEGMENTS)
        return glb_fail(GLB_ERR_ARGUMENT, "compile: %d segments; the array takes 1 to %d",
                        problem->nseg, GLB_SEGMENTS);
    for (int i = 0; i < problem->n; i++)
        problem->seg_of[i] = o->segments ? -1 : 0;
    for (int s = 0; o->segments && s < problem->nseg; s++)
        for (int k = 0; k < o->segments[s].count; k++) {
            const int i = o->segments[s].pbits[k];
            if (i < 0 || i >= problem->n)
                return glb_fail(GLB_ERR_ARGUMENT,
                                "compile: segment %d names p-bit %d; the graph has %d", s, i,
                                problem->n);
            if (problem->seg_of[i] >= 0)
                return glb_fail(GLB_ERR_ARGUMENT,
                                "compile: p-bit %d is in segments %d and %d; state addresses "
                                "follow a segment's order, so a "
                                "p-bit can be in one only",
                                i, problem->seg_of[i], s);
            problem->seg_of[i] = s;
        }
    return GLB_OK;
}

static void find_hubs(struct problem *problem) {
    const struct glb_array *a = problem->array;
    const double edges = problem->graph->m, n = problem->n;
    const double lanes = (double)a->tiles * a->lanes;
    const double mean = 2.0 * edges / n;
    const double load = (2.0 * edges + n * (a->chains + 1)) * problem->copies / lanes;
    /* Below that a hub's own task is short against the sweep, or the digits cost more than they
     * save. */
    double limit = fmax(fmax(8.0 * a->acc, load / 4), 4 * mean);
    if (problem->options->hub_degree > 0)
        limit = problem->options->hub_degree;
    for (int i = 0; i < problem->n; i++)
        problem->hub[i] = problem_degree(problem, i) > limit ? problem->nhubs++ : -1;
}

/* Colours the edges between hubs, or those between others; the number of colours, -1 without
 * memory. */
static int colour_part(const struct problem *problem, bool hubs, int32_t *colour) {
    const struct glb_graph *g = problem->graph;
    struct glb_graph sub = {.n = g->n};
    sub.ei = malloc(sizeof *sub.ei * (size_t)(g->m + 1));
    sub.ej = malloc(sizeof *sub.ej * (size_t)(g->m + 1));
    int count = -1;
    if (sub.ei && sub.ej) {
        for (int e = 0; e < g->m; e++) {
            const bool hi = problem->hub[g->ei[e]] >= 0, hj = problem->hub[g->ej[e]] >= 0;
            if (hi == hubs && hj == hubs) {
                sub.ei[sub.m] = g->ei[e];
                sub.ej[sub.m++] = g->ej[e];
            }
        }
        count = glb_graph_colour(&sub, colour);
    }
    free(sub.ei);
    free(sub.ej);
    return count;
}

enum glb_status problem_find_classes(struct problem *problem) {
    const struct glb_adjacency *adj = &problem->adj;
    int32_t *of_hubs = malloc(sizeof *of_hubs * (size_t)problem->n);
    if (!of_hubs)
        return out_of_memory();
    problem->classes = colour_part(problem, false, problem->class_of);
    problem->hub_classes = problem->nhubs ? colour_part(problem, true, of_hubs) : 0;
    const bool coloured = problem->classes >= 0 && problem->hub_classes >= 0;
    const size_t count = coloured ? (size_t)problem->classes + 1 : 1;
    problem->class_size = calloc(count, sizeof *problem->class_size);
    problem->class_to_hubs = calloc(count, sizeof *problem->class_to_hubs);
    const bool ok = coloured && problem->class_size && problem->class_to_hubs;
    for (int i = 0; i < problem->n && ok; i++) {
        if (problem->hub[i] >= 0) {
            problem->class_of[i] = of_hubs[i];
            continue;
        }
        problem->class_size[problem->class_of[i]]++;
        for (int k = adj->start[i]; k < adj->start[i + 1]; k++)
            problem->class_to_hubs[problem->class_of[i]] += problem->hub[adj->node[k]] >= 0;
    }
    free(of_hubs);
    return ok ? GLB_OK
              : glb_fail(GLB_ERR_MEMORY, "compile: out of memory while colouring the graph");
}

enum glb_status problem_open(struct problem *problem, const struct glb_graph *graph,
                             const struct glb_array *array,
                             const struct glb_compile_options *options) {
    const int copies = options->copies > 1 ? options->copies : 1;
    *problem = (struct problem){.array = array,
                                .graph = graph,
                                .options = options,
                                .n = graph->n,
                                .copies = copies,
                                .nodes = graph->n * copies};
    const size_t n = (size_t)graph->n;
    enum glb_status s = glb_adjacency_build(graph, &problem->adj);
    problem->seg_of = malloc(sizeof *problem->seg_of * n);
    problem->class_of = calloc(n, sizeof *problem->class_of);
    problem->hub = malloc(sizeof *problem->hub * n);
    problem->weight = calloc((size_t)graph->m + 1, sizeof *problem->weight);
    if (s == GLB_OK &&
        (!problem->seg_of || !problem->class_of || !problem->hub || !problem->weight))
        s = out_of_memory();
    if (s == GLB_OK)
        s = read_segments(problem);
    if (s == GLB_OK)
        find_hubs(problem);
    return s;
}

void problem_close(struct problem *problem) {
    glb_adjacency_free(&problem->adj);
    free(problem->seg_of);
    free(problem->hub);
    free(problem->weight);
    free(problem->parts);
    free(problem->helped);
    free(problem->class_of);
    free(problem->class_size);
    free(problem->class_to_hubs);
}
