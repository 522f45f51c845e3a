/* Statistics of runs that end early, and who counts when. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "statistics_run.h"

enum how { CANCEL, ANSWER, THREAD };

static struct glb_sampler *running;
static double stop_at;

static int on_progress(void *user, double fraction, double best) {
    (void)best;
    if (fraction > stop_at && fraction < 1) {
        if (user) /* ends it by its answer */
            return 1;
        glb_sampler_cancel(running);
    }
    return 0;
}

/* From another thread, in the middle of sweeps. */
static enum glb_status run_and_cancel(struct glb_sampler *s, const struct glb_settings *set) {
    double fraction = 0;
    assert_int_equal(glb_sampler_start(s, set), GLB_OK);
    while (glb_sampler_poll(s, &fraction, NULL) && fraction <= stop_at)
        usleep(1000);
    glb_sampler_cancel(s);
    return glb_sampler_wait(s);
}

/* What a run that is cut short has counted is what one of so many samples counts. */
static void ended_early(void **state) {
    static const struct {
        const char *device;
        int chains;
        enum how how;
        double at;
    } c[] = {{"emu", 16, CANCEL, 0},     {"emu", 16, ANSWER, 0.3},    {"emu", 16, THREAD, 0.01},
             {"emu", 4096, THREAD, 0.1}, {"emu-port", 16, CANCEL, 0}, {"emu-port", 16, ANSWER, 0}};
    struct glb_graph *g = make_graph();
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++) {
        struct glb_settings set;
        struct machine m;
        struct counts early, whole;
        open_machine(g, c[k].device, "small", 1, &m);
        glb_settings_init(&set, sizeof set);
        set.samples = strcmp(c[k].device, "emu") ? 20000 : c[k].chains > 16 ? 20000 : 500000;
        set.interval = 3;
        set.chains = c[k].chains;
        set.statistics = 1;
        set.on_progress = c[k].how == THREAD ? NULL : on_progress;
        set.user = c[k].how == ANSWER ? &set : NULL;
        running = m.s;
        stop_at = c[k].at;
        assert_int_equal(
            c[k].how == THREAD ? run_and_cancel(m.s, &set) : glb_sampler_run(m.s, &set), GLB_OK);
        const struct glb_result *r = glb_sampler_result(m.s);
        assert_true(r->stopped && !r->host_counts);
        assert_in_range(r->samples, 1, set.samples - 1);
        assert_int_equal(r->counted, r->samples * c[k].chains);
        take(g, r, &early);
        set.samples = r->samples;
        set.on_progress = NULL;
        assert_int_equal(glb_sampler_run(m.s, &set), GLB_OK);
        assert_false(r->stopped);
        take(g, r, &whole);
        same(&early, &whole, "ended early", k);
        close_machine(&m);
    }
    glb_graph_free(g);
}

/* Cancelled before its first sweep: nothing, and that is what it says. */
static void nothing_counted(void **state) {
    struct glb_graph *g = make_graph();
    struct glb_settings set;
    struct machine m;
    (void)state;
    open_machine(g, "emu", "small", 1, &m);
    glb_settings_init(&set, sizeof set);
    set.statistics = 1;
    glb_sampler_cancel(m.s);
    assert_int_equal(glb_sampler_run(m.s, &set), GLB_OK);
    const struct glb_result *r = glb_sampler_result(m.s);
    assert_true(r->stopped && r->counted == 0 && isnan(r->correlations[0]));
    assert_true(isnan(r->mean_energy) && isnan(r->magnetization[0]));
    close_machine(&m);
    glb_graph_free(g);
}

static void who_counts(void **state) {
    struct glb_graph *g = make_graph(), *large;
    struct glb_settings set;
    struct glb_sampler *s;
    struct glb_program *p;
    struct glb_compile_options o;
    (void)state;
    glb_settings_init(&set, sizeof set);
    set.statistics = 1;
    assert_int_equal(glb_sampler_open(g, "emu", "tiny", &s), GLB_OK); /* makes its own segments */
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_null(glb_sampler_result(s)->host_counts);
    set.stop_energy = -1e9; /* needs energies */
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_non_null(glb_sampler_result(s)->host_counts);
    assert_false(isnan(glb_sampler_result(s)->best_energy));
    set.statistics = 2;
    assert_int_equal(glb_sampler_run(s, &set), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "statistics = 2"));
    glb_sampler_close(s);
    set.statistics = 1;
    set.stop_energy = NAN;
    assert_int_equal(glb_graph_generate("complete", "n=22", 1, &large), GLB_OK);
    assert_int_equal(glb_sampler_open(large, "emu", "tiny", &s), GLB_OK);
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_string_equal(glb_sampler_result(s)->host_counts, "coupling memory");
    glb_sampler_close(s);
    glb_compile_options_init(&o, sizeof o);
    o.count = 1;
    assert_int_equal(glb_program_compile(large, "tiny", &o, &p), GLB_OK);
    const struct glb_compile_report *r = glb_program_report(p);
    assert_int_equal(r->sums_wanted, 22 * 21 / 2 + 22);
    assert_int_equal(r->sums_room, (128 - r->coupling_used) * 4);
    glb_program_free(p);
    glb_graph_free(large);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ended_early),
        cmocka_unit_test(nothing_counted),
        cmocka_unit_test(who_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
