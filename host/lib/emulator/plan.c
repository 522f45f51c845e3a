/* Plans: the batches of a segment with the weights that the images hold.
 * SPDX-License-Identifier: Apache-2.0 */
#include "emulator/plan.h"

#include <stdlib.h>
#include <string.h>
#include "array/coupling_word.h"

struct planner {
    const struct glb_board_memory *m;
    const struct glb_emu_code *c;
    struct glb_emu_plan *p;
    struct glb_emu_adders *adders;
    struct glb_emu_term *term;
    const uint32_t *place;
    uint32_t start;                        /* slot of the first place */
    uint32_t groups, units, stages, reads; /* made so far */
    uint32_t *data;
};

/* The decoder's slots to those of a page. */
static uint32_t page_slot(const struct planner *k, uint32_t slot) {
    const uint32_t words = (uint32_t)k->m->a.tiles << k->m->a.aw;
    return k->start + (slot < 2 * words ? 2 * k->place[slot / 2] + slot % 2 : slot);
}

static uint32_t byte_offset(const struct planner *k, uint32_t slot) {
    return page_slot(k, slot) * 2 * (uint32_t)k->p->parts;
}

static uint64_t coupling(const struct planner *k, int tile, int entry) {
    return k->m->coupling[(size_t)tile * (size_t)k->m->a.cdepth + (size_t)entry];
}

static struct glb_ctrl ctrl_of(const struct planner *k, const struct glb_emu_stage *s) {
    return glb_ctrl_parts(&k->m->a, coupling(k, s->tile, s->entry));
}

static int weight(const struct planner *k, const struct glb_emu_read *r) {
    return glb_field(&k->m->a, coupling(k, r->tile, r->entry), r->lane);
}

/* ---- groups ---- */

/* What a stage's sum is multiplied by until the update's end. */
static int doublings(const struct planner *k, const struct glb_emu_update *u, int stage) {
    int times = 1;
    for (int i = stage; i < u->first + u->n; i++)
        if (ctrl_of(k, &k->c->stage[i]).dbl)
            times *= 2;
    return times;
}

/* An update's terms, at `to`; returns how many. */
static size_t list_terms(const struct planner *k, const struct glb_emu_update *u,
                         struct glb_emu_term *to, int16_t *bias) {
    const int stages = u->kind < GLB_UPDATE_DIGITS ? u->n : 1;
    const struct glb_emu_stage *s = &k->c->stage[u->first];
    const struct glb_emu_term *const start = to;
    int sum = 0;
    if (s->copy) {
        *to = (struct glb_emu_term){page_slot(k, s->copy_from), 1};
        *bias = -1;
        return 1;
    }
    for (int i = 0; i < stages; i++, s++) {
        const struct glb_ctrl q = ctrl_of(k, s);
        const int times = stages > 1 ? doublings(k, u, u->first + i) : 1;
        sum += q.dbl ? 0 : q.bias * times;
        for (int r = s->first; r < s->first + s->nreads; r++) {
            const int w = weight(k, &k->c->read[r]) * times;
            if (w == 0)
                continue;
            sum += w < 0 ? w : 0;
            *to++ =
                (struct glb_emu_term){page_slot(k, k->c->read[r].slot) | (w < 0), (uint32_t)abs(w)};
        }
    }
    *bias = (int16_t)sum;
    return (size_t)(to - start);
}

/* Where n updates' results go; parts that no update has go where nobody reads. */
static void list_results(struct planner *k, const struct glb_emu_batch *b, int results) {
    const struct glb_emu_plan *p = k->p;
    for (int s = 0; s < results; s++)
        for (int i = 0; i < GLB_SLOT_PARTS / p->parts; i++) {
            uint32_t to = GLB_SLOT_BYTES;
            if (i < b->n) {
                const struct glb_emu_update *u = &p->order.update[p->order.member[b->first + i]];
                const int last = results > 1 ? s : u->n - 1;
                to = byte_offset(k, k->c->stage[u->first + last].dst);
            }
            *k->data++ = to;
        }
}

static void plan_group(struct planner *k, const struct glb_emu_batch *b) {
    struct glb_emu_plan *p = k->p;
    struct glb_emu_group *g = &p->group[k->groups++];
    size_t first[GLB_SLOT_PARTS], count[GLB_SLOT_PARTS], at = 0;
    *g = (struct glb_emu_group){.data = (uint32_t)(k->data - p->data),
                                .noise = b->noise,
                                .results = (uint8_t)glb_emu_results(b->kind)};
    for (int i = 0; i < b->n; i++) {
        first[i] = at;
        count[i] = list_terms(k, &p->order.update[p->order.member[b->first + i]], k->term + at,
                              &g->bias[i]);
        at += count[i];
    }
    const uint32_t end = glb_emu_group_sums(k->adders, p, k->term, first, count, b->n, g, &k->data);
    p->page_bytes = end > p->page_bytes ? end : p->page_bytes;
    list_results(k, b, g->results);
}

/* ---- updates for themselves ---- */

static void plan_stage(struct planner *k, const struct glb_emu_stage *s, int we) {
    struct glb_emu_plan *p = k->p;
    struct glb_emu_unit_stage *t = &p->stage[k->stages++];
    const uint32_t before = k->reads;
    *t = (struct glb_emu_unit_stage){
        .to = byte_offset(k, s->dst), .we = (uint8_t)we, .noise = (uint8_t)s->noise};
    if (s->copy) {
        t->bias = -1;
        p->read[k->reads++] = (struct glb_emu_unit_read){byte_offset(k, s->copy_from), 1};
    } else {
        const struct glb_ctrl q = ctrl_of(k, s);
        t->dbl = (uint8_t)q.dbl;
        t->bias = (int16_t)(q.dbl ? 0 : q.bias);
    }
    for (int r = s->first; r < s->first + s->nreads; r++) {
        const int w = weight(k, &k->c->read[r]);
        if (w != 0)
            p->read[k->reads++] = (struct glb_emu_unit_read){byte_offset(k, k->c->read[r].slot), w};
    }
    t->reads = k->reads - before;
}

static void plan_unit(struct planner *k, const struct glb_emu_batch *b) {
    const struct glb_emu_order *o = &k->p->order;
    const struct glb_emu_update *u = &o->update[o->member[b->first]];
    k->p->unit[k->units++] = (struct glb_emu_unit){(uint32_t)u->n, b->noise};
    for (int i = u->first; i < u->first + u->n; i++)
        plan_stage(k, &k->c->stage[i], o->we[i]);
}

/* ---- all ---- */

static size_t update_terms(const struct glb_emu_code *c, const struct glb_emu_update *u) {
    size_t n = (size_t)c->stage[u->first].copy;
    for (int i = u->first; i < u->first + u->n; i++)
        n += (size_t)c->stage[i].nreads;
    return n;
}

/* Terms of a batch's largest update, and of all. */
static size_t batch_terms(const struct planner *k, const struct glb_emu_batch *b, size_t *all) {
    const struct glb_emu_order *o = &k->p->order;
    size_t most = 0;
    *all = 0;
    for (int i = 0; i < b->n; i++) {
        const size_t n = update_terms(k->c, &o->update[o->member[b->first + i]]);
        most = n > most ? n : most;
        *all += n;
    }
    return most;
}

/* Clamps have moved since the updates were grouped, or they never were. */
static int order_is_old(const struct glb_board_memory *m, const struct glb_emu_code *c,
                        const struct glb_emu_order *o) {
    if (!o->we)
        return 1;
    for (int i = 0; i < c->nstages; i++)
        if (o->we[i] != glb_emu_stage_writes(m, c, &c->stage[i]))
            return 1;
    return 0;
}

/* Room for the plan of a new order. */
static int allocate_steps(const struct glb_emu_code *c, struct glb_emu_plan *p) {
    const size_t n = (size_t)p->order.nbatches + 1;
    free(p->step);
    free(p->group);
    free(p->unit);
    free(p->stage);
    free(p->read);
    p->step = malloc(n * sizeof *p->step);
    p->group = malloc(n * sizeof *p->group);
    p->unit = malloc(n * sizeof *p->unit);
    p->stage = malloc(((size_t)c->nstages + 1) * sizeof *p->stage);
    p->read = malloc(((size_t)c->nreads + (size_t)c->nstages + 1) * sizeof *p->read);
    return p->step && p->group && p->unit && p->stage && p->read;
}

static int allocate_terms(struct planner *k) {
    const struct glb_emu_plan *p = k->p;
    size_t most = 1, terms = 1, all;
    for (int b = 0; b < p->order.nbatches; b++) {
        const size_t n = batch_terms(k, &p->order.batch[b], &all);
        most = n > most ? n : most;
        terms = all > terms ? all : terms;
    }
    k->adders = glb_emu_adders_new(p->acc, most);
    k->term = malloc(terms * sizeof *k->term);
    return k->adders && k->term;
}

/* For n more numbers of data. */
static int make_room(struct planner *k, size_t n) {
    struct glb_emu_plan *p = k->p;
    const size_t used = p->data ? (size_t)(k->data - p->data) : 0;
    if (used + n > p->data_room) {
        const size_t room = 2 * p->data_room + n;
        uint32_t *data = realloc(p->data, room * sizeof *data);
        if (!data)
            return 0;
        p->data = data;
        p->data_room = room;
    }
    k->data = p->data + used;
    return 1;
}

static int fill(struct planner *k) {
    struct glb_emu_plan *p = k->p;
    const struct glb_emu_order *o = &p->order;
    size_t all;
    k->data = p->data;
    p->page_bytes = p->scratch;
    p->row = o->row;
    p->nsteps = 0;
    for (int b = 0; b < o->nbatches; b++) {
        const int alone = o->batch[b].kind == GLB_UPDATE_ALONE;
        p->step[p->nsteps++] =
            (struct glb_emu_step){o->batch[b].rows, alone ? GLB_STEP_UNIT : GLB_STEP_GROUP};
        if (alone)
            plan_unit(k, &o->batch[b]);
        else if (make_room(k, glb_emu_group_room(p->acc, batch_terms(k, &o->batch[b], &all))))
            plan_group(k, &o->batch[b]);
        else
            return 0;
    }
    p->step[p->nsteps++] = (struct glb_emu_step){o->rows_after, GLB_STEP_NONE};
    return 1;
}

static uint32_t whole_slots(uint32_t bytes) {
    return (bytes + GLB_SLOT_BYTES - 1) / GLB_SLOT_BYTES * GLB_SLOT_BYTES;
}

static void lay_out(struct planner *k, int parts, uint32_t nplaced) {
    const struct glb_array *a = &k->m->a;
    const uint32_t slot = 2 * (uint32_t)parts, words = (uint32_t)a->tiles << a->aw;
    struct glb_emu_plan *p = k->p;
    p->acc = a->acc;
    p->chains = a->chains;
    p->parts = parts;
    k->start = GLB_PAGE_START / slot;
    const uint32_t end = k->start + 2 * (words + (uint32_t)k->c->ntemp);
    p->scratch = whole_slots(end * slot);
    p->wide = (k->c->ntemp ? end : k->start + 2 * nplaced) > UINT16_MAX;
}

enum glb_status glb_emu_plan_build(const struct glb_board_memory *m, const struct glb_emu_code *c,
                                   int parts, const uint32_t *place, uint32_t nplaced,
                                   struct glb_emu_plan *out) {
    struct planner k = {.m = m, .c = c, .p = out, .place = place};
    int enough = 1;
    lay_out(&k, parts, nplaced);
    if (order_is_old(m, c, &out->order)) {
        glb_emu_order_free(&out->order);
        const enum glb_status s = glb_emu_order_build(m, c, parts, &out->order);
        if (s != GLB_OK)
            return s;
        enough = allocate_steps(c, out);
    }
    enough = enough && allocate_terms(&k) && fill(&k);
    if (!enough)
        glb_emu_order_free(&out->order); /* so that the next one starts anew */
    glb_emu_adders_free(k.adders);
    free(k.term);
    return enough ? GLB_OK
                  : glb_fail(GLB_ERR_MEMORY, "emulator: no memory for %d updates", c->nstages);
}

void glb_emu_plan_free(struct glb_emu_plan *p) {
    glb_emu_order_free(&p->order);
    free(p->step);
    free(p->group);
    free(p->unit);
    free(p->stage);
    free(p->read);
    free(p->data);
    memset(p, 0, sizeof *p);
}
