/* Chi-square and incomplete gamma against closed forms and simulated draws.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include "base/rng.h"
#include "support/chi_square.h"

static void gamma_closed_forms(void **state) {
    (void)state;
    for (double x = 0.01; x < 80; x *= 1.4) {
        assert_float_equal(glb_gamma_q(1, x) / exp(-x), 1, 1e-12);
        assert_float_equal(glb_gamma_q(3, x) / (exp(-x) * (1 + x + x * x / 2)), 1, 1e-11);
        assert_float_equal(glb_gamma_q(0.5, x) / erfc(sqrt(x)), 1, 1e-10);
        assert_float_equal(glb_gamma_p(2.5, x) + glb_gamma_q(2.5, x), 1, 1e-13);
    }
    assert_true(glb_gamma_q(4, 0) == 1 && glb_gamma_p(4, 0) == 0);
    /* near the mean of a large one, where series and fraction meet: Q(a, a) = 1/2 - 1/(3 sqrt(2 pi
     * a)) + O(a^-3/2) */
    for (double a = 100; a < 1e6; a *= 10)
        assert_float_equal(glb_gamma_q(a, a), 0.5 - 1 / (3 * sqrt(2 * M_PI * a)),
                           0.05 / pow(a, 1.5));
}

static void chi2_quantiles(void **state) {
    (void)state;
    /* table values, 5 % and 0.1 % points */
    assert_float_equal(glb_chi2_p(3.841459, 1), 0.05, 1e-7);
    assert_float_equal(glb_chi2_p(18.307038, 10), 0.05, 1e-7);
    assert_float_equal(glb_chi2_p(124.342113, 100), 0.05, 1e-7);
    assert_float_equal(glb_chi2_p(29.588298, 10), 0.001, 1e-8);
    assert_true(glb_chi2_p(5, 0) == 1);
}

static void pooling(void **state) {
    (void)state;
    const double p[6] = {0.0005, 0.4, 0.0005, 0.599, 0, 0};
    uint64_t counts[6] = {1, 400, 0, 599, 0, 0};
    struct glb_chi2 c;
    assert_int_equal(glb_chi2_test(p, counts, 6, 0, &c), GLB_OK);
    /* the smallest four (expected 0, 0, 0.5, 0.5) go into the next one, 400 */
    assert_int_equal(c.cells, 2);
    assert_int_equal(c.dof, 1);
    assert_float_equal(c.statistic, 0, 1e-9);
    assert_int_equal(glb_chi2_test(p, counts, 6, 0.4, &c), GLB_OK);
    assert_int_equal(c.cells, 4);
    assert_float_equal(c.statistic, 1, 1e-9);
    counts[4] = 1; /* an impossible event */
    assert_int_equal(glb_chi2_test(p, counts, 6, 0, &c), GLB_OK);
    assert_true(c.p == 0);
    const double bad[2] = {0.5, 0.6}, negative[2] = {-0.5, 1.5};
    assert_int_equal(glb_chi2_test(bad, counts, 2, 0, &c), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_chi2_test(negative, counts, 2, 0, &c), GLB_ERR_ARGUMENT);
    const uint64_t none[2] = {0, 0};
    const double half[2] = {0.5, 0.5};
    assert_int_equal(glb_chi2_test(half, none, 2, 0, &c), GLB_ERR_ARGUMENT);
}

/* Right probabilities give p-values that are uniform; a cell that is 5 % off is caught. */
static void draws(void **state) {
    (void)state;
    enum { CELLS = 20, DRAWS = 20000, TRIALS = 400 };
    double p[CELLS], sum = 0;
    uint64_t deciles[10] = {0};
    struct glb_rng r = glb_rng_at(11, 0, 0);
    struct glb_chi2 c;
    for (int k = 0; k < CELLS; k++)
        sum += p[k] = exp(-0.4 * k);
    for (int k = 0; k < CELLS; k++)
        p[k] /= sum;
    for (int wrong = 0; wrong < 2; wrong++) {
        int caught = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            uint64_t counts[CELLS] = {0};
            for (int d = 0; d < DRAWS; d++) {
                double u = glb_rng_unit(&r);
                int k = 0;
                if (wrong)
                    u = u < p[0] * 1.05 ? u / 1.05
                                        : p[0] + (u - p[0] * 1.05) * (1 - p[0]) / (1 - p[0] * 1.05);
                while (k + 1 < CELLS && u >= p[k])
                    u -= p[k++];
                counts[k]++;
            }
            assert_int_equal(glb_chi2_test(p, counts, CELLS, 5, &c), GLB_OK);
            caught += c.p < 0.01;
            if (!wrong)
                deciles[(int)(c.p * 10) > 9 ? 9 : (int)(c.p * 10)]++;
        }
        /* Chance: outside(400, 0.01, 0, 19) | right probabilities below P = 0.01, of 400 */
        /* Chance: outside(400, 0.7, 201, 400) | wrong ones above it: power 0.7 */
        assert_true(wrong ? caught > TRIALS / 2 : caught < 20);
    }
    double flat[10];
    for (int k = 0; k < 10; k++)
        flat[k] = 0.1;
    assert_int_equal(glb_chi2_test(flat, deciles, 10, 5, &c), GLB_OK);
    assert_true(c.p > 1e-7); /* Chance: 1e-7 | chi-square of the deciles of P */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gamma_closed_forms),
        cmocka_unit_test(chi2_quantiles),
        cmocka_unit_test(pooling),
        cmocka_unit_test(draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
