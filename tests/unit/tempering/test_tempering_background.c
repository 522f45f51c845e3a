/* Ladders in a thread of their own: the bits of one that is waited for, its poll, ends and errors.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/tempering/tempered.h"

enum { ROUNDS = 30, MOST = 64 };

static struct tempered opened(void) {
    struct glb_graph *g;
    must(glb_graph_generate("regular", "n=40,d=3,weights=gauss", 5, &g));
    struct tempered x = tempered_open(g, "emu", "tiny");
    x.set.beta = 2;
    x.set.burn_in = 20;
    x.set.samples = ROUNDS;
    return x;
}

/* Hours of sweeps before the first look. */
static void endless(struct tempered *x) {
    x->set.interval = 4000000000u;
    x->set.burn_in = 0;
    x->set.samples = 1;
}

static void same_bits(void **state) {
    static double here[ROUNDS * MOST], there[ROUNDS * MOST];
    double betas[3] = {0.2, 0.7, 2}, fraction, best;
    (void)state;
    struct tempered x = opened();
    x.set.energies = here;
    x.set.energies_count = ROUNDS * MOST;
    x.t.betas = betas;
    x.t.temperatures = 3;
    const int64_t arrivals = tempered_go(&x)->arrivals;
    const double lowest = glb_sampler_result(x.s)->best_energy;
    assert_in_range(glb_sampler_result(x.s)->chains, 1, MOST);
    x.set.energies = there;
    glb_sampler_cancel(x.s); /* before the start: dropped */
    must(glb_sampler_temper_start(x.s, &x.set, &x.t));
    memset(&x.set, 0, sizeof x.set); /* they were copied */
    memset(&x.t, 0, sizeof x.t);
    must(glb_sampler_wait(x.s));
    assert_memory_equal(here, there, sizeof here);
    assert_int_equal(glb_sampler_ladder(x.s)->rounds, ROUNDS);
    assert_int_equal(glb_sampler_ladder(x.s)->arrivals, arrivals);
    assert_int_equal(glb_sampler_poll(x.s, &fraction, &best), 0);
    assert_true(fraction == 1 && best == lowest);
    must(glb_sampler_start(
        x.s, &(struct glb_settings){.size = sizeof x.set, .beta = 1, .interval = 1, .samples = 1}));
    must(glb_sampler_wait(x.s)); /* a plain run after it */
    assert_int_equal(glb_sampler_result(x.s)->samples, 1);
    assert_null(glb_sampler_ladder(x.s));
    tempered_close(&x);
}

static void ends(void **state) {
    (void)state;
    struct tempered x = opened();
    const struct glb_settings short_run = x.set;
    endless(&x);
    must(glb_sampler_temper_start(x.s, &x.set, &x.t));
    assert_int_equal(glb_sampler_temper_start(x.s, &x.set, &x.t), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_temper(x.s, &x.set, &x.t), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_start(x.s, &x.set), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_poll(x.s, NULL, NULL), 1);
    glb_sampler_cancel(x.s);
    must(glb_sampler_wait(x.s));
    assert_true(glb_sampler_result(x.s)->stopped && glb_sampler_ladder(x.s)->rounds == 0);
    x.set = short_run;
    x.t.beta_hot = 3; /* refused at once: nothing runs */
    assert_int_equal(glb_sampler_temper_start(x.s, &x.set, &x.t), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "below the cold end"));
    assert_int_equal(glb_sampler_wait(x.s), GLB_ERR_ARGUMENT);
    x.t.beta_hot = 0;
    x.set.beta = 1e9; /* found by the run */
    must(glb_sampler_temper_start(x.s, &x.set, &x.t));
    assert_int_equal(glb_sampler_wait(x.s), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "colder than the array"));
    assert_null(glb_sampler_ladder(x.s));
    endless(&x);
    x.set.beta = 2;
    must(glb_sampler_temper_start(x.s, &x.set, &x.t));
    tempered_close(&x); /* ends it */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_bits), cmocka_unit_test(ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
