/* Decisions of exchanges against the formula, spacing of a ladder, energies in whole numbers.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "base/rng.h"
#include "sampler/tempering/tempering.h"

static void logarithms(void **state) {
    struct glb_rng r = glb_rng_at(1, 0, 0);
    (void)state;
    for (int k = 0; k < 200000; k++) { /* all magnitudes */
        const uint64_t x = glb_rng_u64(&r) >> k % 64;
        const long double truth = 64 - log2l((long double)x + 1);
        assert_true(fabsl(ldexpl(exchange_log2(x), -40) - truth) < 0x1p-38L);
    }
    assert_true(exchange_log2(UINT64_MAX) == 0);
    assert_true(exchange_log2(0) == UINT64_C(64) << 40);
    assert_true(exchange_log2(UINT64_MAX / 2) == UINT64_C(1) << 40);
}

/* The largest random number that is accepted is the probability. */
static double probability(unsigned __int128 rate, uint64_t difference) {
    uint64_t low = 0, high = UINT64_MAX;
    if (!exchange_accepted(rate, difference, 0))
        return 0;
    while (low < high) {
        const uint64_t middle = high - (high - low) / 2;
        if (exchange_accepted(rate, difference, middle))
            low = middle;
        else
            high = middle - 1;
    }
    return ((double)low + 1) * 0x1p-64;
}

static void probabilities(void **state) {
    static const struct {
        uint32_t hot, cold;
        uint64_t difference;
    } some[] = {
        {131072, 65536, 1},     {131072, 65536, 3},         {4000000000, 3999999999, 1 << 30},
        {70000, 69000, 4},      {4294967295u, 1, 1},        {2, 1, 1},
        {65537, 65536, 100000}, {4294967295u, 65536, 1000}, {300000, 30000, 7}};
    (void)state;
    for (size_t k = 0; k < sizeof some / sizeof some[0]; k++) {
        const unsigned __int128 rate = exchange_rate(some[k].hot, some[k].cold);
        const double x =
            16384.0 * (double)some[k].difference * (1.0 / some[k].cold - 1.0 / some[k].hot);
        const double p = probability(rate, some[k].difference);
        if (x > 44) /* below the smallest random number */
            assert_true(p == 0);
        else
            assert_true(fabs(p / exp(-x) - 1) < 1e-9);
    }
    assert_true(exchange_rate(65536, 65536) == 0 && probability(0, 1 << 30) == 1);
    assert_false(exchange_accepted(exchange_rate(2, 1), UINT64_MAX, 12345));
}

/* Rejections that grow with beta: each part of the new ladder has an equal share. */
static void spacing(void **state) {
    const double beta[5] = {0, 1, 2, 3, 4}, rejection[5] = {0.1, 0.2, 0.3, 0.4};
    double same[5], more[9], fewer[3];
    (void)state;
    ladder_spread(beta, rejection, 5, same, 5);
    const double wanted[5] = {0, 1.75, 2 + 2.0 / 3, 3.375, 4};
    for (int k = 0; k < 5; k++)
        assert_true(fabs(same[k] - wanted[k]) < 1e-12);
    ladder_spread(beta, rejection, 5, more, 9);
    for (int k = 0; k < 5; k++)
        assert_true(fabs(more[2 * k] - wanted[k]) < 1e-12);
    ladder_spread(beta, rejection, 5, fewer, 3);
    assert_true(fewer[0] == 0 && fabs(fewer[1] - wanted[2]) < 1e-12 && fewer[2] == 4);
}

/* Random couplings and biases: unit x e is the energy of the rounded ones. */
static void check_energies(const char *arguments, bool exact) {
    struct glb_graph *g;
    struct glb_program *p;
    struct whole *w;
    struct glb_rng r = glb_rng_at(2, 0, 0);
    int32_t row[100];
    int64_t e[CHUNK_CHAINS];
    _Alignas(64) uint64_t words[100 * 2 * CHUNK];
    double J[500], h[100];
    int8_t m[100];
    assert_int_equal(glb_graph_generate("regular", arguments, 3, &g), GLB_OK);
    assert_int_equal(glb_program_compile(g, "small", NULL, &p), GLB_OK);
    assert_int_equal(whole_new(p, g, &w), GLB_OK);
    assert_int_equal(whole_unit(w) > 0, exact);
    glb_program_effective(p, J, h);
    for (int i = 0; i < g->n; i++) {
        row[i] = g->n - 1 - i;
        for (int k = 0; k < 2 * CHUNK; k++)
            words[2 * CHUNK * row[i] + k] = glb_rng_u64(&r);
    }
    whole_energies(w, words + CHUNK, row, 2 * CHUNK, e);
    for (int c = 0; c < CHUNK_CHAINS; c += 7) {
        double energy = 0;
        for (int i = 0; i < g->n; i++) {
            m[i] = words[2 * CHUNK * row[i] + CHUNK + c / 64] >> c % 64 & 1 ? 1 : -1;
            energy -= h[i] * m[i];
        }
        for (int k = 0; k < g->m; k++)
            energy -= J[k] * m[g->ei[k]] * m[g->ej[k]];
        assert_true(fabs(whole_rounded(w) * (double)e[c] - energy) < 1e-9 * (1 + fabs(energy)));
        if (exact)
            assert_true(whole_unit(w) * (double)e[c] == glb_graph_energy(g, m));
        assert_true((double)whole_factor(w) * p->u / 2 == whole_rounded(w));
    }
    whole_free(w);
    glb_program_free(p);
    glb_graph_free(g);
}

static void energies(void **state) {
    (void)state;
    check_energies("n=100,d=6,weights=pm1", true);
    check_energies("n=100,d=6,weights=pm1,bias=pm1", true);
    check_energies("n=60,d=5,weights=gauss,bias=gauss", false);
    check_energies("n=9,d=2,weights=pm1", true);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(logarithms),
                                       cmocka_unit_test(probabilities), cmocka_unit_test(spacing),
                                       cmocka_unit_test(energies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
