/* Decoder of counting segments: every count with the words that it compares, tile by tile in the
 * order of the sums. A segment that counts changes no state, so the counts need no further order.
 * SPDX-License-Identifier: Apache-2.0 */
#include "emulator/count.h"

#include <stdlib.h>
#include <string.h>

enum { OWN_WORD = 1, OWN_ONES, COUNT }; /* ops */

struct counter {
    const struct glb_board_memory *m;
    const struct glb_segment *seg;
    struct glb_emu_counts *out;
    uint32_t bytes;                  /* of a packed word */
    int32_t *packed;                 /* [state words] number of its packed word, -1: none */
    uint32_t *own;                   /* [counts] packed words, beside out->arriving */
    uint32_t own_now[GLB_MAX_TILES]; /* packed words */
    uint32_t first[GLB_MAX_TILES];   /* counts of the tiles before */
    uint16_t taken[GLB_MAX_TILES];
};

static const uint32_t *clock_ops(const struct glb_board_memory *m, const struct glb_segment *seg,
                                 int clock) {
    return m->sched + (size_t)((seg->s_start + clock) % m->a.sdepth) * (size_t)m->a.tiles;
}

static int op_of(const struct glb_array *a, uint32_t sched) {
    return (int)(sched & ((1u << a->ow) - 1));
}

void glb_emu_entries_taken(const struct glb_board_memory *m, int segment, uint16_t *taken) {
    const struct glb_segment *seg = &m->seg[segment];
    const int op = seg->mode == GLB_SEGMENT_COUNTS ? COUNT : m->a.ctrl;
    memset(taken, 0, (size_t)m->a.tiles * sizeof *taken);
    for (int c = 0; c < seg->s_len && seg->mode != GLB_SEGMENT_DUMPS; c++) {
        const uint32_t *sched = clock_ops(m, seg, c);
        for (int t = 0; t < m->a.tiles; t++)
            taken[t] = (uint16_t)(taken[t] + (op_of(&m->a, sched[t]) == op));
    }
}

/* The packed word of the state word that reaches a tile. */
static uint32_t packed_word(struct counter *k, int clock, int tile) {
    const struct glb_array *a = &k->m->a;
    const size_t pc = (size_t)((k->seg->s_start + clock) % a->sdepth);
    const int bank = glb_board_memory_source(k->m, k->m->net + pc * (size_t)k->m->chunks, tile);
    const int word = bank << a->aw | (int)(clock_ops(k->m, k->seg, clock)[bank] >> a->ow);
    struct glb_emu_counts *out = k->out;
    if (k->packed[word] < 0) {
        k->packed[word] = a->tiles + 1 + (int)out->nwords;
        out->word[out->nwords++] = (uint32_t)word;
    }
    return (uint32_t)k->packed[word] * k->bytes;
}

static void walk(struct counter *k) {
    const struct glb_array *a = &k->m->a;
    uint32_t next[GLB_MAX_TILES];
    for (int t = 0; t < a->tiles; t++) {
        k->own_now[t] = (uint32_t)t * k->bytes;
        next[t] = k->first[t];
    }
    for (int c = 0; c < k->seg->s_len; c++)
        for (int t = 0; t < a->tiles; t++)
            switch (op_of(a, clock_ops(k->m, k->seg, c)[t])) {
            case OWN_WORD:
                k->own_now[t] = packed_word(k, c, t);
                break;
            case OWN_ONES:
                k->own_now[t] = (uint32_t)a->tiles * k->bytes;
                break;
            case COUNT:
                k->own[next[t]] = k->own_now[t];
                k->out->arriving[next[t]++] = packed_word(k, c, t);
                break;
            default:
                break;
            }
}

/* A tile's runs; entries go round at the end of the memory. */
static void tile_runs(struct counter *k, int tile) {
    const struct glb_array *a = &k->m->a;
    struct glb_emu_counts *out = k->out;
    for (int i = 0; i < k->taken[tile]; i++) {
        const uint32_t at = k->first[tile] + (uint32_t)i;
        const int entry = (k->seg->c_start + i) % a->cdepth;
        if (i == 0 || entry == 0 || k->own[at] != k->own[at - 1])
            out->run[out->nruns++] =
                (struct glb_emu_count_run){k->own[at], (uint32_t)(tile * a->cdepth + entry), 0};
        out->run[out->nruns - 1].n++;
    }
    const uint32_t kept = (uint32_t)tile * k->bytes;
    if (k->own_now[tile] != kept)
        out->own[out->nowns++] = (struct glb_emu_own){kept, k->own_now[tile]};
}

enum glb_status glb_emu_counts_decode(const struct glb_board_memory *m, int segment, int parts,
                                      struct glb_emu_counts *out) {
    const size_t words = (size_t)m->a.tiles << m->a.aw;
    struct counter k = {.m = m, .seg = &m->seg[segment], .out = out, .bytes = 2 * (uint32_t)parts};
    uint32_t counts = 0;
    glb_emu_entries_taken(m, segment, k.taken);
    for (int t = 0; t < m->a.tiles; counts += k.taken[t++])
        k.first[t] = counts;
    *out = (struct glb_emu_counts){.chains = m->a.chains, .tiles = m->a.tiles, .parts = parts};
    k.packed = malloc(words * sizeof *k.packed);
    k.own = malloc((counts + 1) * sizeof *k.own);
    out->word = malloc(words * sizeof *out->word);
    out->run = malloc((counts + 1) * sizeof *out->run);
    out->arriving = malloc((counts + 1) * sizeof *out->arriving);
    out->own = malloc((size_t)m->a.tiles * sizeof *out->own);
    const int enough = k.packed && k.own && out->word && out->run && out->arriving && out->own;
    if (enough) {
        memset(k.packed, 0xff, words * sizeof *k.packed);
        walk(&k);
        for (int t = 0; t < m->a.tiles; t++)
            tile_runs(&k, t);
    }
    free(k.packed);
    free(k.own);
    if (enough)
        return GLB_OK;
    glb_emu_counts_free(out);
    return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for the %u counts of segment %d", counts,
                    segment);
}

void glb_emu_counts_free(struct glb_emu_counts *c) {
    free(c->word);
    free(c->run);
    free(c->arriving);
    free(c->own);
    memset(c, 0, sizeof *c);
}
