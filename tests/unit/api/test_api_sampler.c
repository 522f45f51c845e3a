/* Sampling through the public header alone: what a run stores and calls, its figures, new
 * weights. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdint.h>

#include <cmocka.h>
#include <glauber.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    N = 70,
    ROW = 9,
    CHAINS = 140,
    SAMPLES = 7
}; /* a row with spare bits, a block of 12 chains */

static struct glb_graph *graph;
static struct glb_sampler *sampler;
static struct glb_settings set;

static int open_all(void **state) {
    (void)state;
    glb_settings_init(&set, sizeof set);
    set.samples = SAMPLES;
    set.chains = CHAINS;
    set.burn_in = 5;
    set.interval = 3;
    return glb_graph_generate("regular", "n=70,d=4,weights=gauss,bias=gauss", 4, &graph) ||
           glb_sampler_open(graph, "emu", "small", &sampler);
}

static int close_all(void **state) {
    (void)state;
    glb_sampler_close(sampler);
    glb_graph_free(graph);
    return 0;
}

/* What came one chain at a time and in blocks, where glb_sampler_collect() would put it. */
struct seen {
    uint8_t bits[SAMPLES][CHAINS + 64][ROW];
    double energies[SAMPLES][CHAINS + 64];
    int chains, calls, stop_at;
};

static int take_chain(void *user, int64_t sample, int chain, const uint8_t *bits, double energy) {
    struct seen *s = user;
    memcpy(s->bits[sample][chain], bits, ROW);
    s->energies[sample][chain] = energy;
    return ++s->calls == s->stop_at;
}

static int take_block(void *user, const struct glb_sample_block *b) {
    struct seen *s = user;
    assert_int_equal(b->size, sizeof *b);
    assert_int_equal(b->row_bytes, ROW);
    assert_true(b->chains >= 1 && b->chains <= 64 && b->first_chain + b->chains <= s->chains);
    for (int c = 0; c < b->chains; c++) {
        const uint8_t *row = b->rows + (size_t)c * ROW;
        memcpy(s->bits[b->sample][b->first_chain + c], row, ROW);
        s->energies[b->sample][b->first_chain + c] = b->energies[c];
        for (int i = 0; i < 8 * ROW; i++)
            assert_int_equal(row[i / 8] >> i % 8 & 1, i < N ? (int)(b->planes[i] >> c & 1) : 0);
    }
    for (int i = 0; i < N && b->chains < 64; i++)
        assert_true(b->planes[i] >> b->chains == 0);
    s->calls++;
    return 0;
}

/* Every chain of every sample reaches arrays and callbacks alike, with the energy of its spins. */
static void everything_once(void **state) {
    static struct seen one, block;
    (void)state;
    const int chains = glb_sampler_chains(sampler, &set);
    assert_int_equal(chains % glb_sampler_board_chains(sampler), 0);
    assert_in_range(chains, CHAINS, CHAINS + 63);
    assert_int_equal(glb_sampler_samples(sampler, &set), SAMPLES);
    const size_t values = (size_t)SAMPLES * (size_t)chains;
    uint8_t *bits = malloc(values * ROW + 1);
    double *energies = malloc((values + 1) * sizeof *energies);
    bits[values * ROW] = 0xa5;
    energies[values] = 1234;
    assert_int_equal(glb_sampler_collect(sampler, &set, bits, values * ROW, energies, values),
                     GLB_OK);
    assert_true(bits[values * ROW] == 0xa5 && energies[values] == 1234);
    const struct glb_result first = *glb_sampler_result(sampler);

    struct glb_settings s = set;
    one.chains = block.chains = chains;
    s.on_sample = take_chain;
    s.user = &one;
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_OK);
    s.on_sample = NULL;
    s.on_block = take_block;
    s.user = &block;
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_OK);
    assert_int_equal(one.calls, SAMPLES * chains);
    assert_int_equal(block.calls, SAMPLES * ((chains + 63) / 64));
    double mean = 0, lowest = INFINITY;
    for (int k = 0; k < SAMPLES; k++)
        for (int c = 0; c < chains; c++) {
            const size_t at = (size_t)k * (size_t)chains + (size_t)c;
            int8_t m[N];
            for (int i = 0; i < N; i++)
                m[i] = bits[at * ROW + (size_t)i / 8] >> i % 8 & 1 ? 1 : -1;
            assert_float_equal(energies[at], glb_graph_input_energy(graph, m), 1e-9);
            assert_memory_equal(one.bits[k][c], bits + at * ROW, ROW);
            assert_memory_equal(block.bits[k][c], bits + at * ROW, ROW);
            assert_true(one.energies[k][c] == energies[at] && block.energies[k][c] == energies[at]);
            mean += energies[at];
            lowest = fmin(lowest, energies[at]);
        }
    const struct glb_result *r = glb_sampler_result(sampler);
    assert_int_equal(r->size, sizeof *r);
    assert_true(r->mean_energy == first.mean_energy && r->best_energy == lowest);
    assert_float_equal(r->mean_energy, mean / (double)values, 1e-9);
    assert_int_equal(r->samples, SAMPLES);
    assert_int_equal(r->sweeps, 5 + 3 * SAMPLES);
    assert_int_equal(r->updates, (uint64_t)N * (uint64_t)chains * r->sweeps);
    assert_true(r->clocks > 0 && r->updates_per_clock > 0 && !r->stopped && r->saturated == 0);
    free(bits);
    free(energies);
}

/* What an early end leaves out is 0 and NaN. */
static void stopped_early(void **state) {
    static struct seen seen = {.stop_at = 3};
    (void)state;
    struct glb_settings s = set;
    const size_t chains = (size_t)glb_sampler_chains(sampler, &set), values = SAMPLES * chains;
    double *energies = malloc(values * sizeof *energies);
    uint8_t *bits = malloc(values * ROW);
    seen.chains = (int)chains;
    s.on_sample = take_chain;
    s.user = &seen;
    assert_int_equal(glb_sampler_collect(sampler, &s, bits, values * ROW, energies, values),
                     GLB_OK);
    assert_int_equal(seen.calls, 3);
    assert_true(glb_sampler_result(sampler)->stopped);
    assert_true(isfinite(energies[0]));
    for (size_t k = chains; k < values; k++)
        assert_true(isnan(energies[k]) && bits[k * ROW] == 0);
    assert_int_equal(glb_sampler_collect(sampler, &set, bits, values * ROW - 1, NULL, 0),
                     GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_collect(sampler, &set, NULL, 0, energies, values - 1),
                     GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_collect(sampler, &set, NULL, 0, NULL, 0), GLB_OK);
    free(bits);
    free(energies);
}

/* Boards 0 and 1 in one run, and each in a run of its own. */
static void parts_of_a_run(void **state) {
    (void)state;
    struct glb_settings s = set;
    const int per_board = glb_sampler_board_chains(sampler);
    const size_t one = (size_t)SAMPLES * (size_t)per_board;
    double *both = malloc(2 * one * sizeof *both), *part = malloc(one * sizeof *part);
    s.chains = 2 * per_board;
    assert_int_equal(glb_sampler_collect(sampler, &s, NULL, 0, both, 2 * one), GLB_OK);
    s.chains = per_board;
    for (s.first_board = 0; s.first_board < 2; s.first_board++) {
        assert_int_equal(glb_sampler_collect(sampler, &s, NULL, 0, part, one), GLB_OK);
        for (int k = 0; k < SAMPLES; k++)
            assert_memory_equal(part + k * per_board, both + (2 * k + s.first_board) * per_board,
                                (size_t)per_board * sizeof *part);
    }
    s.first_board = -1;
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_ERR_ARGUMENT);
    free(both);
    free(part);
}

/* The same values scaled by 1/2 are the same machine at half the energy: u stays, so beta doubles.
 */
static void new_weights(void **state) {
    (void)state;
    struct glb_settings s = set;
    struct glb_graph *other;
    const int m = glb_graph_couplings(graph);
    double *pair = malloc((size_t)m * sizeof *pair), single[N], before, big[N] = {0};
    int saturated = -1;
    assert_int_equal(glb_sampler_run(sampler, &set), GLB_OK);
    before = glb_sampler_result(sampler)->mean_energy;
    glb_graph_get_weights(graph, pair, single, NULL);
    for (int e = 0; e < m; e++)
        pair[e] = -pair[e];
    assert_int_equal(glb_graph_set_weights(graph, pair, single), GLB_OK);
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_ERR_ARGUMENT); /* not taken over */
    assert_non_null(strstr(glb_error(), "glb_sampler_set_weights"));
    assert_int_equal(glb_sampler_set_weights(sampler, graph, &saturated), GLB_OK);
    assert_int_equal(saturated, 0);

    struct glb_sampler *fresh; /* compiled for the new weights: the same unit, so the same bits */
    assert_int_equal(glb_sampler_open(graph, "emu", "small", &fresh), GLB_OK);
    assert_int_equal(glb_sampler_run(fresh, &s), GLB_OK);
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_OK);
    assert_true(glb_sampler_result(sampler)->mean_energy == glb_sampler_result(fresh)->mean_energy);
    assert_true(glb_sampler_result(sampler)->mean_energy != before);
    glb_sampler_close(fresh);

    for (int e = 0; e < m; e++)
        pair[e] *= 1e6;
    big[0] = 1;
    assert_int_equal(glb_graph_from_arrays(N, m, glb_graph_coupling_i(graph),
                                           glb_graph_coupling_j(graph), pair, big, GLB_BOLTZMANN, 0,
                                           &other),
                     GLB_OK);
    assert_int_equal(glb_sampler_set_weights(sampler, other, &saturated), GLB_OK);
    assert_true(saturated > m / 2);
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_OK);
    assert_int_equal(glb_sampler_result(sampler)->saturated, saturated);
    for (int e = 0; e < m; e++)
        pair[e] *= -1e-6;
    assert_int_equal(glb_graph_set_weights(graph, pair, single), GLB_OK);
    assert_int_equal(glb_sampler_set_weights(sampler, graph, NULL), GLB_OK);
    assert_int_equal(glb_sampler_run(sampler, &set), GLB_OK);
    assert_float_equal(glb_sampler_result(sampler)->mean_energy, before, 1e-12);
    glb_graph_free(other);
    assert_int_equal(glb_graph_generate("regular", "n=70,d=4", 5, &other), GLB_OK);
    assert_int_equal(glb_sampler_set_weights(sampler, other, NULL), GLB_ERR_ARGUMENT);
    glb_graph_free(other);
    free(pair);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_once), cmocka_unit_test(stopped_early),
        cmocka_unit_test(parts_of_a_run), cmocka_unit_test(new_weights)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
