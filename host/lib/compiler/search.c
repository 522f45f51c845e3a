/* The graph compiler's search. Graphs with hubs are planned in several ways: hubs updated first or
 * last, their fields summed in more or fewer parts. The best ways are planned again with more
 * search for paths, and refined. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/plan.h"

#include <stdlib.h>

enum {
    LARGE = 8192,          /* p-bits above which one plan must do */
    LARGE_READS = 1 << 17, /* and reads above which the search is short */
    KEPT = 2,              /* ways that are planned again */
    ROUNDS = 3             /* of refining each */
};

struct way {
    bool hubs_first;
    double cut;
    unsigned number;
    int clocks;
};

/* The first is the one that all graphs get. */
static const struct {
    bool hubs_first;
    double cut;
} ways[] = {{false, 0.75}, {true, 0.75}, {false, 1}, {true, 1},
            {false, 0.6},  {true, 0.6},  {false, 0}, {true, 0}};

enum { WAYS = sizeof ways / sizeof ways[0] };

bool plan_shorter(const struct plan *c, int clocks, int entries, int than_clocks,
                  int than_entries) {
    const bool fits = entries <= c->a->cdepth, other_fits = than_entries <= c->a->cdepth;
    return fits != other_fits ? fits : clocks < than_clocks;
}

/* Plans the way once, as a draft or refined; the better of that and *best stays in *best (found: it
 * holds one). */
static enum glb_status try_way(struct way *w, const struct plan *empty, int rounds, bool *found,
                               struct plan *best, struct glb_compile_report *r) {
    struct plan c = *empty;
    struct glb_compile_report report = *r;
    c.rng += w->number;
    c.hubs_first = w->hubs_first;
    c.cut = w->cut;
    enum glb_status s = make_plan(&c, &report);
    if (s == GLB_OK && rounds)
        s = refine_plan(&c, rounds);
    w->clocks = s == GLB_OK ? plan_clocks(&c) : 1 << 30;
    if (s == GLB_OK && (!*found || plan_shorter(&c, plan_clocks(&c), plan_entries(&c),
                                                plan_clocks(best), plan_entries(best)))) {
        const struct plan swap = *best;
        *best = c;
        c = swap;
        *r = report;
        *found = true;
    }
    best->nhubs = *found ? best->nhubs : c.nhubs;
    plan_release(&c);
    return s;
}

static int by_clocks(const void *a, const void *b) {
    const struct way *x = a, *y = b;
    return x->clocks != y->clocks ? (x->clocks > y->clocks) - (x->clocks < y->clocks)
                                  : (x->number > y->number) - (x->number < y->number);
}

enum glb_status search_plans(struct plan *c, struct glb_compile_report *r) {
    struct way w[WAYS];
    for (int i = 0; i < WAYS; i++)
        w[i] = (struct way){
            .hubs_first = ways[i].hubs_first, .cut = ways[i].cut, .number = (unsigned)i};
    const int effort = c->o->effort;
    const long pbits = (long)c->g->n * (c->o->copies > 1 ? c->o->copies : 1);
    const bool search = effort > 0 && pbits < LARGE;
    struct plan empty = *c;
    empty.draft = search;
    bool found = false;
    enum glb_status s = try_way(&w[0], &empty, 0, &found, c, r);
    if (!c->nhubs || !search)
        return s;
    for (int i = 1; i < WAYS; i++) {
        const enum glb_status t = try_way(&w[i], &empty, 0, &found, c, r);
        s = found ? GLB_OK : t;
    }
    qsort(w, WAYS, sizeof *w, by_clocks);
    const bool large = (long)c->g->m * 2 * c->copies > LARGE_READS;
    empty.draft = false;
    for (int k = 0; found && k < (large ? 1 : KEPT); k++)
        try_way(&w[k], &empty, large ? 1 : ROUNDS * (effort == 1 ? 1 : 3), &found, c, r);
    return s;
}
