/* Bit counting: portable and AVX-512 code against a bit-by-bit count. SPDX-License-Identifier:
 * Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/bits.h"
#include "base/counter_rng.h"

enum { WORDS = 37, SAMPLES = 20 };

static uint64_t a[WORDS * SAMPLES], b[WORDS * SAMPLES];

static int bit(const uint64_t *p, size_t k) {
    return (int)(p[k >> 6] >> (k & 63) & 1);
}

static void check(const struct glb_bit_ops *ops) {
    for (int words = 1; words <= WORDS; words++) {
        uint64_t ones = 0, differ = 0, planes[GLB_COUNT_PLANES * WORDS];
        for (size_t k = 0; k < (size_t)words * 64; k++) {
            ones += (uint64_t)bit(a, k);
            differ += (uint64_t)(bit(a, k) != bit(b, k));
        }
        assert_int_equal(ops->count(a, (size_t)words), ones);
        assert_int_equal(ops->count_xor(a, b, (size_t)words), differ);
        for (int samples = 1; samples <= SAMPLES; samples += 6) {
            const int nplanes = glb_planes_for(samples);
            uint64_t weighted = 0;
            ops->slice(a, samples, (size_t)words, planes, nplanes);
            for (size_t k = 0; k < (size_t)words * 64; k++) {
                int sum = 0, sliced = 0;
                for (int s = 0; s < samples; s++)
                    sum += bit(a + (size_t)s * words, k);
                for (int p = 0; p < nplanes; p++)
                    sliced |= bit(planes + (size_t)p * words, k) << p;
                assert_int_equal(sliced, sum);
                weighted += (uint64_t)(sum * bit(b, k));
            }
            assert_int_equal(ops->count_weighted(planes, nplanes, b, (size_t)words), weighted);
        }
    }
}

static void portable_counts(void **state) {
    (void)state;
    check(glb_bits_portable());
}

static void avx512_counts_the_same(void **state) {
    (void)state;
    if (!glb_bits_avx512())
        skip();
    check(glb_bits_avx512());
}

static void avx2_counts_the_same(void **state) {
    (void)state;
    if (!glb_bits_avx2())
        skip();
    check(glb_bits_avx2());
}

static void planes_hold_the_count(void **state) {
    (void)state;
    assert_int_equal(glb_planes_for(1), 1);
    assert_int_equal(glb_planes_for(7), 3);
    assert_int_equal(glb_planes_for(8), 4);
    assert_int_equal(glb_planes_for(255), GLB_COUNT_PLANES);
}

int main(void) {
    for (size_t k = 0; k < WORDS * SAMPLES; k++) {
        a[k] = glb_random_at(1, 1, k, 0);
        b[k] = glb_random_at(1, 2, k, 0);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(portable_counts),
        cmocka_unit_test(avx512_counts_the_same),
        cmocka_unit_test(avx2_counts_the_same),
        cmocka_unit_test(planes_hold_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
