/* The certificate of whole runs of graphs that can be enumerated: coverage of its intervals, and
 * negative controls, each of which must be named. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glauber.h>
#include "base/rng.h"
#include "sampler/certificate/certificate.h"
#include "support/graph_exact.h"
#include "crossed_ring.h"

enum { RUNS = 1000 };

static struct glb_settings settings(int samples, uint64_t seed, double beta) {
    struct glb_settings set;
    glb_settings_init(&set, sizeof set);
    set.burn_in = 30;
    set.samples = samples;
    set.seed = seed;
    set.beta = beta;
    return set;
}

static const struct glb_certificate *certified(struct glb_sampler *s,
                                               const struct glb_settings *set) {
    assert_int_equal(glb_sampler_run(s, set), GLB_OK);
    assert_non_null(glb_sampler_certificate(s));
    return glb_sampler_certificate(s);
}

/* Chance: 3 * beyond(5.5) | 95 % intervals of 1,000 runs that hold the truth */
static void check_coverage(const char *what, int inside) {
    print_message("%s: %d of %d intervals hold the truth\n", what, inside, RUNS);
    assert_true(fabs(inside - 0.95 * RUNS) < 5.5 * sqrt(RUNS * 0.95 * 0.05));
}

/* Runs without a fault: intervals hold beta and the exact means, and hardly any doubt is raised. */
static void intervals_hold_the_truth(void **state) {
    const double beta = 0.6;
    struct glb_graph *g = ring(1);
    struct glb_sampler *s;
    struct glb_exact *x;
    int beta_in = 0, energy_in = 0, spins_in = 0, doubts[32] = {0};
    double tv = 0, noise = 0, spins = 0;
    (void)state;
    assert_int_equal(glb_graph_exact(g, beta, NULL, &x), GLB_OK);
    for (uint32_t k = 0; k < x->states; k++)
        spins += x->p[k] * (2.0 * __builtin_popcount(k) / N - 1);
    assert_int_equal(glb_sampler_open(g, "emu", "small", &s), GLB_OK);
    for (int run = 0; run < RUNS; run++) {
        const struct glb_settings set = settings(100, (uint64_t)run + 1, beta);
        const struct glb_certificate *c = certified(s, &set);
        beta_in += c->beta_low <= beta && beta <= c->beta_high;
        energy_in += fabs(c->energy.mean - x->mean_energy) <= c->energy.half_width;
        spins_in += fabs(c->magnetization.mean - spins) <= c->magnetization.half_width;
        assert_true(fabs(c->exact_energy - x->mean_energy) < 1e-9);
        tv += c->total_variation / RUNS;
        noise += c->total_variation_noise / RUNS;
        for (int b = 0; b < 6; b++)
            doubts[b] += c->doubts >> b & 1;
    }
    check_coverage("beta", beta_in);
    check_coverage("mean energy", energy_in);
    check_coverage("magnetisation", spins_in);
    print_message("total variation %.4f, noise alone %.4f; doubts %d %d %d %d %d %d\n", tv, noise,
                  doubts[0], doubts[1], doubts[2], doubts[3], doubts[4], doubts[5]);
    assert_true(tv > 0.6 * noise && tv < noise); /* of the slower observable's samples */
    /* Chance: 4 * outside(1000, 2e-4, 0, 5) | doubts about good runs */
    assert_true(doubts[0] <= 5 && doubts[1] == 0 && doubts[4] <= 5 && doubts[5] <= 5);
    glb_exact_free(x);
    glb_sampler_close(s);
    glb_graph_free(g);
}

/* The device has other couplings than the graph that the certificate sees, as if its beta were 3 %
 * lower, or higher. */
static void a_wrong_beta_is_named(void **state) {
    enum { SAMPLES = 20000, CHAINS = 64 };
    const size_t bytes = (size_t)SAMPLES * CHAINS * ((N + 7) / 8);
    (void)state;
    for (int sign = -1; sign <= 1; sign++) {
        struct glb_graph *g = ring(1);
        struct glb_sampler *s;
        assert_int_equal(glb_sampler_open(g, "emu", "small", &s), GLB_OK);
        struct glb_settings set = settings(SAMPLES, 7, 0.6);
        const struct glb_step real = {0.6 * (1 + 0.03 * sign), 30 + SAMPLES};
        double *energies = malloc(sizeof *energies * SAMPLES * CHAINS);
        uint8_t *bits = malloc(bytes);
        set.schedule = &real;
        set.steps = 1;
        set.bits = bits;
        set.bits_bytes = bytes;
        set.chains = CHAINS;
        set.energies = energies;
        set.energies_count = SAMPLES * CHAINS;
        assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
        /* the samples again, as those of beta 0.6 */
        const bool held[N] = {0};
        const struct certified_run run = {g, 0.6, CHAINS, SAMPLES, 1, held, true};
        struct certifier *certifier;
        struct glb_certificate c;
        assert_int_equal(certifier_new(&run, &certifier), GLB_OK);
        for (int64_t k = 0; k < SAMPLES; k++) {
            uint64_t plane[N] = {0};
            for (int chain = 0; chain < CHAINS; chain++)
                for (int i = 0; i < N; i++)
                    plane[i] |= (uint64_t)(bits[(k * CHAINS + chain) * 2 + i / 8] >> i % 8 & 1)
                                << chain;
            certifier_add(certifier, k, 0, CHAINS, plane, energies + k * CHAINS);
        }
        const struct glb_result *r = glb_sampler_result(s);
        assert_int_equal(certifier_finish(certifier, r->mean_energy, r->mean_energy_stderr, &c),
                         GLB_OK);
        print_message("beta of %g found as %g (%g to %g), doubts %u\n", real.beta, c.beta_effective,
                      c.beta_low, c.beta_high, c.doubts);
        /* Chance: 3 * student(8, 63) | the estimate, four half intervals from the truth
         * Chance: 2 * measured(0.018, 0.002, 0.0083) | how far it is from 0.6, against the limit */
        assert_true(fabs(c.beta_effective - real.beta) < 2 * (c.beta_high - c.beta_low));
        assert_int_equal(c.doubts & GLB_DOUBT_BETA, sign ? GLB_DOUBT_BETA : 0);
        assert_int_equal(c.doubts & GLB_DOUBT_DISTRIBUTION, sign ? GLB_DOUBT_DISTRIBUTION : 0);
        certifier_free(certifier);
        free(energies);
        free(bits);
        glb_sampler_close(s);
        glb_graph_free(g);
    }
}

/* A ferromagnet: so cold that nothing moves; two groups of chains that start apart and stay. */
static void frozen_and_divided_chains_are_named(void **state) {
    enum { ALL = 8 };
    struct glb_graph *g;
    struct glb_sampler *s;
    int8_t init[ALL * 2];
    int32_t i[ALL * ALL], j[ALL * ALL];
    double w[ALL * ALL];
    int m = 0;
    (void)state;
    for (int k = 0; k < 2 * ALL; k++)
        init[k] = k % 2 ? 1 : -1;
    for (int a = 0; a < ALL; a++)
        for (int b = 0; b < a; b++, m++) {
            i[m] = a;
            j[m] = b;
            w[m] = 1;
        }
    assert_int_equal(glb_graph_from_arrays(ALL, m, i, j, w, NULL, GLB_BOLTZMANN, 0, &g), GLB_OK);
    assert_int_equal(glb_sampler_open(g, "emu", "small", &s), GLB_OK);
    struct glb_settings set = settings(200, 1, 60);
    const struct glb_certificate *c = certified(s, &set);
    assert_true(c->doubts & GLB_DOUBT_FROZEN && c->frozen_chains == 16);
    set = settings(2000, 1, 0.6); /* between the wells lie 16 units of E, so a wall of exp(-19) */
    set.init = init;
    set.init_columns = 2;
    c = certified(s, &set);
    print_message("two wells: R-hat of the magnetisation %g, frozen %d, doubts %u\n",
                  c->magnetization.r_hat, c->frozen_chains, c->doubts);
    assert_true(c->doubts & GLB_DOUBT_CHAINS && c->magnetization.r_hat > 1.1);
    assert_int_equal(c->frozen_chains, 0);
    assert_true(c->frozen_pbits > 0 && c->doubts & GLB_DOUBT_FROZEN);
    assert_false(c->doubts & GLB_DOUBT_BETA);
    glb_sampler_close(s);
    glb_graph_free(g);
}

/* Of four p-bits two that never turn as a pair, whatever energy and magnetisation look like. */
static void pbits_that_never_change_are_named(void **state) {
    const int32_t i[] = {0, 2}, j[] = {1, 3};
    (void)state;
    for (int stiff = 0; stiff < 2; stiff++) {
        const double w[] = {stiff ? 50 : 0.5, 0.5};
        struct glb_graph *g;
        struct glb_sampler *s;
        assert_int_equal(glb_graph_from_arrays(4, 2, i, j, w, NULL, GLB_BOLTZMANN, 0, &g), GLB_OK);
        assert_int_equal(glb_sampler_open(g, "emu", "small", &s), GLB_OK);
        for (uint64_t chains = 16; chains <= 1024; chains *= 8) {
            struct glb_settings set = settings(200, 1, 1);
            set.chains = chains;
            const struct glb_certificate *c = certified(s, &set);
            assert_int_equal(c->frozen_chains, 0);
            assert_int_equal(c->frozen_pbits, stiff ? 2 : 0);
            assert_int_equal(c->doubts & GLB_DOUBT_FROZEN, stiff ? GLB_DOUBT_FROZEN : 0);
        }
        glb_sampler_close(s);
        glb_graph_free(g);
    }
}

/* Two boards of one run that get the same random numbers: chain c and chain c + 16 are one. */
static void copied_chains_are_named(void **state) {
    enum { SAMPLES = 400 };
    struct glb_graph *g = ring(1);
    struct glb_sampler *s;
    uint8_t bits[SAMPLES * 16 * 2];
    static double energies[SAMPLES * 16];
    (void)state;
    assert_int_equal(glb_sampler_open(g, "emu", "small", &s), GLB_OK);
    for (int copied = 0; copied < 2; copied++) {
        const bool held[N] = {0};
        const struct certified_run run = {g, 0.6, 32, SAMPLES, 1, held, true};
        struct certifier *certifier;
        struct glb_certificate c;
        assert_int_equal(certifier_new(&run, &certifier), GLB_OK);
        for (int board = 0; board < 2; board++) {
            struct glb_settings set = settings(SAMPLES, board && !copied ? 2 : 1, 0.6);
            assert_int_equal(
                glb_sampler_collect(s, &set, bits, sizeof bits, energies, SAMPLES * 16), GLB_OK);
            for (int64_t k = 0; k < SAMPLES; k++) {
                uint64_t plane[N] = {0};
                for (int chain = 0; chain < 16; chain++)
                    for (int i = 0; i < N; i++)
                        plane[i] |= (uint64_t)(bits[(k * 16 + chain) * 2 + i / 8] >> i % 8 & 1)
                                    << chain;
                certifier_add(certifier, k, 16 * board, 16, plane, energies + k * 16);
            }
        }
        const struct glb_result *r = glb_sampler_result(s);
        assert_int_equal(certifier_finish(certifier, r->mean_energy, r->mean_energy_stderr, &c),
                         GLB_OK);
        assert_int_equal(c.chains, 32);
        assert_int_equal(c.doubts & GLB_DOUBT_CORRELATED, copied ? GLB_DOUBT_CORRELATED : 0);
        assert_true(copied ? c.chain_correlation > 0.999 : fabs(c.chain_correlation) < 0.5);
        certifier_free(certifier);
    }
    glb_sampler_close(s);
    glb_graph_free(g);
}

/* Clamped p-bits are no evidence; temperatures that change, or nothing free, make no certificate.
 */
static void what_is_certified(void **state) {
    struct glb_graph *g = ring(1);
    struct glb_sampler *s;
    struct glb_exact *x;
    int8_t clamp[N] = {1, 0, -1, 0, 0, 0, 0, 1, 0, 0}, all[N];
    const struct glb_step steps[] = {{0.1, 50}, {0.5, 20}, {0.6, 200}, {0.6, 100}, {2, 50}};
    (void)state;
    memset(all, 1, sizeof all);
    assert_int_equal(glb_sampler_open(g, "emu", "small", &s), GLB_OK);
    struct glb_settings set = settings(2000, 3, 0.6);
    set.clamp = clamp;
    set.clamp_columns = 1;
    assert_int_equal(glb_graph_exact(g, 0.6, clamp, &x), GLB_OK);
    const struct glb_certificate *c = certified(s, &set);
    assert_int_equal(c->decisions % 16, 0);
    assert_true(fabs(c->exact_energy - x->mean_energy) < 1e-9);
    /* Chance: 2 * 1e-4 ** 2 | total variation and mean energy of a good run */
    assert_int_equal(c->doubts & ~(unsigned)GLB_DOUBT_CHAINS, 0);
    assert_true(c->beta_low < 0.6 && c->beta_high > 0.6);
    glb_exact_free(x);
    set.clamp = all;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_null(glb_sampler_certificate(s));
    set = settings(100, 3, 1);
    set.certificate = 0;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_null(glb_sampler_certificate(s));
    set = settings(0, 3, 1);
    set.schedule = steps;
    set.steps = 5;
    set.burn_in = 0;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_null(glb_sampler_certificate(s));
    set.burn_in = 70;
    set.samples = 300;
    assert_true(certified(s, &set)->beta == 0.6);
    set.samples = 301;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_null(glb_sampler_certificate(s));
    set.burn_in = 69;
    set.samples = 300;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_null(glb_sampler_certificate(s));
    glb_sampler_close(s);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_the_truth),
        cmocka_unit_test(a_wrong_beta_is_named),
        cmocka_unit_test(frozen_and_divided_chains_are_named),
        cmocka_unit_test(pbits_that_never_change_are_named),
        cmocka_unit_test(copied_chains_are_named),
        cmocka_unit_test(what_is_certified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
