/* Autocorrelation times, effective sample sizes, R-hat and correlations of chains against processes
 * whose values are known: AR(1), x' = a x + noise, has rho(t) = a^t and tau = (1 + a) / (1 - a)
 * / 2. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "base/rng.h"
#include "sampler/certificate/mixing.h"
#include "sampler/certificate/student.h"

enum { RUNS = 1000 };

static struct glb_rng rng;

static double uniform(void) {
    return ((double)(glb_rng_u64(&rng) >> 11) + 0.5) * 0x1p-53;
}

static double normal(void) {
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

struct process {
    double a;      /* of AR(1) */
    double offset; /* of every second chain */
    double common; /* share of the noise that chains 0 and 1 have in common */
    bool still;    /* chains do not move, each where it started */
};

/* Into series of `chains` chains and `capacity` blocks, from the stationary distribution of
 * variance 1. */
static void run(struct series *s, const struct process *p, int chains, int capacity, int samples) {
    double x[64] = {0};
    assert_int_equal(series_open(s, chains, capacity), GLB_OK);
    for (int c = 0; c < chains; c++)
        x[c] = normal();
    for (int k = 0; k < samples; k++) {
        double value[64], first = 0;
        for (int c = 0; c < chains; c++) {
            double noise = normal();
            if (c == 0)
                first = noise;
            if (c == 1)
                noise = p->common * first + sqrt(1 - p->common * p->common) * noise;
            if (!p->still)
                x[c] = p->a * x[c] + sqrt(1 - p->a * p->a) * noise;
            value[c] = 1e6 + x[c] + (c % 2 ? p->offset : 0);
        }
        series_add(s, value);
    }
}

static struct mixing measured(const struct process *p, int chains, int capacity, int samples) {
    struct series s;
    struct mixing m;
    run(&s, p, chains, capacity, samples);
    assert_int_equal(mixing_measure(&s, 1, &m), GLB_OK);
    series_close(&s);
    return m;
}

/* With every sample kept and with blocks of many samples: the sum over the window is that of the
 * process, so is its error. */
static void times_of_autoregressive_chains(void **state) {
    static const double a[] = {0, 0.5, 0.9, 0.98, -0.3};
    (void)state;
    for (int k = 0; k < 5; k++)
        for (int blocks = 0; blocks < 2; blocks++) {
            const double tau = (1 + a[k]) / (1 - a[k]) / 2;
            double sum = 0, square = 0, error = 0;
            enum { REPEATS = 40 };
            for (int r = 0; r < REPEATS; r++) {
                const struct process p = {.a = a[k]};
                const struct mixing m = measured(&p, 8, blocks ? 256 : 8192, 8192);
                sum += m.value.tau / REPEATS;
                square += pow(m.value.tau - tau, 2) / REPEATS;
                error += m.value.tau_error / REPEATS;
                assert_true(fabs(m.value.ess * 2 * m.value.tau - 8 * 8192) < 1);
                assert_false(m.too_short);
            }
            /* the window leaves out exp(-5), less than 2 % */
            /* Chance: 10 * beyond(5.5) | mean autocorrelation time of 40 series, five processes */
            if (fabs(sum - tau) > 0.02 * tau + 5.5 * error / sqrt(REPEATS))
                fail_msg("a = %g, blocks %d: tau %g instead of %g", a[k], blocks, sum, tau);
            /* Chance: 10 * measured(1.05, 0.15, 0.25) | their spread over the printed error */
            if (!(sqrt(square) / error > 0.25 && sqrt(square) / error < 2))
                fail_msg("a = %g, blocks %d: spread %g, error %g", a[k], blocks, sqrt(square),
                         error);
        }
}

/* The interval of the mean, by chains alone, and that of the effective sample size.
 * Chance: 6 * beyond(5.5) | 95 % intervals of 1,000 runs that hold the mean */
static void intervals_hold_the_mean(void **state) {
    static const double a[] = {0, 0.8, 0.98};
    (void)state;
    for (int k = 0; k < 3; k++) {
        int inside = 0, by_ess = 0;
        for (int r = 0; r < RUNS; r++) {
            const struct process p = {.a = a[k]};
            const struct mixing m = measured(&p, 16, 64, k == 2 ? 4000 : 600);
            inside += fabs(m.value.mean - 1e6) < m.value.half_width;
            by_ess += fabs(m.value.mean - 1e6) < 1.96 / sqrt(m.value.ess);
        }
        const double spread = sqrt(RUNS * 0.95 * 0.05);
        print_message("a = %g: %d and %d of %d intervals\n", a[k], inside, by_ess, RUNS);
        assert_true(fabs(inside - 0.95 * RUNS) < 5.5 * spread);
        assert_true(fabs(by_ess - 0.95 * RUNS) < 5.5 * spread + 0.01 * RUNS);
    }
}

/* Independent chains are hardly ever suspected, and the controls are named. */
static void what_is_wrong_is_named(void **state) {
    int correlated = 0, apart = 0, too_short = 0;
    (void)state;
    for (int r = 0; r < RUNS; r++) {
        const struct process good = {.a = 0.5};
        const struct mixing m = measured(&good, 16, 128, 400);
        correlated += m.correlated;
        apart += m.value.r_hat > 1.1;
        too_short += m.too_short;
    }
    /* Chance: outside(1000, 2e-4, 0, 5) + outside(1000, 1e-6, 0, 2) | good runs under suspicion */
    print_message("of %d good runs %d correlated, %d apart, %d short\n", RUNS, correlated, apart,
                  too_short);
    assert_true(correlated <= 5 && apart <= 2 && too_short == 0);
    for (int r = 0; r < 20; r++) {
        const struct process common = {.a = 0.5, .common = 0.6}, offset = {.a = 0.5, .offset = 1},
                             copies = {.common = 1}, still = {.still = true}, slow = {.a = 0.995};
        /* Chance: 20 * measured(0.6, 0.05, 0.3) | correlation of two chains of 16 */
        struct mixing m = measured(&common, 16, 512, 400);
        assert_true(m.correlated && m.correlation > 0.3);
        m = measured(&copies, 2, 128, 100);
        assert_true(m.correlated && m.correlation > 0.999);
        m = measured(&offset, 16, 128, 400);
        assert_true(m.value.r_hat > 1.1 && m.value.r_hat < 1.3);
        m = measured(&still, 16, 128, 400);
        assert_true(isinf(m.value.r_hat) && m.too_short);
        m = measured(&slow, 16, 128, 400);
        assert_true(m.too_short && m.value.r_hat > 1.1);
    }
}

/* Chains in several series, of which one has stopped early, and memory that stays bounded. */
static void several_series(void **state) {
    const struct process p = {.a = 0.5};
    struct series s[3];
    struct mixing m;
    (void)state;
    run(&s[0], &p, 8, 64, 100000);
    run(&s[1], &p, 4, 64, 60000);
    run(&s[2], &p, 4, 64, 10);
    for (int k = 0; k < 3; k++)
        assert_true(s[k].blocks <= 64 && s[k].blocks * s[k].length <= s[k].count);
    assert_int_equal(mixing_measure(s, 3, &m), GLB_OK);
    /* Chance: 2 * beyond(6) | autocorrelation time and mean of 16 chains */
    assert_true(fabs(m.value.tau - 1.5) < 6 * m.value.tau_error);
    assert_true(fabs(m.value.mean - 1e6) < 6 / sqrt(m.value.ess));
    assert_true(fabs(m.value.r_hat - 1) < 0.01);
    assert_true(fabs(m.value.ess * 2 * m.value.tau - 12.0 * 60000) < 1);
    for (int k = 0; k < 3; k++)
        series_close(&s[k]);
    assert_int_equal(mixing_measure(s, 0, &m), GLB_OK);
    assert_true(isnan(m.value.mean) && isnan(m.value.tau) && isnan(m.value.r_hat));
}

/* Tables of Student's t. */
static void quantiles(void **state) {
    (void)state;
    assert_true(fabs(student_quantile(0.05, 1) - 12.7062) < 1e-4);
    assert_true(fabs(student_quantile(0.05, 2) - 4.30265) < 1e-5);
    assert_true(fabs(student_quantile(0.05, 3) - 3.18245) < 1e-5);
    assert_true(fabs(student_quantile(0.05, 15) - 2.13145) < 1e-5);
    assert_true(fabs(student_quantile(0.001, 30) - 3.64596) < 1e-5);
    assert_true(fabs(student_quantile(0.05, 100000) - 1.95996) < 1e-5);
}

static int setup(void **state) {
    (void)state;
    rng = glb_rng_at(1, 0x6d6978, 0);
    return 0;
}

/* Chains that keep one value tell nothing of each other, whatever its mean is rounded to. */
static void constant_chains_are_not_correlated(void **state) {
    (void)state;
    for (int samples = 20; samples <= 100; samples += 10) {
        struct series s;
        struct mixing m;
        double value[4] = {-1.1, -1.1, -1.1}; /* of the chains, the last one moves */
        assert_int_equal(series_open(&s, 4, 128), GLB_OK);
        for (int k = 0; k < samples; k++) {
            value[3] = -1.1 + normal();
            series_add(&s, value);
        }
        assert_int_equal(mixing_measure(&s, 1, &m), GLB_OK);
        assert_true(!m.correlated && isnan(m.correlation));
        series_close(&s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(times_of_autoregressive_chains, setup),
        cmocka_unit_test_setup(intervals_hold_the_mean, setup),
        cmocka_unit_test_setup(what_is_wrong_is_named, setup),
        cmocka_unit_test_setup(several_series, setup),
        cmocka_unit_test(quantiles),
        cmocka_unit_test(constant_chains_are_not_correlated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
