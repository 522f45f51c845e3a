/* Hubs. A hub (a p-bit of very high degree) would keep one lane busy for longer than the rest of
 * the sweep takes, so its field is summed in parts on several lanes; each part exports its sum
 * digit by digit as state words, and the hub's own task adds the digits. Readers of a hub find its
 * state in several banks: relays copy it there. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/tasks/hubs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reads of the digits of all parts with weights 2^k: digit words are inverted bits, so a part's sum
 * is -1 - sum 2^k d_k modulo 2^ACC. Digits too high for a READ field are added first and doubled.
 * Returns the stage that is still open. */
static int read_digits(struct plan *plan, int task, const int32_t *digit, int parts) {
    const struct problem *problem = plan->problem;
    const int acc = problem->array->acc, jw = problem->array->jw;
    int top = acc;
    for (int shift = acc - jw; shift > 0;) {
        const int next = shift > jw ? shift - jw : 0;
        int stage = plan_new_stage(plan, task, -1, true, false, 0);
        for (int p = 0; p < parts; p++)
            for (int k = next + jw; k < top; k++)
                plan_new_read(plan, stage, digit[p * acc + k], -1, -(1 << (k - shift)));
        for (int k = 1; k < shift - next; k++)
            plan_new_stage(plan, task, -1, true, false, 0);
        top = next + jw;
        shift = next;
    }
    const int stage = plan_new_stage(plan, task, -1, false, true, -parts);
    for (int p = 0; p < parts; p++)
        for (int k = 0; k < top; k++)
            plan_new_read(plan, stage, digit[p * acc + k], -1, -(1 << k));
    return stage;
}

/* Parts and own task of hub i; neighbour j is added by part chunk[j]. */
static void make_hub(struct plan *plan, int copy, int i, const int32_t *chunk, int parts,
                     const int32_t *level_of, int32_t *digit) {
    const struct problem *problem = plan->problem;
    const int acc = problem->array->acc, seg = problem->seg_of[i], pbit = copy * problem->n + i;
    int used = 0, level = 0;
    for (int p = 0; p < parts && !plan->oom; p++) {
        int deepest = 0, count = 0;
        for (int k = problem->adj.start[i]; k < problem->adj.start[i + 1]; k++)
            count += problem->hub[problem->adj.node[k]] < 0 && chunk[problem->adj.node[k]] == p;
        if (!count)
            continue;
        const int t = plan_new_task(plan, TASK_PART, pbit, seg);
        for (int k = acc - 1; k >= 0 && !plan->oom; k--) {
            digit[used * acc + k] = plan_new_word(plan, t);
            const int s = plan_new_stage(plan, t, digit[used * acc + k], k < acc - 1, k == 0, 0);
            for (int e = problem->adj.start[i]; k == acc - 1 && e < problem->adj.start[i + 1];
                 e++) {
                const int j = problem->adj.node[e];
                if (problem->hub[j] >= 0 || chunk[j] != p)
                    continue;
                plan_read_pbit(plan, s, copy, i, e);
                if (plan_sees_new(plan, i, j) && level_of[plan->colour[j]] > deepest)
                    deepest = level_of[plan->colour[j]];
            }
        }
        if (plan->oom)
            return;
        plan->task[t].level = deepest + 1;
        level = deepest + 1 > level ? deepest + 1 : level;
        used++;
    }
    const int t = plan_new_task(plan, TASK_PBIT, pbit, seg);
    const int stage = read_digits(plan, t, digit, used);
    if (plan->oom)
        return;
    plan->stage[stage].word = pbit;
    plan->word[pbit].task = t;
    plan->task[t].spare = used ? plan->task[plan->word[digit[acc - 1]].task].stage0 : -1;
    for (int k = problem->adj.start[i]; k < problem->adj.start[i + 1] && !plan->oom; k++) {
        const int j = problem->adj.node[k];
        if (problem->hub[j] < 0)
            continue;
        plan_read_pbit(plan, stage, copy, i, k);
        if (plan_sees_new(plan, i, j) &&
            plan->task[plan->word[copy * problem->n + j].task].level > level)
            level = plan->task[plan->word[copy * problem->n + j].task].level;
    }
    plan->task[t].level = level + 1;
    for (int k = 0; k < used * acc; k++)
        for (int s = plan->task[t].stage0; s <= stage; s++)
            for (int r = plan->stage[s].read0; r < plan->stage[s].read0 + plan->stage[s].nread; r++)
                if (plan->read[r].edge < 0)
                    plan->read[r].fresh = true;
}

/* Which part reads what: the same cut for all hubs of a segment, so that parts of several hubs on
 * the lanes of one tile share their reads. Latency is D / P reads, then ACC digits of P parts: P =
 * sqrt(D / ACC) is the shortest. */
static int cut_sources(const struct plan *plan, int seg, int32_t *chunk) {
    const struct problem *problem = plan->problem;
    int largest = 0, next = 0, hubs = 0;
    for (int i = 0; i < problem->n; i++) {
        int others = 0;
        for (int k = problem->adj.start[i];
             problem->hub[i] >= 0 && problem->seg_of[i] == seg && k < problem->adj.start[i + 1];
             k++)
            others += problem->hub[problem->adj.node[k]] < 0;
        largest = others > largest ? others : largest;
        hubs += problem->hub[i] >= 0 && problem->seg_of[i] == seg;
    }
    int parts =
        (int)lround((plan->cut > 0 ? plan->cut : 1) * sqrt((double)largest / problem->array->acc));
    parts = parts < 1 ? 1 : parts;
    /* About as many groups of parts as tiles, or a multiple, so that every tile has the same. */
    const int groups = (hubs * problem->copies + problem->array->lanes - 1) / problem->array->lanes,
              tiles = problem->array->tiles;
    const int rounds = groups ? (parts * groups + tiles / 2) / tiles : 0;
    const int even = rounds ? rounds * tiles / groups : 0;
    if (plan->cut <= 0 && 2 * even > parts && even < 2 * parts)
        parts = even;
    for (int i = 0; i < problem->n; i++) {
        bool source = false;
        for (int k = problem->adj.start[i];
             problem->hub[i] < 0 && !source && k < problem->adj.start[i + 1]; k++)
            source = problem->hub[problem->adj.node[k]] >= 0 &&
                     problem->seg_of[problem->adj.node[k]] == seg;
        chunk[i] = source ? next++ % parts : -1;
    }
    return parts;
}

void plan_make_hubs(struct plan *plan, int seg, const int32_t *level, int32_t *chunk,
                    int32_t *digit) {
    const struct problem *problem = plan->problem;
    const int parts = cut_sources(plan, seg, chunk);
    for (int copy = 0; copy < problem->copies; copy++)
        for (int colour = 0; colour < plan->ncolours && problem->nhubs; colour++)
            for (int i = 0; i < problem->n && !plan->oom; i++)
                if (problem->hub[i] >= 0 && problem->seg_of[i] == seg && plan->colour[i] == colour)
                    make_hub(plan, copy, i, chunk, parts, level, digit);
}

/* Relays of hub i in segment seg: one for every `share` readers beyond the first; if there are any,
 * they are what all of its readers but hubs read. */
void plan_make_relays(struct plan *plan, int seg, double bank_load) {
    const struct problem *problem = plan->problem;
    for (int copy = 0; copy < problem->copies; copy++)
        for (int i = 0; i < problem->n; i++) {
            if (problem->hub[i] < 0)
                continue;
            int readers = 0;
            for (int k = problem->adj.start[i]; k < problem->adj.start[i + 1]; k++)
                readers += problem->hub[problem->adj.node[k]] < 0 &&
                           problem->seg_of[problem->adj.node[k]] == seg;
            const int relays = (int)(readers / fmax(16, bank_load / 20));
            for (int r = 0; r < relays && !plan->oom; r++) {
                const int t = plan_new_task(plan, TASK_RELAY, copy * problem->n + i, seg);
                const int w = plan_new_word(plan, t);
                const int s = plan_new_stage(plan, t, w, false, true, -1);
                plan_new_read(plan, s, copy * problem->n + i, -1, 1);
                plan->task[t].out = readers / (relays + 1);
                if (plan->hubs_first && problem->seg_of[i] == seg &&
                    !plan->oom) { /* else it copies the old */
                    plan->task[t].level =
                        plan->task[plan->word[copy * problem->n + i].task].level + 1;
                    plan->read[plan->nread - 1].fresh = true;
                }
            }
        }
}

enum glb_status plan_use_relays(struct plan *plan) {
    const struct problem *problem = plan->problem;
    const int tiles = problem->array->tiles;
    int32_t *choice = malloc(sizeof *choice * (size_t)tiles);
    int32_t *word = malloc(sizeof *word * ((size_t)plan->ntask + 1));
    int32_t *load = malloc(sizeof *load * ((size_t)plan->ntask + 1));
    if (!choice || !word || !load) {
        free(choice);
        free(word);
        free(load);
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    }
    for (int first = 0;
         first < plan->ntask;) { /* relays of one hub and segment follow each other */
        const struct task *k = &plan->task[first];
        int n = 0;
        word[n++] = k->pbit;
        int end = first;
        for (; end < plan->ntask && plan->task[end].kind == TASK_RELAY &&
               plan->task[end].pbit == k->pbit && plan->task[end].seg == k->seg;
             end++)
            word[n++] = plan->stage[plan->task[end].stage0].word;
        if (end == first) {
            first++;
            continue;
        }
        memset(load, 0, sizeof *load * (size_t)n);
        for (int t = 0; t < tiles; t++)
            choice[t] = -1;
        for (int t = 0; t < plan->ntask; t++) {
            const struct task *q = &plan->task[t];
            const bool reader = q->seg == k->seg && q->kind == TASK_PBIT && q->nstage == 1 &&
                                problem->hub[q->pbit % problem->n] < 0;
            const struct stage *s = &plan->stage[q->stage0];
            for (int r = s->read0; reader && r < s->read0 + s->nread; r++) {
                if (plan->read[r].word != k->pbit)
                    continue;
                if (choice[q->tile] < 0) {
                    choice[q->tile] = 1;
                    for (int i = 2; i < n; i++)
                        if (load[i] < load[choice[q->tile]])
                            choice[q->tile] = i;
                    load[choice[q->tile]]++;
                }
                const int i = choice[q->tile];
                plan->word[k->pbit].out--;
                plan->word[word[i]].out++;
                plan->read[r].word = word[i];
                plan->read[r].fresh = true;
            }
        }
        first = end;
    }
    free(choice);
    free(word);
    free(load);
    return GLB_OK;
}
