/* Programs: the schedule becomes memory images; clamps; K. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/plan.h"
#include "array/coupling_word.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void glb_program_free(struct glb_program *p) {
    if (!p)
        return;
    free(p->sched);
    free(p->net);
    free(p->coupling);
    free(p->slot);
    free(p->reads);
    free(p->bias);
    free(p->weight);
    free(p->qbias);
    free(p->clamped);
    free(p);
}

static struct glb_program *new_program(const struct plan *c) {
    struct glb_program *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    const struct glb_array *a = c->a;
    p->array = *a;
    p->n = c->n;
    p->m = c->g->m;
    p->copies = c->copies;
    p->u = c->u;
    p->colours = c->ncolours;
    p->graph_hash = c->g->hash;
    p->nseg = c->nseg;
    for (int s = 0; s < c->nseg; s++) {
        p->s_used += c->pass[s].len;
        p->c_used += c->pass[s].entries;
    }
    const size_t clocks = (size_t)p->s_used, chunks = (size_t)(a->nb + 15) / 16;
    p->sched = calloc(clocks * (size_t)a->tiles + 1, sizeof *p->sched);
    p->net = calloc(clocks * chunks + 1, sizeof *p->net);
    p->coupling = calloc((size_t)a->tiles * (size_t)p->c_used + 1, sizeof *p->coupling);
    p->slot = calloc((size_t)c->nodes + 1, sizeof *p->slot);
    p->reads = calloc((size_t)c->nread + 1, sizeof *p->reads);
    p->bias = calloc((size_t)c->nodes + 1, sizeof *p->bias);
    p->weight = calloc((size_t)p->m + 1, sizeof *p->weight);
    p->qbias = calloc((size_t)p->n + 1, sizeof *p->qbias);
    p->clamped = calloc((size_t)p->n + 1, sizeof *p->clamped);
    if (!p->sched || !p->net || !p->coupling || !p->slot || !p->reads || !p->bias || !p->weight ||
        !p->qbias || !p->clamped) {
        glb_program_free(p);
        return NULL;
    }
    return p;
}

/* State addresses: segment after segment from their common starts, then the inputs. */
static void give_addresses(struct plan *c, struct glb_program *p) {
    const int lanes = c->a->tiles * c->a->lanes;
    int32_t *next = calloc((size_t)lanes, sizeof *next);
    if (!next) {
        c->oom = true;
        return;
    }
    int base = 0;
    for (int s = 0; s < c->nseg; s++) {
        p->seg[s].wp_start = base;
        for (int w = 0; w < c->nword; w++) {
            if (c->pass[s].g[w] < 0)
                continue;
            c->word[w].g = base + c->pass[s].g[w];
            int32_t *n = &next[c->word[w].tile * c->a->lanes + c->word[w].lane];
            *n = c->word[w].g >= *n ? c->word[w].g + 1 : *n;
        }
        base += c->pass[s].words;
    }
    for (int w = 0; w < c->nodes; w++) {
        if (c->word[w].task < 0)
            c->word[w].g = next[c->word[w].tile * c->a->lanes + c->word[w].lane]++;
        p->slot[w] = (struct glb_slot){(int16_t)c->word[w].tile, (int16_t)c->word[w].lane,
                                       (int16_t)c->word[w].g};
    }
    free(next);
}

static void emit_path(const struct glb_array *a, uint16_t *net, int bank, int tile) {
    for (int s = 0; s < a->ns; s++) {
        if (!((bank ^ tile) >> s & 1))
            continue;
        const int wire = (tile & ((1 << s) - 1)) | (bank & ~((1 << s) - 1));
        const int k = (wire >> (s + 1) << s) | (wire & ((1 << s) - 1));
        const int bit = s * a->tiles / 2 + k;
        net[bit / 16] |= (uint16_t)(1 << bit % 16);
    }
}

static uint64_t read_entry(struct plan *c, struct glb_program *p, const struct glb_op *op, int tile,
                           int entry) {
    const struct glb_array *a = c->a;
    uint64_t word = 0;
    for (int l = 0; l < a->lanes; l++) {
        if (op->read[l] < 0)
            continue;
        const struct glb_read *r = &c->read[op->read[l]];
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

/* A CTRL; remembers which entry each stage got. */
static uint64_t ctrl_entry(struct plan *c, struct glb_program *p, const struct glb_op *op, int tile,
                           int entry, int32_t *entry_of) {
    const struct glb_task *t = &c->task[op->task];
    const struct glb_stage *s = &c->stage[op->stage];
    entry_of[op->stage] = entry;
    if (t->kind == GLB_TASK_PBIT && s->word >= 0)
        p->bias[p->nbias++] = (struct glb_bias_ref){.to = t->pbit % c->n,
                                                    .tile = (int16_t)tile,
                                                    .lane = (int16_t)t->lane,
                                                    .entry = entry,
                                                    .constant = s->bias,
                                                    .tile2 = -1,
                                                    .entry2 = t->spare};
    return glb_ctrl_word(c->a, s->bias, s->dbl, s->clr, s->word >= 0, op->noise >= 0, t->lane);
}

static void emit_segment(struct plan *c, struct glb_program *p, int seg, int s_start, int c_start,
                         int32_t *entries, int32_t *entry_of, const int32_t *target) {
    const struct glb_array *a = c->a;
    const struct glb_pass *pass = &c->pass[seg];
    const int chunks = (a->nb + 15) / 16;
    for (int t = 0; t < a->tiles; t++)
        entries[t] = c_start;
    for (int k = 0; k < pass->len; k++) {
        uint32_t *sched = &p->sched[(size_t)(s_start + k) * (size_t)a->tiles];
        uint16_t *net = &p->net[(size_t)(s_start + k) * (size_t)chunks];
        for (int t = 0; t < a->tiles; t++) {
            const struct glb_op *op = &pass->op[(size_t)k * (size_t)a->tiles + (size_t)t];
            const struct glb_word *w = op->word >= 0 ? &c->word[op->word] : NULL;
            if (!w && op->stage < 0) {
                sched[t] |= (uint32_t)(op->noise + 1);
                continue;
            }
            sched[t] |= (uint32_t)a->ctrl;
            const int first = p->nreads;
            uint64_t *entry = &p->coupling[(size_t)t * (size_t)p->c_used + (size_t)entries[t]];
            if (w) {
                sched[w->tile] |= (uint32_t)((w->lane << a->gw | w->g) << a->ow);
                emit_path(a, net, w->tile, t);
                *entry = read_entry(c, p, op, t, entries[t]);
                for (int i = first, l = 0; i < p->nreads; i++) {
                    while (op->read[l] < 0 || c->read[op->read[l]].edge < 0)
                        l++;
                    p->reads[i].to = target[op->read[l++]];
                }
            } else {
                *entry = ctrl_entry(c, p, op, t, entries[t], entry_of);
            }
            entries[t]++;
        }
    }
}

enum glb_status emit_program(struct plan *c, struct glb_program **out) {
    struct glb_program *p = new_program(c);
    int32_t *entries = malloc(sizeof *entries * (size_t)c->a->tiles);
    int32_t *entry_of = malloc(sizeof *entry_of * ((size_t)c->nstage + 1));
    int32_t *target = malloc(sizeof *target * ((size_t)c->nread + 1));
    if (p)
        give_addresses(c, p);
    if (!p || !entries || !entry_of || !target || c->oom) {
        glb_program_free(p);
        free(entries);
        free(entry_of);
        free(target);
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory for the memory images");
    }
    for (int t = 0; t < c->ntask; t++)
        for (int s = c->task[t].stage0; s < c->task[t].stage0 + c->task[t].nstage; s++)
            for (int r = c->stage[s].read0; r < c->stage[s].read0 + c->stage[s].nread; r++)
                target[r] = c->task[t].pbit % c->n;
    int s_start = 0, c_start = 0;
    for (int s = 0; s < c->nseg; s++) {
        const int before = p->nbias;
        p->seg[s].s_start = s_start;
        p->seg[s].s_len = c->pass[s].len;
        p->seg[s].c_start = c_start;
        emit_segment(c, p, s, s_start, c_start, entries, entry_of, target);
        p->seg[s].flips = (uint32_t)((p->nbias - before) * c->a->chains);
        s_start += c->pass[s].len;
        c_start += c->pass[s].entries;
    }
    for (int k = 0; k < p->nbias; k++) {
        struct glb_bias_ref *b = &p->bias[k];
        if (b->entry2 < 0)
            continue;
        b->tile2 = (int16_t)c->task[c->word[c->stage[b->entry2].word].task].tile;
        b->entry2 = entry_of[b->entry2];
    }
    free(entries);
    free(entry_of);
    free(target);
    *out = p;
    return GLB_OK;
}

bool glb_program_runs_on(const struct glb_program *p, const struct glb_array *a) {
    const struct glb_array *b = &p->array;
    return a->tiles == b->tiles && a->lanes == b->lanes && a->chains == b->chains &&
           a->jw == b->jw && a->acc == b->acc && a->gw == b->gw && p->s_used <= a->sdepth &&
           p->c_used <= a->cdepth;
}

void glb_program_clamp(struct glb_program *p, const bool *clamped) {
    for (int i = 0; i < p->n; i++)
        p->clamped[i] = clamped && clamped[i];
    const uint64_t we = 1ull << (p->array.acc + 1 + p->array.ow);
    for (int k = 0; k < p->nbias; k++) {
        uint64_t *w =
            &p->coupling[(size_t)p->bias[k].tile * (size_t)p->c_used + (size_t)p->bias[k].entry];
        *w = p->clamped[p->bias[k].to] ? *w & ~we : *w | we;
    }
}

enum glb_status glb_program_k(const struct glb_program *p, double beta, uint32_t *k) {
    if (!(beta >= 0) || !isfinite(beta))
        return glb_fail(GLB_ERR_ARGUMENT, "beta is %g; it must be finite and not negative", beta);
    const double x = beta > 0 ? rint(65536 / (2 * beta * p->u)) : INFINITY;
    *k = x < 4294967295.0 ? (uint32_t)x : 4294967295u;
    return GLB_OK;
}
