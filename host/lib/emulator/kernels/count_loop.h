/* One pass over a counting segment, included by every kernel's counter.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Before, they define
 *   count_slot(own, x, chains, sum, n, keep, flip)
 *       sum = (sum & keep) + (agreeing chains of the slots ^ flip) for n sums of 16 bits, board by
 *       board: those of the first n * CHAINS bits
 * and GLB_COUNTER, the function's name. */
#ifndef GLB_COUNTER
#error "define GLB_COUNTER first"
#endif

#include <string.h>

static inline __attribute__((always_inline)) void count_runs(const struct glb_emu_counts *c,
                                                             const uint8_t *packed, uint16_t *sums,
                                                             int parts, uint16_t keep,
                                                             uint16_t flip) {
    const int words = GLB_SLOT_PARTS / parts, boards = parts * 16 / c->chains;
    const size_t bytes = 2 * (size_t)parts;
    const uint32_t *arriving = c->arriving;
    _Alignas(64) uint8_t own[GLB_SLOT_BYTES], x[GLB_SLOT_BYTES] = {0};
    for (const struct glb_emu_count_run *r = c->run, *end = r + c->nruns; r < end; r++) {
        uint16_t *sum = sums + (size_t)r->first * (size_t)boards;
        for (int i = 0; i < words; i++)
            memcpy(own + bytes * (size_t)i, packed + r->own, bytes);
        for (int left = (int)r->n, n; left > 0; left -= n, sum += n * boards) {
            n = left < words ? left : words;
            if (parts == GLB_SLOT_PARTS) {
                count_slot(own, packed + *arriving++, c->chains, sum, boards, keep, flip);
                continue;
            }
            for (int i = 0; i < n; i++)
                memcpy(x + bytes * (size_t)i, packed + *arriving++, bytes);
            count_slot(own, x, c->chains, sum, n * boards, keep, flip);
        }
    }
}

void GLB_COUNTER(const struct glb_emu_counts *c, const uint8_t *page, uint8_t *packed,
                 uint16_t *sums, int subtract, int replace) {
    const uint16_t keep = replace ? 0 : 0xffff, flip = subtract ? 0xffff : 0;
    const size_t bytes = 2 * (size_t)c->parts;
    uint8_t *const word = packed + (size_t)(c->tiles + 1) * bytes;
    for (uint32_t i = 0; i < c->nwords; i++)
        memcpy(word + (size_t)i * bytes, page + c->word[i], bytes);
    switch (c->parts) { /* a loop for each, with constants */
    case 1:
        count_runs(c, packed, sums, 1, keep, flip);
        break;
    case 2:
        count_runs(c, packed, sums, 2, keep, flip);
        break;
    case 4:
        count_runs(c, packed, sums, 4, keep, flip);
        break;
    case 8:
        count_runs(c, packed, sums, 8, keep, flip);
        break;
    case 16:
        count_runs(c, packed, sums, 16, keep, flip);
        break;
    default:
        count_runs(c, packed, sums, 32, keep, flip);
    }
    for (uint32_t i = 0; i < c->nowns; i++)
        memcpy(packed + c->own[i].to, packed + c->own[i].from, bytes);
}
