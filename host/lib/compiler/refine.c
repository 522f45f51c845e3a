/* Refines a finished plan: tiles that ended late swap groups with tiles that ended early, and the
 * schedule is made again. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SWAPS = 16,  /* a round and segment: more change the schedule by more than they save */
    MIN_GAP = 6, /* clocks between a late and an early tile, below which they stay as they are */
};

struct kept { /* what swaps and a new schedule change */
    struct glb_task *task;
    struct glb_word *word;
    struct glb_group *group;
    struct glb_pass pass[GLB_SEGMENTS];
};

static void *copy_of(const void *from, size_t size) {
    void *p = malloc(size + 1);
    return p ? memcpy(p, from, size) : NULL;
}

static void forget(struct kept *k) {
    free(k->task);
    free(k->word);
    free(k->group);
    for (int s = 0; s < GLB_SEGMENTS; s++)
        plan_free_pass(&k->pass[s]);
    *k = (struct kept){0};
}

/* Takes c's passes away, but for the ends of the tiles; false if memory runs out. */
static bool keep(struct kept *k, struct plan *c) {
    forget(k);
    k->task = copy_of(c->task, sizeof *c->task * (size_t)c->ntask);
    k->word = copy_of(c->word, sizeof *c->word * (size_t)c->nword);
    k->group = copy_of(c->group, sizeof *c->group * (size_t)c->ngroup);
    bool ok = k->task && k->word && k->group;
    for (int s = 0; s < c->nseg; s++) {
        k->pass[s] = c->pass[s];
        c->pass[s] = (struct glb_pass){0};
        c->pass[s].end = copy_of(k->pass[s].end, sizeof *k->pass[s].end * (size_t)c->a->tiles);
        ok &= c->pass[s].end != NULL;
    }
    return ok;
}

static void restore(struct kept *k, struct plan *c) {
    memcpy(c->task, k->task, sizeof *c->task * (size_t)c->ntask);
    memcpy(c->word, k->word, sizeof *c->word * (size_t)c->nword);
    memcpy(c->group, k->group, sizeof *c->group * (size_t)c->ngroup);
    for (int s = 0; s < c->nseg; s++) {
        plan_free_pass(&c->pass[s]);
        c->pass[s] = k->pass[s];
        k->pass[s] = (struct glb_pass){0};
    }
}

static int work_of(const struct plan *c, const struct glb_group *g) {
    int most = 0;
    for (int l = 0; l < c->a->lanes; l++) {
        if (g->task[l] < 0)
            continue;
        const int work = plan_task_work(&c->task[g->task[l]]);
        most = work > most ? work : most;
    }
    return most;
}

/* Can x and y change places, with the same lanes and as many state words as before? */
static bool alike(const struct plan *c, const struct glb_group *x, const struct glb_group *y) {
    if (x->seg != y->seg || x->level != y->level)
        return false;
    for (int l = 0; l < c->a->lanes; l++) {
        const int i = x->task[l], j = y->task[l];
        if ((i < 0) != (j < 0) || (i >= 0 && (c->task[i].nstage > 1 || c->task[j].nstage > 1)))
            return false;
    }
    return true;
}

static void move_group(struct plan *c, struct glb_group *g, int tile) {
    g->tile = tile;
    for (int l = 0; l < c->a->lanes; l++) {
        if (g->task[l] < 0)
            continue;
        struct glb_task *t = &c->task[g->task[l]];
        t->tile = tile;
        if (c->stage[t->stage0].word >= 0)
            c->word[c->stage[t->stage0].word].tile = tile;
    }
}

/* Swaps the two groups that come nearest to moving `move` clocks of work; false if none does. */
static bool swap_groups(struct plan *c, int seg, int from, int to, double move) {
    int x = -1, y = -1;
    double least = move / 2;
    for (int i = 0; i < c->ngroup; i++) {
        if (c->group[i].seg != seg || c->group[i].tile != from)
            continue;
        for (int j = 0; j < c->ngroup; j++) {
            if (c->group[j].tile != to || !alike(c, &c->group[i], &c->group[j]))
                continue;
            const int moved = work_of(c, &c->group[i]) - work_of(c, &c->group[j]);
            if (fabs(moved - move) < least) {
                least = fabs(moved - move);
                x = i;
                y = j;
            }
        }
    }
    if (x < 0)
        return false;
    move_group(c, &c->group[x], to);
    move_group(c, &c->group[y], from);
    return true;
}

/* The latest tile swaps with the earliest, the next with the next; the number of swaps. */
static int even_ends(struct plan *c, int seg) {
    const int tiles = c->a->tiles;
    const int32_t *end = c->pass[seg].end;
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
            swaps += swap_groups(c, seg, late[i], early, 0.45 * gap);
    }
    return swaps;
}

enum glb_status refine_plan(struct plan *c, int rounds) {
    struct kept best = {0};
    enum glb_status s = GLB_OK;
    int clocks = plan_clocks(c), entries = plan_entries(c);
    bool ok = keep(&best, c);
    for (int round = 0; round < rounds && ok && s == GLB_OK; round++) {
        int swaps = 0;
        for (int i = 0; i < c->nseg; i++)
            swaps += even_ends(c, i);
        if (!swaps)
            break;
        s = schedule_all_segments(c);
        if (s == GLB_OK && plan_shorter(c, plan_clocks(c), plan_entries(c), clocks, entries)) {
            clocks = plan_clocks(c);
            entries = plan_entries(c);
            ok = keep(&best, c);
        }
    }
    if (!ok)
        s = glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    if (s == GLB_OK)
        restore(&best, c);
    forget(&best);
    return s;
}
