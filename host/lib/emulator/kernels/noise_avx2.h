/* Noise rows with AVX2: table entries are gathered. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_KERNELS_NOISE_AVX2_H
#define GLB_EMULATOR_KERNELS_NOISE_AVX2_H

#include <immintrin.h>
#include <string.h>

#include "emulator/kernels/kernel.h"
#include "emulator/kernels/noise_tail.h"
#include "emulator/kernels/words.h"

enum { ROWS = 8 };

INLINE __m256i load(const void *p) {
    return _mm256_load_si256((const __m256i *)p);
}
INLINE void store(void *p, __m256i x) {
    _mm256_store_si256((__m256i *)p, x);
}
INLINE __m256i xor3(__m256i a, __m256i b, __m256i c) {
    return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
}

struct lookup {
    const int16_t *table;
};

static void prepare(const int16_t table[1024], struct lookup *t) {
    t->table = table;
}

INLINE __m256i step(__m256i s) {
    const __m256i a = _mm256_xor_si256(xor3(s, _mm256_srli_epi64(s, 9), _mm256_srli_epi64(s, 19)),
                                       _mm256_srli_epi64(s, 31));
    return _mm256_xor_si256(xor3(a, _mm256_slli_epi64(a, 55), _mm256_slli_epi64(a, 45)),
                            _mm256_slli_epi64(a, 33));
}

static __attribute__((noinline)) void noise_tail(__m256i s, __m256i y, uint32_t bytes,
                                                 const uint8_t *drawn, int more,
                                                 const int16_t table[1024], __m256i *n) {
    _Alignas(32) uint64_t before[4], word[4];
    _Alignas(32) int16_t out[16];
    store(before, s);
    store(word, y);
    store(out, *n);
    for (bytes &= 0x55555555; bytes; bytes &= bytes - 1) {
        const int i = __builtin_ctz(bytes) / 2;
        out[i] = (int16_t)word_noise(before[i / 4], word[i / 4], i % 4, drawn[i / 4] + more, table);
    }
    *n = load(out);
}

/* Table indices of 16 words that do not lie in the tail. */
INLINE __m256i indices(__m256i y) {
    const __m256i v = _mm256_and_si256(y, _mm256_set1_epi16(0x7fff));
    const __m256i i0 = _mm256_srli_epi16(v, 6);
    const __m256i i1 = _mm256_add_epi16(_mm256_srli_epi16(v, 4), _mm256_set1_epi16(512));
    const __m256i i2 = _mm256_add_epi16(v, _mm256_set1_epi16(640));
    return _mm256_blendv_epi8(
        i0, _mm256_blendv_epi8(i1, i2, _mm256_cmpgt_epi16(_mm256_set1_epi16(0x80), v)),
        _mm256_cmpgt_epi16(_mm256_set1_epi16(0x800), v));
}

INLINE __m256i noise16(const int16_t *table, __m256i y) {
    /* of the index of a tail's word only the low ten bits count */
    const __m256i i = _mm256_and_si256(indices(y), _mm256_set1_epi16(1023));
    const __m256i even = _mm256_i32gather_epi32((const int *)table,
                                                _mm256_and_si256(i, _mm256_set1_epi32(0xffff)), 2);
    const __m256i odd = _mm256_i32gather_epi32((const int *)table, _mm256_srli_epi32(i, 16), 2);
    const __m256i z = _mm256_blend_epi16(even, _mm256_slli_epi32(odd, 16), 0xaa);
    /* Both 32 more than Z + V[4:0], so that the sum is positive as an unsigned number. */
    const __m256i low =
        _mm256_add_epi16(_mm256_and_si256(y, _mm256_set1_epi16(31)), _mm256_set1_epi16(32));
    const __m256i sum = _mm256_srli_epi16(_mm256_add_epi16(z, low), 5);
    return _mm256_xor_si256(_mm256_sub_epi16(sum, _mm256_set1_epi16(1)), _mm256_srai_epi16(y, 15));
}

/* chains / 4 steps of four generators: y[0] before, y[1] .. afterwards. */
INLINE void step_half(int chains, uint64_t *lfsr, int active, __m256i *y) {
    const __m256i bits = _mm256_setr_epi64x(1, 2, 4, 8);
    const __m256i steps =
        _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x(active), bits), bits);
    y[0] = load(lfsr);
#pragma GCC unroll 4
    for (int q = 0; q < chains / 4; q++)
        y[q + 1] = step(y[q]);
    store(lfsr, _mm256_blendv_epi8(y[0], y[chains / 4], steps));
}

INLINE void store_half(int chains, const uint32_t *to, uint8_t *noise, const __m256i *n) {
    const __m256i a = _mm256_unpacklo_epi64(n[0], n[chains > 4]); /* generators 0, 2 */
    const __m256i b = _mm256_unpackhi_epi64(n[0], n[chains > 4]); /* 1, 3 */
    if (chains == 16) {
        const __m256i c = _mm256_unpacklo_epi64(n[2], n[3]), d = _mm256_unpackhi_epi64(n[2], n[3]);
        store(noise + to[0], _mm256_permute2x128_si256(a, c, 0x20));
        store(noise + to[1], _mm256_permute2x128_si256(b, d, 0x20));
        store(noise + to[2], _mm256_permute2x128_si256(a, c, 0x31));
        store(noise + to[3], _mm256_permute2x128_si256(b, d, 0x31));
    } else if (chains == 8) {
        _mm_store_si128((__m128i *)(noise + to[0]), _mm256_castsi256_si128(a));
        _mm_store_si128((__m128i *)(noise + to[1]), _mm256_castsi256_si128(b));
        _mm_store_si128((__m128i *)(noise + to[2]), _mm256_extracti128_si256(a, 1));
        _mm_store_si128((__m128i *)(noise + to[3]), _mm256_extracti128_si256(b, 1));
    } else {
        _mm_storel_epi64((__m128i *)(noise + to[0]), _mm256_castsi256_si128(a));
        _mm_storel_epi64((__m128i *)(noise + to[1]), _mm256_castsi256_si128(b));
        _mm_storel_epi64((__m128i *)(noise + to[2]), _mm256_extracti128_si256(a, 1));
        _mm_storel_epi64((__m128i *)(noise + to[3]), _mm256_extracti128_si256(b, 1));
    }
}

INLINE void make_row(int chains, const struct glb_emu_row *z, const struct glb_emu_machine *m,
                     const struct lookup *t) {
    uint8_t *const drawn = m->drawn + 8 * (size_t)z->octet;
    uint8_t before[8];
    memcpy(before, drawn, 8);
#pragma GCC unroll 8
    for (int j = 0; j < 8; j++)
        if (z->active >> j & 1 && drawn[j] < 64)
            drawn[j] = (uint8_t)(drawn[j] + chains);
    for (int h = 0; h < 8; h += 4) {
        __m256i y[5], n[4];
        step_half(chains, m->lfsr + 8 * (size_t)z->octet + h, z->active >> h, y);
        if (!(z->used >> h & 15))
            continue;
#pragma GCC unroll 4
        for (int q = 0; q < chains / 4; q++) {
            const __m256i tail = _mm256_cmpeq_epi16(
                _mm256_and_si256(y[q + 1], _mm256_set1_epi16(0x7ff8)), _mm256_setzero_si256());
            const uint32_t rare = (uint32_t)_mm256_movemask_epi8(tail);
            n[q] = noise16(t->table, y[q + 1]);
            if (__builtin_expect(rare != 0, 0))
                noise_tail(y[q], y[q + 1], rare, before + h, 4 * q, t->table, &n[q]);
        }
        store_half(chains, z->to + h, m->noise, n);
    }
}

static __attribute__((noinline)) void noise_rows(int chains, const struct glb_emu_row *z, int rows,
                                                 const struct glb_emu_machine *m,
                                                 const struct lookup *t) {
    for (const struct glb_emu_row *end = z + rows; z < end; z++)
        if (chains == 16)
            make_row(16, z, m, t);
        else if (chains == 8)
            make_row(8, z, m, t);
        else
            make_row(4, z, m, t);
}

#endif
