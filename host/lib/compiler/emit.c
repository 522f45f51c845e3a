/* The memory images and tables of a plan. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/emit.h"

#include <stdlib.h>
#include "array/coupling_word.h"
#include "compiler/schedule/route.h"

static struct glb_program *new_program(const struct plan *plan) {
    const struct problem *problem = plan->problem;
    struct glb_program *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    const struct glb_array *a = problem->array;
    p->array = *a;
    p->n = problem->n;
    p->m = problem->graph->m;
    p->copies = problem->copies;
    p->u = problem->u;
    p->beta = problem->precise ? problem->options->beta_least : 0;
    p->colours = plan->ncolours;
    p->graph_hash = problem->graph->hash;
    p->nseg = problem->nseg;
    for (int s = 0; s < problem->nseg; s++) {
        p->s_used += plan->pass[s].len;
        p->c_used += plan->pass[s].entries;
    }
    const size_t clocks = (size_t)p->s_used, chunks = (size_t)glb_array_chunks(a);
    p->sched = calloc(clocks * (size_t)a->tiles + 1, sizeof *p->sched);
    p->net = calloc(clocks * chunks + 1, sizeof *p->net);
    p->coupling = calloc((size_t)a->tiles * (size_t)p->c_used + 1, sizeof *p->coupling);
    p->slot = calloc((size_t)problem->nodes + 1, sizeof *p->slot);
    p->reads = calloc((size_t)plan->nread + 1, sizeof *p->reads);
    p->bias = calloc((size_t)problem->nodes + 1, sizeof *p->bias);
    p->helper = calloc((size_t)problem->helpers + 1, sizeof *p->helper);
    p->weight = calloc((size_t)p->m + 1, sizeof *p->weight);
    p->qbias = calloc((size_t)p->n + 1, sizeof *p->qbias);
    p->clamped = calloc((size_t)p->n + 1, sizeof *p->clamped);
    if (!p->helper || !p->sched || !p->net || !p->coupling || !p->slot || !p->reads || !p->bias ||
        !p->weight || !p->qbias || !p->clamped) {
        glb_program_free(p);
        return NULL;
    }
    return p;
}

/* State addresses: segment after segment from their common starts, then the inputs. */
static void give_addresses(struct plan *plan, struct glb_program *p) {
    const struct problem *problem = plan->problem;
    const int lanes = problem->array->tiles * problem->array->lanes;
    int32_t *next = calloc((size_t)lanes, sizeof *next);
    if (!next) {
        plan->oom = true;
        return;
    }
    int base = 0;
    for (int s = 0; s < problem->nseg; s++) {
        p->seg[s].wp_start = base;
        for (int w = 0; w < plan->nword; w++) {
            if (plan->pass[s].g[w] < 0)
                continue;
            plan->word[w].g = base + plan->pass[s].g[w];
            int32_t *n = &next[plan->word[w].tile * problem->array->lanes + plan->word[w].lane];
            *n = plan->word[w].g >= *n ? plan->word[w].g + 1 : *n;
        }
        base += plan->pass[s].words;
    }
    for (int w = 0; w < problem->nodes; w++) {
        if (plan->word[w].task < 0)
            plan->word[w].g =
                next[plan->word[w].tile * problem->array->lanes + plan->word[w].lane]++;
        p->slot[w] = (struct glb_slot){(int16_t)plan->word[w].tile, (int16_t)plan->word[w].lane,
                                       (int16_t)plan->word[w].g};
    }
    free(next);
}

static uint64_t read_entry(struct plan *plan, struct glb_program *p, const struct op *op, int tile,
                           int entry) {
    const struct glb_array *a = plan->problem->array;
    uint64_t word = 0;
    for (int l = 0; l < a->lanes; l++) {
        if (op->read[l] < 0)
            continue;
        const struct read *r = &plan->read[op->read[l]];
        if (r->edge < 0)
            word |= ((uint64_t)r->coef & ((1u << a->jw) - 1)) << (l * a->jw);
        else
            p->reads[p->nreads++] = (struct glb_read_ref){.edge = r->edge,
                                                          .to = -1,
                                                          .tile = (int16_t)tile,
                                                          .lane = (int16_t)l,
                                                          .entry = entry};
    }
    return word << a->ow | (uint64_t)(op->noise + 1);
}

/* A CTRL; its entry goes into entry_of[stage]. */
static uint64_t ctrl_entry(struct plan *plan, struct glb_program *p, const struct op *op, int tile,
                           int entry, int32_t *entry_of) {
    const struct problem *problem = plan->problem;
    const struct task *t = &plan->task[op->task];
    const struct stage *s = &plan->stage[op->stage];
    entry_of[op->stage] = entry;
    if (t->kind == TASK_HELPER)
        p->helper[p->nhelpers++] = (struct glb_bias_ref){.to = t->pbit,
                                                         .tile = (int16_t)tile,
                                                         .lane = (int16_t)t->lane,
                                                         .entry = entry,
                                                         .tile2 = -1,
                                                         .entry2 = -1};
    if (t->kind == TASK_PBIT && s->word >= 0)
        p->bias[p->nbias++] = (struct glb_bias_ref){.to = t->pbit % problem->n,
                                                    .tile = (int16_t)tile,
                                                    .lane = (int16_t)t->lane,
                                                    .entry = entry,
                                                    .constant = s->bias,
                                                    .tile2 = -1,
                                                    .entry2 = t->spare};
    return glb_ctrl_word(problem->array, s->bias, s->dbl, s->clr, s->word >= 0, op->noise >= 0,
                         t->lane);
}

/* target[]: of a read the p-bit that is updated, or n + the one that a helper is updated for. */
static void emit_segment(struct plan *plan, struct glb_program *p, int seg, int s_start,
                         int c_start, int32_t *entries, int32_t *entry_of, const int32_t *target) {
    const struct problem *problem = plan->problem;
    const struct glb_array *a = problem->array;
    const struct pass *pass = &plan->pass[seg];
    const int chunks = glb_array_chunks(a);
    for (int t = 0; t < a->tiles; t++)
        entries[t] = c_start;
    for (int k = 0; k < pass->len; k++) {
        uint32_t *sched = &p->sched[(size_t)(s_start + k) * (size_t)a->tiles];
        uint16_t *net = &p->net[(size_t)(s_start + k) * (size_t)chunks];
        for (int t = 0; t < a->tiles; t++) {
            const struct op *op = &pass->op[(size_t)k * (size_t)a->tiles + (size_t)t];
            const struct word *w = op->word >= 0 ? &plan->word[op->word] : NULL;
            if (!w && op->stage < 0) {
                sched[t] |= (uint32_t)(op->noise + 1);
                continue;
            }
            sched[t] |= (uint32_t)a->ctrl;
            const int first = p->nreads;
            uint64_t *entry = &p->coupling[(size_t)t * (size_t)p->c_used + (size_t)entries[t]];
            if (w) {
                sched[w->tile] |= (uint32_t)((w->lane << a->gw | w->g) << a->ow);
                route_mark_path(a, net, w->tile, t);
                *entry = read_entry(plan, p, op, t, entries[t]);
                for (int i = first, l = 0; i < p->nreads; i++) {
                    while (op->read[l] < 0 || plan->read[op->read[l]].edge < 0)
                        l++;
                    p->reads[i].to = target[op->read[l]] % problem->n;
                    p->reads[i].helper = target[op->read[l++]] >= problem->n;
                }
            } else {
                *entry = ctrl_entry(plan, p, op, t, entries[t], entry_of);
            }
            entries[t]++;
        }
    }
}

enum glb_status emit_program(struct plan *plan, struct glb_program **out) {
    const struct problem *problem = plan->problem;
    struct glb_program *p = new_program(plan);
    int32_t *entries = malloc(sizeof *entries * (size_t)problem->array->tiles);
    int32_t *entry_of = malloc(sizeof *entry_of * ((size_t)plan->nstage + 1));
    int32_t *target = malloc(sizeof *target * ((size_t)plan->nread + 1));
    if (p)
        give_addresses(plan, p);
    if (!p || !entries || !entry_of || !target || plan->oom) {
        glb_program_free(p);
        free(entries);
        free(entry_of);
        free(target);
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory for the memory images");
    }
    for (int t = 0; t < plan->ntask; t++)
        for (int s = plan->task[t].stage0; s < plan->task[t].stage0 + plan->task[t].nstage; s++)
            for (int r = plan->stage[s].read0; r < plan->stage[s].read0 + plan->stage[s].nread; r++)
                target[r] = plan->task[t].pbit % problem->n +
                            (plan->task[t].kind == TASK_HELPER ? problem->n : 0);
    int s_start = 0, c_start = 0;
    for (int s = 0; s < problem->nseg; s++) {
        const int before = p->nbias;
        p->seg[s].s_start = s_start;
        p->seg[s].s_len = plan->pass[s].len;
        p->seg[s].c_start = c_start;
        emit_segment(plan, p, s, s_start, c_start, entries, entry_of, target);
        p->seg[s].flips = (uint32_t)((p->nbias - before) * problem->array->chains);
        s_start += plan->pass[s].len;
        c_start += plan->pass[s].entries;
    }
    for (int k = 0; k < p->nbias; k++) {
        struct glb_bias_ref *b = &p->bias[k];
        if (b->entry2 < 0)
            continue;
        b->tile2 = (int16_t)plan->task[plan->word[plan->stage[b->entry2].word].task].tile;
        b->entry2 = entry_of[b->entry2];
    }
    free(entries);
    free(entry_of);
    free(target);
    *out = p;
    return GLB_OK;
}
