/* Hubs. A hub (a p-bit of very high degree) would keep one lane busy for longer than the rest of
 * the sweep takes, so its field is summed in parts on several lanes; each part exports its sum
 * digit by digit as state words, and the hub's own task adds the digits. Readers of a hub find its
 * state in several banks: relays copy it there. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reads of the digits of all parts with weights 2^k: digit words are inverted bits, so a part's sum
 * is -1 - sum 2^k d_k modulo 2^ACC. Digits too high for a READ field are added first and doubled.
 * Returns the stage that is still open. */
static int read_digits(struct plan *c, int task, const int32_t *digit, int parts) {
    const int acc = c->a->acc, jw = c->a->jw;
    int top = acc;
    for (int shift = acc - jw; shift > 0;) {
        const int next = shift > jw ? shift - jw : 0;
        int stage = plan_new_stage(c, task, -1, true, false, 0);
        for (int p = 0; p < parts; p++)
            for (int k = next + jw; k < top; k++)
                plan_new_read(c, stage, digit[p * acc + k], -1, -(1 << (k - shift)));
        for (int k = 1; k < shift - next; k++)
            plan_new_stage(c, task, -1, true, false, 0);
        top = next + jw;
        shift = next;
    }
    const int stage = plan_new_stage(c, task, -1, false, true, -parts);
    for (int p = 0; p < parts; p++)
        for (int k = 0; k < top; k++)
            plan_new_read(c, stage, digit[p * acc + k], -1, -(1 << k));
    return stage;
}

/* Parts and own task of hub i; chunk[j] tells which part adds neighbour j. */
static void make_hub(struct plan *c, int copy, int i, const int32_t *chunk, int parts,
                     const int32_t *level_of, int32_t *digit) {
    const int acc = c->a->acc, seg = c->seg_of[i], pbit = copy * c->n + i;
    int used = 0, level = 0;
    for (int p = 0; p < parts && !c->oom; p++) {
        int deepest = 0, count = 0;
        for (int k = c->adj0[i]; k < c->adj0[i + 1]; k++)
            count += c->hub[c->adj[k]] < 0 && chunk[c->adj[k]] == p;
        if (!count)
            continue;
        const int t = plan_new_task(c, GLB_TASK_PART, pbit, seg);
        for (int k = acc - 1; k >= 0 && !c->oom; k--) {
            digit[used * acc + k] = plan_new_word(c, t);
            const int s = plan_new_stage(c, t, digit[used * acc + k], k < acc - 1, k == 0, 0);
            for (int e = c->adj0[i]; k == acc - 1 && e < c->adj0[i + 1]; e++) {
                const int j = c->adj[e];
                if (c->hub[j] >= 0 || chunk[j] != p)
                    continue;
                plan_read_pbit(c, s, copy, i, e);
                if (plan_sees_new(c, i, j) && level_of[c->colour[j]] > deepest)
                    deepest = level_of[c->colour[j]];
            }
        }
        if (c->oom)
            return;
        c->task[t].level = deepest + 1;
        level = deepest + 1 > level ? deepest + 1 : level;
        used++;
    }
    const int t = plan_new_task(c, GLB_TASK_PBIT, pbit, seg);
    const int stage = read_digits(c, t, digit, used);
    if (c->oom)
        return;
    c->stage[stage].word = pbit;
    c->word[pbit].task = t;
    c->task[t].spare = used ? c->task[c->word[digit[acc - 1]].task].stage0 : -1;
    for (int k = c->adj0[i]; k < c->adj0[i + 1] && !c->oom; k++) {
        const int j = c->adj[k];
        if (c->hub[j] < 0)
            continue;
        plan_read_pbit(c, stage, copy, i, k);
        if (plan_sees_new(c, i, j) && c->task[c->word[copy * c->n + j].task].level > level)
            level = c->task[c->word[copy * c->n + j].task].level;
    }
    c->task[t].level = level + 1;
    for (int k = 0; k < used * acc; k++)
        for (int s = c->task[t].stage0; s <= stage; s++)
            for (int r = c->stage[s].read0; r < c->stage[s].read0 + c->stage[s].nread; r++)
                if (c->read[r].edge < 0)
                    c->read[r].fresh = true;
}

/* Which part reads what: the same cut for all hubs of a segment, so that parts of several hubs on
 * the lanes of one tile share their reads. Latency is D / P reads, then ACC digits of P parts: P =
 * sqrt(D / ACC) is the shortest. */
static int cut_sources(const struct plan *c, int seg, int32_t *chunk) {
    int largest = 0, next = 0, hubs = 0;
    for (int i = 0; i < c->n; i++) {
        int others = 0;
        for (int k = c->adj0[i]; c->hub[i] >= 0 && c->seg_of[i] == seg && k < c->adj0[i + 1]; k++)
            others += c->hub[c->adj[k]] < 0;
        largest = others > largest ? others : largest;
        hubs += c->hub[i] >= 0 && c->seg_of[i] == seg;
    }
    int parts = (int)lround((c->cut > 0 ? c->cut : 1) * sqrt((double)largest / c->a->acc));
    parts = parts < 1 ? 1 : parts;
    /* About as many groups of parts as tiles, or a multiple, so that every tile has the same. */
    const int groups = (hubs * c->copies + c->a->lanes - 1) / c->a->lanes, tiles = c->a->tiles;
    const int rounds = groups ? (parts * groups + tiles / 2) / tiles : 0;
    const int even = rounds ? rounds * tiles / groups : 0;
    if (c->cut <= 0 && 2 * even > parts && even < 2 * parts)
        parts = even;
    for (int i = 0; i < c->n; i++) {
        bool source = false;
        for (int k = c->adj0[i]; c->hub[i] < 0 && !source && k < c->adj0[i + 1]; k++)
            source = c->hub[c->adj[k]] >= 0 && c->seg_of[c->adj[k]] == seg;
        chunk[i] = source ? next++ % parts : -1;
    }
    return parts;
}

void plan_make_hubs(struct plan *c, int seg, const int32_t *level, int32_t *chunk, int32_t *digit) {
    const int parts = cut_sources(c, seg, chunk);
    for (int copy = 0; copy < c->copies; copy++)
        for (int colour = 0; colour < c->ncolours && c->nhubs; colour++)
            for (int i = 0; i < c->n && !c->oom; i++)
                if (c->hub[i] >= 0 && c->seg_of[i] == seg && c->colour[i] == colour)
                    make_hub(c, copy, i, chunk, parts, level, digit);
}

/* Relays of hub i in segment seg: one for every `share` readers beyond the first; if there are any,
 * they are what all of its readers but hubs read. */
void plan_make_relays(struct plan *c, int seg, double bank_load) {
    for (int copy = 0; copy < c->copies; copy++)
        for (int i = 0; i < c->n; i++) {
            if (c->hub[i] < 0)
                continue;
            int readers = 0;
            for (int k = c->adj0[i]; k < c->adj0[i + 1]; k++)
                readers += c->hub[c->adj[k]] < 0 && c->seg_of[c->adj[k]] == seg;
            const int relays = (int)(readers / fmax(16, bank_load / 20));
            for (int r = 0; r < relays && !c->oom; r++) {
                const int t = plan_new_task(c, GLB_TASK_RELAY, copy * c->n + i, seg);
                const int w = plan_new_word(c, t);
                const int s = plan_new_stage(c, t, w, false, true, -1);
                plan_new_read(c, s, copy * c->n + i, -1, 1);
                c->task[t].out = readers / (relays + 1);
                if (c->hubs_first && c->seg_of[i] == seg && !c->oom) { /* else it copies the old */
                    c->task[t].level = c->task[c->word[copy * c->n + i].task].level + 1;
                    c->read[c->nread - 1].fresh = true;
                }
            }
        }
}

enum glb_status plan_use_relays(struct plan *c) {
    const int tiles = c->a->tiles;
    int32_t *choice = malloc(sizeof *choice * (size_t)tiles);
    int32_t *word = malloc(sizeof *word * ((size_t)c->ntask + 1));
    int32_t *load = malloc(sizeof *load * ((size_t)c->ntask + 1));
    if (!choice || !word || !load) {
        free(choice);
        free(word);
        free(load);
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    }
    for (int first = 0; first < c->ntask;) { /* relays of one hub and segment follow each other */
        const struct glb_task *k = &c->task[first];
        int n = 0;
        word[n++] = k->pbit;
        int end = first;
        for (; end < c->ntask && c->task[end].kind == GLB_TASK_RELAY &&
               c->task[end].pbit == k->pbit && c->task[end].seg == k->seg;
             end++)
            word[n++] = c->stage[c->task[end].stage0].word;
        if (end == first) {
            first++;
            continue;
        }
        memset(load, 0, sizeof *load * (size_t)n);
        for (int t = 0; t < tiles; t++)
            choice[t] = -1;
        for (int t = 0; t < c->ntask; t++) {
            const struct glb_task *q = &c->task[t];
            const bool reader = q->seg == k->seg && q->kind == GLB_TASK_PBIT && q->nstage == 1 &&
                                c->hub[q->pbit % c->n] < 0;
            const struct glb_stage *s = &c->stage[q->stage0];
            for (int r = s->read0; reader && r < s->read0 + s->nread; r++) {
                if (c->read[r].word != k->pbit)
                    continue;
                if (choice[q->tile] < 0) {
                    choice[q->tile] = 1;
                    for (int i = 2; i < n; i++)
                        if (load[i] < load[choice[q->tile]])
                            choice[q->tile] = i;
                    load[choice[q->tile]]++;
                }
                const int i = choice[q->tile];
                c->word[k->pbit].out--;
                c->word[word[i]].out++;
                c->read[r].word = word[i];
                c->read[r].fresh = true;
            }
        }
        first = end;
    }
    free(choice);
    free(word);
    free(load);
    return GLB_OK;
}
