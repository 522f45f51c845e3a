/* Runs beyond 32 bits: jobs of more than 2^32 sweeps, numbers of samples, sums over more samples
 * than that, energies of many terms, updates and clocks of many boards. SPDX-License-Identifier:
 * Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "sampler/job_plan.h"
#include "sampler/sampler_state.h"

/* ---- jobs ---- */

static uint64_t sum_of(const struct glb_beta_step *steps, int nsteps) {
    uint64_t sum = 0;
    for (int k = 0; k < nsteps; k++)
        sum += steps[k].sweeps;
    return sum;
}

/* The temperature of a sweep, 0 ... */
static uint32_t k_at(const struct glb_beta_step *steps, uint64_t sweep) {
    while (sweep >= steps->sweeps)
        sweep -= steps++->sweeps;
    return steps->k;
}

/* Every piece on its own: where it starts, its temperatures at both ends of each step, its first
 * sample and how many it has. */
static void check_plan(const struct glb_beta_step *steps, int nsteps, uint32_t burn_in,
                       uint32_t interval) {
    struct glb_job_plan plan;
    const uint64_t total = sum_of(steps, nsteps);
    uint64_t at = 0, samples = 0;
    assert_int_equal(glb_job_plan_make(steps, nsteps, burn_in, interval, NULL, &plan), GLB_OK);
    assert_true(plan.sweeps == total);
    for (int p = 0; p < plan.npieces; p++) {
        const struct glb_piece *piece = &plan.piece[p];
        const uint64_t length = sum_of(piece->steps, piece->nsteps);
        assert_true(piece->first_sweep == at && piece->first_sample == (int64_t)samples);
        assert_true(length > 0 && length <= UINT32_MAX);
        uint64_t inside = at;
        for (int k = 0; k < piece->nsteps; k++) {
            assert_int_equal(piece->steps[k].k, k_at(steps, inside));
            inside += piece->steps[k].sweeps;
            assert_int_equal(piece->steps[k].k, k_at(steps, inside - 1));
        }
        uint64_t mine = 0, first = 0; /* samples of the piece, and the sweep of its first */
        if (piece->interval && length > piece->burn_in) {
            mine = (length - piece->burn_in) / piece->interval;
            first = at + piece->burn_in + piece->interval;
        } else if (piece->flags & GLB_RUN_SAMPLE_FINAL) {
            mine = 1;
            first = at + length;
        }
        if (mine)
            assert_true(first == burn_in + (samples + 1) * interval);
        samples += mine;
        at += length;
        /* none was left out */
        assert_true(samples == (at > burn_in ? (at - burn_in) / interval : 0));
    }
    assert_true(at == total && plan.samples == (int64_t)samples);
    glb_job_plan_free(&plan);
}

static void jobs_of_long_runs(void **state) {
    static const struct glb_beta_step step[] = {
        {1, 7}, {2, UINT32_MAX}, {3, 1}, {4, UINT32_MAX}, {5, 3000000000u}, {6, 2147483648u}};
    static const uint32_t burn_in[] = {0, 1, 2147483647u, 2147483648u, UINT32_MAX};
    static const uint32_t interval[] = {1, 3, 1000, 2147483648u, 2147483649u, UINT32_MAX};
    (void)state;
    for (int n = 1; n <= 6; n++)
        for (int b = 0; b < 5; b++)
            for (int i = 0; i < 6; i++)
                check_plan(step, n, burn_in[b], interval[i]);
}

/* ---- samples and sums ---- */

enum { N = 8, CHAINS = 4 };

static struct glb_sampler *open_sampler(struct glb_graph **g, struct glb_settings *set) {
    struct glb_sampler *s;
    assert_int_equal(glb_graph_generate("regular", "n=8,d=3,weights=pm1", 1, g), GLB_OK);
    assert_int_equal(glb_sampler_open(*g, "emu", "tiny", &s), GLB_OK);
    glb_settings_init(set, sizeof *set);
    return s;
}

static void numbers_of_samples(void **state) {
    static const struct glb_step step[] = {{1, UINT32_MAX}, {0.5, UINT32_MAX}, {2, UINT32_MAX}};
    struct glb_graph *g;
    struct glb_settings set;
    struct glb_sampler *s = open_sampler(&g, &set);
    (void)state;
    set.samples = UINT32_MAX - 100;
    assert_true(glb_sampler_samples(s, &set) == UINT32_MAX - 100);
    set.samples++; /* with a burn-in of 100, a sweep too many */
    assert_true(glb_sampler_samples(s, &set) == 0);
    assert_int_equal(glb_sampler_run(s, &set), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "4294967296 sweeps"));
    set.samples = INT64_C(4294967296);
    set.burn_in = 0;
    assert_int_equal(glb_sampler_run(s, &set), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "4294967296 samples"));
    set.schedule = step;
    set.steps = 3;
    set.samples = 0; /* as many as there is room for */
    assert_true(glb_sampler_samples(s, &set) == 3 * (int64_t)UINT32_MAX);
    set.burn_in = 5;
    set.interval = 2;
    assert_true(glb_sampler_samples(s, &set) == (3 * (int64_t)UINT32_MAX - 5) / 2);
    set.samples = UINT32_MAX;
    set.interval = 4; /* more than the schedule's sweeps, a quarter of that modulo 2^32 */
    assert_int_equal(glb_sampler_run(s, &set), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "17179869185"));
    glb_sampler_close(s);
    glb_graph_free(g);
}

struct seen {
    int64_t sample;
    int calls;
    double fraction;
};

static int on_block(void *user, const struct glb_sample_block *b) {
    struct seen *seen = user;
    seen->sample = b->sample;
    seen->calls++;
    return 0;
}

static int on_progress(void *user, double fraction, double best) {
    (void)best;
    ((struct seen *)user)->fraction = fraction;
    return 0;
}

/* The state that a run has after so many samples, one sample more, and its end. */
static void sums_of_long_runs(void **state) {
    enum { EVEN = 0x55 };
    const int64_t before = (INT64_C(1) << 33) + 5;
    struct glb_graph *g;
    struct glb_settings set;
    struct glb_sampler *s = open_sampler(&g, &set);
    struct seen seen = {.sample = -1};
    uint64_t plane[N + 64], ones[N + 1], words[64];
    uint8_t rows[64 * (1 + 8)];
    double sum[CHAINS];
    int64_t count[CHAINS];
    (void)state;
    set.on_block = on_block;
    set.on_progress = on_progress;
    set.user = &seen;
    struct sampler_run r = {.s = s,
                            .set = &set,
                            .samples = before + 10,
                            .boards = 1,
                            .pass_boards = 1,
                            .piece_first_sample = before - 3,
                            .pass_first_sweep = UINT64_C(1) << 33,
                            .piece_first_sweep = UINT64_C(1) << 32,
                            .all_sweeps = UINT64_C(1) << 35,
                            .plane = plane,
                            .rows = rows,
                            .row_bytes = 1,
                            .ones = ones,
                            .sum = sum,
                            .count = count};
    s->result = (struct glb_result){
        .size = sizeof s->result, .pbits = N, .chains = CHAINS, .best_energy = INFINITY};
    for (int i = 0; i < N;
         i++) /* all on, then three quarters, .. of `before` samples of 4 chains */
        ones[i] = (uint64_t)before * CHAINS / 4 * (uint64_t)(4 - i % 4);
    for (int c = 0; c < CHAINS; c++) {
        count[c] = before;
        sum[c] = (double)before * (c - 1.5);
    }
    assert_true(s->nwords <= 64);
    memset(words, 0, sizeof words);
    for (int i = 0; i < N; i++) /* p-bit i is on in the even chains */
        words[s->word[i]] = EVEN & ((1 << CHAINS) - 1);
    assert_int_equal(sampler_on_sample(&r, 3, 7, words, 1), 0);
    assert_int_equal(seen.calls, 1);
    assert_true(seen.sample == before); /* the piece's first and number 3 */
    r.next_progress = 0;
    assert_int_equal(sampler_on_sweep(&r, UINT32_MAX), 0);
    const double done = 3.0 * 4294967296 + UINT32_MAX;
    assert_true(fabs(seen.fraction - done / 34359738368) < 1e-12);
    sampler_finish(&r);
    const struct glb_result *out = glb_sampler_result(s);
    assert_true(out->samples == before + 1);
    const double all = (double)(before + 1) * CHAINS;
    for (int i = 0; i < N; i++)
        assert_true(fabs(out->magnetization[i] -
                         (2 * ((double)before * (4 - i % 4) + 2) / all - 1)) < 1e-12);
    assert_true(fabs(out->mean_energy) < 1e-6);
    assert_true(fabs(out->mean_energy_stderr - sqrt(5.0 / 3 / CHAINS)) < 1e-6);
    glb_sampler_close(s);
    glb_graph_free(g);
}

/* ---- energies ---- */

/* 131,072 terms of one size: more than 16 bits count. Chains from all down to all up. */
static void energies_of_many_terms(void **state) {
    static const char *const args[] = {"n=4096,d=64,weights=const", "n=4096,d=64,weights=pm1",
                                       "n=4096,d=64,weights=const,bias=gauss"};
    static uint64_t spins[4096 + 1];
    static int8_t m[4096];
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct glb_graph *g;
        double energy[64];
        assert_int_equal(glb_graph_generate("regular", args[k], 2, &g), GLB_OK);
        struct glb_energy *e = glb_energy_new(g);
        for (int i = 0; i < g->n; i++) { /* chain c: a share of c / 63 is up */
            spins[i] = 0;
            for (int c = 0; c < 64; c++)
                spins[i] |= (uint64_t)((i * 1237 & 4095) < c * 4096 / 63) << c;
        }
        glb_energy_64(e, spins, energy);
        for (int c = 0; c < 64; c += 7) {
            double want = 0;
            for (int i = 0; i < g->n; i++) {
                m[i] = spins[i] >> c & 1 ? 1 : -1;
                want -= g->h[i] * m[i];
            }
            for (int t = 0; t < g->m; t++)
                want -= g->J[t] * m[g->ei[t]] * m[g->ej[t]];
            assert_true(fabs(energy[c] - want) < 1e-7);
        }
        if (k == 0)
            assert_true(energy[0] == -131072 && energy[63] == -131072);
        glb_energy_free(e);
        glb_graph_free(g);
    }
}

/* ---- counts of many boards ---- */

/* 2^28 updates and more a sweep: after the 17th sweep they are beyond 2^32. */
static void updates_of_many_boards(void **state) {
    enum { PBITS = 256, MANY = 1 << 20, SWEEPS = 17 };
    struct glb_graph *g;
    struct glb_sampler *s;
    struct glb_settings set;
    (void)state;
    assert_int_equal(glb_graph_generate("random", "n=256,m=0", 1, &g), GLB_OK);
    assert_int_equal(glb_sampler_open(g, "emu", "small", &s), GLB_OK);
    glb_settings_init(&set, sizeof set);
    set.burn_in = SWEEPS;
    set.samples = 0;
    set.chains = MANY;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    const struct glb_result *r = glb_sampler_result(s);
    assert_int_equal(r->sweeps, SWEEPS);
    assert_true(r->updates == (uint64_t)SWEEPS * PBITS * MANY && r->updates > UINT32_MAX);
    assert_int_equal(r->clocks % SWEEPS, 0);
    assert_true(fabs(r->updates_per_clock * (double)r->clocks / (double)r->updates - 1) < 1e-12);
    glb_sampler_close(s);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_of_long_runs),      cmocka_unit_test(numbers_of_samples),
        cmocka_unit_test(sums_of_long_runs),      cmocka_unit_test(energies_of_many_terms),
        cmocka_unit_test(updates_of_many_boards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
