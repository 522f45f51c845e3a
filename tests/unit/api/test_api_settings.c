/* Settings of a run through the public header alone: what is refused, structs of another size.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdint.h>

#include <cmocka.h>
#include <glauber.h>
#include <string.h>

enum { N = 70 };

static struct glb_graph *graph;
static struct glb_sampler *sampler;
static struct glb_settings set;

static int open_all(void **state) {
    (void)state;
    glb_settings_init(&set, sizeof set);
    set.samples = 7;
    set.chains = 40;
    set.burn_in = 5;
    return glb_graph_generate("regular", "n=70,d=4,weights=gauss,bias=gauss", 4, &graph) ||
           glb_sampler_open(graph, "emu", "small", &sampler);
}

static int close_all(void **state) {
    (void)state;
    glb_sampler_close(sampler);
    glb_graph_free(graph);
    return 0;
}

static void bad_settings(void **state) {
    (void)state;
    int8_t values[2 * N] = {0};
    struct glb_settings s = set;
    const struct glb_step none[] = {{1, 5}, {2, 0}};
    s.schedule = none;
    s.steps = 2;
    s.samples = 0;
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "step 1"));
    s = set;
    s.clamp = values;
    s.clamp_columns = 2;
    for (int bad = -128; bad < 128; bad++) {
        values[2 * 33] = values[2 * 33 + 1] = (int8_t)bad;
        assert_int_equal(glb_sampler_run(sampler, &s),
                         bad < -1 || bad > 1 ? GLB_ERR_ARGUMENT : GLB_OK);
        if (bad == 7)
            assert_non_null(strstr(glb_error(), "p-bit 33"));
        s.samples = 0;
        s.burn_in = 0;
    }
    s = set;
    s.init = values;
    s.init_columns = 0;
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_ERR_ARGUMENT);
    s.init_columns = 2;
    values[3] = 2;
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_chains(sampler, &s), glb_sampler_chains(sampler, &set));
    s.chains = -1;
    assert_int_equal(glb_sampler_chains(sampler, &s), 0);
}

/* A program compiled with a shorter or longer struct. */
static void other_sizes(void **state) {
    (void)state;
    struct {
        struct glb_settings s;
        char more[16];
    } longer;
    assert_int_equal(glb_sampler_run(sampler, &set), GLB_OK);
    const double want = glb_sampler_result(sampler)->mean_energy;

    glb_settings_init(&longer.s, sizeof longer);
    for (int k = 0; k < 16; k++)
        assert_int_equal(longer.more[k], 0);
    longer.s = set;
    longer.s.size = sizeof longer;
    assert_int_equal(glb_sampler_run(sampler, &longer.s), GLB_OK);
    assert_true(glb_sampler_result(sampler)->mean_energy == want);
    for (int k = 0; k < 16; k++) {
        memset(longer.more, 0, sizeof longer.more);
        longer.more[k] = 1;
        assert_int_equal(glb_sampler_run(sampler, &longer.s), GLB_ERR_ARGUMENT);
        assert_non_null(strstr(glb_error(), "newer library"));
    }

    struct glb_settings s = set, guard;
    memset(&guard, 0x5a, sizeof guard);
    s = guard;
    glb_settings_init(&s, offsetof(struct glb_settings, clamp));
    assert_memory_equal(&s.clamp, &guard.clamp,
                        sizeof s - offsetof(struct glb_settings, clamp)); /* not the caller's */
    s.samples = set.samples;
    s.chains = set.chains;
    s.burn_in = set.burn_in;
    s.interval = set.interval;
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_OK); /* the rest is not looked at */
    assert_true(glb_sampler_result(sampler)->mean_energy == want);
    s.size = 0;
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "glb_settings_init"));
    s.size = sizeof s.size; /* nothing but its size */
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_ERR_ARGUMENT);
    s.size = (size_t)0x5a5a5a5a5a5a5a5a;
    assert_int_equal(glb_sampler_run(sampler, &s), GLB_ERR_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(bad_settings),
                                       cmocka_unit_test(other_sizes)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
