/* Counting with AVX-512 F and BW. SPDX-License-Identifier: Apache-2.0 */
#if defined(__x86_64__)
#include <immintrin.h>

#include "emulator/kernels/kernel.h"

/* 32 sums, of which n are there. */
static inline void add_agreeing(uint16_t *sum, int n, __m512i agree, __m512i keep, __m512i flip) {
    const __mmask32 there = n >= 32 ? ~(__mmask32)0 : n > 0 ? (1u << n) - 1 : 0;
    const __m512i old = _mm512_and_si512(_mm512_maskz_loadu_epi16(there, sum), keep);
    _mm512_mask_storeu_epi16(sum, there, _mm512_add_epi16(old, _mm512_xor_si512(agree, flip)));
}

static inline void count_slot(const uint8_t *own, const uint8_t *slot, int chains, uint16_t *sum,
                              int n, uint16_t keep, uint16_t flip) {
    const __m512i bits =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const __m512i nibble = _mm512_set1_epi8(15);
    const __m512i k = _mm512_set1_epi16((short)keep), f = _mm512_set1_epi16((short)flip);
    const __m512i differ = _mm512_xor_si512(_mm512_load_si512(own), _mm512_load_si512(slot));
    const __m512i x = _mm512_xor_si512(differ, _mm512_set1_epi8(-1));
    const __m512i a = _mm512_shuffle_epi8(bits, _mm512_and_si512(x, nibble));
    const __m512i b = _mm512_shuffle_epi8(bits, _mm512_and_si512(_mm512_srli_epi16(x, 4), nibble));
    const __m512i both = _mm512_add_epi8(a, b);
    if (chains == 16) {
        add_agreeing(sum, n, _mm512_maddubs_epi16(both, _mm512_set1_epi8(1)), k, f);
    } else if (chains == 8) {
        const __m256i high = _mm512_extracti64x4_epi64(both, 1);
        add_agreeing(sum, n, _mm512_cvtepu8_epi16(_mm512_castsi512_si256(both)), k, f);
        add_agreeing(sum + 32, n - 32, _mm512_cvtepu8_epi16(high), k, f);
    } else { /* nibbles by turns */
        _Alignas(64) uint8_t low[64], high[64];
        _mm512_store_si512(low, _mm512_unpacklo_epi8(a, b));
        _mm512_store_si512(high, _mm512_unpackhi_epi8(a, b));
        for (int i = 0; i < 4; i++) {
            const __m256i x32 = _mm256_loadu2_m128i((const __m128i *)(high + 16 * i),
                                                    (const __m128i *)(low + 16 * i));
            add_agreeing(sum + 32 * i, n - 32 * i, _mm512_cvtepu8_epi16(x32), k, f);
        }
    }
}

#define GLB_COUNTER glb_emu_counter_avx512
#include "emulator/kernels/count_loop.h"
#endif
