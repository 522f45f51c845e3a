/* Which task a lane starts next. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/schedule/scheduler.h"

enum { HELPERS_FIRST = 1000 }; /* clocks: above all that a score of groups can be */

void scheduler_open_stage(struct scheduler *s, struct lane *n) {
    const struct stage *g = &s->plan->stage[n->stage];
    n->npending = g->nread;
    for (int i = 0; i < g->nread; i++)
        s->pending[n->pending0 + i] = g->read0 + i;
}

/* How soon a group could run and how much waits for it; larger is better. Tasks that nothing waits
 * for come heavy and light in turn, so that reads and noise words last equally long. */
static double group_score(const struct scheduler *s, const struct group *g, bool heavy) {
    const struct plan *plan = s->plan;
    const struct problem *problem = plan->problem;
    double best = -1e30;
    for (int l = 0; l < s->lanes; l++) {
        if (g->task[l] < 0)
            continue;
        const struct task *t = &plan->task[g->task[l]];
        const struct stage *st = &plan->stage[t->stage0];
        int late = 0;
        for (int r = st->read0; r < st->read0 + st->nread; r++) {
            const int w = plan->read[r].word;
            if (!plan->read[r].fresh || !in_segment(s, w) || s->written[w] < s->clock)
                continue;
            late += s->written[w] < NEVER ? 1 : 4;
        }
        const int own = (t->nread > t->noise ? t->nread : t->noise) + t->nstage;
        const bool light = problem->nhubs && !heavy && (plan->hubs_first || t->path <= own);
        const double path = light ? t->path - 2 * own + 5 * problem->array->chains : t->path;
        const double score =
            path - s->style->late * late + (helps_hub(plan, t) ? HELPERS_FIRST : 0);
        best = score > best ? score : best;
    }
    return best;
}

/* The next group of a tile, appended to its sequence; false if none may start. */
static bool choose_group(struct scheduler *s, struct tile *tile) {
    const struct plan *plan = s->plan;
    int lowest = INT_MAX, best = -1;
    double best_score = 0;
    for (int i = 0; i < tile->nopen; i++)
        if (plan->group[tile->open[i]].level < lowest)
            lowest = plan->group[tile->open[i]].level;
    for (int i = 0; i < tile->nopen; i++) {
        const struct group *g = &plan->group[tile->open[i]];
        bool ready = true;
        for (int l = 0; l < s->lanes && g->level > lowest; l++)
            ready &= g->task[l] < 0 || s->waits[g->task[l]] == 0;
        if (!ready)
            continue;
        const double score = group_score(s, g, tile->nseq & 1);
        if (best < 0 || score > best_score) {
            best = i;
            best_score = score;
        }
    }
    if (best < 0)
        return false;
    tile->seq[tile->nseq++] = tile->open[best];
    tile->open[best] = tile->open[--tile->nopen];
    return true;
}

void scheduler_start_lane(struct scheduler *s, int t, int l) {
    struct tile *tile = &s->tile[t];
    struct lane *n = lane_of(s, t, l);
    while (n->task < 0) {
        if (n->next == tile->nseq && !choose_group(s, tile))
            return;
        const int task = s->plan->group[tile->seq[n->next++]].task[l];
        if (task < 0)
            continue;
        n->task = task;
        s->started[task] = true;
        n->stage = s->plan->task[task].stage0;
        n->noise = s->plan->task[task].noise;
        scheduler_open_stage(s, n);
    }
}
