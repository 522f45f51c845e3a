/* Every figure of a result computed a second time, from the samples alone: energies, their error,
 * magnetisations, the best state, counts and rates; noise of long schedules and of boards.
 * SPDX-License-Identifier: Apache-2.0 */
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

enum { MOST_N = 70, MOST = 400 * 160 };

static uint8_t bits[MOST * ((MOST_N + 7) / 8)];
static double energies[MOST];

struct case_of {
    const char *device, *family, *args;
    enum glb_convention convention;
    int copies, chains; /* asked for */
    int64_t samples;
    double offset; /* of the input */
};

static struct glb_graph *graph_of(const struct case_of *c) {
    struct glb_graph *g, *out;
    int32_t i[300], j[300];
    double w[300], h[MOST_N];
    assert_int_equal(glb_graph_generate(c->family, c->args, 5, &g), GLB_OK);
    const int n = glb_graph_pbits(g), m = glb_graph_couplings(g);
    assert_true(n <= MOST_N && m <= 300);
    for (int e = 0; e < m; e++) {
        i[e] = glb_graph_coupling_i(g)[e];
        j[e] = glb_graph_coupling_j(g)[e];
        w[e] = glb_graph_coupling_values(g)[e];
    }
    for (int k = 0; k < n; k++)
        h[k] = glb_graph_bias_values(g)[k];
    assert_int_equal(glb_graph_from_arrays(n, m, i, j, w, c->convention == GLB_MAXCUT ? NULL : h,
                                           c->convention, c->offset, &out),
                     GLB_OK);
    glb_graph_free(g);
    return out;
}

static int spin(const uint8_t *row, int i) {
    return row[i / 8] >> i % 8 & 1 ? 1 : -1;
}

/* By the formulas of enum glb_convention. */
static double energy_of(const struct glb_graph *g, const struct case_of *c, const uint8_t *row) {
    static const int of_pair[] = {-1, -1, 1, 1, 0}, of_single[] = {-1, 1, 1, 1, 0};
    const enum glb_convention how = c->convention;
    double w[300], h[MOST_N], sum = c->offset;
    glb_graph_get_weights(g, w, h, NULL);
    for (int e = 0; e < glb_graph_couplings(g); e++) {
        const int a = spin(row, glb_graph_coupling_i(g)[e]);
        const int b = spin(row, glb_graph_coupling_j(g)[e]);
        sum += of_pair[how] * w[e] * (how == GLB_QUBO ? (a > 0 && b > 0) : a * b);
        sum -= how == GLB_MAXCUT && a != b ? w[e] : 0;
    }
    for (int k = 0; k < glb_graph_pbits(g); k++)
        sum += of_single[how] * h[k] * (how == GLB_QUBO ? spin(row, k) > 0 : spin(row, k));
    return sum;
}

static void close_to(double got, double want, const char *what) {
    if (!(fabs(got - want) <= 1e-9 * (1 + fabs(want))))
        fail_msg("%s is %.15g, not %.15g", what, got, want);
}

static void check_means(const struct glb_graph *g, const struct case_of *c,
                        const struct glb_result *r) {
    const int n = glb_graph_pbits(g), chains = r->chains;
    const size_t row = (size_t)(n + 7) / 8;
    double mean = 0, spread = 0, best = INFINITY, own[200] = {0}, up[MOST_N] = {0};
    for (int64_t s = 0; s < r->samples; s++)
        for (int k = 0; k < chains; k++) {
            const size_t at = (size_t)s * (size_t)chains + (size_t)k;
            close_to(energies[at], energy_of(g, c, bits + at * row), "an energy");
            own[k] += energies[at] / (double)r->samples;
            best = fmin(best, energies[at]);
            for (int i = 0; i < n; i++)
                up[i] += spin(bits + at * row, i);
        }
    for (int k = 0; k < chains; k++)
        mean += own[k] / chains;
    for (int k = 0; k < chains; k++)
        spread += (own[k] - mean) * (own[k] - mean) / (chains - 1);
    close_to(r->mean_energy, mean, "the mean energy");
    close_to(r->mean_energy_stderr, sqrt(spread / chains), "its standard error");
    close_to(r->best_energy, best, "the best energy");
    for (int i = 0; i < n; i++)
        close_to(r->magnetization[i], up[i] / (double)(r->samples * chains), "a magnetisation");
    uint8_t packed[(MOST_N + 7) / 8] = {0};
    for (int i = 0; i < n; i++)
        packed[i / 8] |= (uint8_t)((r->best_spins[i] > 0) << i % 8);
    close_to(energy_of(g, c, packed), best, "the energy of the best spins");
}

static void check_counts(const struct glb_graph *g, struct glb_program *p,
                         const struct glb_settings *set, const struct glb_result *r) {
    const double n = glb_graph_pbits(g), m = glb_graph_couplings(g);
    const double sweeps = set->burn_in + (double)set->samples * set->interval;
    assert_int_equal(r->pbits, n);
    assert_int_equal(r->couplings, m);
    assert_int_equal(r->samples, set->samples);
    assert_int_equal(r->sweeps, sweeps);
    assert_int_equal(r->updates, n * r->chains * sweeps);
    const double boards = (double)r->chains / glb_program_info(p)->chains;
    assert_int_equal(r->clocks, boards * sweeps * glb_program_report(p)->clocks);
    close_to(r->updates_per_clock, n * r->chains * sweeps / (double)r->clocks, "updates a clock");
    close_to(r->coupling_updates_per_clock, 2 * m * r->chains * sweeps / (double)r->clocks,
             "coupling updates a clock"); /* each end of a coupling is one */
    assert_false(r->stopped || r->reached);
}

static void figures(const struct case_of *c) {
    struct glb_compile_options compile;
    struct glb_program *p;
    struct glb_device *d;
    struct glb_sampler *s;
    struct glb_settings set;
    struct glb_graph *g = graph_of(c);
    glb_compile_options_init(&compile, sizeof compile);
    compile.copies = c->copies;
    assert_int_equal(glb_program_compile(g, "small", &compile, &p), GLB_OK);
    assert_int_equal(glb_device_open(c->device, "small", &d), GLB_OK);
    assert_int_equal(glb_sampler_new(g, p, d, &s), GLB_OK);
    glb_settings_init(&set, sizeof set);
    set.chains = c->chains;
    set.samples = c->samples;
    set.burn_in = 7;
    set.interval = 3;
    set.beta = 0.4;
    set.seed = 3;
    if (glb_sampler_collect(s, &set, bits, sizeof bits, energies, MOST) != GLB_OK)
        fail_msg("%s", glb_error());
    const struct glb_result *r = glb_sampler_result(s);
    assert_true(r->chains >= c->chains && r->chains <= 200);
    assert_int_equal(r->chains % (glb_program_info(p)->chains), 0);
    check_means(g, c, r);
    check_counts(g, p, &set, r);
    glb_sampler_close(s);
    glb_device_close(d);
    glb_program_free(p);
    glb_graph_free(g);
}

static void every_figure(void **state) {
    static const struct case_of c[] = {
        {"emu", "regular", "n=40,d=3,weights=gauss,bias=gauss", GLB_BOLTZMANN, 1, 16, 30, 0},
        {"emu", "regular", "n=70,d=4,weights=gauss,bias=gauss", GLB_ZTE_34, 1, 150, 40, -2.5},
        {"emu", "regular", "n=40,d=3,weights=gauss,bias=gauss", GLB_ZTE_2, 1, 16, 30, 0},
        {"emu", "regular", "n=40,d=3,weights=gauss,bias=gauss", GLB_QUBO, 1, 48, 30, 7},
        {"emu", "regular", "n=66,d=4,weights=pm1", GLB_MAXCUT, 1, 80, 30, 0},
        {"emu", "regular", "n=30,d=4,weights=pm1,bias=pm1", GLB_BOLTZMANN, 3, 90, 30, 1.5},
        {"emu-port", "regular", "n=40,d=3,weights=gauss,bias=gauss", GLB_BOLTZMANN, 2, 64, 5, 0}};
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++)
        figures(&c[k]);
}

static struct glb_sampler *open_plain(const char *weights, struct glb_graph **g,
                                      struct glb_settings *set) {
    struct glb_sampler *s;
    char args[40];
    snprintf(args, sizeof args, "n=64,d=3,%s", weights);
    assert_int_equal(glb_graph_generate("regular", args, 1, g), GLB_OK);
    assert_int_equal(glb_sampler_open(*g, "emu", "small", &s), GLB_OK);
    glb_settings_init(set, sizeof *set);
    set->chains = 32;
    set->burn_in = 0;
    return s;
}

static void end(struct glb_sampler *s, struct glb_graph *g) {
    glb_sampler_close(s);
    glb_graph_free(g);
}

/* Every p-bit clamped, a column a chain: a ferromagnet at rest in one chain, with one p-bit turned
 * in all others. */
static void any_chain_may_be_the_best(void **state) {
    enum { N = 64, CHAINS = 144 };
    static const int lowest[] = {0, 1, 37, 63, 64, 65, 127, 128, CHAINS - 1};
    static int8_t values[N * CHAINS];
    struct glb_graph *g;
    struct glb_settings set;
    (void)state;
    struct glb_sampler *s = open_plain("weights=const", &g, &set);
    set.chains = CHAINS;
    set.samples = 2;
    set.clamp = values;
    set.clamp_columns = CHAINS;
    for (size_t k = 0; k < sizeof lowest / sizeof lowest[0]; k++) {
        const int best = lowest[k];
        for (int v = 0; v < N * CHAINS; v++)
            values[v] = v % CHAINS != best && v % CHAINS % N == v / CHAINS ? -1 : 1;
        assert_int_equal(glb_sampler_collect(s, &set, NULL, 0, energies, MOST), GLB_OK);
        const struct glb_result *r = glb_sampler_result(s);
        for (int c = 0; c < CHAINS; c++)
            assert_true(energies[c] == (c == best ? -N * 3 / 2 : -N * 3 / 2 + 6));
        assert_true(r->best_energy == energies[best]);
        for (int i = 0; i < N; i++)
            assert_int_equal(r->best_spins[i], 1);
    }
    end(s, g);
}

static int by_value(const void *a, const void *b) {
    return memcmp(a, b, sizeof(uint64_t));
}

/* At beta 0 a sample is noise and nothing else: 64 bits that come once, whatever the chain, the
 * board, the sweep and the piece of a schedule that is longer than the array's. */
static void noise_never_repeats(void **state) {
    static struct glb_step step[600];
    static uint64_t seen[2][600 * 32], all[2 * 600 * 32], in_turn[600 * 32];
    struct glb_graph *g;
    struct glb_settings set;
    struct glb_sampler *s = open_plain("weights=gauss", &g, &set);
    (void)state;
    for (int k = 0; k < 600; k++)
        step[k] = (struct glb_step){0, 1};
    set.schedule = step;
    set.steps = 600;
    set.samples = 600;
    for (int run = 0; run < 2; run++) {
        set.first_board = run ? 2 : 0; /* the boards behind those of the first run */
        assert_int_equal(
            glb_sampler_collect(s, &set, (uint8_t *)seen[run], sizeof seen[run], NULL, 0), GLB_OK);
    }
    /* boards in turn have the noise of boards side by side */
    struct glb_sampler *line;
    assert_int_equal(glb_sampler_open(g, "emu-port", "small", &line), GLB_OK);
    assert_int_equal(glb_sampler_collect(line, &set, (uint8_t *)in_turn, sizeof in_turn, NULL, 0),
                     GLB_OK);
    assert_memory_equal(in_turn, seen[1], sizeof in_turn);
    glb_sampler_close(line);
    memcpy(all, seen, sizeof all);
    qsort(all, 2 * 600 * 32, sizeof *all, by_value);
    for (int k = 1; k < 2 * 600 * 32; k++)
        assert_true(all[k] != all[k - 1]);
    end(s, g);
}

static int stop_in_time(void *user, int64_t sample, int chain, const uint8_t *row, double energy) {
    (void)row, (void)energy;
    return sample == *(int *)user && chain == 3;
}

/* A run that ends early says so, and its figures are of the samples that came. */
static void early_ends(void **state) {
    struct glb_graph *g;
    struct glb_settings set;
    struct glb_sampler *s = open_plain("weights=gauss", &g, &set);
    int last = 6;
    (void)state;
    set.samples = 50;
    set.on_sample = stop_in_time;
    set.user = &last;
    assert_int_equal(glb_sampler_collect(s, &set, bits, sizeof bits, energies, MOST), GLB_OK);
    const struct glb_result *r = glb_sampler_result(s);
    assert_true(r->stopped && !r->reached);
    assert_int_equal(r->samples, 7);
    assert_int_equal(r->sweeps, 7);
    const struct case_of c = {.convention = GLB_BOLTZMANN};
    check_means(g, &c, r);
    for (int k = 0; k < 32; k++)
        assert_true(isnan(energies[7 * 32 + k]));
    const double best = r->best_energy;
    last = -1;
    set.stop_energy = best;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_true(glb_sampler_result(s)->stopped && glb_sampler_result(s)->reached);
    assert_true(glb_sampler_result(s)->best_energy == best);
    set.stop_energy = NAN;
    glb_sampler_cancel(s);
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_true(glb_sampler_result(s)->stopped && !glb_sampler_result(s)->reached);
    assert_int_equal(glb_sampler_result(s)->samples, 0);
    assert_true(isnan(glb_sampler_result(s)->mean_energy));
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_false(glb_sampler_result(s)->stopped);
    end(s, g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure),
        cmocka_unit_test(any_chain_may_be_the_best),
        cmocka_unit_test(noise_never_repeats),
        cmocka_unit_test(early_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
