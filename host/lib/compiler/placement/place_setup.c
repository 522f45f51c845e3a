/* Before placement: the readers of every word, and what is scarce.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/placement/placer.h"

#include <stdlib.h>

/* Readers of every word by phase; relays share those of their hub. */
static bool list_readers(struct placer *p) {
    const struct plan *plan = p->plan;
    const struct problem *problem = plan->problem;
    int32_t *relays = calloc((size_t)plan->nword + 1, sizeof *relays);
    p->phases = problem->nseg * plan->levels;
    p->bank = calloc((size_t)p->phases * (size_t)problem->array->tiles, sizeof *p->bank);
    p->profile = calloc((size_t)p->phases, sizeof *p->profile);
    p->reader0 = calloc((size_t)plan->nword + 2, sizeof *p->reader0);
    p->reader = malloc(sizeof *p->reader * ((size_t)plan->nread + 1));
    p->like = malloc(sizeof *p->like * ((size_t)plan->nword + 1));
    p->part = malloc(sizeof *p->part * ((size_t)plan->nword + 1));
    const bool ok =
        relays && p->bank && p->profile && p->reader0 && p->reader && p->like && p->part;
    for (int pass = 0; pass < 2 && ok; pass++) {
        for (int t = 0; t < plan->ntask; t++) {
            const struct task *k = &plan->task[t];
            for (int s = k->stage0; s < k->stage0 + k->nstage; s++)
                for (int r = plan->stage[s].read0; r < plan->stage[s].read0 + plan->stage[s].nread;
                     r++) {
                    const int w = plan->read[r].word;
                    if (pass == 0)
                        p->reader0[w + 1]++;
                    else
                        p->reader[p->reader0[w]++] = k->seg * plan->levels + k->level;
                }
        }
        if (pass == 0)
            for (int w = 0; w < plan->nword; w++)
                p->reader0[w + 1] += p->reader0[w];
    }
    for (int w = plan->nword; w > 0 && ok; w--)
        p->reader0[w] = p->reader0[w - 1];
    if (ok)
        p->reader0[0] = 0;
    for (int t = 0; t < plan->ntask && ok; t++)
        relays[plan->task[t].pbit] += plan->task[t].kind == TASK_RELAY;
    for (int w = 0; w < plan->nword && ok; w++) {
        const int t = plan->word[w].task;
        p->like[w] = t >= 0 && plan->task[t].kind == TASK_RELAY ? plan->task[t].pbit : w;
        p->part[w] = 1.0f / (float)(1 + (p->like[w] < problem->nodes ? relays[p->like[w]] : 0));
    }
    free(relays);
    return ok;
}

static void choose_costs(struct placer *p) {
    const struct plan *plan = p->plan;
    const struct problem *problem = plan->problem;
    double noise = 0, reads = 0, work = 0, words = 0;
    for (int t = 0; t < plan->ntask; t++) {
        noise += plan->task[t].noise;
        reads += plan->task[t].nread;
        words += plan->task[t].nstage;
        work += plan_task_work(&plan->task[t]);
    }
    work /= problem->array->lanes;
    reads += words;
    double most = work > noise ? work : noise;
    most = reads > most ? reads : most;
    p->noise_cost = noise > 0.9 * most ? 4 : 0;
    p->read_cost = reads > 0.8 * most ? 1 : 0;
    p->word_cost = words + problem->nodes > 0.75 * glb_array_capacity(problem->array) ? 1000 : 0;
}

bool placer_open(struct placer *p) {
    const struct plan *plan = p->plan;
    const struct problem *problem = plan->problem;
    const size_t tiles = (size_t)problem->array->tiles,
                 lanes = tiles * (size_t)problem->array->lanes;
    p->load = calloc(tiles, sizeof *p->load);
    p->lane_words = calloc(lanes, sizeof *p->lane_words);
    p->lane_limit = calloc(lanes, sizeof *p->lane_limit);
    p->lane_work = calloc(lanes, sizeof *p->lane_work);
    if (!p->load || !p->lane_words || !p->lane_limit || !p->lane_work || !list_readers(p))
        return false;
    choose_costs(p);
    return true;
}

void placer_close(struct placer *p) {
    free(p->load);
    free(p->lane_words);
    free(p->lane_limit);
    free(p->lane_work);
    free(p->bank);
    free(p->profile);
    free(p->reader0);
    free(p->reader);
    free(p->like);
    free(p->part);
}
