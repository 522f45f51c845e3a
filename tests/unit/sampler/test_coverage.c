/* The standard error of the mean energy against the truth: many short runs of a machine small
 * enough to enumerate, and how often the exact mean lies within so many printed errors of the
 * sampled one. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <glauber.h>
#include "support/graph_exact.h"

enum { N = 8, BURN_IN = 50, RUNS = 1500, LEVELS = 3 };

/* Chains are independent, so (mean - exact) / error is Student's t with a degree of freedom less
 * than there are chains, however strongly the samples of a chain depend on each other. Quantiles of
 * |t| for 3 and 15 degrees of freedom. */
static const double level[LEVELS] = {0.5, 0.8, 0.95};
static const double quantile_of_3[LEVELS] = {0.76489, 1.63774, 3.18245};
static const double quantile_of_15[LEVELS] = {0.69120, 1.34061, 2.13145};

struct case_of {
    const char *name;
    double J, h, beta;
    int samples, interval;
    double dependence; /* at least so much more variance than that of independent samples */
};

/* A ring with one coupling across, every third coupling of the other sign. */
static struct glb_graph *ring(double J, double h) {
    int32_t i[N + 1], j[N + 1];
    double w[N + 1], b[N];
    struct glb_graph *g;
    for (int k = 0; k < N; k++) {
        i[k] = k;
        j[k] = (k + 1) % N;
        w[k] = k % 3 == 2 ? -J : J;
        b[k] = k % 2 ? h : 0;
    }
    i[N] = 0;
    j[N] = N / 2;
    w[N] = J;
    assert_int_equal(glb_graph_from_arrays(N, N + 1, i, j, w, b, GLB_BOLTZMANN, 0, &g), GLB_OK);
    return g;
}

/* The number of runs whose interval holds the exact mean follows a binomial distribution.
 * Chance: 24 * beyond(5.5) | intervals that hold the mean: 3 levels, 2 numbers of chains, 4 cases
 */
static void check_coverage(const struct case_of *c, int chains, const int inside[LEVELS]) {
    for (int k = 0; k < LEVELS; k++) {
        const double want = RUNS * level[k], spread = sqrt(want * (1 - level[k]));
        if (fabs(inside[k] - want) > 5.5 * spread)
            fail_msg("%s, %d chains: %g %% intervals hold the truth in %d of %d runs", c->name,
                     chains, 100 * level[k], inside[k], RUNS);
    }
}

static void coverage(const struct case_of *c, const char *array, const double quantile[LEVELS]) {
    struct glb_graph *g = ring(c->J, c->h);
    struct glb_sampler *s;
    struct glb_settings set;
    struct glb_exact *x;
    int inside[LEVELS] = {0};
    double square = 0, error2 = 0, variance = 0;
    assert_int_equal(glb_graph_exact(g, c->beta, NULL, &x), GLB_OK);
    for (uint32_t k = 0; k < x->states; k++)
        variance += x->p[k] * pow(x->energy[k] - x->mean_energy, 2);
    assert_int_equal(glb_sampler_open(g, "emu", array, &s), GLB_OK);
    glb_settings_init(&set, sizeof set);
    set.burn_in = BURN_IN;
    set.beta = c->beta;
    set.samples = c->samples;
    set.interval = (uint32_t)c->interval;
    set.chains = glb_sampler_board_chains(s);
    for (int run = 0; run < RUNS; run++) {
        set.seed = (uint64_t)run + 1;
        assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
        const struct glb_result *r = glb_sampler_result(s);
        const double off = fabs(r->mean_energy - x->mean_energy);
        for (int k = 0; k < LEVELS; k++)
            inside[k] += off <= quantile[k] * r->mean_energy_stderr;
        square += off * off / RUNS;
        error2 += r->mean_energy_stderr * r->mean_energy_stderr / RUNS;
    }
    check_coverage(c, set.chains, inside);
    /* Chance: 8 * measured(0.018, 0.05, 0.3) | printed over true variance; three seeds */
    assert_true(fabs(error2 / square - 1) < 0.3); /* the same on average */
    /* Chance: 8 * measured(1.34, 0.055, 1) | true variance over the least that is expected */
    assert_true(square > c->dependence * variance / (set.chains * set.samples));
    glb_sampler_close(s);
    glb_exact_free(x);
    glb_graph_free(g);
}

static void intervals_hold_the_truth(void **state) {
    static const struct case_of c[] = {
        {"independent samples", 1, 0.5, 0, 40, 1, 0.75},
        {"a field and frustration", 1, 0.5, 0.5, 40, 1, 1.1},
        {"slow chains", 1, 0, 1.2, 80, 1, 2.7},
        {"slow chains, every third sweep", 1, 0, 1.2, 40, 3, 1.2},
    };
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++) {
        coverage(&c[k], "tiny", quantile_of_3);
        coverage(&c[k], "small", quantile_of_15);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_hold_the_truth)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
