/* Plans: appending tasks, stages, reads and words; what a plan needs. SPDX-License-Identifier:
 * Apache-2.0 */
#include "compiler/plan.h"

#include <stdlib.h>

static void *grow(struct plan *plan, void *p, int used, int *cap, size_t size) {
    if (used < *cap)
        return p;
    const int room = *cap ? *cap * 2 : 1024;
    void *q = realloc(p, (size_t)room * size);
    if (!q) {
        plan->oom = true;
        return p;
    }
    *cap = room;
    return q;
}

int plan_new_word(struct plan *plan, int task) {
    plan->word = grow(plan, plan->word, plan->nword, &plan->cap_word, sizeof *plan->word);
    if (plan->oom)
        return 0;
    plan->word[plan->nword] = (struct word){.task = task, .tile = -1, .lane = -1, .g = -1};
    return plan->nword++;
}

int plan_new_task(struct plan *plan, enum task_kind kind, int pbit, int seg) {
    plan->task = grow(plan, plan->task, plan->ntask, &plan->cap_task, sizeof *plan->task);
    if (plan->oom)
        return 0;
    plan->task[plan->ntask] = (struct task){
        .kind = kind,
        .pbit = pbit,
        .seg = seg,
        .stage0 = plan->nstage,
        .noise = kind == TASK_PBIT || kind == TASK_HELPER ? plan->problem->array->chains : 0,
        .group = -1,
        .spare = -1,
        .tile = -1,
        .lane = -1};
    return plan->ntask++;
}

int plan_new_stage(struct plan *plan, int task, int word, bool dbl, bool clr, int bias) {
    plan->stage = grow(plan, plan->stage, plan->nstage, &plan->cap_stage, sizeof *plan->stage);
    if (plan->oom)
        return 0;
    plan->stage[plan->nstage] =
        (struct stage){.read0 = plan->nread, .word = word, .dbl = dbl, .clr = clr, .bias = bias};
    plan->task[task].nstage++;
    if (word >= 0)
        plan->word[word].task = task;
    return plan->nstage++;
}

void plan_new_read(struct plan *plan, int stage, int word, int edge, int coef) {
    plan->read = grow(plan, plan->read, plan->nread, &plan->cap_read, sizeof *plan->read);
    if (plan->oom)
        return;
    plan->read[plan->nread++] = (struct read){.word = word, .edge = edge, .coef = coef};
    plan->stage[stage].nread++;
}

void plan_read_once(struct plan *plan, int stage, int copy, int i, int k) {
    const struct problem *problem = plan->problem;
    const int j = problem->adj.node[k];
    plan_new_read(plan, stage, copy * problem->n + j, problem->adj.edge[k], 0);
    if (!plan->oom)
        plan->read[plan->nread - 1].fresh = plan_sees_new(plan, i, j);
}

void plan_read_pbit(struct plan *plan, int stage, int copy, int i, int k) {
    const struct problem *problem = plan->problem;
    for (int part = 0; part < (problem->parts ? problem->parts[k] : 1); part++)
        plan_read_once(plan, stage, copy, i, k);
}

void plan_free_pass(struct pass *p) {
    free(p->op);
    free(p->g);
    free(p->end);
}

void plan_release(struct plan *plan) {
    free(plan->colour);
    free(plan->task);
    free(plan->stage);
    free(plan->read);
    free(plan->word);
    free(plan->group);
    for (int s = 0; s < GLB_SEGMENTS; s++)
        plan_free_pass(&plan->pass[s]);
}

int plan_clocks(const struct plan *plan) {
    int sum = 0;
    for (int s = 0; s < plan->problem->nseg; s++)
        sum += plan->pass[s].len;
    return sum;
}

int plan_entries(const struct plan *plan) {
    int sum = 0;
    for (int s = 0; s < plan->problem->nseg; s++)
        sum += plan->pass[s].entries;
    return sum;
}

bool plan_shorter(const struct plan *plan, int clocks, int entries, int than_clocks,
                  int than_entries) {
    const int room = plan->problem->array->cdepth;
    const bool fits = entries <= room, other_fits = than_entries <= room;
    return fits != other_fits ? fits : clocks < than_clocks;
}
