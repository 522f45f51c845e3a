/* The list scheduler: clock by clock it decides for every tile whether it reads a word (through the
 * butterfly), takes a noise word or ends a stage.
 *
 * Order. A segment is one sequential scan, level by level (p-bits: colour by colour): a read of a
 * word of a lower level needs the new word, a read of a higher level the old one, and neighbours
 * never share a level. Any order of updates that keeps this is the same scan, so the result equals
 * updating colour after colour, inside a colour in any order.
 *
 * No deadlock. Everything waits for lower levels only: reads for the CTRLs of their writers, a CTRL
 * for the readers of the word that it replaces. A tile starts a group either when its level is the
 * lowest not yet started there, or when all that its tasks wait for has closed. So of the
 * unfinished tasks one of the lowest level is never behind, in its lane, a task that waits for
 * anything but lower levels, which are finished: it can go on. The first tile of a clock's order
 * always gets its path. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/schedule/schedule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compiler/schedule/scheduler.h"

static const struct style styles[3] = {{.few = 1,
                                        .last = 1,
                                        .balance = 0.1,
                                        .step = 0.5,
                                        .port = 0.03,
                                        .lagging = 6,
                                        .late = 2,
                                        .patience = 5},
                                       {.few = 2,
                                        .last = 2,
                                        .balance = 0.03,
                                        .step = 0.5,
                                        .port = 1,
                                        .lagging = 4,
                                        .bank = 0.6,
                                        .backlog = 0.5,
                                        .late = 4,
                                        .patience = 10},
                                       {.few = 2,
                                        .last = 2,
                                        .balance = 0.03,
                                        .port = 1,
                                        .lagging = 12,
                                        .bank = 0.6,
                                        .backlog = 0.5,
                                        .late = 4,
                                        .patience = 20}};

static bool can_end(const struct scheduler *s, const struct lane *n) {
    if (n->task < 0 || n->npending || (n->noise && last_stage(s, n)))
        return false;
    const int w = s->plan->stage[n->stage].word;
    return w < 0 || s->old_readers[w] == 0;
}

static bool grow_pass(struct scheduler *s) {
    if (s->clock < s->cap)
        return true;
    s->cap = s->cap ? s->cap * 2 : 1024;
    struct op *op = realloc(s->pass->op, sizeof *op * (size_t)s->cap * (size_t)s->tiles);
    if (!op)
        return false;
    s->pass->op = op;
    return true;
}

static void take_noise(struct scheduler *s, int t, int l) {
    struct lane *n = lane_of(s, t, l);
    n->noise--;
    n->todo--;
    n->last = s->clock;
    s->tile[t].noise--;
}

static void close_task(struct scheduler *s, int task) {
    const struct plan *plan = s->plan;
    const struct task *t = &plan->task[task];
    s->closed[task] = true;
    s->open_tasks--;
    s->level_open[t->level]--;
    while (s->lowest + 1 < plan->levels && !s->level_open[s->lowest])
        s->lowest++;
    /* readers of its words wait for one task less, and so do writers of old words that it read */
    for (int k = t->stage0; k < t->stage0 + t->nstage; k++)
        for (int r = plan->stage[k].read0; r < plan->stage[k].read0 + plan->stage[k].nread; r++)
            if (!plan->read[r].fresh && in_segment(s, plan->read[r].word))
                s->waits[plan->word[plan->read[r].word].task]--;
}

static void end_stage(struct scheduler *s, int t, int l, struct op *op) {
    const struct plan *plan = s->plan;
    struct lane *n = lane_of(s, t, l);
    const struct stage *g = &plan->stage[n->stage];
    op->stage = n->stage;
    op->task = n->task;
    n->todo--;
    n->last = s->clock;
    s->tile[t].entries++;
    if (g->word >= 0) {
        s->written[g->word] = s->clock + plan->problem->array->wl;
        s->pass->g[g->word] = n->words;
    }
    n->words++;
    if (!last_stage(s, n)) {
        n->stage++;
        scheduler_open_stage(s, n);
        return;
    }
    close_task(s, n->task);
    n->task = -1;
    n->stage = -1;
}

static void do_read(struct scheduler *s, int t, const struct offer_info *f, int word,
                    struct op *op) {
    const struct plan *plan = s->plan;
    op->word = word;
    s->tile[t].entries++;
    s->bank_todo[plan->word[f->word].tile]--;
    for (int l = 0; l < s->lanes; l++) {
        if (f->at[l] < 0)
            continue;
        struct lane *n = lane_of(s, t, l);
        int32_t *p = &s->pending[n->pending0];
        op->read[l] = p[f->at[l]];
        p[f->at[l]] = p[--n->npending];
        n->todo--;
        n->last = s->clock;
        s->tile[t].reads--;
        if (!plan->read[op->read[l]].fresh && in_segment(s, f->word))
            s->old_readers[f->word]--;
    }
    if (f->noise >= 0) {
        op->noise = f->noise;
        take_noise(s, t, f->noise);
    }
}

/* What tile t did in a clock, if that writes a word; else NULL. */
static const struct op *write_of(const struct scheduler *s, int clock, int t) {
    if (clock < 0)
        return NULL;
    const struct op *op = &s->pass->op[(size_t)clock * (size_t)s->tiles + (size_t)t];
    return op->stage >= 0 && s->plan->stage[op->stage].word >= 0 ? op : NULL;
}

/* Writes of this clock keep their banks from reading. Those of the clock before can be read from
 * this clock on: tasks that wait for them may start early. */
static void see_writes(struct scheduler *s) {
    const struct plan *plan = s->plan;
    const struct problem *problem = plan->problem;
    for (int t = 0; t < s->tiles; t++) {
        if (write_of(s, s->clock - problem->array->wl, t))
            s->blocked[t] = s->clock;
        const struct op *op = write_of(s, s->clock - 1 - problem->array->wl, t);
        const int w = op ? plan->stage[op->stage].word : -1;
        for (int k = op ? s->waiter0[w] : 0; op && k < s->waiter0[w + 1]; k++)
            s->waits[s->waiter[k]]--;
    }
}

static bool one_clock(struct scheduler *s) {
    const struct plan *plan = s->plan;
    if (!grow_pass(s))
        return false;
    struct op *ops = &s->pass->op[(size_t)s->clock * (size_t)s->tiles];
    see_writes(s);
    double sum = 0;
    for (int i = 0; i < s->tiles * s->lanes; i++)
        sum += s->lane[i].todo;
    s->mean_todo = sum / (s->tiles * s->lanes);
    int n = 0;
    memset(s->backlog, 0, sizeof *s->backlog * (size_t)s->tiles);
    s->backlog_sum = 0;
    for (int t = 0; t < s->tiles; t++) {
        struct tile *tile = &s->tile[t];
        ops[t] = (struct op){.word = -1, .stage = -1, .task = -1, .noise = -1};
        tile->ctrl = -1;
        s->offers[t].n = 0;
        for (int l = 0; l < s->lanes; l++) {
            ops[t].read[l] = -1;
            struct lane *a = lane_of(s, t, l);
            if (a->task < 0)
                scheduler_start_lane(s, t, l);
            if (can_end(s, a) &&
                (tile->ctrl < 0 ||
                 plan->task[a->task].path > plan->task[lane_of(s, t, tile->ctrl)->task].path))
                tile->ctrl = l;
        }
        if (tile->ctrl >= 0)
            continue;
        scheduler_find_offers(s, t);
        if (s->offers[t].n)
            s->order[n++] = t;
    }
    const double mean = (double)s->backlog_sum / s->tiles + 1;
    for (int k = 0; k < n; k++) {
        struct offers *w = &s->offers[s->order[k]];
        for (int i = 0; i < w->n; i++)
            w->offer[i].value *=
                (float)(1 + s->style->backlog * fmin(s->backlog[w->offer[i].bank] / mean - 1, 2));
    }
    route_solve(&s->route, s->offers, s->order, n, s->search);
    for (int t = 0; t < s->tiles; t++) {
        struct tile *tile = &s->tile[t];
        const struct offers *w = &s->offers[t];
        if (tile->ctrl >= 0) {
            const int other = s->lanes > 1 ? tile->ctrl ^ 1 : -1;
            end_stage(s, t, tile->ctrl, &ops[t]);
            if (other >= 0 && needs_noise(s, lane_of(s, t, other))) {
                ops[t].noise = (int8_t)other;
                take_noise(s, t, other);
            }
        } else if (w->n && w->taken >= 0) {
            do_read(s, t, &s->info[(w->offer - s->offer) + w->offer[w->taken].id],
                    w->offer[w->taken].word, &ops[t]);
        } else if (tile->idle_noise >= 0) {
            ops[t].noise = (int8_t)tile->idle_noise;
            take_noise(s, t, tile->idle_noise);
        }
    }
    s->clock++;
    return true;
}

enum glb_status schedule_segment(struct plan *plan, int seg, int style, double thrift,
                                 uint64_t seed, int search) {
    const struct problem *problem = plan->problem;
    struct scheduler s = {.plan = plan,
                          .seg = seg,
                          .tiles = problem->array->tiles,
                          .lanes = problem->array->lanes,
                          .style = &styles[style],
                          .thrift = thrift,
                          .search = search,
                          .pass = &plan->pass[seg]};
    enum glb_status status = GLB_OK;
    free(s.pass->op);
    free(s.pass->g);
    free(s.pass->end);
    *s.pass = (struct pass){0};
    if (!scheduler_open(&s)) {
        status = glb_fail(GLB_ERR_MEMORY, "compile: out of memory while scheduling");
        goto done;
    }
    plan->rng = seed;
    route_init(&s.route, problem->array, seed + 1);
    for (int quiet = 0; s.open_tasks;) {
        const double before = s.mean_todo;
        if (!one_clock(&s)) {
            status = glb_fail(GLB_ERR_MEMORY, "compile: out of memory while scheduling");
            goto done;
        }
        quiet = s.mean_todo == before ? quiet + 1 : 0;
        if (quiet > 64 * problem->array->wl) {
            status = glb_fail(
                GLB_ERR_UNSUPPORTED,
                "compile: the schedule of segment %d stopped at clock %d with %d updates open; "
                "this is a bug, please report the graph",
                seg, s.clock, s.open_tasks);
            goto done;
        }
    }
    s.pass->len = s.clock;
    for (int t = 0; t < s.tiles; t++) {
        s.pass->entries = s.tile[t].entries > s.pass->entries ? s.tile[t].entries : s.pass->entries;
        s.pass->end[t] = 0;
        for (int l = 0; l < s.lanes; l++) {
            const struct lane *n = lane_of(&s, t, l);
            s.pass->end[t] = n->last + 1 > s.pass->end[t] ? n->last + 1 : s.pass->end[t];
            s.pass->busy_end += n->last + 1;
            s.pass->words = n->words > s.pass->words ? n->words : s.pass->words;
        }
    }
done:
    scheduler_close(&s);
    return status;
}
