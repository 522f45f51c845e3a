/* Counting with AVX2. SPDX-License-Identifier: Apache-2.0 */
#if defined(__x86_64__)
#include <immintrin.h>

#include "emulator/kernels/kernel.h"

/* 16 sums, of which n are there. */
static inline __attribute__((always_inline)) void add_agreeing(uint16_t *sum, int n, __m256i agree,
                                                               uint16_t keep, uint16_t flip) {
    const __m256i x = _mm256_xor_si256(agree, _mm256_set1_epi16((short)flip));
    if (n >= 16) {
        __m256i *const to = (__m256i *)sum;
        const __m256i old =
            _mm256_and_si256(_mm256_loadu_si256(to), _mm256_set1_epi16((short)keep));
        _mm256_storeu_si256(to, _mm256_add_epi16(old, x));
        return;
    }
    _Alignas(32) uint16_t one[16];
    _mm256_store_si256((__m256i *)one, x);
    for (int i = 0; i < n; i++)
        sum[i] = (uint16_t)((sum[i] & keep) + one[i]);
}

static inline __attribute__((always_inline)) void count_slot(const uint8_t *own,
                                                             const uint8_t *slot, int chains,
                                                             uint16_t *sum, int n, uint16_t keep,
                                                             uint16_t flip) {
    const __m256i bits =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const __m256i nibble = _mm256_set1_epi8(15);
    for (int h = 0; h < 2; h++, sum += 256 / chains, n -= 256 / chains) {
        const __m256i differ = _mm256_xor_si256(_mm256_load_si256((const __m256i *)own + h),
                                                _mm256_load_si256((const __m256i *)slot + h));
        const __m256i x = _mm256_xor_si256(differ, _mm256_set1_epi8(-1));
        const __m256i a = _mm256_shuffle_epi8(bits, _mm256_and_si256(x, nibble));
        const __m256i b =
            _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
        const __m256i both = _mm256_add_epi8(a, b);
        if (chains == 16) {
            add_agreeing(sum, n, _mm256_maddubs_epi16(both, _mm256_set1_epi8(1)), keep, flip);
        } else if (chains == 8) {
            const __m128i low = _mm256_castsi256_si128(both);
            const __m128i high = _mm256_extracti128_si256(both, 1);
            add_agreeing(sum, n, _mm256_cvtepu8_epi16(low), keep, flip);
            add_agreeing(sum + 16, n - 16, _mm256_cvtepu8_epi16(high), keep, flip);
        } else { /* nibbles by turns */
            const __m256i low = _mm256_unpacklo_epi8(a, b), high = _mm256_unpackhi_epi8(a, b);
            const __m128i quarter[4] = {_mm256_castsi256_si128(low), _mm256_castsi256_si128(high),
                                        _mm256_extracti128_si256(low, 1),
                                        _mm256_extracti128_si256(high, 1)};
            for (int i = 0; i < 4; i++)
                add_agreeing(sum + 16 * i, n - 16 * i, _mm256_cvtepu8_epi16(quarter[i]), keep,
                             flip);
        }
    }
}

#define GLB_COUNTER glb_emu_counter_avx2
#include "emulator/kernels/count_loop.h"
#endif
