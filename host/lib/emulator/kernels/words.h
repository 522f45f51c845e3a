/* State words of 16 bits and more by their address, for the kernels. Types that may alias: a word
 * is written in one width and read in another. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_KERNELS_WORDS_H
#define GLB_EMULATOR_KERNELS_WORDS_H

#include <stdint.h>
#include "emulator/kernels/kernel.h"

typedef uint16_t __attribute__((may_alias)) word16;
typedef uint32_t __attribute__((may_alias)) word32;
typedef uint64_t __attribute__((may_alias)) word64;
typedef uint64_t __attribute__((may_alias, aligned(4))) four_slots; /* numbers, 16 bits each */

#define INLINE static inline __attribute__((always_inline))

/* Reads a slot; returns where the next one's numbers are. */
INLINE const uint32_t *gather_words(const uint8_t *page, const uint32_t *o, int parts, int wide,
                                    word64 *out) {
    const word16 *const w = (const word16 *)page;
    if (parts == 1 && !wide) {
        const word16 *const s = (const word16 *)o;
        for (int k = 0; k < GLB_SLOT_BYTES / 8; k++)
            out[k] = (uint64_t)w[s[4 * k]] | (uint64_t)w[s[4 * k + 1]] << 16 |
                     (uint64_t)w[s[4 * k + 2]] << 32 | (uint64_t)w[s[4 * k + 3]] << 48;
        return o + 16;
    }
    if (parts == 1)
        for (int k = 0; k < 32; k++)
            ((word16 *)out)[k] = w[o[k]];
    else if (parts == 2)
        for (int k = 0; k < GLB_SLOT_BYTES / 8; k++)
            out[k] = (uint64_t) * (const word32 *)(page + o[2 * k]) |
                     (uint64_t) * (const word32 *)(page + o[2 * k + 1]) << 32;
    else
        for (int k = 0; k < GLB_SLOT_BYTES / 8; k++)
            out[k] = ((const word64 *)(page + o[4 * k / parts]))[4 * k % parts / 4];
    return o + 32 / parts;
}

/* A group's results of one plane of signs: word[16], 1 where negative, to the state words and their
 * complements. */
INLINE void scatter_word(uint8_t *page, const uint32_t *to, int parts, int i, uint32_t negative) {
    const uint32_t word = ~negative;
    if (parts == 1) {
        word16 *const a = (word16 *)(page + to[2 * i]), *const b = (word16 *)(page + to[2 * i + 1]);
        a[0] = (uint16_t)word;
        a[1] = (uint16_t)negative;
        b[0] = (uint16_t)(word >> 16);
        b[1] = (uint16_t)(negative >> 16);
    } else {
        word32 *const a = (word32 *)(page + to[2 * i / parts]) + 2 * i % parts / 2;
        a[0] = word;
        a[parts / 2] = negative;
    }
}

#endif
