/* Bit-sliced counters. SPDX-License-Identifier: Apache-2.0 */
#include "learn/bit_counter.h"

#include <stdlib.h>
#include <string.h>

static size_t size(const struct glb_bit_counter *t) {
    return (size_t)t->pbits * GLB_TALLY_PLANES * (size_t)t->words;
}

enum glb_status glb_bit_counter_init(struct glb_bit_counter *t, int pbits, int words) {
    *t = (struct glb_bit_counter){.pbits = pbits, .words = words};
    t->plane = calloc(size(t), sizeof *t->plane);
    return t->plane ? GLB_OK
                    : glb_fail(GLB_ERR_MEMORY, "no memory to count %d p-bits in %d chains", pbits,
                               64 * words);
}

void glb_bit_counter_free(struct glb_bit_counter *t) {
    free(t->plane);
    memset(t, 0, sizeof *t);
}

void glb_bit_counter_clear(struct glb_bit_counter *t) {
    memset(t->plane, 0, size(t) * sizeof *t->plane);
    t->samples = 0;
}

void glb_bit_counter_add(struct glb_bit_counter *t, const uint64_t *planes) {
    for (int i = 0; i < t->pbits; i++) {
        uint64_t *const count = t->plane + (size_t)i * GLB_TALLY_PLANES * t->words;
        for (int w = 0; w < t->words; w++) {
            uint64_t carry = planes[(size_t)i * t->words + w];
            for (int b = 0; carry && b < GLB_TALLY_PLANES; b++) {
                uint64_t *const p = count + (size_t)b * t->words + w;
                const uint64_t both = *p & carry;
                *p ^= carry;
                carry = both;
            }
        }
    }
    t->samples++;
}

void glb_bit_counter_get(const struct glb_bit_counter *t, int pbit, uint16_t *out) {
    const uint64_t *count = t->plane + (size_t)pbit * GLB_TALLY_PLANES * t->words;
    int planes = 0;
    while (t->samples >> planes)
        planes++;
    memset(out, 0, sizeof *out * 64 * (size_t)t->words);
    for (int b = 0; b < planes; b++)
        for (int c = 0; c < 64 * t->words; c++)
            out[c] |= (uint16_t)((count[(size_t)b * t->words + (c >> 6)] >> (c & 63) & 1) << b);
}
