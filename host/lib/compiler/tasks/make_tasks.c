/* From graph to tasks, with their stages, reads and levels. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/tasks/make_tasks.h"

#include <stdlib.h>
#include "array/precise.h"
#include "compiler/tasks/hubs.h"

/* Levels of the segment's p-bits that are no hubs, colour by colour: one above all that any of the
 * colour waits for. */
static void find_levels(const struct plan *plan, int seg, int32_t *level) {
    const struct problem *problem = plan->problem;
    const int step = problem->helped ? 2 : 1; /* helpers are one below their p-bits */
    for (int colour = 0; colour < plan->ncolours && !plan->oom; colour++) {
        level[colour] = step;
        for (int i = 0; i < problem->n; i++) {
            if (problem->hub[i] >= 0 || problem->seg_of[i] != seg || plan->colour[i] != colour)
                continue;
            for (int k = problem->adj.start[i]; k < problem->adj.start[i + 1]; k++) {
                const int j = problem->adj.node[k];
                if (!plan_sees_new(plan, i, j))
                    continue;
                const int below = problem->hub[j] >= 0 ? plan->task[plan->word[j].task].level + 1
                                                       : level[plan->colour[j]];
                level[colour] = below + step > level[colour] ? below + step : level[colour];
            }
        }
    }
}

/* The helper of p-bit b, no hub; its word. */
static int make_helper(struct plan *plan, int b, int seg, int level) {
    const struct glb_adjacency *adj = &plan->problem->adj;
    const int t = plan_new_task(plan, TASK_HELPER, b, seg);
    const int word = plan_new_word(plan, t);
    const int s = plan_new_stage(plan, t, word, false, true, 0);
    for (int k = adj->start[b]; k < adj->start[b + 1]; k++)
        plan_read_once(plan, s, 0, b, k);
    if (!plan->oom)
        plan->task[t].level = level;
    return word;
}

static void make_others(struct plan *plan, int seg, const int32_t *level) {
    const struct problem *problem = plan->problem;
    for (int i = 0; i < problem->nodes && !plan->oom; i++) {
        const int copy = i / problem->n, b = i % problem->n;
        if (problem->hub[b] >= 0 || problem->seg_of[b] != seg)
            continue;
        const bool helped = problem->helped && problem->helped[b];
        const int weight =
            helped ? glb_helper_weight(problem->options->beta_least * problem->u) : 0;
        const int helper = helped ? make_helper(plan, b, seg, level[plan->colour[b]] - 1) : -1;
        const int t = plan_new_task(plan, TASK_PBIT, i, seg);
        const int s = plan_new_stage(plan, t, i, false, true, -weight / 2);
        for (int k = problem->adj.start[b]; k < problem->adj.start[b + 1]; k++)
            plan_read_pbit(plan, s, copy, b, k);
        if (helped)
            plan_new_read(plan, s, helper, -1, weight);
        if (helped && !plan->oom)
            plan->read[plan->nread - 1].fresh = true;
        if (!plan->oom)
            plan->task[t].level = level[plan->colour[b]];
    }
}

enum glb_status plan_make_tasks(struct plan *plan) {
    const struct problem *problem = plan->problem;
    for (int i = 0; i < problem->nodes; i++)
        plan_new_word(plan, -1);
    int32_t *chunk = malloc(sizeof *chunk * (size_t)problem->n);
    int32_t *digit =
        malloc(sizeof *digit * ((size_t)problem->n + 64) * (size_t)problem->array->acc);
    int32_t *level = calloc((size_t)plan->ncolours + 1, sizeof *level);
    if (!chunk || !digit || !level)
        plan->oom = true;
    for (int seg = 0; seg < problem->nseg && !plan->oom; seg++) {
        long reads = 0;
        for (int i = 0; i < problem->n; i++)
            reads +=
                problem->seg_of[i] == seg ? problem->adj.start[i + 1] - problem->adj.start[i] : 0;
        if (plan->hubs_first) /* nothing new is read by them: no levels needed */
            plan_make_hubs(plan, seg, level, chunk, digit);
        plan_make_relays(plan, seg, (double)reads * problem->copies / problem->array->tiles);
        find_levels(plan, seg, level);
        make_others(plan, seg, level);
        if (!plan->hubs_first)
            plan_make_hubs(plan, seg, level, chunk, digit);
    }
    free(level);
    free(chunk);
    free(digit);
    if (plan->oom)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory (%d tasks)", plan->ntask);
    plan->levels = 1;
    for (int t = 0; t < plan->ntask; t++) {
        struct task *k = &plan->task[t];
        plan->levels = k->level + 1 > plan->levels ? k->level + 1 : plan->levels;
        for (int s = k->stage0; s < k->stage0 + k->nstage; s++) {
            k->nread += plan->stage[s].nread;
            for (int r = plan->stage[s].read0; r < plan->stage[s].read0 + plan->stage[s].nread; r++)
                plan->word[plan->read[r].word].out++;
        }
    }
    return GLB_OK;
}

/* Longest chain of readers after every task, for the scheduler's priorities. */
enum glb_status plan_find_paths(struct plan *plan) {
    const struct problem *problem = plan->problem;
    int32_t *after = calloc((size_t)plan->ntask + 1, sizeof *after);
    if (!after)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    for (int level = plan->levels - 1; level >= 0; level--)
        for (int t = 0; t < plan->ntask; t++) {
            struct task *k = &plan->task[t];
            if (k->level != level)
                continue;
            k->path = after[t] + (k->nread > k->noise ? k->nread : k->noise) + k->nstage;
            for (int s = k->stage0; s < k->stage0 + k->nstage; s++)
                for (int r = plan->stage[s].read0; r < plan->stage[s].read0 + plan->stage[s].nread;
                     r++) {
                    const int writer = plan->word[plan->read[r].word].task;
                    if (plan->read[r].fresh && after[writer] < k->path + problem->array->wl)
                        after[writer] = k->path + problem->array->wl;
                }
        }
    free(after);
    return GLB_OK;
}
