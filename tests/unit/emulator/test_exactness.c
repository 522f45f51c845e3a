/* Statistical exactness: graph file -> compiler -> emulator against enumeration of the input's own
 * convention, 1e7 samples a graph.
 *
 * Independence: a sample is taken every k sweeps, k chosen so that the exact transition operator
 * has shrunk the slowest deviation to 1 %; what is left is measured from the samples. Chi-square
 * then has its textbook distribution, and a graph fails below P = 1e-7: one false alarm in 4e5
 * choices of all seeds. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include "compiler/compile.h"
#include "emulator/emulator.h"
#include "exactness_input.h"

enum { CHAINS = 512, SAMPLES = 19532 }; /* 512 x 19532 = 1.0e7 */
static const double ALARM = 1e-7;       /* Chance: 23 * 1e-7 | chi-square of each graph */

static const struct test_case cases[] = {
    {"tiny", GLB_BOLTZMANN, RANDOM, 10, 0.6, 0, 0},
    {"tiny", GLB_BOLTZMANN, RING, 16, 0.7, 0, 0},
    {"tiny", GLB_BOLTZMANN, COMPLETE, 8, 0.4, 0x05, 0},
    {"tiny", GLB_BOLTZMANN, STAR, 13, 0.8, 0, 4},
    {"tiny", GLB_BOLTZMANN, LOOSE, 9, 1.3, 0, 0},
    {"tiny1", GLB_BOLTZMANN, GRID, 12, 0.6, 0, 0},
    {"tiny1", GLB_BOLTZMANN, RANDOM, 11, 0.5, 0x11, 0},
    {"tiny4", GLB_BOLTZMANN, RANDOM, 14, 0.5, 0, 0},
    {"small", GLB_BOLTZMANN, COMPLETE, 10, 0.3, 0, 5},
    {"ulx3s-85", GLB_BOLTZMANN, GRID, 16, 0.5, 0x8001, 0},
    {"small", GLB_BOLTZMANN, RANDOM, 12, 0.0, 0, 0},
    {"tiny", GLB_ZTE_2, RANDOM, 10, 0.5, 0, 0},
    {"tiny4", GLB_ZTE_2, GRID, 12, 0.9, 0x02, 0},
    {"tiny1", GLB_ZTE_2, LOOSE, 8, 1.0, 0, 0},
    {"tiny", GLB_ZTE_34, RANDOM, 10, 0.5, 0, 0},
    {"tiny1", GLB_ZTE_34, RING, 11, 1.0, 0x20, 0},
    {"small", GLB_ZTE_34, STAR, 14, 0.6, 0, 6},
    {"tiny", GLB_QUBO, RANDOM, 9, 0.6, 0, 0},
    {"tiny1", GLB_QUBO, GRID, 12, 0.4, 0x40, 0},
    {"tiny4", GLB_QUBO, STAR, 10, 0.5, 0, 0},
    {"tiny", GLB_MAXCUT, RANDOM, 10, 0.6, 0, 0},
    {"tiny1", GLB_MAXCUT, COMPLETE, 8, 0.5, 0, 0},
    {"small", GLB_MAXCUT, RING, 15, 0.7, 0x101, 0},
};

enum { CASES = sizeof cases / sizeof *cases };

struct tally {
    int n;
    uint32_t *counts, *repeats; /* [2^n]: samples; samples that equal the chain's one before */
    uint16_t before[CHAINS];
    uint32_t sample;
};

static int tally_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                        size_t stride) {
    struct tally *t = user;
    (void)sweep;
    for (int w = 0; w < CHAINS / 64; w++) {
        uint16_t code[64] = {0};
        for (int i = 0; i < t->n; i++)
            for (int c = 0; c < 64; c++)
                code[c] |= (uint16_t)((words[(size_t)i * stride + w] >> c & 1) << i);
        for (int c = 0; c < 64; c++) {
            t->counts[code[c]]++;
            t->repeats[code[c]] += sample > 0 && t->before[w * 64 + c] == code[c];
            t->before[w * 64 + c] = code[c];
        }
    }
    t->sample++;
    return 0;
}

static void ok(enum glb_status s) {
    if (s)
        fail_msg("%s: %s", glb_status_name(s), glb_error());
}

/* SAMPLES samples of CHAINS chains of g at beta, one every interval sweeps. */
static void sample_graph(const struct test_case *c, const struct glb_graph *g, double beta,
                         uint32_t interval, uint64_t seed, struct tally *t) {
    const struct glb_array *a = glb_array_find(c->array);
    assert_non_null(a);
    struct glb_compile_options options = {
        .u = U, .worst_case_range = true, .hub_degree = c->hub_degree, .seed = seed, .effort = 1};
    struct glb_compile_report report;
    struct glb_program *p;
    struct glb_emu *e;
    struct glb_rng r = glb_rng_at(seed, 0x73616d70, 0);
    uint64_t seeds[CHAINS / 4];
    int boards = CHAINS / a->chains;
    bool clamped[MODEL_MAX_N];
    struct glb_run runs[MODEL_MAX_N];
    struct glb_beta_step step = {0, (SAMPLES + 20) * interval};
    ok(glb_compile(g, a, &options, &p, &report));
    assert_true(p->u == U);
    for (int i = 0; i < g->n; i++)
        clamped[i] = c->clamped >> i & 1;
    glb_program_clamp(p, clamped);
    ok(glb_program_k(p, beta, &step.k));
    ok(glb_emu_open(a, boards, 0, GLB_EMU_AUTO, &e));
    ok(glb_emu_load(e, p));
    for (int i = 0; i < g->n; i++) {
        struct glb_slot s = p->slot[i];
        uint64_t words[CHAINS / 64];
        for (int w = 0; w < CHAINS / 64; w++)
            words[w] = glb_rng_u64(&r);
        runs[i] = (struct glb_run){(uint16_t)s.tile, (uint16_t)(s.lane << a->gw | s.g), 1};
        glb_emu_set(e, 0, s.tile, runs[i].addr, words);
    }
    for (int b = 0; b < boards; b++)
        seeds[b] = glb_rng_u64(&r);
    struct glb_job job = {.steps = &step,
                          .nsteps = 1,
                          .burn_in = 20 * interval,
                          .interval = interval,
                          .runs = runs,
                          .nruns = g->n,
                          .nseg = (uint8_t)p->nseg};
    for (int s = 0; s < p->nseg; s++)
        job.seg[s] = (uint8_t)s;
    struct glb_job_counters counters;
    t->n = g->n;
    t->counts = calloc((size_t)1 << g->n, sizeof *t->counts);
    t->repeats = calloc((size_t)1 << g->n, sizeof *t->repeats);
    t->sample = 0;
    ok(glb_emu_run(e, &job, seeds, tally_sample, t, &counters));
    assert_int_equal(t->sample, SAMPLES);
    glb_emu_close(e);
    glb_program_free(p);
}

static void tally_free(struct tally *t) {
    free(t->counts);
    free(t->repeats);
}

/* Sum over codes of P(the next sample is the same code) minus what independence gives: the trace of
 * the transition operator over one interval without its stationary part. Chi-square's mean is df +
 * 2 x this (and smaller terms of later lags). */
static double memory_left(const struct test_case *c, const struct tally *t) {
    double sum = 0;
    bool *stratum = calloc((size_t)1 << c->n, sizeof *stratum);
    for (unsigned s = 0; s < 1u << c->n; s++)
        if (t->counts[s]) {
            sum += (double)t->repeats[s] / (t->counts[s] * (1 - 1.0 / SAMPLES));
            sum -= !stratum[s & c->clamped];
            stratum[s & c->clamped] = true;
        }
    free(stratum);
    return sum;
}

static uint32_t choose_interval(const struct model *m) {
    double rate = model_relaxation(m);
    return rate > 0.01 ? 1 + (uint32_t)ceil(log(0.01) / log(rate)) : 1;
}

static void exact(void **state) {
    int index = (int)(intptr_t)*state;
    const struct test_case *c = &cases[index];
    struct input in, wrong;
    struct model right, sign, hot;
    struct tally t;
    make_input(c, (uint64_t)index, &in);
    make_model(c, &in, c->beta, &right);
    struct glb_graph *g = read_back(c, &in);
    uint32_t interval = choose_interval(&right);
    sample_graph(c, g, c->beta, interval, 1000 + (uint64_t)index, &t);
    struct chi_square r = model_compare(&right, t.counts);
    double left = memory_left(c, &t);
    print_message("%-10s %-9s n %2d beta %.1f clamped %d: chi2 %.1f, df %d, P %.3g; interval %u, "
                  "memory %.3f\n",
                  glb_convention_name(c->convention), c->array, c->n, c->beta,
                  __builtin_popcount(c->clamped), r.x, r.df, r.p, interval, left);
    assert_true(r.p > ALARM);
    /* Chance: 23 * beyond(100) | memory between samples: the limit is 3.6 and more, the deviation
     * 2^(n/2) / sqrt(1e7), 0.08 and less */
    assert_true(fabs(2 * left) < 0.3 * sqrt(2 * r.df) + 0.5);
    if (c->beta >
        0) { /* negative controls: the same samples against a model that is slightly wrong */
        wrong = in;
        wrong.w[0] = -wrong.w[0];
        make_model(c, &wrong, c->beta, &sign);
        make_model(c, &in, c->beta * 1.05, &hot);
        /* Chance: 46 * above(30) | chi-square of wrong models, 38 deviations above ALARM at least
         */
        assert_true(model_compare(&sign, t.counts).p < ALARM);
        assert_true(model_compare(&hot, t.counts).p < ALARM);
        free(sign.p);
        free(hot.p);
    }
    free(right.p);
    tally_free(&t);
    glb_graph_free(g);
}

/* Negative controls through the whole chain: a coupling's sign is turned in the compiled graph;
 * beta is 5 % high in the job. */
static void caught(void **state) {
    const struct test_case *c = &cases[0];
    struct input in;
    struct model right;
    struct tally t;
    (void)state;
    make_input(c, 0, &in);
    make_model(c, &in, c->beta, &right);
    uint32_t interval = choose_interval(&right);
    for (int wrong_sign = 0; wrong_sign < 2; wrong_sign++) {
        struct glb_graph *g = read_back(c, &in);
        if (wrong_sign)
            g->J[0] = -g->J[0];
        sample_graph(c, g, wrong_sign ? c->beta : 1.05 * c->beta, interval, 1, &t);
        struct chi_square r = model_compare(&right, t.counts);
        print_message("%s: chi2 %.1f, df %d, P %.3g\n",
                      wrong_sign ? "one sign wrong" : "beta 5 % high", r.x, r.df, r.p);
        assert_true(r.p < ALARM);
        tally_free(&t);
        glb_graph_free(g);
    }
    free(right.p);
}

int main(void) {
    struct CMUnitTest tests[CASES + 1];
    static char names[CASES][64];
    for (int i = 0; i < CASES; i++) {
        snprintf(names[i], sizeof names[i], "exact_%02d_%s_%s", i,
                 glb_convention_name(cases[i].convention), cases[i].array);
        tests[i] = (struct CMUnitTest){names[i], exact, NULL, NULL, (void *)(intptr_t)i};
    }
    tests[CASES] = (struct CMUnitTest)cmocka_unit_test(caught);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
