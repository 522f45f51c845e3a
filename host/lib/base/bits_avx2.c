/* Counting bits over chains with AVX2: nibbles looked up in a table, bytes summed per 64-bit word.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/bits.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))

/* Words i .. i+3 of a, zeros beyond n. */
AVX2 static inline __m256i load(const uint64_t *a, size_t i, size_t n) {
    if (n - i >= 4)
        return _mm256_loadu_si256((const __m256i *)(const void *)(a + i));
    const __m256i left = _mm256_set1_epi64x((long long)(n - i));
    const __m256i mask = _mm256_cmpgt_epi64(left, _mm256_setr_epi64x(0, 1, 2, 3));
    return _mm256_maskload_epi64((const long long *)(const void *)(a + i), mask);
}

/* Ones of each byte. */
AVX2 static inline __m256i byte_ones(__m256i v) {
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1,
                                           2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15);
    return _mm256_add_epi8(
        _mm256_shuffle_epi8(table, _mm256_and_si256(v, low)),
        _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(v, 4), low)));
}

/* sum + ones of each word. */
AVX2 static inline __m256i add_ones(__m256i sum, __m256i v) {
    return _mm256_add_epi64(sum, _mm256_sad_epu8(byte_ones(v), _mm256_setzero_si256()));
}

AVX2 static inline uint64_t total(__m256i sum) {
    const __m128i two =
        _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    return (uint64_t)_mm_cvtsi128_si64(two) + (uint64_t)_mm_extract_epi64(two, 1);
}

AVX2 static uint64_t count_256(const uint64_t *a, size_t n) {
    __m256i sum = _mm256_setzero_si256();
    for (size_t i = 0; i < n; i += 4)
        sum = add_ones(sum, load(a, i, n));
    return total(sum);
}

AVX2 static uint64_t count_xor_256(const uint64_t *a, const uint64_t *b, size_t n) {
    __m256i sum = _mm256_setzero_si256();
    for (size_t i = 0; i < n; i += 4)
        sum = add_ones(sum, _mm256_xor_si256(load(a, i, n), load(b, i, n)));
    return total(sum);
}

AVX2 static uint64_t count_weighted_256(const uint64_t *planes, int nplanes, const uint64_t *x,
                                        size_t words) {
    __m256i sum = _mm256_setzero_si256();
    for (int b = nplanes - 1; b >= 0; b--) {
        sum = _mm256_slli_epi64(sum, 1);
        for (size_t i = 0; i < words; i += 4)
            sum = add_ones(sum, _mm256_and_si256(load(planes + (size_t)b * words, i, words),
                                                 load(x, i, words)));
    }
    return total(sum);
}

AVX2 static void slice_256(const uint64_t *sample, int samples, size_t words, uint64_t *planes,
                           int nplanes) {
    for (size_t i = 0; i < words; i += 4) {
        __m256i p[GLB_COUNT_PLANES];
        for (int b = 0; b < nplanes; b++)
            p[b] = _mm256_setzero_si256();
        for (int s = 0; s < samples; s++) {
            __m256i carry = load(sample + (size_t)s * words, i, words);
            for (int b = 0; b < nplanes; b++) {
                const __m256i both = _mm256_and_si256(p[b], carry);
                p[b] = _mm256_xor_si256(p[b], carry);
                carry = both;
            }
        }
        const size_t left = words - i < 4 ? words - i : 4;
        for (int b = 0; b < nplanes; b++) {
            uint64_t four[4];
            _mm256_storeu_si256((__m256i *)(void *)four, p[b]);
            for (size_t k = 0; k < left; k++)
                planes[(size_t)b * words + i + k] = four[k];
        }
    }
}

const struct glb_bit_ops *glb_bits_avx2(void) {
    static const struct glb_bit_ops ops = {"avx2", count_256, count_xor_256, count_weighted_256,
                                           slice_256};
    return __builtin_cpu_supports("avx2") ? &ops : NULL;
}
#else
const struct glb_bit_ops *glb_bits_avx2(void) {
    return NULL;
}
#endif
