/* The list scheduler before the first clock: work to do, and which task waits for which.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/schedule/scheduler.h"

#include <stdlib.h>
#include <string.h>

/* The tasks that a word's write sets free, those that read it new, listed by word. */
static bool list_waiters(struct scheduler *s) {
    const struct plan *plan = s->plan;
    int32_t *head = s->waiter0;
    memset(head, 0, sizeof *head * (size_t)(plan->nword + 2));
    for (int pass = 0; pass < 2; pass++) {
        for (int t = 0; t < plan->ntask; t++) {
            const struct task *k = &plan->task[t];
            for (int i = k->stage0; k->seg == s->seg && i < k->stage0 + k->nstage; i++)
                for (int r = plan->stage[i].read0; r < plan->stage[i].read0 + plan->stage[i].nread;
                     r++) {
                    const int w = plan->read[r].word;
                    if (!plan->read[r].fresh || !in_segment(s, w))
                        continue;
                    if (pass == 0) {
                        head[w + 2]++;
                        s->waits[t]++;
                    } else {
                        s->waiter[head[w + 1]++] = t;
                    }
                }
        }
        if (pass == 0) {
            for (int w = 0; w < plan->nword; w++)
                head[w + 2] += head[w + 1];
            s->waiter = malloc(sizeof *s->waiter * ((size_t)head[plan->nword + 1] + 1));
            if (!s->waiter)
                return false;
        }
    }
    return true;
}

static void count_work(struct scheduler *s) {
    struct plan *plan = s->plan;
    int used = 0;
    for (int i = 0; i < s->tiles * s->lanes; i++)
        s->lane[i] = (struct lane){.task = -1, .stage = -1, .last = -1};
    for (int t = 0; t < plan->ntask; t++) {
        const struct task *k = &plan->task[t];
        if (k->seg != s->seg)
            continue;
        struct lane *n = lane_of(s, k->tile, k->lane);
        n->todo += plan_task_work(k);
        s->tile[k->tile].noise += k->noise;
        s->tile[k->tile].reads += k->nread;
        s->open_tasks++;
        s->level_open[k->level]++;
        for (int i = k->stage0; i < k->stage0 + k->nstage; i++) {
            n->npending = plan->stage[i].nread > n->npending ? plan->stage[i].nread : n->npending;
            for (int r = plan->stage[i].read0; r < plan->stage[i].read0 + plan->stage[i].nread;
                 r++) {
                s->bank_todo[plan->word[plan->read[r].word].tile]++;
                if (!plan->read[r].fresh && in_segment(s, plan->read[r].word)) {
                    s->old_readers[plan->read[r].word]++;
                    s->waits[plan->word[plan->read[r].word].task]++;
                }
            }
        }
    }
    for (int i = 0; i < s->tiles * s->lanes; i++) {
        s->lane[i].pending0 = used;
        used += s->lane[i].npending;
        s->lane[i].npending = 0;
    }
    int offers = 0;
    for (int t = 0; t < s->tiles; t++) {
        s->offers[t].offer = s->offer + offers;
        const int end = t + 1 < s->tiles ? lane_of(s, t + 1, 0)->pending0 : used;
        offers += end - lane_of(s, t, 0)->pending0 + s->ncopy;
    }
    int groups = 0;
    for (int t = 0; t < s->tiles;
         t++) { /* `seq` and `open` share one range, groups ordered by tile */
        s->tile[t].seq = s->tile[0].seq + groups;
        s->tile[t].open = s->tile[0].open + groups;
        for (int g = 0; g < plan->ngroup; g++)
            if (plan->group[g].seg == s->seg && plan->group[g].tile == t) {
                s->tile[t].open[s->tile[t].nopen++] = g;
                groups++;
            }
    }
}

/* Rings of the copies of every hub: a reader of one of them can read any other. */
static void list_copies(struct scheduler *s) {
    const struct plan *plan = s->plan;
    for (int w = 0; w < plan->nword; w++)
        s->copy[w] = w;
    for (int t = 0; t < plan->ntask; t++) {
        const struct task *k = &plan->task[t];
        if (k->seg != s->seg || k->kind != TASK_RELAY)
            continue;
        const int w = plan->stage[k->stage0].word; /* relays of one hub follow each other */
        const struct task *before = t > 0 ? k - 1 : k;
        if (before->kind == TASK_RELAY && before->pbit == k->pbit && before->seg == s->seg) {
            const int last = plan->stage[before->stage0].word;
            s->copy[w] = s->copy[last];
            s->copy[last] = w;
        }
        s->ncopy++;
    }
}

enum { CHAIN = 8 }; /* levels from which on a segment can be a chain */

/* Does the chain of levels, each of which waits for a write, last longer than the work, as in a
 * complete graph? */
static bool is_chain(const struct scheduler *s) {
    const struct glb_array *a = s->plan->problem->array;
    double most = 0, levels = 0;
    for (int t = 0; t < s->tiles; t++) {
        double work = s->tile[t].noise;
        for (int l = 0; l < s->lanes; l++)
            work = s->lane[t * s->lanes + l].todo > work ? s->lane[t * s->lanes + l].todo : work;
        most = work > most ? work : most;
    }
    for (int k = 0; k < s->plan->levels; k++)
        levels += s->level_open[k] > 0;
    return !s->plan->problem->nhubs && levels >= CHAIN && levels * (a->wl + 3) > most;
}

/* Memory and counts for one run; plan, seg, tiles, lanes and pass are set before. */
bool scheduler_open(struct scheduler *s) {
    const struct plan *plan = s->plan;
    const size_t words = (size_t)plan->nword + 1, tiles = (size_t)s->tiles;
    s->pass->g = malloc(sizeof *s->pass->g * words);
    s->pass->end = malloc(sizeof *s->pass->end * tiles);
    s->lane = calloc(tiles * (size_t)s->lanes, sizeof *s->lane);
    s->tile = calloc(tiles, sizeof *s->tile);
    s->pending = malloc(sizeof *s->pending * ((size_t)plan->nread + 1));
    s->written = malloc(sizeof *s->written * words);
    s->old_readers = calloc(words, sizeof *s->old_readers);
    s->waits = calloc((size_t)plan->ntask + 1, sizeof *s->waits);
    s->closed = calloc((size_t)plan->ntask + 1, sizeof *s->closed);
    s->started = calloc((size_t)plan->ntask + 1, sizeof *s->started);
    s->level_open = calloc((size_t)plan->levels + 1, sizeof *s->level_open);
    s->blocked = malloc(sizeof *s->blocked * tiles);
    s->stamp = calloc(words, sizeof *s->stamp);
    s->slot = malloc(sizeof *s->slot * words);
    s->bank_todo = calloc(tiles, sizeof *s->bank_todo);
    s->backlog = calloc(tiles, sizeof *s->backlog);
    s->copy = malloc(sizeof *s->copy * words);
    if (s->copy)
        list_copies(s);
    s->info = malloc(sizeof *s->info * ((size_t)plan->nread + 1 + (size_t)s->ncopy * tiles));
    s->offer = malloc(sizeof *s->offer * ((size_t)plan->nread + 1 + (size_t)s->ncopy * tiles));
    s->offers = calloc(tiles, sizeof *s->offers);
    s->order = malloc(sizeof *s->order * tiles);
    s->waiter0 = malloc(sizeof *s->waiter0 * (words + 2));
    s->seq = malloc(sizeof *s->seq * 2 * ((size_t)plan->ngroup + 1));
    if (!s->pass->g || !s->lane || !s->tile || !s->pending || !s->written || !s->old_readers ||
        !s->waits || !s->closed || !s->started || !s->level_open || !s->blocked || !s->stamp ||
        !s->slot || !s->bank_todo || !s->backlog || !s->copy || !s->info || !s->offer ||
        !s->offers || !s->order || !s->waiter0 || !s->seq || !list_waiters(s))
        return false;
    s->tile[0].seq = s->seq;
    s->tile[0].open = s->seq + plan->ngroup + 1;
    for (size_t w = 0; w < words; w++) {
        s->written[w] = NEVER;
        s->pass->g[w] = -1;
    }
    for (size_t t = 0; t < tiles; t++)
        s->blocked[t] = -1;
    count_work(s);
    s->chain = is_chain(s);
    return true;
}

void scheduler_close(struct scheduler *s) {
    free(s->lane);
    free(s->tile);
    free(s->pending);
    free(s->written);
    free(s->old_readers);
    free(s->waits);
    free(s->closed);
    free(s->started);
    free(s->level_open);
    free(s->blocked);
    free(s->stamp);
    free(s->slot);
    free(s->bank_todo);
    free(s->backlog);
    free(s->copy);
    free(s->info);
    free(s->offer);
    free(s->offers);
    free(s->order);
    free(s->waiter0);
    free(s->waiter);
    free(s->seq);
}
