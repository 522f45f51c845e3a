/* The rare part of a noise word, shared by all kernels: the tail counter, found from the LFSR's
 * history instead of being carried along; and the LFSR's step of 64 bits, forth and back.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_KERNELS_NOISE_TAIL_H
#define GLB_EMULATOR_KERNELS_NOISE_TAIL_H

#include <stdint.h>
#include "array/noise.h"

/* Four noise words at once: the 64 bits that follow s. */
static inline uint64_t step64(uint64_t s) {
    const uint64_t y = s ^ s >> 9 ^ s >> 19 ^ s >> 31;
    return y ^ y << 55 ^ y << 45 ^ y << 33;
}

/* The 64 bits before s: with D a shift by one, (1 + q) is undone by (1 + q)(1 + q^2)(1 + q^4),
 * q = D^9 + D^19 + D^31, since q^8 shifts everything out. */
static inline uint64_t back64(uint64_t s) {
    uint64_t p = s ^ s << 55 ^ s << 45 ^ s << 33;
    p ^= p >> 9 ^ p >> 19 ^ p >> 31;
    p ^= p >> 18 ^ p >> 38 ^ p >> 62;
    return p ^ p >> 36;
}

/* Words with bit 0 clear right before word j of the four in y; s holds the four before, of which,
 * and of earlier ones, `drawn` belong to this job. */
static inline int tail_count(uint64_t s, uint64_t y, int j, int drawn) {
    int c = 0;
    while (--j >= 0) {
        if (y >> (16 * j) & 1)
            return c;
        c++;
    }
    for (; drawn > 0; drawn -= 4, s = back64(s))
        for (j = 3; j >= 0; j--) {
            if (s >> (16 * j) & 1)
                return c;
            if (++c >= 31)
                return 31;
        }
    return c;
}

/* n of word j of y. */
static inline int word_noise(uint64_t s, uint64_t y, int j, int drawn, const int16_t table[1024]) {
    const int r = (int)(y >> (16 * j) & 0xffff), v = r & 0x7fff;
    return glb_noise_value(r, table[GLB_NOISE_INDEX(v, tail_count(s, y, j, drawn))]);
}

#endif
