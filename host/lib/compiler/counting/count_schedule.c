/* The list scheduler of the counting segment. A tile keeps a word and takes, clock by clock, words
 * to compare with it, from banks to which simulated annealing finds it a path. Works of few sums
 * come first: a tile does one alone, or leaves its last sums to another rather than wait for them.
 * Large ones and single p-bits can be done by any tile in parts, so they fill up all tiles at the
 * end. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "compiler/counting/count_scheduler.h"

enum {
    TRIES = 500,   /* of the annealing, a tile */
    HUB_SHARE = 4, /* works of more than this part of a tile's sums are shared */
    STUCK = 1000
}; /* clocks without progress: a bug */

static void put_in(struct count_work *work, int list, int k) { /* at the end */
    work[k].next = list;
    work[k].prev = work[list].prev;
    work[work[k].prev].next = work[list].prev = k;
}

static void take_out(struct count_work *work, int k) {
    work[work[k].next].prev = work[k].prev;
    work[work[k].prev].next = work[k].next;
}

static void leave_work(struct count_scheduler *s, int t) {
    const int k = s->held[t];
    struct count_work *work = s->plan->work;
    s->held[t] = -1;
    if (k < 0 || --work[k].holders || !work[k].left || !count_is_small(s, &work[k]))
        return;
    take_out(work, k);
    put_in(work, s->free, k);
    s->nfree++;
    s->reads[count_bank(s->plan, work[k].pbit)]++;
}

static void begin_work(struct count_scheduler *s, int t, int k) {
    struct count_work *work = s->plan->work;
    leave_work(s, t);
    s->held[t] = k;
    if (work[k].holders++ || !count_is_small(s, &work[k]))
        return;
    take_out(work, k);
    put_in(work, s->other, k);
    s->nfree--;
    s->reads[count_bank(s->plan, work[k].pbit)]--;
}

static struct count_op do_sum(struct count_scheduler *s, int t, int want) {
    struct count_item *item = s->plan->item;
    struct count_work *w = &s->plan->work[s->held[t]];
    const int k = s->at[want], last = w->first + --w->left;
    const struct count_item x = item[k];
    item[k] = item[last];
    item[last] = x;
    s->at[item[k].want] = k;
    s->at[want] = last;
    if (!w->left)
        take_out(s->plan->work, s->held[t]);
    s->reads[count_bank(s->plan, x.pbit)]--;
    s->open--;
    if (++s->done[t] == s->room)
        leave_work(s, t);
    return (struct count_op){.op = COUNT_SUM, .pbit = x.pbit, .want = want};
}

static bool grow(struct count_plan *plan, size_t tiles) {
    if (plan->clocks < plan->cap)
        return true;
    const int cap = plan->cap ? 2 * plan->cap : 512;
    struct count_op *op = realloc(plan->op, sizeof *op * (size_t)cap * tiles);
    if (!op)
        return false;
    plan->op = op;
    plan->cap = cap;
    return true;
}

static bool one_clock(struct count_scheduler *s) {
    struct count_plan *plan = s->plan;
    if (!grow(plan, (size_t)s->tiles))
        return false;
    struct count_op *op = &plan->op[(size_t)plan->clocks++ * (size_t)s->tiles];
    int n = 0;
    for (int t = 0; t < s->tiles; t++) {
        op[t] = (struct count_op){.op = COUNT_IDLE, .pbit = -1, .want = -1};
        count_find_offers(s, t);
        if (s->offers[t].n)
            s->order[n++] = t;
        if (s->ones[t]) {
            op[t].op = COUNT_ONES;
            begin_work(s, t, 0);
        }
    }
    count_weigh_offers(s, n);
    route_solve(&s->route, s->offers, s->order, n, TRIES);
    for (int i = 0; i < n; i++) {
        const int t = s->order[i];
        const struct offers *o = &s->offers[t];
        const int id = o->taken >= 0 ? o->offer[o->taken].id : 0;
        if (o->taken < 0)
            continue;
        if (id >= 0) {
            op[t] = do_sum(s, t, id);
        } else {
            op[t] = (struct count_op){.op = COUNT_LOAD, .pbit = plan->work[~id].pbit, .want = -1};
            begin_work(s, t, ~id);
        }
    }
    return true;
}

static void start(struct count_scheduler *s) {
    struct count_plan *plan = s->plan;
    s->free = plan->nwork;
    s->other = plan->nwork + 1;
    for (int k = s->free; k <= s->other; k++)
        plan->work[k].next = plan->work[k].prev = k;
    for (int k = 0; k < plan->nwork; k++) {
        struct count_work *w = &plan->work[k];
        w->left = w->n;
        w->holders = 0;
        if (w->n)
            put_in(plan->work, count_is_small(s, w) ? s->free : s->other, k);
        s->nfree += count_is_small(s, w);
        if (count_is_small(s, w))
            s->reads[count_bank(plan, w->pbit)]++;
        for (int i = w->first; i < w->first + w->n; i++)
            s->reads[count_bank(plan, plan->item[i].pbit)]++;
    }
    for (int i = 0; i < plan->nwant; i++)
        s->at[plan->item[i].want] = i;
    for (int t = 0; t < s->tiles; t++)
        s->held[t] = -1;
    plan->clocks = plan->sums = 0;
}

enum glb_status count_schedule(struct count_plan *plan, int room, int clocks, uint64_t seed,
                               int *done) {
    const struct glb_array *a = &plan->p->array;
    struct count_scheduler *s = calloc(1, sizeof *s);
    int32_t *at = malloc(sizeof *at * ((size_t)plan->nwant + 1));
    if (!s || !at) {
        free(s);
        free(at);
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory while scheduling counts");
    }
    *s = (struct count_scheduler){.plan = plan,
                                  .tiles = a->tiles,
                                  .room = room,
                                  .hub = plan->nwant / a->tiles / HUB_SHARE,
                                  .open = plan->nwant,
                                  .at = at};
    enum glb_status status = GLB_OK;
    route_init(&s->route, a, seed + 1);
    start(s);
    for (int quiet = 0; status == GLB_OK && s->open && plan->clocks < clocks;) {
        const int before = s->open;
        if (!one_clock(s))
            status = glb_fail(GLB_ERR_MEMORY, "compile: out of memory while scheduling counts");
        quiet = s->open == before ? quiet + 1 : 0;
        if (quiet > STUCK)
            status = glb_fail(GLB_ERR_UNSUPPORTED,
                              "compile: the schedule of the counting segment stopped at clock %d "
                              "with %d sums open; this is a bug, please report the graph",
                              plan->clocks, s->open);
    }
    *done = plan->nwant - s->open;
    for (int t = 0; t < s->tiles; t++)
        plan->sums = s->done[t] > plan->sums ? s->done[t] : plan->sums;
    free(at);
    free(s);
    return status;
}
