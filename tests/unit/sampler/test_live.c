/* Runs taken sweep by sweep against glb_sampler_run() with the same schedule; the hash of a run's
 * last sample. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "base/sha256.h"
#include "sampler/live.h"
#include "support/generated_graph.h"

enum { N = 100 };

struct samplers {
    struct glb_graph *g;
    struct glb_sampler *live, *whole;
};

static void open_both(struct samplers *x) {
    x->g = make("torus2d", "lx=10", 3);
    assert_int_equal(glb_graph_pbits(x->g), N);
    assert_int_equal(glb_sampler_open(x->g, "emu", "small", &x->live), GLB_OK);
    assert_int_equal(glb_sampler_open(x->g, "emu", "small", &x->whole), GLB_OK);
}

static void close_both(struct samplers *x) {
    glb_sampler_close(x->live);
    glb_sampler_close(x->whole);
    glb_graph_free(x->g);
}

static void hash_of(const uint8_t *bits, size_t size, char text[GLB_SHA256_TEXT]) {
    struct glb_sha256 h;
    glb_sha256_begin(&h);
    glb_sha256_add(&h, bits, size);
    glb_sha256_end(&h, text);
}

/* The last sample of the whole run is what the live run shows. */
static void compare(struct samplers *x, const struct glb_live *l, const struct glb_settings *like) {
    struct glb_settings set = *like;
    set.schedule = glb_live_schedule(l, &set.steps);
    set.burn_in = (uint32_t)glb_live_sweeps(l) - 1;
    set.samples = 1;
    const int chains = glb_sampler_chains(x->whole, &set);
    const size_t bytes = (size_t)chains * ((N + 7) / 8);
    uint8_t *bits = malloc(bytes);
    double *energies = malloc((size_t)chains * sizeof *energies);
    assert_int_equal(glb_sampler_collect(x->whole, &set, bits, bytes, energies, (size_t)chains),
                     GLB_OK);
    assert_memory_equal(bits, glb_live_states(l), bytes);
    assert_memory_equal(energies, glb_live_energies(l), (size_t)chains * sizeof *energies);
    const struct glb_result *a = glb_sampler_result(x->whole), *b = glb_sampler_result(x->live);
    char text[GLB_SHA256_TEXT];
    hash_of(bits, bytes, text);
    assert_string_equal(a->states_sha256, text);
    assert_string_equal(b->states_sha256, text);
    assert_int_equal(a->updates, b->updates);
    assert_int_equal(a->updates, glb_live_updates(l));
    assert_true(a->mean_energy == b->mean_energy && a->best_energy == b->best_energy);
    free(bits);
    free(energies);
}

static void pieces_are_one_run(void **state) {
    (void)state;
    static int8_t clamp[N] = {1, 0, -1};
    for (int chains = 16; chains <= 48; chains += 32) {
        struct samplers x;
        struct glb_settings set;
        struct glb_live *l;
        open_both(&x);
        glb_settings_init(&set, sizeof set);
        set.seed = 77;
        set.chains = chains;
        set.clamp = clamp;
        set.clamp_columns = 1;
        assert_int_equal(glb_live_open(x.live, &set, &l), GLB_OK);
        for (uint32_t k = 0; k < 12; k++) {
            assert_int_equal(glb_live_sweep(l, 0.1 * (double)(1 + k / 3), 1 + k % 3), GLB_OK);
            compare(&x, l, &set);
        }
        int steps;
        glb_live_schedule(l, &steps);
        assert_int_equal(steps, 4);
        assert_int_equal(glb_live_sweeps(l), 24);
        glb_live_close(l);
        close_both(&x);
    }
}

/* A job has 256 steps at most; the next one draws other noise. */
static void a_long_schedule_has_several_jobs(void **state) {
    (void)state;
    struct samplers x;
    struct glb_settings set;
    struct glb_live *l;
    open_both(&x);
    glb_settings_init(&set, sizeof set);
    assert_int_equal(glb_live_open(x.live, &set, &l), GLB_OK);
    for (int k = 0; k < 520; k++) {
        assert_int_equal(glb_live_sweep(l, 0.2 + 0.001 * k, 1), GLB_OK);
        if (k % 256 < 2 || k % 256 > 253)
            compare(&x, l, &set);
    }
    compare(&x, l, &set);
    glb_live_close(l);
    close_both(&x);
}

static void refusals(void **state) {
    (void)state;
    struct samplers x;
    struct glb_settings set;
    struct glb_live *l;
    open_both(&x);
    glb_settings_init(&set, sizeof set);
    assert_int_equal(glb_live_open(x.live, &set, &l), GLB_OK);
    assert_int_equal(glb_live_sweep(l, 1, 0), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_live_sweep(l, -1, 1), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_live_sweep(l, 1, 1), GLB_OK);
    compare(&x, l, &set);
    glb_live_close(l);
    struct glb_device *d;
    struct glb_sampler *s;
    assert_int_equal(glb_device_open("emu-port", "small", &d), GLB_OK);
    struct glb_program *p;
    assert_int_equal(glb_program_compile(x.g, "small", NULL, &p), GLB_OK);
    assert_int_equal(glb_sampler_new(x.g, p, d, &s), GLB_OK);
    assert_int_equal(glb_live_open(s, &set, &l), GLB_ERR_UNSUPPORTED);
    assert_null(l);
    glb_sampler_close(s);
    glb_program_free(p);
    glb_device_close(d);
    close_both(&x);
}

static void only_whole_samples_have_a_hash(void **state) {
    (void)state;
    struct samplers x;
    struct glb_settings set;
    open_both(&x);
    glb_settings_init(&set, sizeof set);
    set.samples = 3;
    glb_sampler_cancel(x.whole);
    assert_int_equal(glb_sampler_run(x.whole, &set), GLB_OK);
    assert_null(glb_sampler_result(x.whole)->states_sha256);
    set.statistics = 1;
    set.certificate = 0;
    assert_int_equal(glb_sampler_run(x.whole, &set), GLB_OK);
    assert_null(glb_sampler_result(x.whole)->states_sha256);
    set.statistics = 0;
    uint8_t bits[3][16 * ((N + 7) / 8)];
    char text[GLB_SHA256_TEXT];
    assert_int_equal(glb_sampler_collect(x.whole, &set, bits[0], sizeof bits, NULL, 0), GLB_OK);
    hash_of(bits[2], sizeof bits[2], text);
    assert_string_equal(glb_sampler_result(x.whole)->states_sha256, text);
    close_both(&x);
}

/* The chains of copies come in another order when boards run one after the other. */
static void copies_on_boards_in_turn_have_none(void **state) {
    (void)state;
    static const char *const name[] = {"emu", "emu-port"};
    struct glb_graph *g = make("torus2d", "lx=10", 3);
    struct glb_compile_options o;
    struct glb_program *p;
    glb_compile_options_init(&o, sizeof o);
    o.copies = 2;
    assert_int_equal(glb_program_compile(g, "small", &o, &p), GLB_OK);
    for (int k = 0; k < 4; k++) {
        struct glb_device *d;
        struct glb_sampler *s;
        struct glb_settings set;
        static uint8_t bits[128 * ((N + 7) / 8)];
        char text[GLB_SHA256_TEXT];
        assert_int_equal(glb_device_open(name[k % 2], "small", &d), GLB_OK);
        assert_int_equal(glb_sampler_new(g, p, d, &s), GLB_OK);
        glb_settings_init(&set, sizeof set);
        set.samples = 1;
        set.chains = k < 2 ? 32 : 64;
        const size_t bytes = (size_t)glb_sampler_chains(s, &set) * ((N + 7) / 8);
        assert_int_equal(glb_sampler_collect(s, &set, bits, sizeof bits, NULL, 0), GLB_OK);
        const char *hash = glb_sampler_result(s)->states_sha256;
        hash_of(bits, bytes, text);
        if (k == 3)
            assert_null(hash);
        else
            assert_string_equal(hash, text);
        glb_sampler_close(s);
        glb_device_close(d);
    }
    glb_program_free(p);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_one_run), cmocka_unit_test(a_long_schedule_has_several_jobs),
        cmocka_unit_test(refusals), cmocka_unit_test(only_whole_samples_have_a_hash),
        cmocka_unit_test(copies_on_boards_in_turn_have_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
