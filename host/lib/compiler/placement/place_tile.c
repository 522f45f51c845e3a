/* What a group costs a tile, and which tile is best for it. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/placement/placer.h"

#include <string.h>

double placer_cost_of(const struct placer *p, const struct task *t) {
    return plan_task_work(t) + p->noise_cost * t->noise + p->read_cost * (t->nread + t->out) / 2 +
           p->word_cost * t->nstage;
}

double placer_group_cost(const struct placer *p, const struct group *g) {
    double sum = 0;
    for (int l = 0; l < p->plan->problem->array->lanes; l++)
        sum += g->task[l] >= 0 ? placer_cost_of(p, &p->plan->task[g->task[l]]) : 0;
    return sum;
}

int placer_lane_room(const struct placer *p, int tile, int lane) {
    const int i = tile * p->plan->problem->array->lanes + lane;
    return p->lane_limit[i] - p->lane_words[i];
}

/* Reads of the group's words by phase, into p->profile. */
static void read_profile(struct placer *p, const struct group *g, double sign, double *to) {
    const struct plan *plan = p->plan;
    for (int l = 0; l < plan->problem->array->lanes; l++) {
        if (g->task[l] < 0)
            continue;
        const struct task *t = &plan->task[g->task[l]];
        for (int s = t->stage0; s < t->stage0 + t->nstage; s++) {
            const int w = plan->stage[s].word;
            for (int k = w < 0 ? 0 : p->reader0[p->like[w]];
                 w >= 0 && k < p->reader0[p->like[w] + 1]; k++)
                to[p->reader[k]] += sign * p->part[w];
        }
    }
}

/* Gives the group's tasks lanes of the tile, the largest task to the emptiest lane; false if state
 * words run out. */
bool placer_settle(struct placer *p, struct group *g, int tile, bool really) {
    const int lanes = p->plan->problem->array->lanes;
    int32_t task[GLB_MAX_LANES], lane_of[GLB_MAX_LANES];
    int n = 0;
    bool used[GLB_MAX_LANES] = {false};
    for (int l = 0; l < lanes; l++)
        if (g->task[l] >= 0)
            task[n++] = g->task[l];
    for (int i = 1; i < n; i++) /* most state words, then most work first */
        for (int j = i; j > 0; j--) {
            const struct task *x = &p->plan->task[task[j]], *y = &p->plan->task[task[j - 1]];
            if (x->nstage < y->nstage || (x->nstage == y->nstage && x->nread <= y->nread))
                break;
            const int32_t swap = task[j];
            task[j] = task[j - 1];
            task[j - 1] = swap;
        }
    for (int i = 0; i < n; i++) {
        int best = -1;
        for (int l = 0; l < lanes; l++) {
            if (used[l] || placer_lane_room(p, tile, l) < p->plan->task[task[i]].nstage)
                continue;
            if (best < 0 || p->lane_work[tile * lanes + l] < p->lane_work[tile * lanes + best])
                best = l;
        }
        if (best < 0)
            return false;
        used[best] = true;
        lane_of[i] = best;
    }
    if (!really)
        return true;
    for (int l = 0; l < lanes; l++)
        g->task[l] = -1;
    for (int i = 0; i < n; i++) {
        struct task *t = &p->plan->task[task[i]];
        t->tile = tile;
        t->lane = lane_of[i];
        g->task[lane_of[i]] = task[i];
        p->lane_words[tile * lanes + t->lane] += t->nstage;
        p->lane_work[tile * lanes + t->lane] += placer_cost_of(p, t) + p->word_cost * 8 * t->nstage;
    }
    g->tile = tile;
    p->load[tile] += placer_group_cost(p, g);
    read_profile(p, g, 1, &p->bank[tile * p->phases]);
    return true;
}

void placer_unsettle(struct placer *p, struct group *g, int l) {
    const struct task *t = &p->plan->task[g->task[l]];
    const int i = g->tile * p->plan->problem->array->lanes + l;
    p->lane_words[i] -= t->nstage;
    p->lane_work[i] -= placer_cost_of(p, t) + p->word_cost * 8 * t->nstage;
    p->load[g->tile] -= placer_cost_of(p, t);
}

/* The tile where work and reads of the bank, phase by phase, stay most even. */
int placer_best_tile(struct placer *p, struct group *g, const int32_t *count, int limit) {
    int best = -1, ties = 1;
    double least = 0;
    const double work = placer_group_cost(p, g);
    memset(p->profile, 0, sizeof *p->profile * (size_t)p->phases);
    read_profile(p, g, 1, p->profile);
    for (int t = 0; t < p->plan->problem->array->tiles; t++) {
        if (count[t] >= limit || !placer_settle(p, g, t, false))
            continue;
        double score = p->load[t] * work;
        for (int k = 0; k < p->phases; k++)
            score += 4 * p->bank[t * p->phases + k] * p->profile[k];
        if (best < 0 || score < least - 1e-9) {
            best = t;
            least = score;
            ties = 1;
        } else if (score < least + 1e-9 && plan_random(p->plan) % (uint32_t)++ties == 0) {
            best = t;
        }
    }
    return best;
}
