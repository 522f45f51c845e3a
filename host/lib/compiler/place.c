/* Placement: groups of tasks go to tiles so that every tile has its share of each level.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/placer.h"

#include <stdlib.h>
#include <string.h>

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
    struct plan *c = p->c;
    const int tiles = c->a->tiles;
    for (int round = 0; round < 4 * tiles; round++) {
        int full = 0, empty = 0;
        for (int t = 1; t < tiles; t++) {
            full = p->load[t] > p->load[full] ? t : full;
            empty = p->load[t] < p->load[empty] ? t : empty;
        }
        const double gap = p->load[full] - p->load[empty];
        int from = -1, lane = -1;
        double best = 0;
        for (int g = 0; g < c->ngroup; g++) {
            struct glb_group *x = &c->group[g];
            if (x->tile != full || x->seg != seg)
                continue;
            for (int l = 0; l < c->a->lanes; l++) {
                if (x->task[l] < 0 || c->task[x->task[l]].nstage > 1)
                    continue;
                const double cost = placer_cost_of(p, &c->task[x->task[l]]);
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
        struct glb_group alone = {.seg = seg, .level = c->group[from].level, .tile = -1};
        for (int l = 0; l < GLB_MAX_LANES; l++)
            alone.task[l] = l ? -1 : c->group[from].task[lane];
        if (!placer_settle(p, &alone, empty, false))
            return;
        placer_unsettle(p, &c->group[from], lane);
        c->group[from].task[lane] = -1;
        placer_settle(p, &alone, empty, true);
        if (plan_group_members(c, &c->group[from]) == 0)
            c->group[from] = alone;
        else
            c->group[c->ngroup++] = alone;
    }
}

static enum glb_status no_room(const struct placer *p, int seg) {
    const struct glb_array *a = p->c->a;
    long need = 0;
    for (int t = 0; t < p->c->ntask; t++)
        need += p->c->task[t].nstage;
    for (int i = 0; i < p->c->n; i++)
        need += p->c->seg_of[i] < 0 ? p->c->copies : 0;
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
        a->name, seg, need, p->c->nodes, glb_array_capacity(a), a->tiles * a->lanes,
        fits ? "would fit: " : "no array here has as many", fits ? fits->name : "");
}

/* Hubs, their parts and relays come first: they need many state words in one lane or are read most.
 */
static bool is_helper(const struct plan *c, const struct glb_group *g) {
    for (int l = 0; l < c->a->lanes; l++)
        if (g->task[l] >= 0)
            return c->task[g->task[l]].kind == GLB_TASK_RELAY || c->task[g->task[l]].nstage > 1;
    return false;
}

static enum glb_status place_segment(struct placer *p, int seg, int32_t *count,
                                     struct sized *order) {
    struct plan *c = p->c;
    const int tiles = c->a->tiles;
    for (int k = 0; k < 2 * c->levels; k++) {
        const int level = k % c->levels;
        int n = 0;
        for (int g = 0; g < c->ngroup; g++)
            if (c->group[g].seg == seg && c->group[g].level == level &&
                is_helper(c, &c->group[g]) == (k < c->levels))
                order[n++] = (struct sized){placer_group_cost(p, &c->group[g]), g, plan_random(c)};
        qsort(order, (size_t)n, sizeof *order, by_cost);
        memset(count, 0, sizeof *count * (size_t)tiles);
        const int limit = (n + tiles - 1) / tiles;
        for (int i = 0; i < n; i++) {
            struct glb_group *g = &c->group[order[i].group];
            int t = placer_best_tile(p, g, count, limit);
            if (t < 0)
                t = placer_best_tile(p, g, count, 1 << 30);
            if (t >= 0) {
                count[t]++;
                placer_settle(p, g, t, true);
                continue;
            }
            struct glb_group parts = *g; /* no tile has room for all of it: one by one */
            bool first = true;
            for (int l = 0; l < c->a->lanes; l++) {
                if (parts.task[l] < 0)
                    continue;
                struct glb_group *x = first ? &c->group[order[i].group] : &c->group[c->ngroup++];
                first = false;
                *x = (struct glb_group){.seg = seg, .level = level, .tile = -1};
                for (int m = 0; m < GLB_MAX_LANES; m++)
                    x->task[m] = m ? -1 : parts.task[l];
                t = placer_best_tile(p, x, count, 1 << 30);
                if (t < 0)
                    return no_room(p, seg);
                placer_settle(p, x, t, true);
            }
        }
    }
    if (!c->nhubs)
        even_out(p, seg);
    return GLB_OK;
}

/* Inputs take the lanes with most room, busiest words first to the banks that are read least. */
static enum glb_status place_inputs(struct placer *p) {
    struct plan *c = p->c;
    const int lanes = c->a->lanes;
    for (int w = 0; w < c->nodes; w++) {
        if (c->seg_of[w % c->n] >= 0)
            continue;
        int best = -1, lane = -1;
        for (int t = 0; t < c->a->tiles; t++)
            for (int l = 0; l < lanes; l++)
                if (placer_lane_room(p, t, l) > 0 &&
                    (best < 0 || p->load[t] < p->load[best] - 1e-9 ||
                     (t == best && placer_lane_room(p, t, l) > placer_lane_room(p, t, lane)))) {
                    best = t;
                    lane = l;
                }
        if (best < 0)
            return no_room(p, c->nseg);
        c->word[w].tile = best;
        c->word[w].lane = lane;
        p->lane_words[best * lanes + lane]++;
        p->load[best] += 1 + c->word[w].out;
    }
    return GLB_OK;
}

enum glb_status place_tasks(struct plan *c) {
    const int tiles = c->a->tiles, lanes = c->a->lanes;
    struct placer p = {.c = c};
    enum glb_status s = GLB_OK;
    c->group = malloc(sizeof *c->group * ((size_t)c->ntask + 1));
    int32_t *count = malloc(sizeof *count * (size_t)tiles);
    struct sized *order = malloc(sizeof *order * ((size_t)c->ntask + 1));
    if (!c->group || !count || !order || !placer_open(&p) || !plan_make_groups(c))
        s = glb_fail(GLB_ERR_MEMORY, "compile: out of memory while placing");
    int base = 0;
    for (int seg = 0; seg < c->nseg && s == GLB_OK; seg++) {
        for (int i = 0; i < tiles * lanes; i++) {
            p.lane_words[i] = base; /* all lanes start a segment at the same word */
            p.lane_limit[i] = 1 << c->a->gw;
        }
        s = place_segment(&p, seg, count, order);
        for (int i = 0; i < tiles * lanes && seg + 1 < c->nseg; i++)
            base = p.lane_words[i] > base ? p.lane_words[i] : base;
    }
    if (s == GLB_OK) {
        if (c->nseg > 1)
            memset(p.load, 0, sizeof *p.load * (size_t)tiles);
        for (int t = 0; t < c->ntask; t++)
            for (int i = c->task[t].stage0; i < c->task[t].stage0 + c->task[t].nstage; i++)
                if (c->stage[i].word >= 0) {
                    c->word[c->stage[i].word].tile = c->task[t].tile;
                    c->word[c->stage[i].word].lane = c->task[t].lane;
                    if (c->nseg > 1)
                        p.load[c->task[t].tile] += c->word[c->stage[i].word].out;
                }
        s = place_inputs(&p);
    }
    free(count);
    free(order);
    placer_close(&p);
    return s;
}
