/* State words of 16 bits and more by their address, for the kernels. Types that may alias: a word
 * is written in one width and read in another. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_KERNELS_WORDS_H
#define GLB_EMULATOR_KERNELS_WORDS_H

#include <stdint.h>

typedef uint16_t __attribute__((may_alias)) word16;
typedef uint32_t __attribute__((may_alias)) word32;
typedef uint64_t __attribute__((may_alias)) word64;
typedef uint64_t __attribute__((may_alias, aligned(4))) four_slots; /* numbers, 16 bits each */

#define INLINE static inline __attribute__((always_inline))

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
