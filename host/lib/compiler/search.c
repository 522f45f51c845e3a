/* The search for the best plan. Graphs with hubs are planned in several ways: hubs updated first or
 * last, their fields summed in more or fewer parts. The best ways are planned again with more
 * search for paths, and refined. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/search.h"

#include <stdlib.h>
#include "compiler/effort.h"
#include "compiler/make_plan.h"
#include "compiler/refine.h"

enum {
    LARGE = 8192,          /* p-bits from which on only one plan is tried */
    LARGE_READS = 1 << 17, /* and reads above which the search is short */
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

struct search {
    const struct problem *problem;
    struct plan *best;
    bool found; /* best holds a plan */
};

/* Plans the way once, as a draft or refined; the better of that and the best one is kept. */
static enum glb_status try_way(struct search *search, struct way *w, bool draft, int rounds) {
    struct plan plan = {.problem = search->problem,
                        .cut = w->cut,
                        .draft = draft,
                        .hubs_first = w->hubs_first,
                        .rng = search->problem->options->seed + 1 + w->number};
    struct plan *best = search->best;
    enum glb_status s = make_plan(&plan);
    if (s == GLB_OK && rounds)
        s = refine_plan(&plan, rounds);
    w->clocks = s == GLB_OK ? plan_clocks(&plan) : 1 << 30;
    if (s == GLB_OK &&
        (!search->found || plan_shorter(&plan, plan_clocks(&plan), plan_entries(&plan),
                                        plan_clocks(best), plan_entries(best)))) {
        const struct plan swap = *best;
        *best = plan;
        plan = swap;
        search->found = true;
    }
    plan_release(&plan);
    return s;
}

static int by_clocks(const void *a, const void *b) {
    const struct way *x = a, *y = b;
    return x->clocks != y->clocks ? (x->clocks > y->clocks) - (x->clocks < y->clocks)
                                  : (x->number > y->number) - (x->number < y->number);
}

enum glb_status search_plans(const struct problem *problem, struct plan *best) {
    struct search search = {.problem = problem, .best = best};
    struct way w[WAYS];
    for (int i = 0; i < WAYS; i++)
        w[i] = (struct way){
            .hubs_first = ways[i].hubs_first, .cut = ways[i].cut, .number = (unsigned)i};
    const struct effort effort = effort_of(problem);
    const bool several = effort.draft > 0 && problem->nodes < LARGE;
    enum glb_status s = try_way(&search, &w[0], several, 0);
    if (!problem->nhubs || !several)
        return s;
    for (int i = 1; i < WAYS; i++) {
        const enum glb_status t = try_way(&search, &w[i], true, 0);
        s = search.found ? GLB_OK : t;
    }
    qsort(w, WAYS, sizeof *w, by_clocks);
    const bool large = (long)problem->graph->m * 2 * problem->copies > LARGE_READS;
    const int kept = large ? 1 : effort.kept, rounds = large ? 1 : effort.rounds;
    for (int k = 0; search.found && k < kept; k++)
        try_way(&search, &w[k], false, rounds);
    return s;
}
