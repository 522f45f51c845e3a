/* Statistics: what the array counts is what the host counts in the samples of the same run, on
 * every device, in runs of several jobs and boards. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "statistics_run.h"

enum { STEPS = 700 };

/* A run of the array's counts, and the same with samples. */
static void compare(const struct glb_graph *g, const struct machine *m, struct glb_settings set,
                    const char *what, size_t k, struct counts *out) {
    struct seen seen = {.g = g};
    struct counts streamed;
    set.statistics = 1;
    assert_int_equal(glb_sampler_run(m->s, &set), GLB_OK);
    const struct glb_result *r = glb_sampler_result(m->s);
    assert_null(r->host_counts);
    assert_true(isnan(r->best_energy) && isnan(r->mean_energy_stderr) && !r->stopped);
    assert_int_equal(r->counted, glb_sampler_samples(m->s, &set) * r->chains);
    assert_int_equal(r->samples, glb_sampler_samples(m->s, &set));
    take(g, r, out);
    const double energy = r->mean_energy;
    set.on_sample = on_sample;
    set.user = &seen;
    assert_int_equal(glb_sampler_run(m->s, &set), GLB_OK);
    assert_string_equal(r->host_counts, "the samples come to the host");
    assert_true(r->best_energy <= r->mean_energy && r->mean_energy_stderr >= 0);
    take(g, r, &streamed);
    same(&streamed, &seen.c, "the host", k);
    same(out, &seen.c, what, k);
    assert_true(energy == r->mean_energy);
    assert_true(fabs(energy - seen.energy / (double)seen.c.counted) < 1e-9);
}

static struct glb_step ramp[STEPS];
static int8_t clamp[N][2], init[N];

/* Long runs first: on the slow devices only the others. */
static size_t make_cases(struct glb_settings *set, size_t *slow) {
    size_t k = 0;
    for (int i = 0; i < 8; i++)
        glb_settings_init(&set[i], sizeof set[i]);
    for (int i = 0; i < STEPS; i++)
        ramp[i] = (struct glb_step){0.2 + 0.001 * i, 3};
    for (int i = 0; i < N; i++)
        init[i] = (int8_t)(i % 3 ? 1 : -1);
    clamp[3][0] = clamp[7][0] = clamp[7][1] = 1;
    clamp[3][1] = -1;
    set[k].samples =
        9000; /* three jobs, and p-bit 7 is up in all samples: sums of 16 bits are full */
    set[k].clamp = clamp[0];
    set[k].clamp_columns = 2;
    set[k++].interval = 2;
    set[k].samples = 4096; /* two */
    set[k++].chains = 100;
    *slow = k;
    set[k].samples = 4095;
    set[k++].seed = 77;
    set[k].samples = 100; /* jobs of 256 steps, some of which begin between two sampling points */
    set[k].burn_in = 10;
    set[k].interval = 13;
    set[k].schedule = ramp;
    set[k++].steps = STEPS;
    set[k].samples = 0; /* all that there is room for */
    set[k].interval = 1;
    set[k].schedule = ramp;
    set[k++].steps = STEPS;
    set[k].samples = 50;
    set[k].chains = 48;
    set[k].burn_in = 0;
    set[k].init = init;
    set[k].init_columns = 1;
    set[k].clamp = clamp[0];
    set[k++].clamp_columns = 2;
    return k;
}

static void array_and_host(void **state) {
    static const char *const devices[] = {"emu", "emu-port"};
    struct glb_settings set[8];
    struct glb_graph *g = make_graph();
    size_t slow;
    const size_t cases = make_cases(set, &slow);
    (void)state;
    for (size_t k = 0; k < cases; k++) {
        struct counts first, c;
        for (size_t d = 0; d < (k < slow ? 1 : 2); d++) {
            struct machine m;
            open_machine(g, devices[d], "small", 1, &m);
            compare(g, &m, set[k], devices[d], k, d ? &c : &first);
            if (d)
                same(&first, &c, "emu and emu-port", k);
            close_machine(&m);
        }
        struct machine m; /* that cannot count */
        open_machine(g, "emu", "small", 0, &m);
        set[k].statistics = 1;
        assert_int_equal(glb_sampler_run(m.s, &set[k]), GLB_OK);
        const struct glb_result *r = glb_sampler_result(m.s);
        assert_string_equal(r->host_counts, "the program has no counting segments");
        assert_true(isnan(r->best_energy) && isnan(r->mean_energy_stderr));
        take(g, r, &c);
        same(&first, &c, "without counting segments", k);
        close_machine(&m);
    }
    glb_graph_free(g);
}

/* Samples of a run of one job are those of a run without statistics. */
static void samples_are_those_of_plain_runs(void **state) {
    struct glb_graph *g = make_graph();
    struct glb_settings set;
    struct machine m;
    struct counts c;
    struct seen seen = {.g = g};
    (void)state;
    open_machine(g, "emu", "tiny", 1, &m);
    glb_settings_init(&set, sizeof set);
    set.samples = 16383; /* 65535 / 4 chains */
    set.statistics = 1;
    assert_int_equal(glb_sampler_run(m.s, &set), GLB_OK);
    take(g, glb_sampler_result(m.s), &c);
    set.statistics = 0;
    set.on_sample = on_sample;
    set.user = &seen;
    assert_int_equal(glb_sampler_run(m.s, &set), GLB_OK);
    same(&c, &seen.c, "plain", 0);
    const struct glb_result *r = glb_sampler_result(m.s);
    assert_true(!r->up_counts && !r->agree_counts && !r->correlations && !r->host_counts);
    assert_int_equal(r->counted, 0);
    close_machine(&m);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(array_and_host),
        cmocka_unit_test(samples_are_those_of_plain_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
