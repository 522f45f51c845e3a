/* One plan of the graph compiler: graph in, tasks placed and scheduled.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/plan.h"

#include <stdlib.h>
#include <string.h>

void plan_free_pass(struct glb_pass *p) {
    free(p->op);
    free(p->g);
    free(p->end);
}

void plan_release(struct plan *c) {
    free(c->adj0);
    free(c->adj);
    free(c->adj_edge);
    free(c->seg_of);
    free(c->colour);
    free(c->hub);
    free(c->task);
    free(c->stage);
    free(c->read);
    free(c->word);
    free(c->group);
    for (int s = 0; s < GLB_SEGMENTS; s++)
        plan_free_pass(&c->pass[s]);
}

static enum glb_status read_graph(struct plan *c) {
    const struct glb_graph *g = c->g;
    const size_t n = (size_t)g->n, m = (size_t)g->m;
    c->n = g->n;
    c->copies = c->o->copies > 1 ? c->o->copies : 1;
    c->nodes = c->n * c->copies;
    c->adj0 = calloc(n + 2, sizeof *c->adj0);
    c->adj = malloc(sizeof *c->adj * (2 * m + 1));
    c->adj_edge = malloc(sizeof *c->adj_edge * (2 * m + 1));
    c->seg_of = malloc(sizeof *c->seg_of * (n + 1));
    c->colour = calloc(n + 1, sizeof *c->colour);
    c->hub = malloc(sizeof *c->hub * (n + 1));
    if (!c->adj0 || !c->adj || !c->adj_edge || !c->seg_of || !c->colour || !c->hub)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    for (int e = 0; e < g->m; e++) {
        c->adj0[g->ei[e] + 2]++;
        c->adj0[g->ej[e] + 2]++;
    }
    for (int i = 0; i < g->n; i++)
        c->adj0[i + 2] += c->adj0[i + 1];
    for (int e = 0; e < g->m; e++) {
        const int a = c->adj0[g->ei[e] + 1]++, b = c->adj0[g->ej[e] + 1]++;
        c->adj[a] = g->ej[e];
        c->adj[b] = g->ei[e];
        c->adj_edge[a] = c->adj_edge[b] = e;
    }
    return GLB_OK;
}

static enum glb_status read_segments(struct plan *c) {
    const struct glb_compile_options *o = c->o;
    c->nseg = o->segments ? o->nsegments : 1;
    if (c->nseg < 1 || c->nseg > GLB_SEGMENTS)
        return glb_fail(GLB_ERR_ARGUMENT, "compile: %d segments; the array takes 1 to %d", c->nseg,
                        GLB_SEGMENTS);
    for (int i = 0; i < c->n; i++)
        c->seg_of[i] = o->segments ? -1 : 0;
    for (int s = 0; o->segments && s < c->nseg; s++)
        for (int k = 0; k < o->segments[s].count; k++) {
            const int i = o->segments[s].pbits[k];
            if (i < 0 || i >= c->n)
                return glb_fail(GLB_ERR_ARGUMENT,
                                "compile: segment %d names p-bit %d; the graph has %d", s, i, c->n);
            if (c->seg_of[i] >= 0)
                return glb_fail(GLB_ERR_ARGUMENT,
                                "compile: p-bit %d is in segments %d and %d; state addresses "
                                "follow a segment's order, so a "
                                "p-bit can be in one only",
                                i, c->seg_of[i], s);
            c->seg_of[i] = s;
        }
    return GLB_OK;
}

/* Marks reads that several lanes of a group have in common. */
static enum glb_status mark_shared(struct plan *c) {
    uint8_t *lanes = calloc((size_t)c->nword + 1, 1);
    if (!lanes)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    for (int g = 0; g < c->ngroup; g++)
        for (int pass = 0; pass < 3; pass++)
            for (int l = 0; l < c->a->lanes; l++) {
                const int t = c->group[g].task[l];
                if (t < 0)
                    continue;
                c->task[t].group = g;
                const struct glb_stage *s = &c->stage[c->task[t].stage0];
                for (int r = s->read0; r < s->read0 + s->nread; r++) {
                    const int w = c->read[r].word;
                    if (pass == 0)
                        lanes[w] |= (uint8_t)(1 << l);
                    else if (pass == 1)
                        c->read[r].shared = lanes[w];
                    else
                        lanes[w] = 0;
                }
            }
    free(lanes);
    return GLB_OK;
}

/* Is the tiles' one word a clock what a segment needs most? */
static bool network_bound(const struct plan *c, int seg) {
    double entries = 0, noise = 0, lanes = 0;
    for (int t = 0; t < c->ntask; t++) {
        const struct glb_task *k = &c->task[t];
        if (k->seg != seg)
            continue;
        entries += k->nread + k->nstage;
        noise += k->noise;
        lanes += (double)plan_task_work(k) / c->a->lanes;
    }
    return entries > 1.1 * noise && entries > 1.1 * lanes;
}

/* Several schedules of each segment with other random choices; the shortest stays. price: clocks
 * that an entry is worth. */
static enum glb_status schedule_all(struct plan *c, int tries, int search, double price) {
    for (int s = 0; s < c->nseg; s++) {
        const bool network = network_bound(c, s) || price > 0;
        const int style = network ? 1 + (c->nhubs > 0) : 0;
        struct glb_pass best = {0};
        for (int k = 0; k < tries; k++) {
            const double thrift = price > 0 ? 8 : c->nhubs ? 0.3 : 1;
            const enum glb_status status =
                schedule_segment(c, s, style, thrift, c->o->seed + 7919u * (unsigned)k, search);
            if (status != GLB_OK) {
                plan_free_pass(&best);
                return status;
            }
            struct glb_pass *p = &c->pass[s];
            if (!best.op || p->len + price * p->entries < best.len + price * best.entries) {
                plan_free_pass(&best);
                best = *p;
                *p = (struct glb_pass){0};
            }
        }
        plan_free_pass(&c->pass[s]);
        c->pass[s] = best;
    }
    return GLB_OK;
}

int plan_clocks(const struct plan *c) {
    int sum = 0;
    for (int s = 0; s < c->nseg; s++)
        sum += c->pass[s].len;
    return sum;
}

int plan_entries(const struct plan *c) {
    int sum = 0;
    for (int s = 0; s < c->nseg; s++)
        sum += c->pass[s].entries;
    return sum;
}

enum glb_status schedule_all_segments(struct plan *c) {
    const int effort = c->o->effort;
    const int tries = effort == 0 ? 1 : c->nhubs ? effort : effort == 1 ? 2 : 8;
    int search = effort == 0 ? 50 : effort == 1 ? 500 : 1500;
    if (c->nhubs && effort > 0)
        search = c->draft ? search / 2 : search * 2;
    enum glb_status s = schedule_all(c, tries, search, 0);
    if (s == GLB_OK && plan_entries(c) > c->a->cdepth)
        s = schedule_all(c, tries, search, 8);
    return s;
}

/* Tasks, placement and schedule for c's order of colours and cut of hubs. */
enum glb_status make_plan(struct plan *c, struct glb_compile_report *r) {
    enum glb_status s = read_graph(c);
    if (s == GLB_OK)
        s = read_segments(c);
    if (s == GLB_OK)
        s = plan_find_hubs(c);
    if (s == GLB_OK)
        s = choose_unit(c, r);
    if (s == GLB_OK)
        s = plan_make_tasks(c);
    if (s == GLB_OK)
        s = place_tasks(c);
    if (s == GLB_OK)
        s = plan_use_relays(c);
    if (s == GLB_OK)
        s = plan_find_paths(c);
    if (s == GLB_OK)
        s = mark_shared(c);
    if (s == GLB_OK)
        s = schedule_all_segments(c);
    return s;
}
