/* Runs in the background, progress and cancelling through the public header alone.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdint.h>

#include <cmocka.h>
#include <glauber.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static struct glb_graph *graph;
static struct glb_sampler *sampler;
static struct glb_settings set;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int open_all(void **state) {
    (void)state;
    return glb_graph_generate("torus2d", "lx=16,weights=pm1", 4, &graph) ||
           glb_sampler_open(graph, "emu", "small", &sampler);
}

static int close_all(void **state) {
    (void)state;
    glb_sampler_close(sampler);
    glb_graph_free(graph);
    return 0;
}

static int defaults(void **state) {
    (void)state;
    glb_settings_init(&set, sizeof set);
    return 0;
}

/* Hours of burn-in. */
static void endless(void) {
    set.burn_in = 4000000000u;
    set.samples = 0;
}

struct calls {
    int count, stop_at;
    double first, last, best;
    pthread_t thread;
    bool rising;
};

static int progress(void *user, double fraction, double best) {
    struct calls *c = user;
    c->first = c->count ? c->first : fraction;
    c->rising = c->count ? c->rising && fraction >= c->last : true;
    c->last = fraction;
    c->best = best;
    c->thread = pthread_self();
    return ++c->count == c->stop_at;
}

/* Progress comes during burn-in, also without any sample, at a bounded rate, from 0 to 1. */
static void burn_in_progress(void **state) {
    (void)state;
    struct calls c = {0};
    set.burn_in = 1 << 15;
    set.samples = 0;
    set.on_progress = progress;
    set.user = &c;
    const double start = now();
    assert_int_equal(glb_sampler_run(sampler, &set), GLB_OK);
    const double seconds = now() - start;
    assert_true(c.rising && c.first == 0 && c.last == 1 && isinf(c.best));
    assert_true(c.count > 3 && c.count <= 50 * seconds + 3);
    assert_int_equal(glb_sampler_result(sampler)->sweeps, 1 << 15);
    assert_true(isnan(glb_sampler_result(sampler)->mean_energy));

    c = (struct calls){.stop_at = 3};
    endless();
    assert_int_equal(glb_sampler_run(sampler, &set), GLB_OK);
    assert_int_equal(c.count, 3);
    assert_true(glb_sampler_result(sampler)->stopped);
    c = (struct calls){0};
    set.burn_in = 0;
    assert_int_equal(glb_sampler_run(sampler, &set), GLB_OK); /* nothing to do at all */
    assert_true(c.count == 2 && c.first == 0 && c.last == 1);
}

/* The same samples as in the foreground, from another thread. */
static void background(void **state) {
    (void)state;
    enum { VALUES = 100 * 64 };
    static double here[VALUES], there[VALUES];
    struct calls c = {0};
    const size_t values = (size_t)(100 * glb_sampler_chains(sampler, &set));
    double fraction, best;
    assert_true(values <= VALUES);
    assert_int_equal(glb_sampler_collect(sampler, &set, NULL, 0, here, VALUES), GLB_OK);
    const double lowest = glb_sampler_result(sampler)->best_energy;
    set.energies = there;
    set.energies_count = VALUES;
    set.on_progress = progress;
    set.user = &c;
    assert_int_equal(glb_sampler_start(sampler, &set), GLB_OK);
    memset(&set, 0, sizeof set); /* they were copied */
    assert_int_equal(glb_sampler_wait(sampler), GLB_OK);
    assert_false(pthread_equal(c.thread, pthread_self()));
    assert_memory_equal(here, there, values * sizeof *here);
    assert_int_equal(glb_sampler_poll(sampler, &fraction, &best), 0);
    assert_true(fraction == 1 && best == lowest);
    assert_int_equal(glb_sampler_wait(sampler), GLB_ERR_ARGUMENT); /* nothing to wait for */
}

static void one_at_a_time(void **state) {
    (void)state;
    double fraction = -1;
    struct glb_settings other = set;
    endless();
    assert_int_equal(glb_sampler_start(sampler, &set), GLB_OK);
    assert_int_equal(glb_sampler_start(sampler, &other), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_run(sampler, &other), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_set_weights(sampler, graph, NULL), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_poll(sampler, &fraction, NULL), 1);
    assert_true(fraction >= 0 && fraction < 0.5);
    const double start = now();
    glb_sampler_cancel(sampler);
    assert_int_equal(glb_sampler_wait(sampler), GLB_OK);
    assert_true(now() - start < 0.5); /* a busy machine may take its time */
    assert_true(glb_sampler_result(sampler)->stopped);
    other.interval = 0; /* what is wrong comes back at once, and nothing runs */
    assert_int_equal(glb_sampler_start(sampler, &other), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_poll(sampler, NULL, NULL), 0);
    assert_int_equal(glb_sampler_wait(sampler), GLB_ERR_ARGUMENT);
    glb_settings_init(&other, sizeof other);
    assert_int_equal(glb_sampler_run(sampler, &other), GLB_OK);
    assert_int_equal(glb_sampler_result(sampler)->stopped, 0);
}

/* An error of the run, with its message, reaches the thread that waits. */
static void error_of_a_run(void **state) {
    (void)state;
    set.beta = -1; /* found by the program, in the run */
    assert_int_equal(glb_sampler_start(sampler, &set), GLB_OK);
    assert_int_equal(glb_sampler_wait(sampler), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_error_status(), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "beta"));
}

static struct glb_sampler *to_cancel;

static void on_alarm(int signal) {
    (void)signal;
    glb_sampler_cancel(to_cancel);
}

static void from_a_signal(void **state) {
    (void)state;
    const struct sigaction action = {.sa_handler = on_alarm};
    const struct itimerval soon = {.it_value = {0, 50000}};
    struct sigaction before;
    endless();
    to_cancel = sampler;
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &soon, NULL);
    const double start = now();
    assert_int_equal(glb_sampler_run(sampler, &set), GLB_OK);
    assert_true(now() - start >= 0.049 && now() - start < 1);
    assert_true(glb_sampler_result(sampler)->stopped);
    sigaction(SIGALRM, &before, NULL);
}

/* A cancel before glb_sampler_run() counts, once; one before glb_sampler_start() does not. */
static void cancelled_before(void **state) {
    (void)state;
    struct glb_settings quick = set;
    endless();
    glb_sampler_cancel(sampler);
    assert_int_equal(glb_sampler_run(sampler, &set), GLB_OK);
    assert_true(glb_sampler_result(sampler)->stopped && glb_sampler_result(sampler)->sweeps == 0);
    assert_int_equal(glb_sampler_run(sampler, &quick), GLB_OK);
    assert_false(glb_sampler_result(sampler)->stopped);
    glb_sampler_cancel(sampler);
    assert_int_equal(glb_sampler_start(sampler, &quick), GLB_OK);
    assert_int_equal(glb_sampler_wait(sampler), GLB_OK);
    assert_false(glb_sampler_result(sampler)->stopped);
}

/* One sweep of many boards takes long; the run still ends within it. */
static void large_sweeps(void **state) {
    (void)state;
    struct glb_graph *g;
    struct glb_sampler *s;
    assert_int_equal(glb_graph_generate("torus3d", "lx=16,weights=pm1", 1, &g), GLB_OK);
    assert_int_equal(glb_sampler_open(g, "emu", "ulx3s-85", &s), GLB_OK);
    endless();
    set.chains = 1 << 14;
    set.on_progress = NULL;
    assert_int_equal(glb_sampler_start(s, &set), GLB_OK);
    nanosleep(&(struct timespec){0, 300000000}, NULL);
    const double start = now();
    glb_sampler_cancel(s);
    assert_int_equal(glb_sampler_wait(s), GLB_OK);
    assert_true(now() - start < 0.5);
    assert_int_equal(glb_sampler_start(s, &set), GLB_OK);
    glb_sampler_close(s); /* ends it */
    glb_graph_free(g);
}

/* A board behind the byte protocol is asked to abort, by the callback and by cancelling. */
static void behind_a_line(void **state) {
    (void)state;
    struct glb_sampler *s;
    struct calls c = {.stop_at = 3};
    assert_int_equal(glb_sampler_open(graph, "emu-port", "small", &s), GLB_OK);
    endless();
    set.on_progress = progress;
    set.user = &c;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_int_equal(c.count, 3);
    assert_true(glb_sampler_result(s)->stopped);
    c = (struct calls){0};
    assert_int_equal(glb_sampler_start(s, &set), GLB_OK);
    nanosleep(&(struct timespec){0, 50000000}, NULL);
    glb_sampler_cancel(s);
    assert_int_equal(glb_sampler_wait(s), GLB_OK);
    assert_true(glb_sampler_result(s)->stopped);
    glb_sampler_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup(burn_in_progress, defaults),
                                       cmocka_unit_test_setup(background, defaults),
                                       cmocka_unit_test_setup(one_at_a_time, defaults),
                                       cmocka_unit_test_setup(error_of_a_run, defaults),
                                       cmocka_unit_test_setup(from_a_signal, defaults),
                                       cmocka_unit_test_setup(cancelled_before, defaults),
                                       cmocka_unit_test_setup(large_sweeps, defaults),
                                       cmocka_unit_test_setup(behind_a_line, defaults)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
