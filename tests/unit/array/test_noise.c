/* Noise: known answers against a bit-serial model, the distribution's exact error over the whole
 * range, seeds. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "array/noise.h"

/* The LFSR of section 4 as a plain sequence of bits x(n+64) = x(n) ^ x(n+9) ^ x(n+19) ^ x(n+31). */
static void lfsr_is_the_recurrence(void **state) {
    (void)state;
    static uint8_t x[64 + 16 * 1000];
    static int16_t table[1024];
    uint64_t s = 0x0123456789abcdefu, t = s;
    uint8_t tail = 0;
    int c = 0;
    for (int i = 0; i < 64; i++)
        x[i] = s >> i & 1;
    for (int n = 0; n < 16 * 1000; n++)
        x[n + 64] = x[n] ^ x[n + 9] ^ x[n + 19] ^ x[n + 31];
    for (int w = 0; w < 1000; w++) {
        glb_noise_word(&t, &tail, table);
        for (int i = 0; i < 64; i++)
            assert_int_equal(t >> i & 1, x[16 * (w + 1) + i]);
        c = x[64 + 16 * w] ? 0 : (c < 31 ? c + 1 : 31);
        assert_int_equal(tail, c);
    }
}

static void table_q_matches_rtl(void **state) {
    (void)state;
    const uint32_t *q = glb_noise_q();
    for (int i = 1; i < 512; i++)
        assert_true(q[i] < q[i - 1]);
    for (int i = 896; i < 1024; i++)
        assert_int_equal(q[i], 0);
    for (int i = 0; i < 896; i++)
        assert_true(q[i] < 1u << 18);
    FILE *f = fopen("rtl/glb_noise_q.svh", "r");
    if (!f)
        skip(); /* run from elsewhere than the root */
    char line[256];
    unsigned index, value, n = 0;
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "rom[%u] = 18'd%u;", &index, &value) == 2) {
            assert_true(index < 1024);
            assert_int_equal(value, q[index]);
            n++;
        }
    fclose(f);
    assert_true(n >= 896);
}

/* P(n = k) by enumeration of all 2^16 words and, in the tail, all c with their probabilities. */
static void distribution(const int16_t table[1024], double *p, int half) {
    for (int r = 0; r < 1 << 16; r++) {
        const int v = r & 0x7fff;
        if (v >> 3) {
            uint64_t s = 0; /* an LFSR state whose next word is r */
            uint8_t tail = 0;
            for (int i = 15; i >= 0; i--) {
                const uint64_t rest = s >> (i + 9) ^ s >> (i + 19) ^ s >> (i + 31);
                s |= ((uint64_t)(r >> i) ^ rest) % 2 << i;
            }
            p[half + glb_noise_word(&s, &tail, table)] += 1.0 / 65536;
            continue;
        }
        for (int c = 0; c < 32; c++) {
            const int z = table[768 + 4 * c + (v >> 1 & 3)];
            const int t = (z + (v & 31)) >> 5;
            p[half + (r >> 15 ? ~t : t)] += ldexp(1.0 / 65536, c < 31 ? -(c + 1) : -31);
        }
    }
}

static double cdf_error(double scale, int acc, int *largest) {
    static int16_t table[1024];
    enum { HALF = 2048 };
    static double p[2 * HALF];
    memset(p, 0, sizeof p);
    glb_noise_table((uint32_t)lround(scale * 65536), acc, table);
    distribution(table, p, HALF);
    double worst = 0, sum = 0;
    *largest = 0;
    for (int k = -HALF; k < HALF; k++) {
        /* The array asks for P(acc + n >= 0) = P(n >= -acc), which should be 1/(1 +
         * exp(-acc/scale)). */
        const double want = 1 / (1 + exp(-k / scale)); /* P(n < k) */
        worst = fmax(worst, fabs(sum - want));
        sum += p[HALF + k];
        if (p[HALF + k] > 0 && k > *largest)
            *largest = k;
    }
    assert_true(fabs(sum - 1) < 1e-12);
    return worst;
}

static void cdf_error_is_small(void **state) {
    (void)state;
    double worst = 0;
    int largest;
    for (int acc = 10; acc <= 14; acc++)
        /* Below K = 1.1 the accumulator's LSB is itself coarser than that (2 beta u > 0.9). */
        for (double scale = 1.1; scale < 200; scale *= 1.07) {
            const double zmax = acc >= 12 ? 1023 : ldexp(1, acc - 2);
            if (scale * 11 > zmax)
                continue; /* the table saturates: such a beta is outside the format's range */
            const double e = cdf_error(scale, acc, &largest);
            worst = fmax(worst, e);
            assert_true(e <= 0.003);
            /* |n| reaches 11 / beta = 22 K, or the largest number of the table. */
            assert_true(largest >= scale * 22 || largest >= zmax - 1);
        }
    cdf_error(40, 12, &largest);
    print_message("largest CDF error %.5f (K from 1.1 to 93); largest n at K = 40: %d = %.1f K\n",
                  worst, largest, largest / 40.0);
}

/* Tails: relative error of P(n >= k) far out, where the CDF's absolute error says nothing. */
static void tails_are_logistic(void **state) {
    (void)state;
    static int16_t table[1024];
    enum { HALF = 2048 };
    static double p[2 * HALF];
    const double scale = 40;
    memset(p, 0, sizeof p);
    glb_noise_table((uint32_t)(scale * 65536), 12, table);
    distribution(table, p, HALF);
    double tail = 0, worst = 0;
    for (int k = HALF - 1; k > 0; k--) {
        tail += p[HALF + k];
        if (k >= 2 * scale && k <= 18 * scale)
            worst = fmax(worst, fabs(tail * (1 + exp(k / scale)) - 1));
    }
    print_message("P(n >= k) for k = 2 K .. 18 K: relative error at most %.3f\n", worst);
    assert_true(worst < 0.13); /* the last octaves have four steps each */
}

/* The largest field that the compiler allows and the largest noise, however hot, do not wrap. */
static void noise_leaves_room_for_the_field(void **state) {
    static const uint32_t hot[] = {100 << 16, 1000 << 16, 0x7fffffff, 0xffffffff};
    static int16_t table[1024];
    (void)state;
    for (int acc = 10; acc <= 14; acc++)
        for (int k = 0; k < 4; k++) {
            const int field = (1 << (acc - 2)) - 1, range = 1 << (acc - 1);
            int most = 0;
            glb_noise_table(hot[k], acc, table);
            for (int i = 0; i < 896; i++)
                for (int r = 0; r < 32; r++) {
                    const int up = glb_noise_value(r, table[i]);
                    const int down = glb_noise_value(r | 0x8000, table[i]);
                    assert_true(field + up < range && -field + down >= -range);
                    most = up > most ? up : most;
                }
            assert_true(most >= (acc < 12 ? field : 1023)); /* all the room, or the table's */
        }
}

static void seeds_never_give_zero(void **state) {
    (void)state;
    uint64_t lfsr[512];
    /* The generator's own zero state, small seeds and a walk through large ones. */
    const uint64_t special = UINT64_C(0x85a308d3243f6a88);
    for (uint64_t i = 0; i < 20000; i++) {
        const uint64_t seed = i == 0 ? special : i < 5000 ? i : i * UINT64_C(0x9e3779b97f4a7c15);
        glb_noise_seed(seed, 512, lfsr);
        for (int k = 0; k < 512; k++) {
            assert_true(lfsr[k] != 0);
            for (int m = k + 1; m < 512 && i < 20; m++)
                assert_true(lfsr[k] != lfsr[m]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lfsr_is_the_recurrence),
        cmocka_unit_test(table_q_matches_rtl),
        cmocka_unit_test(cdf_error_is_small),
        cmocka_unit_test(tails_are_logistic),
        cmocka_unit_test(noise_leaves_room_for_the_field),
        cmocka_unit_test(seeds_never_give_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
