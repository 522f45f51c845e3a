/* Emulator kernel with AVX-512 F, BW, VL, VBMI: table entries by permutations of bytes, the low and
 * the high ones of 64 words at once. SPDX-License-Identifier: Apache-2.0 */
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

enum { XOR3 = 0x96, MAJORITY = 0xe8, AND_OR = 0xea, PICK = 0xca };

struct lookup {
    _Alignas(64) uint8_t low[768], high[768]; /* bytes of the entries */
    const int16_t *table;
};

static void prepare(const int16_t table[1024], struct lookup *t) {
    for (int i = 0; i < 768; i += 32) {
        const __m512i x = _mm512_load_si512(table + i);
        _mm256_store_si256((__m256i *)(t->low + i), _mm512_cvtepi16_epi8(x));
        _mm256_store_si256((__m256i *)(t->high + i), _mm512_cvtepi16_epi8(_mm512_srli_epi16(x, 8)));
    }
    t->table = table;
}

/* Of 128 entries; only the index's low seven bits count. */
static inline __m512i look(const uint8_t *t, __m512i i) {
    return _mm512_permutex2var_epi8(_mm512_load_si512(t), i, _mm512_load_si512(t + 64));
}

/* Bits 0 .. 7 of the index's byte and bit 8 of it. */
static inline __m512i look512(const uint8_t *t, __m512i i, __mmask64 bit7, __mmask64 bit8) {
    const __m512i a = _mm512_mask_blend_epi8(bit7, look(t, i), look(t + 128, i));
    const __m512i b = _mm512_mask_blend_epi8(bit7, look(t + 256, i), look(t + 384, i));
    return _mm512_mask_blend_epi8(bit8, a, b);
}

/* Even bytes from a, odd ones from b. */
static inline __m512i mix(__m512i a, __m512i b) {
    return _mm512_ternarylogic_epi64(_mm512_set1_epi16(0xff), a, b, PICK);
}

/* Bytes for r0 and r1 by turns: V[13:6], V[11:4], V[7:0] and r[15:8]. */
static inline void entries2(const struct lookup *t, __m512i r0, __m512i r1, __m512i *z0,
                            __m512i *z1) {
    const __m512i i = mix(_mm512_srli_epi16(r0, 6), _mm512_slli_epi16(r1, 2));
    const __m512i j = mix(_mm512_srli_epi16(r0, 4), _mm512_slli_epi16(r1, 4));
    const __m512i l = mix(r0, _mm512_slli_epi16(r1, 8));
    const __m512i h = mix(_mm512_srli_epi16(r0, 8), r1);
    const __mmask64 bit7 = _mm512_movepi8_mask(i);
    const __mmask64 bit8 = _mm512_test_epi8_mask(h, _mm512_set1_epi8(0x40));
    const __mmask64 second = _mm512_testn_epi8_mask(h, _mm512_set1_epi8(0x78)); /* V[14:11] = 0 */
    const __mmask64 third =                                                     /* V[14:7] = 0 */
        _mm512_mask_testn_epi8_mask(second, j, _mm512_set1_epi8((char)0xf8));
    __m512i a = look512(t->low, i, bit7, bit8), b = look512(t->high, i, bit7, bit8);
    a = _mm512_mask_blend_epi8(second, a, look(t->low + 512, j));
    b = _mm512_mask_blend_epi8(second, b, look(t->high + 512, j));
    a = _mm512_mask_blend_epi8(third, a, look(t->low + 640, l));
    b = _mm512_mask_blend_epi8(third, b, look(t->high + 640, l));
    *z0 = mix(a, _mm512_slli_epi16(b, 8));
    *z1 = mix(_mm512_srli_epi16(a, 8), b);
}

#define GLB_KERNEL glb_emu_kernel_avx512vbmi
#include "emulator/kernels/avx512.h"
#endif
