/* Runs that are cancelled between the pieces of a long schedule, and the hash of a program whose
 * weights have changed. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <glauber.h>

enum { N = 24, STEPS = 1000, PER_STEP = 2 }; /* four of the device's schedules */

struct seen {
    struct glb_sampler *s;
    int64_t cancel_at, last, samples;
    int gaps;
};

/* glb_sampler_cancel() from within the run, as a thread of the caller's would call it. */
static int on_block(void *user, const struct glb_sample_block *b) {
    struct seen *seen = user;
    seen->gaps += b->sample != seen->last + 1;
    seen->last = b->sample;
    seen->samples++;
    if (b->sample == seen->cancel_at)
        glb_sampler_cancel(seen->s);
    return 0;
}

/* Samples come one after the other from the first one on, none from a piece behind the one in which
 * the run was cancelled; the result counts those that came. */
static void cancelled_between_pieces(void **state) {
    static const int64_t at[] = {0, 5, 300, 511, 512, 2 * STEPS - 2};
    static const char *const devices[] = {"emu", "emu-port"};
    static struct glb_step step[STEPS];
    struct glb_graph *g;
    (void)state;
    for (int k = 0; k < STEPS; k++)
        step[k] = (struct glb_step){0.1 + 0.001 * k, PER_STEP};
    assert_int_equal(glb_graph_generate("regular", "n=24,d=3,weights=gauss", 1, &g), GLB_OK);
    for (int d = 0; d < 2; d++)
        for (size_t k = 0; k < sizeof at / sizeof at[0]; k++) {
            struct glb_settings set;
            struct seen seen = {.cancel_at = at[k], .last = -1};
            assert_int_equal(glb_sampler_open(g, devices[d], "tiny", &seen.s), GLB_OK);
            glb_settings_init(&set, sizeof set);
            set.burn_in = 0;
            set.schedule = step;
            set.steps = STEPS;
            set.samples = STEPS * PER_STEP;
            set.chains = glb_sampler_board_chains(seen.s);
            set.on_block = on_block;
            set.user = &seen;
            assert_int_equal(glb_sampler_run(seen.s, &set), GLB_OK);
            const struct glb_result *r = glb_sampler_result(seen.s);
            assert_true(r->stopped && !r->reached);
            assert_int_equal(seen.gaps, 0);
            assert_int_equal(r->samples, seen.samples);
            assert_in_range(seen.samples, at[k] + 1, (at[k] / 512 + 1) * 512);
            assert_in_range(r->sweeps, seen.samples, (at[k] / 512 + 1) * 512);
            glb_sampler_close(seen.s);
        }
    glb_graph_free(g);
}

static struct glb_graph *scaled(double factor, double bias) {
    struct glb_graph *g;
    double J[3 * N], h[N];
    assert_int_equal(glb_graph_generate("regular", "n=24,d=3,weights=pm1", 1, &g), GLB_OK);
    glb_graph_get_weights(g, J, h, NULL);
    for (int e = 0; e < glb_graph_couplings(g); e++)
        J[e] *= factor;
    for (int i = 0; i < N; i++)
        h[i] = bias;
    assert_int_equal(glb_graph_set_weights(g, J, h), GLB_OK);
    return g;
}

/* The program is of the graph whose weights it has: its hash is that one's, and its file goes with
 * that graph and not with the one it was compiled for. */
static void a_program_is_of_its_last_weights(void **state) {
    char path[] = "/tmp/glb-test-weights-XXXXXX";
    struct glb_graph *first = scaled(1, 0), *second = scaled(-1, 0.5);
    struct glb_program *p, *q;
    struct glb_device *d;
    struct glb_sampler *s, *other;
    struct glb_settings set;
    (void)state;
    assert_true(glb_graph_hash(first) != glb_graph_hash(second));
    assert_int_equal(glb_program_compile(first, "tiny", NULL, &p), GLB_OK);
    assert_true(glb_program_info(p)->graph_hash == glb_graph_hash(first));
    assert_int_equal(glb_device_open("emu", "tiny", &d), GLB_OK);
    assert_int_equal(glb_sampler_new(first, p, d, &s), GLB_OK);
    assert_int_equal(glb_sampler_set_weights(s, second, NULL), GLB_OK);
    assert_true(glb_program_info(p)->graph_hash == glb_graph_hash(second));
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(glb_program_save(p, path), GLB_OK);
    assert_int_equal(glb_program_load(path, &q), GLB_OK);
    unlink(path);
    assert_true(glb_program_info(q)->graph_hash == glb_graph_hash(second));
    assert_int_equal(glb_sampler_new(first, q, d, &other), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_new(second, q, d, &other), GLB_OK);
    glb_settings_init(&set, sizeof set);
    set.samples = 50;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_int_equal(glb_sampler_run(other, &set), GLB_OK);
    assert_true(glb_sampler_result(s)->mean_energy == glb_sampler_result(other)->mean_energy);
    glb_sampler_close(other);
    glb_sampler_close(s);
    glb_device_close(d);
    glb_program_free(q);
    glb_program_free(p);
    glb_graph_free(first);
    glb_graph_free(second);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cancelled_between_pieces),
        cmocka_unit_test(a_program_is_of_its_last_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
