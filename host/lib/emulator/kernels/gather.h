/* State words of a group's updates put together to a slot, with AVX2.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_KERNELS_GATHER_H
#define GLB_EMULATOR_KERNELS_GATHER_H

#include <immintrin.h>

#include "emulator/kernels/words.h"

/* Eight words by their slots' numbers. */
INLINE __m128i gather8(const uint8_t *page, const uint32_t *slots) {
    const four_slots *const s = (const four_slots *)slots;
    const word16 *const w = (const word16 *)page;
    const uint64_t a = s[0], b = s[1];
    __m128i x = _mm_cvtsi32_si128(w[a & 0xffff]), y = _mm_cvtsi32_si128(w[b & 0xffff]);
    x = _mm_insert_epi16(x, w[a >> 16 & 0xffff], 1);
    x = _mm_insert_epi16(x, w[a >> 32 & 0xffff], 2);
    x = _mm_insert_epi16(x, w[a >> 48], 3);
    y = _mm_insert_epi16(y, w[b >> 16 & 0xffff], 1);
    y = _mm_insert_epi16(y, w[b >> 32 & 0xffff], 2);
    y = _mm_insert_epi16(y, w[b >> 48], 3);
    return _mm_unpacklo_epi64(x, y);
}

INLINE __m128i gather8_wide(const uint8_t *page, const uint32_t *s) {
    const word16 *const w = (const word16 *)page;
    __m128i x = _mm_cvtsi32_si128(w[s[0]]), y = _mm_cvtsi32_si128(w[s[4]]);
    x = _mm_insert_epi16(x, w[s[1]], 1);
    x = _mm_insert_epi16(x, w[s[2]], 2);
    x = _mm_insert_epi16(x, w[s[3]], 3);
    y = _mm_insert_epi16(y, w[s[5]], 1);
    y = _mm_insert_epi16(y, w[s[6]], 2);
    y = _mm_insert_epi16(y, w[s[7]], 3);
    return _mm_unpacklo_epi64(x, y);
}

/* Reads a slot; returns where the next one's numbers are. */
INLINE const uint32_t *gather(const uint8_t *page, const uint32_t *o, int parts, int wide,
                              uint8_t *out) {
    __m128i *const to = (__m128i *)out;
    if (parts == 1 && wide) {
#pragma GCC unroll 4
        for (int k = 0; k < 4; k++)
            _mm_store_si128(to + k, gather8_wide(page, o + 8 * k));
    } else if (parts == 1) {
#pragma GCC unroll 4
        for (int k = 0; k < 4; k++)
            _mm_store_si128(to + k, gather8(page, o + 4 * k));
        return o + 16;
    } else if (parts == 2) {
#pragma GCC unroll 4
        for (int k = 0; k < 4; k++, o += 4) {
            __m128i x = _mm_cvtsi32_si128(*(const word32 *)(page + o[0]));
            x = _mm_insert_epi32(x, *(const word32 *)(page + o[1]), 1);
            x = _mm_insert_epi32(x, *(const word32 *)(page + o[2]), 2);
            _mm_store_si128(to + k, _mm_insert_epi32(x, *(const word32 *)(page + o[3]), 3));
        }
        return o;
    } else if (parts == 4) {
#pragma GCC unroll 8
        for (int k = 0; k < 8; k++)
            ((word64 *)out)[k] = *(const word64 *)(page + o[k]);
    } else if (parts == 8) {
#pragma GCC unroll 4
        for (int k = 0; k < 4; k++)
            _mm_store_si128(to + k, _mm_load_si128((const __m128i *)(page + o[k])));
    } else {
        for (int k = 0; k < 2; k++)
            _mm256_store_si256((__m256i *)out + k,
                               _mm256_load_si256((const __m256i *)(page + o[k])));
    }
    return o + 32 / parts;
}

#endif
