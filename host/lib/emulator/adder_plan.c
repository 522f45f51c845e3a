/* Weights to adders: every weight becomes signed binary digits, every digit adds one source bit (or
 * its complement, for a negative digit) to a bit plane of the sum, and counters reduce each plane
 * to one bit: 512 chains a machine instruction or two. SPDX-License-Identifier: Apache-2.0 */
#include "emulator/adder_plan.h"

#include <stdlib.h>
#include <string.h>
#include "array/coupling_word.h"
#include "emulator/chain_layout.h"

enum { MAX_PLANES = 16, COUNTER = 7, ADDER = 3, MIN_COUNTER = 5 };

struct builder {
    int planes;
    uint32_t zero;              /* byte offset of the slot of zeros */
    uint32_t scratch;           /* byte offset of the next result */
    uint32_t *item[MAX_PLANES]; /* byte offsets that wait to be added */
    int first[MAX_PLANES], end[MAX_PLANES];
    uint32_t *out; /* next free offset of the plan */
};

static void push(struct builder *b, int plane, uint32_t offset) {
    if (plane < b->planes) /* carries beyond the accumulator are lost */
        b->item[plane][b->end[plane]++] = offset;
}

static int count(const struct builder *b, int plane) {
    return b->end[plane] - b->first[plane];
}

/* Digits of w without two neighbours (the fewest possible); adds the constant of the complemented
 * sources to *bias. */
static void push_weight(struct builder *b, int w, uint32_t offset, int *bias) {
    const unsigned magnitude = (unsigned)abs(w), triple = 3 * magnitude;
    unsigned plus = (triple & ~magnitude) >> 1, minus = (magnitude & ~triple) >> 1;
    if (w < 0) {
        const unsigned t = plus;
        plus = minus;
        minus = t;
    }
    for (; plus; plus &= plus - 1)
        push(b, __builtin_ctz(plus), offset);
    for (; minus; minus &= minus - 1) {
        push(b, __builtin_ctz(minus), offset + GLB_SLOT_BYTES);
        *bias -= (int)(minus & -minus);
    }
}

/* One counter (7 -> 3 bits) or adder (3 -> 2 bits) on a plane. */
static void reduce(struct builder *b, int plane, int inputs, int outputs) {
    for (int i = 0; i < inputs; i++)
        *b->out++ = count(b, plane) ? b->item[plane][b->first[plane]++] : b->zero;
    for (int i = 0; i < outputs; i++) {
        push(b, plane + i, b->scratch);
        b->scratch += GLB_SLOT_BYTES;
    }
}

static void build_sum(struct builder *b, struct glb_emu_step *s) {
    for (int p = 0; p < b->planes; p++)
        for (; count(b, p) >= MIN_COUNTER; s->n7++)
            reduce(b, p, COUNTER, 3);
    for (int p = 0; p < b->planes; p++)
        for (; count(b, p) >= 2; s->n3++)
            reduce(b, p, ADDER, 2);
    int first = 0, end = b->planes;
    while (end > 0 && count(b, end - 1) == 0)
        end--;
    while (first < end && count(b, first) == 0)
        first++;
    for (int p = first; p < end; p++)
        *b->out++ = count(b, p) ? b->item[p][b->first[p]] : b->zero;
    s->plane = (uint8_t)first;
    s->nplanes = (uint8_t)(end - first);
}

static void build_step(struct builder *b, const struct glb_board_memory *m,
                       const struct glb_emu_code *c, const struct glb_emu_stage *g,
                       struct glb_emu_step *s) {
    const struct glb_array *a = &m->a;
    *s = (struct glb_emu_step){.dst = g->dst * GLB_SLOT_BYTES,
                               .copy_from = g->copy_from * GLB_SLOT_BYTES,
                               .copy = (uint8_t)g->copy,
                               .keep = (uint8_t)g->keep,
                               .noise = (uint8_t)g->noise,
                               .lane = (uint32_t)(g->tile * a->lanes + g->lane),
                               .offset = b->out};
    if (g->copy)
        return;
    const struct glb_ctrl k =
        glb_ctrl_parts(a, m->coupling[(size_t)g->tile * a->cdepth + g->entry]);
    int bias = k.dbl ? 0 : k.bias;
    for (int p = 0; p < b->planes; p++)
        b->first[p] = b->end[p] = 0;
    for (int i = g->first; i < g->first + g->nreads; i++) {
        const struct glb_emu_read *r = &c->read[i];
        const uint64_t word = m->coupling[(size_t)r->tile * a->cdepth + r->entry];
        push_weight(b, glb_field(a, word, r->lane), r->slot * GLB_SLOT_BYTES, &bias);
    }
    build_sum(b, s);
    s->bias = (int16_t)bias;
    s->dbl = (uint8_t)k.dbl;
    s->clr = (uint8_t)k.clr;
    s->we = (uint8_t)(k.we && !(c->hold && k.clr && !k.dbl));
}

/* Digits of a stage at most: a weight has no two neighbouring ones. */
static size_t stage_items(const struct glb_array *a, int nreads) {
    return (size_t)nreads * (size_t)((a->jw + 2) / 2);
}

/* A full counter leaves four items less, the last one of a plane may not be full; at most three
 * adders a plane follow. */
static size_t stage_counters(const struct glb_array *a, int nreads) {
    return stage_items(a, nreads) / 4 + (size_t)a->acc;
}

enum glb_status glb_emu_plan_build(const struct glb_board_memory *m, const struct glb_emu_code *c,
                                   struct glb_emu_plan *out) {
    const struct glb_array *a = &m->a;
    const uint32_t words = (uint32_t)a->tiles << a->aw;
    struct builder b = {.planes = a->acc, .zero = 2 * words * GLB_SLOT_BYTES};
    size_t offsets = 0;
    int most = 0;
    for (int i = 0; i < c->nstages; i++) {
        const int n = c->stage[i].nreads;
        most = n > most ? n : most;
        offsets += COUNTER * stage_counters(a, n) + (size_t)a->acc * (3 * ADDER + 1);
    }
    const size_t cap = (size_t)most + 3 * stage_counters(a, most) + 6;
    out->acc = a->acc;
    out->chains = a->chains;
    out->scratch = b.zero + (2 + 2 * (uint32_t)c->ntemp) * GLB_SLOT_BYTES;
    out->page_slots = 0;
    out->nsteps = c->nstages;
    if (!out->step)
        out->step = malloc((size_t)(c->nstages + 1) * sizeof *out->step);
    if (!out->offset)
        out->offset = malloc((offsets + 1) * sizeof *out->offset);
    uint32_t *items = malloc((size_t)a->acc * cap * sizeof *items);
    if (!out->step || !out->offset || !items) {
        free(items);
        return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for %d updates", c->nstages);
    }
    for (int p = 0; p < a->acc; p++)
        b.item[p] = items + (size_t)p * cap;
    b.out = out->offset;
    for (int i = 0; i < c->nstages; i++) {
        b.scratch = out->scratch;
        build_step(&b, m, c, &c->stage[i], &out->step[i]);
        if (b.scratch / GLB_SLOT_BYTES > out->page_slots)
            out->page_slots = b.scratch / GLB_SLOT_BYTES;
    }
    free(items);
    return GLB_OK;
}

void glb_emu_plan_free(struct glb_emu_plan *p) {
    free(p->step);
    free(p->offset);
    memset(p, 0, sizeof *p);
}
