/* Placement: groups of tasks go to tiles so that every tile has its share of each level.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/placement/place.h"

#include <stdlib.h>
#include <string.h>
#include "compiler/tasks/pair_tasks.h"
#include "compiler/placement/placer.h"

struct sized {
    double cost;
    int32_t group;
    uint32_t tie;
};

static int by_cost(const void *a, const void *b) {
    const struct sized *x = a, *y = b;
    return x->cost != y->cost ? (x->cost < y->cost) - (x->cost > y->cost)
                              : (x->tie > y->tie) - (x->tie < y->tie);
}

/* Moves single tasks out of groups of the fullest tiles to the emptiest. Not with hubs: there the
 * lanes of such a tile stay out of step and share less, which costs more than it evens out. */
static void even_out(struct placer *p, int seg) {
    struct plan *plan = p->plan;
    const struct problem *problem = plan->problem;
    const int tiles = problem->array->tiles;
    for (int round = 0; round < 4 * tiles; round++) {
        int full = 0, empty = 0;
        for (int t = 1; t < tiles; t++) {
            full = p->load[t] > p->load[full] ? t : full;
            empty = p->load[t] < p->load[empty] ? t : empty;
        }
        const double gap = p->load[full] - p->load[empty];
        int from = -1, lane = -1;
        double best = 0;
        for (int g = 0; g < plan->ngroup; g++) {
            struct group *x = &plan->group[g];
            if (x->tile != full || x->seg != seg)
                continue;
            for (int l = 0; l < problem->array->lanes; l++) {
                if (x->task[l] < 0 || plan->task[x->task[l]].nstage > 1)
                    continue;
                const double cost = placer_cost_of(p, &plan->task[x->task[l]]);
                const double gain = cost < gap / 2 ? cost : gap - cost;
                if (gain > best + 1e-9) {
                    best = gain;
                    from = g;
                    lane = l;
                }
            }
        }
        if (from < 0 || best < gap / 16)
            return;
        struct group alone = {.seg = seg, .level = plan->group[from].level, .tile = -1};
        for (int l = 0; l < GLB_MAX_LANES; l++)
            alone.task[l] = l ? -1 : plan->group[from].task[lane];
        if (!placer_settle(p, &alone, empty, false))
            return;
        placer_unsettle(p, &plan->group[from], lane);
        plan->group[from].task[lane] = -1;
        placer_settle(p, &alone, empty, true);
        if (plan_group_members(plan, &plan->group[from]) == 0)
            plan->group[from] = alone;
        else
            plan->group[plan->ngroup++] = alone;
    }
}

static enum glb_status no_room(const struct placer *p, int seg) {
    const struct glb_array *a = p->plan->problem->array;
    long need = 0;
    for (int t = 0; t < p->plan->ntask; t++)
        need += p->plan->task[t].nstage;
    for (int i = 0; i < p->plan->problem->n; i++)
        need += p->plan->problem->seg_of[i] < 0 ? p->plan->problem->copies : 0;
    int n;
    const struct glb_array *all = glb_arrays(&n), *fits = NULL;
    for (int i = 0; i < n && !fits; i++)
        if (glb_array_capacity(&all[i]) >= need + need / 16)
            fits = &all[i];
    return glb_fail(
        GLB_ERR_FIT,
        "state memory of array %s: segment %d finds no room; the graph needs %ld state words "
        "(%d p-bits, the rest for partial sums and copies of hubs), the array has %d in %d "
        "lanes; %s%s",
        a->name, seg, need, p->plan->problem->nodes, glb_array_capacity(a), a->tiles * a->lanes,
        fits ? "would fit: " : "no array here has as many", fits ? fits->name : "");
}

/* Hubs, their parts and relays come first: they need many state words in one lane or are read most.
 */
static bool is_helper(const struct plan *plan, const struct group *g) {
    for (int l = 0; l < plan->problem->array->lanes; l++)
        if (g->task[l] >= 0)
            return plan->task[g->task[l]].kind == TASK_RELAY || plan->task[g->task[l]].nstage > 1;
    return false;
}

static enum glb_status place_segment(struct placer *p, int seg, int32_t *count,
                                     struct sized *order) {
    struct plan *plan = p->plan;
    const struct problem *problem = plan->problem;
    const int tiles = problem->array->tiles;
    for (int k = 0; k < 2 * plan->levels; k++) {
        const int level = k % plan->levels;
        int n = 0;
        for (int g = 0; g < plan->ngroup; g++)
            if (plan->group[g].seg == seg && plan->group[g].level == level &&
                is_helper(plan, &plan->group[g]) == (k < plan->levels))
                order[n++] =
                    (struct sized){placer_group_cost(p, &plan->group[g]), g, plan_random(plan)};
        qsort(order, (size_t)n, sizeof *order, by_cost);
        memset(count, 0, sizeof *count * (size_t)tiles);
        const int limit = (n + tiles - 1) / tiles;
        for (int i = 0; i < n; i++) {
            struct group *g = &plan->group[order[i].group];
            int t = placer_best_tile(p, g, count, limit);
            if (t < 0)
                t = placer_best_tile(p, g, count, 1 << 30);
            if (t >= 0) {
                count[t]++;
                placer_settle(p, g, t, true);
                continue;
            }
            struct group parts = *g; /* no tile has room for all of it: one by one */
            bool first = true;
            for (int l = 0; l < problem->array->lanes; l++) {
                if (parts.task[l] < 0)
                    continue;
                struct group *x =
                    first ? &plan->group[order[i].group] : &plan->group[plan->ngroup++];
                first = false;
                *x = (struct group){.seg = seg, .level = level, .tile = -1};
                for (int m = 0; m < GLB_MAX_LANES; m++)
                    x->task[m] = m ? -1 : parts.task[l];
                t = placer_best_tile(p, x, count, 1 << 30);
                if (t < 0)
                    return no_room(p, seg);
                placer_settle(p, x, t, true);
            }
        }
    }
    if (!problem->nhubs)
        even_out(p, seg);
    return GLB_OK;
}

/* Inputs take the lanes with most room, busiest words first to the banks that are read least. */
static enum glb_status place_inputs(struct placer *p) {
    struct plan *plan = p->plan;
    const struct problem *problem = plan->problem;
    const int lanes = problem->array->lanes;
    for (int w = 0; w < problem->nodes; w++) {
        if (problem->seg_of[w % problem->n] >= 0)
            continue;
        int best = -1, lane = -1;
        for (int t = 0; t < problem->array->tiles; t++)
            for (int l = 0; l < lanes; l++)
                if (placer_lane_room(p, t, l) > 0 &&
                    (best < 0 || p->load[t] < p->load[best] - 1e-9 ||
                     (t == best && placer_lane_room(p, t, l) > placer_lane_room(p, t, lane)))) {
                    best = t;
                    lane = l;
                }
        if (best < 0)
            return no_room(p, problem->nseg);
        plan->word[w].tile = best;
        plan->word[w].lane = lane;
        p->lane_words[best * lanes + lane]++;
        p->load[best] += 1 + plan->word[w].out;
    }
    return GLB_OK;
}

enum glb_status place_tasks(struct plan *plan) {
    const struct problem *problem = plan->problem;
    const int tiles = problem->array->tiles, lanes = problem->array->lanes;
    struct placer p = {.plan = plan};
    enum glb_status s = GLB_OK;
    plan->group = malloc(sizeof *plan->group * ((size_t)plan->ntask + 1));
    int32_t *count = malloc(sizeof *count * (size_t)tiles);
    struct sized *order = malloc(sizeof *order * ((size_t)plan->ntask + 1));
    if (!plan->group || !count || !order || !placer_open(&p) || !plan_make_groups(plan))
        s = glb_fail(GLB_ERR_MEMORY, "compile: out of memory while placing");
    int base = 0;
    for (int seg = 0; seg < problem->nseg && s == GLB_OK; seg++) {
        for (int i = 0; i < tiles * lanes; i++) {
            p.lane_words[i] = base; /* all lanes start a segment at the same word */
            p.lane_limit[i] = 1 << problem->array->gw;
        }
        s = place_segment(&p, seg, count, order);
        for (int i = 0; i < tiles * lanes && seg + 1 < problem->nseg; i++)
            base = p.lane_words[i] > base ? p.lane_words[i] : base;
    }
    if (s == GLB_OK) {
        if (problem->nseg > 1)
            memset(p.load, 0, sizeof *p.load * (size_t)tiles);
        for (int t = 0; t < plan->ntask; t++)
            for (int i = plan->task[t].stage0; i < plan->task[t].stage0 + plan->task[t].nstage; i++)
                if (plan->stage[i].word >= 0) {
                    plan->word[plan->stage[i].word].tile = plan->task[t].tile;
                    plan->word[plan->stage[i].word].lane = plan->task[t].lane;
                    if (problem->nseg > 1)
                        p.load[plan->task[t].tile] += plan->word[plan->stage[i].word].out;
                }
        s = place_inputs(&p);
    }
    free(count);
    free(order);
    placer_close(&p);
    return s;
}
