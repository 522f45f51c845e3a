/* The sampler: energies, magnetisations, clamps and initial values chain by chain, boards,
 * callbacks. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "graph/energy.h"
#include "graph/graph.h"
#include "base/rng.h"

static void test_energies(void **state) {
    static const char *args[] = {"n=50,d=4,weights=pm1", "n=50,d=4,weights=gauss,bias=gauss",
                                 "n=200,d=8,weights=pm1,bias=pm1"};
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct glb_graph *g;
        glb_graph_generate("regular", args[k], 3, &g);
        assert_non_null(g);
        g->scale = 2; /* as a convention could have it */
        g->offset = 0.25;
        struct glb_energy *e = glb_energy_new(g);
        struct glb_rng r = glb_rng_at(k, 0, 0);
        uint64_t spins[200];
        int8_t m[200];
        double energy[64];
        for (int i = 0; i < g->n; i++)
            spins[i] = glb_rng_u64(&r);
        glb_energy_64(e, spins, energy);
        for (int c = 0; c < 64; c++) {
            for (int i = 0; i < g->n; i++)
                m[i] = spins[i] >> c & 1 ? 1 : -1;
            assert_true(fabs(energy[c] - (2 * glb_graph_energy(g, m) + 0.25)) < 1e-9);
        }
        glb_energy_free(e);
        glb_graph_free(g);
    }
}

struct seen {
    struct glb_graph *g;
    double *sum; /* magnetisation */
    long samples, chains, calls, stop_after;
    double best, mean;
    int8_t first[64][40]; /* sample 0 of each chain */
};

static int on_sample(void *user, long sample, int chain, const uint8_t *bits, double energy) {
    struct seen *s = user;
    int8_t m[40];
    assert_in_range(chain, 0, s->chains - 1);
    assert_in_range(sample, 0, s->samples - 1);
    for (int i = 0; i < s->g->n; i++) {
        m[i] = bits[i / 8] >> i % 8 & 1 ? 1 : -1;
        s->sum[i] += m[i];
    }
    assert_true(fabs(energy - glb_graph_input_energy(s->g, m)) < 1e-9);
    if (sample == 0 && chain < 64)
        memcpy(s->first[chain], m, sizeof m);
    s->mean += energy;
    s->best = energy < s->best ? energy : s->best;
    s->calls++;
    return s->stop_after && s->calls == s->stop_after;
}

static void start(struct seen *s, struct glb_sampler **p, const char *device,
                  struct glb_settings *set) {
    memset(s, 0, sizeof *s);
    glb_graph_generate("regular", "n=40,d=3,weights=gauss,bias=gauss", 1, &s->g);
    assert_non_null(s->g);
    s->sum = calloc(40, sizeof *s->sum);
    s->best = INFINITY;
    assert_int_equal(glb_sampler_open(s->g, device, "tiny", p), GLB_OK);
    glb_settings_init(set, sizeof *set);
    set->on_sample = on_sample;
    set->user = s;
    s->samples = set->samples = 20;
    set->interval = 2;
}

static void end(struct seen *s, struct glb_sampler *p) {
    glb_sampler_close(p);
    glb_graph_free(s->g);
    free(s->sum);
}

static void test_result(void **state) {
    struct glb_sampler *p;
    struct glb_settings set;
    struct seen s;
    (void)state;
    start(&s, &p, "emu", &set);
    set.chains = 150; /* 38 boards of 4: more than two 64-bit words */
    s.chains = glb_sampler_chains(p, &set);
    assert_int_equal(s.chains, 152);
    assert_int_equal(glb_sampler_run(p, &set), GLB_OK);
    const struct glb_result *r = glb_sampler_result(p);
    assert_int_equal(s.calls, 20 * 152);
    assert_int_equal(r->samples, 20);
    assert_int_equal(r->sweeps, 140);
    assert_int_equal(r->updates, 40ull * 152 * 140);
    assert_true(fabs(r->mean_energy - s.mean / (20 * 152)) < 1e-9);
    assert_true(r->best_energy == s.best);
    assert_true(fabs(glb_graph_input_energy(s.g, r->best_spins) - s.best) < 1e-9);
    for (int i = 0; i < 40; i++)
        assert_true(fabs(r->magnetization[i] - s.sum[i] / (20 * 152)) < 1e-9);
    end(&s, p);
}

/* Boards side by side in the emulator and one after the other behind the protocol: the same
 * samples. */
static void test_boards(void **state) {
    struct glb_sampler *p;
    struct glb_settings set;
    static struct seen s[2];
    (void)state;
    for (int k = 0; k < 2; k++) {
        start(&s[k], &p, k ? "emu-port" : "emu", &set);
        set.chains = 12;
        s[k].chains = 12;
        assert_int_equal(glb_sampler_run(p, &set), GLB_OK);
        end(&s[k], p);
    }
    assert_memory_equal(s[0].first, s[1].first, 12 * sizeof s[0].first[0]);
    assert_true(s[0].mean == s[1].mean || fabs(s[0].mean - s[1].mean) < 1e-9 * fabs(s[0].mean));
    assert_int_not_equal(memcmp(s[0].first[0], s[0].first[4], 40), 0); /* boards differ */
}

static void test_clamps(void **state) {
    struct glb_sampler *p;
    struct glb_settings set;
    static struct seen s;
    int8_t clamp[40][3] = {{0}};
    (void)state;
    start(&s, &p, "emu", &set);
    set.chains = 8;
    s.chains = 8;
    for (int c = 0; c < 3; c++) {
        clamp[5][c] = (int8_t)(c == 1 ? 1 : -1);
        clamp[39][c] = 1;
    }
    set.clamp = &clamp[0][0];
    set.clamp_columns = 3;
    assert_int_equal(glb_sampler_run(p, &set), GLB_OK);
    for (int c = 0; c < 8; c++) {
        assert_int_equal(s.first[c][5], c % 3 == 1 ? 1 : -1);
        assert_int_equal(s.first[c][39], 1);
    }
    assert_true(glb_sampler_result(p)->magnetization[39] == 1);
    set.clamp = NULL; /* the next run is free again */
    set.beta = 0;
    set.samples = s.samples = 200;
    assert_int_equal(glb_sampler_run(p, &set), GLB_OK);
    /* Chance: beyond(0.3 * sqrt(1600)) | mean of a free spin, 1,600 samples */
    assert_true(fabs(glb_sampler_result(p)->magnetization[39]) < 0.3);
    clamp[7][1] = 1; /* clamped in one chain alone */
    set.clamp = &clamp[0][0];
    assert_int_equal(glb_sampler_run(p, &set), GLB_ERR_ARGUMENT);
    end(&s, p);
}

static void test_start_values(void **state) {
    struct glb_sampler *p;
    struct glb_settings set;
    static struct seen s;
    int8_t init[40];
    (void)state;
    start(&s, &p, "emu", &set);
    s.chains = 4;
    for (int i = 0; i < 40; i++)
        init[i] = (int8_t)(i % 3 ? 1 : -1);
    set.init = init;
    set.init_columns = 1;
    set.beta = 1e6;
    set.burn_in = 0;
    set.interval = 1;
    set.samples = s.samples = 1;
    int8_t clamp[40]; /* everything clamped: what goes in comes out */
    memcpy(clamp, init, sizeof clamp);
    set.clamp = clamp;
    set.clamp_columns = 1;
    assert_int_equal(glb_sampler_run(p, &set), GLB_OK);
    for (int c = 0; c < 4; c++)
        assert_memory_equal(s.first[c], init, 40);
    end(&s, p);
}

static void test_stops(void **state) {
    struct glb_sampler *p;
    struct glb_settings set;
    static struct seen s;
    (void)state;
    start(&s, &p, "emu", &set);
    s.chains = 4;
    s.stop_after = 7;
    assert_int_equal(glb_sampler_run(p, &set), GLB_OK);
    assert_true(glb_sampler_result(p)->stopped);
    assert_int_equal(s.calls, 7);
    s.stop_after = 0;
    set.stop_energy = 1e9;
    assert_int_equal(glb_sampler_run(p, &set), GLB_OK);
    assert_true(glb_sampler_result(p)->reached);
    assert_int_equal(glb_sampler_result(p)->samples, 1);
    end(&s, p);
}

static void test_bad_settings(void **state) {
    struct glb_sampler *p;
    struct glb_settings set;
    static struct seen s;
    (void)state;
    start(&s, &p, "emu", &set);
    set.interval = 0;
    assert_int_equal(glb_sampler_run(p, &set), GLB_ERR_ARGUMENT);
    set.interval = UINT32_MAX;
    assert_int_equal(glb_sampler_run(p, &set), GLB_ERR_ARGUMENT);
    set.interval = 1;
    set.beta = -1;
    assert_int_equal(glb_sampler_run(p, &set), GLB_ERR_ARGUMENT);
    set.beta = NAN;
    assert_int_equal(glb_sampler_run(p, &set), GLB_ERR_ARGUMENT);
    end(&s, p);
}

static void test_from_arrays(void **state) {
    const int32_t i[] = {2, 0, 1}, j[] = {0, 1, 0};
    const double J[] = {1, 2, 3}, h[] = {0.5, 0, 0};
    const int8_t up[] = {1, 1, 1};
    (void)state;
    struct glb_graph *g;
    glb_graph_from_arrays(3, 3, i, j, J, h, GLB_BOLTZMANN, 0, &g);
    assert_non_null(g);
    assert_int_equal(glb_graph_pbits(g), 3);
    assert_int_equal(glb_graph_couplings(g), 2); /* 0-1 twice: added up */
    assert_true(glb_graph_input_energy(g, up) == -6.5);
    glb_graph_free(g);
    const int32_t loop[] = {1, 1, 1};
    assert_int_equal(glb_graph_from_arrays(3, 3, loop, loop, J, h, GLB_BOLTZMANN, 0, &g),
                     GLB_ERR_ARGUMENT);
    assert_int_equal(glb_graph_from_arrays(0, 0, NULL, NULL, NULL, NULL, GLB_BOLTZMANN, 0, &g),
                     GLB_ERR_ARGUMENT);
}

static void test_seeds(void **state) {
    (void)state;
    assert_int_not_equal(glb_job_seed(1, 0, 0), glb_job_seed(1, 0, 1));
    assert_int_not_equal(glb_job_seed(1, 0, 0), glb_job_seed(1, 1, 0));
    assert_int_not_equal(glb_job_seed(1, 0, 0), glb_job_seed(2, 0, 0));
}

/* At this beta and with odd degrees a sweep follows from the start alone. */
static void chains_start_apart(void **state) {
    struct glb_graph *g;
    struct glb_sampler *s;
    struct glb_settings set;
    uint64_t bits[16];
    (void)state;
    assert_int_equal(glb_graph_generate("regular", "n=64,d=3,weights=const", 1, &g), GLB_OK);
    assert_int_equal(glb_sampler_open(g, "emu", "small", &s), GLB_OK);
    glb_settings_init(&set, sizeof set);
    set.chains = 16;
    set.burn_in = 0;
    set.samples = 1;
    set.beta = 1e6;
    assert_int_equal(glb_sampler_collect(s, &set, (uint8_t *)bits, sizeof bits, NULL, 0), GLB_OK);
    for (int c = 1; c < 16; c++)
        assert_true(bits[c] != bits[0]);
    glb_sampler_close(s);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_start_apart), cmocka_unit_test(test_energies),
        cmocka_unit_test(test_result),        cmocka_unit_test(test_boards),
        cmocka_unit_test(test_clamps),        cmocka_unit_test(test_start_values),
        cmocka_unit_test(test_stops),         cmocka_unit_test(test_bad_settings),
        cmocka_unit_test(test_from_arrays),   cmocka_unit_test(test_seeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
