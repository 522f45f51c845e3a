/* Counting bits over chains. SPDX-License-Identifier: Apache-2.0 */
#include "base/bits.h"

#include <string.h>

static uint64_t count(const uint64_t *a, size_t n) {
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (uint64_t)__builtin_popcountll(a[i]);
    return sum;
}

static uint64_t count_xor(const uint64_t *a, const uint64_t *b, size_t n) {
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (uint64_t)__builtin_popcountll(a[i] ^ b[i]);
    return sum;
}

static uint64_t count_weighted(const uint64_t *planes, int nplanes, const uint64_t *x,
                               size_t words) {
    uint64_t sum = 0;
    for (int b = 0; b < nplanes; b++)
        for (size_t i = 0; i < words; i++)
            sum += (uint64_t)__builtin_popcountll(planes[(size_t)b * words + i] & x[i]) << b;
    return sum;
}

static void slice(const uint64_t *sample, int samples, size_t words, uint64_t *planes,
                  int nplanes) {
    memset(planes, 0, sizeof *planes * words * (size_t)nplanes);
    for (int s = 0; s < samples; s++)
        for (size_t i = 0; i < words; i++) {
            uint64_t carry = sample[(size_t)s * words + i];
            for (int b = 0; b < nplanes && carry; b++) {
                uint64_t *p = &planes[(size_t)b * words + i];
                const uint64_t both = *p & carry;
                *p ^= carry;
                carry = both;
            }
        }
}

const struct glb_bit_ops *glb_bits_portable(void) {
    static const struct glb_bit_ops ops = {"portable", count, count_xor, count_weighted, slice};
    return &ops;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f,avx512vpopcntdq")))

/* Words i .. i+7 of a, zeros beyond n. */
AVX512 static inline __m512i load(const uint64_t *a, size_t i, size_t n) {
    if (n - i >= 8)
        return _mm512_loadu_si512(a + i);
    return _mm512_maskz_loadu_epi64((__mmask8)((1u << (n - i)) - 1), a + i);
}

AVX512 static uint64_t count_512(const uint64_t *a, size_t n) {
    __m512i sum = _mm512_setzero_si512();
    for (size_t i = 0; i < n; i += 8)
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(load(a, i, n)));
    return (uint64_t)_mm512_reduce_add_epi64(sum);
}

AVX512 static uint64_t count_xor_512(const uint64_t *a, const uint64_t *b, size_t n) {
    __m512i sum = _mm512_setzero_si512();
    for (size_t i = 0; i < n; i += 8)
        sum = _mm512_add_epi64(sum,
                               _mm512_popcnt_epi64(_mm512_xor_si512(load(a, i, n), load(b, i, n))));
    return (uint64_t)_mm512_reduce_add_epi64(sum);
}

AVX512 static uint64_t count_weighted_512(const uint64_t *planes, int nplanes, const uint64_t *x,
                                          size_t words) {
    __m512i sum = _mm512_setzero_si512();
    for (int b = nplanes - 1; b >= 0; b--) {
        sum = _mm512_slli_epi64(sum, 1);
        for (size_t i = 0; i < words; i += 8) {
            const __m512i both =
                _mm512_and_si512(load(planes + (size_t)b * words, i, words), load(x, i, words));
            sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(both));
        }
    }
    return (uint64_t)_mm512_reduce_add_epi64(sum);
}

AVX512 static void slice_512(const uint64_t *sample, int samples, size_t words, uint64_t *planes,
                             int nplanes) {
    for (size_t i = 0; i < words; i += 8) {
        const __mmask8 mask = words - i >= 8 ? 0xff : (__mmask8)((1u << (words - i)) - 1);
        __m512i p[GLB_COUNT_PLANES];
        for (int b = 0; b < nplanes; b++)
            p[b] = _mm512_setzero_si512();
        for (int s = 0; s < samples; s++) {
            __m512i carry = _mm512_maskz_loadu_epi64(mask, sample + (size_t)s * words + i);
            for (int b = 0; b < nplanes; b++) {
                const __m512i both = _mm512_and_si512(p[b], carry);
                p[b] = _mm512_xor_si512(p[b], carry);
                carry = both;
            }
        }
        for (int b = 0; b < nplanes; b++)
            _mm512_mask_storeu_epi64(planes + (size_t)b * words + i, mask, p[b]);
    }
}

const struct glb_bit_ops *glb_bits_avx512(void) {
    static const struct glb_bit_ops ops = {"avx512", count_512, count_xor_512, count_weighted_512,
                                           slice_512};
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq") ? &ops
                                                                                          : NULL;
}
#else
const struct glb_bit_ops *glb_bits_avx512(void) {
    return NULL;
}
#endif

const struct glb_bit_ops *glb_bits(void) {
    const struct glb_bit_ops *best = glb_bits_avx512();
    if (!best)
        best = glb_bits_avx2();
    return best ? best : glb_bits_portable();
}
