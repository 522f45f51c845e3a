/* The order of a scan: which p-bits are hubs, and a colour for every p-bit.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/plan.h"

#include <math.h>
#include <stdlib.h>

/* Colours the edges that `hubs` asks for: between hubs (true) or between others. */
static int colour_part(const struct plan *c, bool hubs, int32_t *colour) {
    const struct glb_graph *g = c->g;
    struct glb_graph sub = {.n = g->n};
    sub.ei = malloc(sizeof *sub.ei * (size_t)(g->m + 1));
    sub.ej = malloc(sizeof *sub.ej * (size_t)(g->m + 1));
    int count = -1;
    if (sub.ei && sub.ej) {
        for (int e = 0; e < g->m; e++) {
            const bool hi = c->hub[g->ei[e]] >= 0, hj = c->hub[g->ej[e]] >= 0;
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

/* Colours are renumbered, from `first` on: with hubs last those with many edges to hubs before
 * those with few, since the hubs wait for them, with hubs first the other way round; then small
 * before large, so that the pass ends with work for every lane. */
static void order_colours(struct plan *c, int first) {
    long key[256] = {0};
    int rank[256];
    const int k = c->ncolours;
    if (k > 256)
        return;
    for (int i = 0; i < c->n; i++) {
        if (c->hub[i] >= 0)
            continue;
        key[c->colour[i]]++;
        for (int e = c->adj0[i]; e < c->adj0[i + 1]; e++)
            if (c->hub[c->adj[e]] >= 0)
                key[c->colour[i]] += c->hubs_first ? 1 << 20 : -(1 << 20);
    }
    for (int i = 0; i < k; i++) {
        rank[i] = 0;
        for (int j = 0; j < k; j++)
            rank[i] += key[j] < key[i] || (key[j] == key[i] && j < i);
    }
    for (int i = 0; i < c->n; i++)
        if (c->hub[i] < 0)
            c->colour[i] = first + rank[c->colour[i]];
}

enum glb_status plan_find_hubs(struct plan *c) {
    const struct glb_array *a = c->a;
    const double lanes = (double)a->tiles * a->lanes;
    const double mean = 2.0 * c->g->m / c->n;
    const double load = (2.0 * c->g->m + (double)c->n * (a->chains + 1)) * c->copies / lanes;
    /* Below that a hub's own task is short against the sweep, or the digits cost more than they
     * save. */
    double limit = fmax(fmax(8.0 * a->acc, load / 4), 4 * mean);
    if (c->o->hub_degree > 0)
        limit = c->o->hub_degree;
    c->nhubs = 0;
    for (int i = 0; i < c->n; i++)
        c->hub[i] = c->adj0[i + 1] - c->adj0[i] > limit ? c->nhubs++ : -1;
    int32_t *colour = malloc(sizeof *colour * (size_t)c->n);
    if (!colour)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    c->ncolours = colour_part(c, false, c->colour);
    const int hub_colours = c->nhubs ? colour_part(c, true, colour) : 0;
    if (c->ncolours < 0 || hub_colours < 0) {
        free(colour);
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory while colouring the graph");
    }
    order_colours(c, c->hubs_first ? hub_colours : 0);
    for (int i = 0; i < c->n; i++)
        if (c->hub[i] >= 0)
            c->colour[i] = (c->hubs_first ? 0 : c->ncolours) + colour[i];
    c->ncolours += hub_colours;
    free(colour);
    return GLB_OK;
}

/* The scan's order: does the update of i see the new state of its neighbour j? */
bool plan_sees_new(const struct plan *c, int i, int j) {
    return c->seg_of[i] == c->seg_of[j] && c->colour[j] < c->colour[i];
}
