/* Decoder of the emulator: walks a segment's schedule, network and coupling words, collects every
 * update with its reads, has them put in order (update_order.c), so that running them one after
 * another gives each read the version of its word that the array's timing gives, and writes the
 * result. SPDX-License-Identifier: Apache-2.0 */
#include "emulator/decode.h"

#include <stdlib.h>
#include <string.h>
#include "array/coupling_word.h"
#include "emulator/decoder.h"

/* ---- the walk ---- */

static struct dec_stage *open_stage(struct decoder *d, int tile, int lane) {
    const int l = tile * d->a->lanes + lane;
    if (d->lane_stage[l] < 0) {
        if (d->lane_unit[l] < 0) {
            d->units[d->nunits] = (struct dec_unit){.first_stage = -1, .before = d->lane_before[l]};
            d->lane_unit[l] = d->lane_before[l] = d->nunits++;
            d->lane_last[l] = -1;
        }
        d->lane_stage[l] = d->nstages;
        d->stages[d->nstages++] = (struct dec_stage){
            .unit = d->lane_unit[l], .next = -1, .tile = (int16_t)tile, .lane = (int16_t)lane};
        if (d->lane_last[l] < 0)
            d->units[d->lane_unit[l]].first_stage = d->lane_stage[l];
        else
            d->stages[d->lane_last[l]].next = d->lane_stage[l];
    }
    return &d->stages[d->lane_stage[l]];
}

static void walk_read(struct decoder *d, int tile, int lane, int entry, int word, int clock) {
    open_stage(d, tile, lane);
    int w = d->word_last[word];
    while (w >= 0 && d->writes[w].due >= clock)
        w = d->writes[w].prev;
    d->reads[d->nreads++] = (struct dec_read){.stage = d->lane_stage[tile * d->a->lanes + lane],
                                              .word = word,
                                              .after = w,
                                              .temp = -1,
                                              .entry = entry,
                                              .tile = (int16_t)tile,
                                              .lane = (int16_t)lane};
}

static void walk_ctrl(struct decoder *d, int tile, int entry, uint64_t coupling, int clock) {
    const struct glb_array *a = d->a;
    const struct glb_ctrl k = glb_ctrl_parts(a, coupling);
    const int l = tile * a->lanes + k.lane;
    struct dec_stage *s = open_stage(d, tile, k.lane);
    const int word = tile << a->aw | k.lane << a->gw | d->wp[l];
    const int w = d->nwrites, prev = d->word_last[word];
    d->wp[l] = (d->wp[l] + 1) & ((1 << a->gw) - 1);
    s->entry = entry;
    s->write = w;
    d->units[s->unit].key = clock;
    d->writes[d->nwrites++] = (struct dec_write){d->lane_stage[l], word, clock + a->wl, prev, -1};
    if (prev < 0)
        d->word_first[word] = w;
    else
        d->writes[prev].next = w;
    d->word_last[word] = w;
    d->lane_last[l] = d->lane_stage[l];
    d->lane_stage[l] = -1;
    if (k.clr)
        d->lane_unit[l] = -1;
    if (k.nz)
        open_stage(d, tile, k.lane ^ 1)->draws++;
}

static void walk_op(struct decoder *d, uint8_t *live, int tile, int op, int word, int clock) {
    const struct glb_array *a = d->a;
    if (op >= 1 && op <= a->lanes)
        open_stage(d, tile, op - 1)->draws++;
    if (op != a->ctrl)
        return;
    const int entry = d->cptr[tile];
    const uint64_t coupling = d->m->coupling[(size_t)tile * a->cdepth + entry];
    const int flag = (int)(coupling & ((1u << a->ow) - 1));
    d->cptr[tile] = (entry + 1) % a->cdepth;
    if (flag == a->ctrl)
        walk_ctrl(d, tile, entry, coupling, clock);
    if (flag >= a->ctrl)
        return;
    uint8_t *mask = &live[(size_t)tile * a->cdepth + entry];
    for (int l = 0; l < a->lanes; l++) {
        if (flag == l + 1) {
            open_stage(d, tile, l)->draws++;
            continue;
        }
        if (glb_field(a, coupling, l))
            *mask |= (uint8_t)(1 << l);
        if (*mask >> l & 1)
            walk_read(d, tile, l, entry, word, clock);
    }
}

/* Returns 0 if the segment leaves an accumulator open or splits a p-bit's noise over two updates.
 */
static int walk(struct decoder *d, uint8_t *live, int segment) {
    const struct glb_array *a = d->a;
    const struct glb_segment *seg = &d->m->seg[segment];
    for (int i = 0; i < a->tiles; i++)
        d->cptr[i] = seg->c_start % a->cdepth;
    for (int i = 0; i < a->tiles * a->lanes; i++)
        d->wp[i] = seg->wp_start & ((1 << a->gw) - 1);
    for (int c = 0; c < seg->s_len; c++) {
        const int pc = (seg->s_start + c) % a->sdepth;
        const uint32_t *sched = d->m->sched + (size_t)pc * a->tiles;
        const uint16_t *net = d->m->net + (size_t)pc * d->m->chunks;
        for (int t = 0; t < a->tiles; t++) {
            const int op = (int)(sched[t] & ((1u << a->ow) - 1));
            if (op == 0)
                continue;
            const int bank = glb_board_memory_source(d->m, net, t);
            walk_op(d, live, t, op, bank << a->aw | (int)(sched[bank] >> a->ow), c);
        }
    }
    for (int i = 0; i < a->tiles * a->lanes; i++)
        if (d->lane_stage[i] >= 0 || d->lane_unit[i] >= 0)
            return 0;
    for (int i = 0; i < d->nstages; i++)
        if (d->stages[i].draws % a->chains || d->stages[i].draws / a->chains > 255)
            return 0;
    return 1;
}

/* ---- the result ---- */

static uint32_t word_slot(int word) {
    return 2 * (uint32_t)word;
}

static uint32_t temp_slot(const struct glb_array *a, int temp) {
    return 2 * ((uint32_t)a->tiles << a->aw) + 2 * (uint32_t)temp;
}

static void emit_unit(struct decoder *d, int u, struct glb_emu_code *out) {
    for (int i = 0; i < d->ncopies; i++)
        if (d->copies[i].before_unit == u)
            out->stage[out->nstages++] =
                (struct glb_emu_stage){.copy = 1,
                                       .copy_from = word_slot(d->copies[i].word),
                                       .dst = temp_slot(d->a, d->copies[i].temp)};
    for (int i = d->units[u].first_stage; i >= 0; i = d->stages[i].next) {
        const struct dec_stage *s = &d->stages[i];
        out->stage[out->nstages++] =
            (struct glb_emu_stage){.first = s->first,
                                   .nreads = s->nreads,
                                   .dst = word_slot(d->writes[s->write].word),
                                   .noise = s->draws / d->a->chains,
                                   .keep = i != d->units[u].first_stage,
                                   .entry = s->entry,
                                   .tile = s->tile,
                                   .lane = s->lane};
    }
}

static void emit(struct decoder *d, struct glb_emu_code *out) {
    for (int i = 0; i < d->nreads; i++)
        d->stages[d->reads[i].stage].nreads++;
    for (int i = 0, first = 0; i < d->nstages; i++) {
        struct dec_stage *s = &d->stages[i];
        s->first = first;
        first += s->nreads;
        s->nreads = 0;
    }
    for (int i = 0; i < d->nreads; i++) {
        const struct dec_read *r = &d->reads[i];
        struct dec_stage *s = &d->stages[r->stage];
        out->read[s->first + s->nreads++] =
            (struct glb_emu_read){r->temp >= 0 ? temp_slot(d->a, r->temp) : word_slot(r->word),
                                  r->entry, r->tile, r->lane};
    }
    out->nreads = d->nreads;
    out->ntemp = d->ncopies;
    for (int i = 0; i < d->norder; i++)
        emit_unit(d, d->order[i], out);
}

/* The most that the segment can need, by its number of coupling entries. */
static int allocate(struct decoder *d, int segment) {
    const struct glb_array *a = d->a;
    const struct glb_segment *seg = &d->m->seg[segment];
    const int words = a->tiles << a->aw, lanes = a->tiles * a->lanes;
    size_t entries = 0;
    for (int c = 0; c < seg->s_len; c++)
        for (int t = 0; t < a->tiles; t++) {
            const size_t pc = (size_t)((seg->s_start + c) % a->sdepth);
            entries += (int)(d->m->sched[pc * a->tiles + t] & ((1u << a->ow) - 1)) == a->ctrl;
        }
    const size_t nreads = entries * a->lanes + 1, nstages = entries + lanes;
    d->reads = malloc(nreads * sizeof *d->reads);
    d->writes = malloc((entries + 1) * sizeof *d->writes);
    d->stages = malloc(nstages * sizeof *d->stages);
    d->units = malloc(nstages * sizeof *d->units);
    d->edges = malloc((2 * nreads + entries + nstages) * sizeof *d->edges);
    d->copies = malloc(nreads * sizeof *d->copies);
    d->order = malloc(nstages * sizeof *d->order);
    d->ready.key = malloc(nstages * sizeof *d->ready.key);
    d->edge_first = malloc(nstages * sizeof *d->edge_first);
    d->word_first = malloc((size_t)words * sizeof *d->word_first);
    d->word_last = malloc((size_t)words * sizeof *d->word_last);
    d->lane_stage = malloc((size_t)lanes * sizeof *d->lane_stage);
    d->lane_unit = malloc((size_t)lanes * sizeof *d->lane_unit);
    d->lane_before = malloc((size_t)lanes * sizeof *d->lane_before);
    d->lane_last = malloc((size_t)lanes * sizeof *d->lane_last);
    d->wp = malloc((size_t)lanes * sizeof *d->wp);
    d->cptr = malloc((size_t)a->tiles * sizeof *d->cptr);
    if (!d->reads || !d->writes || !d->stages || !d->units || !d->edges || !d->copies ||
        !d->order || !d->ready.key || !d->edge_first || !d->word_first || !d->word_last ||
        !d->lane_stage || !d->lane_unit || !d->lane_before || !d->lane_last || !d->wp || !d->cptr)
        return 0;
    for (int i = 0; i < words; i++)
        d->word_first[i] = d->word_last[i] = -1;
    for (int i = 0; i < lanes; i++)
        d->lane_stage[i] = d->lane_unit[i] = d->lane_before[i] = d->lane_last[i] = -1;
    for (size_t i = 0; i < nstages; i++)
        d->edge_first[i] = -1;
    return 1;
}

enum glb_status glb_emu_decode(const struct glb_board_memory *m, int segment, uint8_t *live,
                               struct glb_emu_code *out) {
    struct decoder d = {.m = m, .a = &m->a};
    int enough = allocate(&d, segment);
    memset(out, 0, sizeof *out);
    if (enough && walk(&d, live, segment) && order_updates(&d)) {
        out->stage = malloc((size_t)(d.nstages + d.ncopies + 1) * sizeof *out->stage);
        out->read = malloc((size_t)(d.nreads + 1) * sizeof *out->read);
        enough = out->stage && out->read;
        if (enough)
            emit(&d, out);
        out->ok = enough;
        out->hold = m->seg[segment].mode == GLB_SEGMENT_HOLDS;
    }
    void *all[] = {d.reads,     d.writes,     d.stages,    d.units,       d.edges,
                   d.copies,    d.order,      d.ready.key, d.edge_first,  d.word_first,
                   d.word_last, d.lane_stage, d.lane_unit, d.lane_before, d.lane_last,
                   d.wp,        d.cptr};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        free(all[i]);
    if (enough)
        return GLB_OK;
    glb_emu_code_free(out);
    return glb_fail(GLB_ERR_MEMORY, "emulator: no memory to decode segment %d", segment);
}

void glb_emu_code_free(struct glb_emu_code *c) {
    free(c->stage);
    free(c->read);
    memset(c, 0, sizeof *c);
}
