/* Bit-sliced counters. SPDX-License-Identifier: Apache-2.0 */
#include "learn/labels/bit_counter.h"

#include <stdlib.h>
#include <string.h>

static size_t size(const struct glb_bit_counter *counter) {
    return (size_t)counter->pbits * GLB_COUNTER_PLANES * (size_t)counter->words;
}

enum glb_status glb_bit_counter_init(struct glb_bit_counter *counter, int pbits, int words) {
    *counter = (struct glb_bit_counter){.pbits = pbits, .words = words};
    counter->plane = calloc(size(counter), sizeof *counter->plane);
    return counter->plane ? GLB_OK
                          : glb_fail(GLB_ERR_MEMORY, "no memory to count %d p-bits in %d chains",
                                     pbits, 64 * words);
}

void glb_bit_counter_free(struct glb_bit_counter *counter) {
    free(counter->plane);
    memset(counter, 0, sizeof *counter);
}

void glb_bit_counter_clear(struct glb_bit_counter *counter) {
    memset(counter->plane, 0, size(counter) * sizeof *counter->plane);
    counter->samples = 0;
}

void glb_bit_counter_add(struct glb_bit_counter *counter, const uint64_t *planes) {
    for (int i = 0; i < counter->pbits; i++) {
        uint64_t *const count = counter->plane + (size_t)i * GLB_COUNTER_PLANES * counter->words;
        for (int w = 0; w < counter->words; w++) {
            uint64_t carry = planes[(size_t)i * counter->words + w];
            for (int b = 0; carry && b < GLB_COUNTER_PLANES; b++) {
                uint64_t *const p = count + (size_t)b * counter->words + w;
                const uint64_t both = *p & carry;
                *p ^= carry;
                carry = both;
            }
        }
    }
    counter->samples++;
}

void glb_bit_counter_get(const struct glb_bit_counter *counter, int pbit, uint16_t *out) {
    const uint64_t *count = counter->plane + (size_t)pbit * GLB_COUNTER_PLANES * counter->words;
    int planes = 0;
    while (counter->samples >> planes)
        planes++;
    memset(out, 0, sizeof *out * 64 * (size_t)counter->words);
    for (int b = 0; b < planes; b++)
        for (int c = 0; c < 64 * counter->words; c++)
            out[c] |=
                (uint16_t)((count[(size_t)b * counter->words + (c >> 6)] >> (c & 63) & 1) << b);
}
