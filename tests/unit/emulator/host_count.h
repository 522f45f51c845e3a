/* Counts on the host what segments that count would add, from samples of all states: by the page's
 * words (docs/design/array.md, section 3a), without the reference. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef HOST_COUNT_H
#define HOST_COUNT_H

#include <stdint.h>

#include "emulator/board_memory.h"

enum { HOST_OWN_WORD = 1, HOST_OWN_ONES, HOST_COUNT, HOST_ENTRIES = 1024 };

struct host_count {
    const struct glb_board_memory *m;
    int seg[4], nseg; /* the segments that count, in their order; the first takes own words first */
    int subtract;
    uint32_t sum[GLB_MAX_TILES][HOST_ENTRIES]; /* by entry, modulo 2^32 */
};

/* The bank whose word reaches a tile: back from the last stage, where bit s of the wire changes at
 * a crossed switch. */
static inline int host_bank(const struct glb_array *a, const uint16_t *net, int tile) {
    for (int s = a->ns - 1; s >= 0; s--) {
        const int k = (tile >> (s + 1)) << s | (tile & ((1 << s) - 1)), bit = s * a->tiles / 2 + k;
        tile ^= (net[bit / 16] >> bit % 16 & 1) << s;
    }
    return tile;
}

static inline void host_count_clock(struct host_count *h, int tile, int clock, uint32_t word,
                                    uint32_t *own, int *entry) {
    const struct glb_array *a = &h->m->a;
    const uint32_t op = h->m->sched[clock * a->tiles + tile] & ((1u << a->ow) - 1);
    if (op == HOST_COUNT) {
        int agree = 0;
        for (int r = 0; r < a->chains; r++)
            agree += (word >> r & 1) == (*own >> r & 1);
        h->sum[tile][(*entry)++] += (uint32_t)(h->subtract ? -agree - 1 : agree);
    }
    *own = op == HOST_OWN_WORD ? word : op == HOST_OWN_ONES ? UINT32_MAX : *own;
}

/* A sample of all states: words[tile << aw | address]. */
static inline void host_count_add(struct host_count *h, const uint64_t *words) {
    const struct glb_array *a = &h->m->a;
    for (int t = 0; t < a->tiles; t++) {
        uint32_t own = 0;
        for (int i = 0; i < h->nseg; i++) {
            const struct glb_segment *s = &h->m->seg[h->seg[i]];
            int entry = s->c_start;
            for (int c = s->s_start; c < s->s_start + s->s_len; c++) {
                const int bank = host_bank(a, h->m->net + c * h->m->chunks, t),
                          addr = (int)(h->m->sched[c * a->tiles + bank] >> a->ow);
                host_count_clock(h, t, c, (uint32_t)words[bank << a->aw | addr], &own, &entry);
            }
        }
    }
}

/* As glb_sample_fn, with a struct host_count. */
static inline int host_count_sample(void *user, uint32_t sample, uint32_t sweep,
                                    const uint64_t *words, size_t stride) {
    (void)sample, (void)sweep, (void)stride;
    host_count_add(user, words);
    return 0;
}

#endif
