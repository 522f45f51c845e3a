/* The boards' sums: kept beside the images that all boards share, counted by the kernels, dumped
 * into state words. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "emulator/emulator_state.h"

static int counts(const struct glb_emu *e, int segment) {
    return e->m.seg[segment].mode == GLB_SEGMENT_COUNTS;
}

/* Sums of one entry in a block: 16-bit numbers, see count.h. */
static uint16_t *sums_of(const struct glb_emu *e, const struct glb_block *b, size_t at) {
    return b->sums + at * (size_t)e->per_block;
}

/* ---- entries that hold sums ---- */

void glb_emu_sums_overwritten(struct glb_emu *e, int tile, int first, int n) {
    if (e->summed)
        memset(e->summed + (size_t)tile * e->m.a.cdepth + first, 0, (size_t)n);
}

/* All of them zero and untouched, so that only sums that are counted take memory. */
static enum glb_status make_sums(struct glb_emu *e) {
    const size_t entries = (size_t)e->m.a.tiles * e->m.a.cdepth;
    const size_t tiles = (size_t)e->m.a.tiles, bytes = glb_emu_word_bytes(e);
    const size_t packed = (tiles + 1 + glb_emu_page_words(e)) * bytes;
    const size_t sums = entries * (size_t)e->per_block * sizeof(uint16_t);
    for (int i = 0; i < e->nblocks; i++) {
        struct glb_block *b = &e->block[i];
        if (b->count_memory)
            continue;
        b->count_memory = calloc(1, packed + sums + 64);
        if (!b->count_memory)
            return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for the sums of %d boards",
                            e->boards);
        b->packed = (uint8_t *)(((uintptr_t)b->count_memory + 63) & ~(uintptr_t)63);
        b->sums = (uint16_t *)(b->packed + packed);
        memset(b->packed + tiles * bytes, 0xff, bytes);
    }
    if (!e->summed && !(e->summed = calloc(entries, 1)))
        return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for the places of sums");
    return GLB_OK;
}

/* An entry that is counted for the first time starts from its word in the image. */
static void start_sum(struct glb_emu *e, size_t at) {
    const uint16_t word = (uint16_t)e->m.coupling[at];
    e->summed[at] = 1;
    for (int i = 0; i < e->nblocks; i++)
        for (int k = 0; k < e->per_block; k++)
            sums_of(e, &e->block[i], at)[k] = word;
}

/* Do n entries from a on and m from b on meet? They go round at the end of the memory. */
static int meet(int depth, int a, int n, int b, int m) {
    return n > 0 && m > 0 && ((b - a + depth) % depth < n || (a - b + depth) % depth < m);
}

static int holds_sum(const struct glb_emu *e, int tile, int from, int n) {
    const int depth = e->m.a.cdepth, straight = n < depth - from ? n : depth - from;
    const uint8_t *summed = e->summed + (size_t)tile * (size_t)depth;
    const int rest = n - straight < depth ? n - straight : depth;
    return memchr(summed + from, 1, (size_t)straight) || memchr(summed, 1, (size_t)rest);
}

/* Boards with different couplings are beyond the kernels, which share them. */
static enum glb_status check_couplings(const struct glb_emu *e, int segment) {
    const struct glb_job *j = e->job;
    const int depth = e->m.a.cdepth, from = e->m.seg[segment].c_start % depth;
    for (int t = 0; t < e->m.a.tiles; t++) {
        const int n = e->taken[segment][t];
        int sums = e->summed && holds_sum(e, t, from, n);
        for (int i = 0; i < j->nseg && !sums; i++)
            sums = counts(e, j->seg[i]) && meet(depth, from, n, e->m.seg[j->seg[i]].c_start % depth,
                                                e->taken[j->seg[i]][t]);
        if (sums)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "emulator: segment %d takes coupling entries of tile %d that hold "
                            "sums; load the program again, or count on other entries",
                            segment, t);
    }
    return GLB_OK;
}

enum glb_status glb_emu_sums_begin(struct glb_emu *e) {
    const struct glb_job *j = e->job;
    const size_t depth = (size_t)e->m.a.cdepth;
    enum glb_status s = GLB_OK;
    int counting = 0, dumping = 0;
    for (int i = 0; i < j->nseg; i++) {
        counting |= counts(e, j->seg[i]);
        dumping |= e->m.seg[j->seg[i]].mode == GLB_SEGMENT_DUMPS;
    }
    for (int i = 0; i < j->nseg && (counting || e->summed) && s == GLB_OK; i++)
        if (e->m.seg[j->seg[i]].mode < GLB_SEGMENT_COUNTS)
            s = check_couplings(e, j->seg[i]);
    if (s != GLB_OK || !(counting || dumping) || (s = make_sums(e)) != GLB_OK)
        return s;
    for (int i = 0; i < j->nseg; i++)
        for (int t = 0; counts(e, j->seg[i]) && t < e->m.a.tiles; t++)
            for (size_t k = 0; k < e->taken[j->seg[i]][t]; k++) {
                const size_t entry = ((size_t)e->m.seg[j->seg[i]].c_start + k) % depth;
                if (!e->summed[(size_t)t * depth + entry])
                    start_sum(e, (size_t)t * depth + entry);
            }
    for (int i = 0; i < e->nblocks; i++) /* own words */
        memset(e->block[i].packed, 0, (size_t)e->m.a.tiles * glb_emu_word_bytes(e));
    return GLB_OK;
}

/* ---- segments ---- */

/* CHAINS bits of every board's sum, a board after the other: a state word as the API has it. */
static void sum_bits(const struct glb_emu *e, const struct glb_block *b, size_t at, int part,
                     uint16_t *word) {
    const int chains = e->m.a.chains, shift = part * chains % 16, boards = 16 / chains;
    const unsigned mask = (1u << chains) - 1;
    const uint16_t image = (uint16_t)e->m.coupling[at], *const sum = sums_of(e, b, at);
    for (int i = 0; i < e->per_block; i++) {
        const unsigned x = e->summed[at] ? sum[i] : image;
        const unsigned bits = (x >> shift & mask) << (i % boards * chains);
        word[i / boards] = (uint16_t)(i % boards ? word[i / boards] | bits : bits);
    }
}

static void dump(struct glb_emu *e, struct glb_block *b, const struct glb_segment *seg) {
    const struct glb_array *a = &e->m.a;
    for (int t = 0; t < a->tiles; t++)
        for (int c = 0; c < seg->s_len; c++) {
            uint16_t word[GLB_SLOT_PARTS];
            const size_t entry = (size_t)((seg->c_start + c) % a->cdepth);
            sum_bits(e, b, (size_t)t * a->cdepth + entry, seg->part, word);
            glb_emu_put_word(e, b, e->job->page, t, (seg->wp_start + c) & ((1 << a->gw) - 1), word);
        }
}

void glb_emu_count_segment(struct glb_emu *e, struct glb_block *b, int segment, unsigned flags) {
    if (counts(e, segment))
        e->count(&e->counts[segment], b->page + (size_t)e->job->page * e->page_bytes, b->packed,
                 b->sums, (flags & GLB_RUN_SUBTRACT) != 0, (flags & GLB_RUN_REPLACE) != 0);
    else
        dump(e, b, &e->m.seg[segment]);
}
