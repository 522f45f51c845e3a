/* Refines a finished plan: tiles that ended late swap groups with tiles that ended early, and the
 * schedule is made again. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/refine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compiler/schedule/schedule_all.h"

enum {
    SWAPS = 16,  /* a round and segment: more change the schedule by more than they save */
    MIN_GAP = 6, /* clocks between a late and an early tile, below which they stay as they are */
};

struct kept { /* what swaps and a new schedule change */
    struct task *task;
    struct word *word;
    struct group *group;
    struct pass pass[GLB_SEGMENTS];
};

static void *copy_of(const void *from, size_t size) {
    void *p = malloc(size + 1);
    return p ? memcpy(p, from, size) : NULL;
}

static void kept_free(struct kept *k) {
    free(k->task);
    free(k->word);
    free(k->group);
    for (int s = 0; s < GLB_SEGMENTS; s++)
        plan_free_pass(&k->pass[s]);
    *k = (struct kept){0};
}

/* Takes plan's passes away, but for the ends of the tiles; false if memory runs out. */
static bool keep(struct kept *k, struct plan *plan) {
    const struct problem *problem = plan->problem;
    kept_free(k);
    k->task = copy_of(plan->task, sizeof *plan->task * (size_t)plan->ntask);
    k->word = copy_of(plan->word, sizeof *plan->word * (size_t)plan->nword);
    k->group = copy_of(plan->group, sizeof *plan->group * (size_t)plan->ngroup);
    bool ok = k->task && k->word && k->group;
    for (int s = 0; s < problem->nseg; s++) {
        k->pass[s] = plan->pass[s];
        plan->pass[s] = (struct pass){0};
        plan->pass[s].end =
            copy_of(k->pass[s].end, sizeof *k->pass[s].end * (size_t)problem->array->tiles);
        ok &= plan->pass[s].end != NULL;
    }
    return ok;
}

static void restore(struct kept *k, struct plan *plan) {
    memcpy(plan->task, k->task, sizeof *plan->task * (size_t)plan->ntask);
    memcpy(plan->word, k->word, sizeof *plan->word * (size_t)plan->nword);
    memcpy(plan->group, k->group, sizeof *plan->group * (size_t)plan->ngroup);
    for (int s = 0; s < plan->problem->nseg; s++) {
        plan_free_pass(&plan->pass[s]);
        plan->pass[s] = k->pass[s];
        k->pass[s] = (struct pass){0};
    }
}

static int work_of(const struct plan *plan, const struct group *g) {
    int most = 0;
    for (int l = 0; l < plan->problem->array->lanes; l++) {
        if (g->task[l] < 0)
            continue;
        const int work = plan_task_work(&plan->task[g->task[l]]);
        most = work > most ? work : most;
    }
    return most;
}

/* Can x and y change places, with the same lanes and as many state words as before? */
static bool alike(const struct plan *plan, const struct group *x, const struct group *y) {
    if (x->seg != y->seg || x->level != y->level)
        return false;
    for (int l = 0; l < plan->problem->array->lanes; l++) {
        const int i = x->task[l], j = y->task[l];
        if ((i < 0) != (j < 0) ||
            (i >= 0 && (plan->task[i].nstage > 1 || plan->task[j].nstage > 1)))
            return false;
    }
    return true;
}

static void move_group(struct plan *plan, struct group *g, int tile) {
    g->tile = tile;
    for (int l = 0; l < plan->problem->array->lanes; l++) {
        if (g->task[l] < 0)
            continue;
        struct task *t = &plan->task[g->task[l]];
        t->tile = tile;
        if (plan->stage[t->stage0].word >= 0)
            plan->word[plan->stage[t->stage0].word].tile = tile;
    }
}

/* Swaps the two groups that come nearest to moving `move` clocks of work; false if none does. */
static bool swap_groups(struct plan *plan, int seg, int from, int to, double move) {
    int x = -1, y = -1;
    double least = move / 2;
    for (int i = 0; i < plan->ngroup; i++) {
        if (plan->group[i].seg != seg || plan->group[i].tile != from)
            continue;
        for (int j = 0; j < plan->ngroup; j++) {
            if (plan->group[j].tile != to || !alike(plan, &plan->group[i], &plan->group[j]))
                continue;
            const int moved = work_of(plan, &plan->group[i]) - work_of(plan, &plan->group[j]);
            if (fabs(moved - move) < least) {
                least = fabs(moved - move);
                x = i;
                y = j;
            }
        }
    }
    if (x < 0)
        return false;
    move_group(plan, &plan->group[x], to);
    move_group(plan, &plan->group[y], from);
    return true;
}

/* The latest tile swaps with the earliest, the next with the next; the number of swaps. */
static int even_ends(struct plan *plan, int seg) {
    const int tiles = plan->problem->array->tiles;
    const int32_t *end = plan->pass[seg].end;
    int late[GLB_MAX_TILES], swaps = 0; /* tiles, the latest first */
    for (int t = 0; t < tiles; t++) {
        int at = t;
        for (; at > 0 && end[late[at - 1]] < end[t]; at--)
            late[at] = late[at - 1];
        late[at] = t;
    }
    for (int i = 0; i < SWAPS && i < tiles / 2; i++) {
        const int early = late[tiles - 1 - i], gap = end[late[i]] - end[early];
        if (gap >= MIN_GAP)
            swaps += swap_groups(plan, seg, late[i], early, 0.45 * gap);
    }
    return swaps;
}

enum glb_status refine_plan(struct plan *plan, int rounds) {
    struct kept best = {0};
    enum glb_status s = GLB_OK;
    int clocks = plan_clocks(plan), entries = plan_entries(plan);
    bool ok = keep(&best, plan);
    for (int round = 0; round < rounds && ok && s == GLB_OK; round++) {
        int swaps = 0;
        for (int i = 0; i < plan->problem->nseg; i++)
            swaps += even_ends(plan, i);
        if (!swaps)
            break;
        s = schedule_all_segments(plan);
        if (s == GLB_OK &&
            plan_shorter(plan, plan_clocks(plan), plan_entries(plan), clocks, entries)) {
            clocks = plan_clocks(plan);
            entries = plan_entries(plan);
            ok = keep(&best, plan);
        }
    }
    if (!ok)
        s = glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    if (s == GLB_OK)
        restore(&best, plan);
    kept_free(&best);
    return s;
}
