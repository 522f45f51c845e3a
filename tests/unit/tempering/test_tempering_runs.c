/* Ladders as a whole: the same bits on devices, threads and in any order of boards; tuning; wells
 * that plain sampling does not leave; ends of runs; arguments. SPDX-License-Identifier: Apache-2.0
 */
#include "unit/tempering/tempered.h"

#include "support/graph_exact.h"

/* ---- the same bits ---- */

struct trace {
    uint64_t hash;
    int looks;
};

static int hash_look(void *user, const struct glb_sample_block *b) {
    struct trace *t = user;
    t->looks++;
    for (int i = 0; i < 40; i++)
        t->hash = (t->hash ^ b->planes[i] ^ (uint64_t)b->sample) * UINT64_C(0x100000001b3);
    return 0;
}

static struct trace trace(const char *device, const char *array, int chains, int threads) {
    struct glb_graph *g;
    struct trace seen = {.hash = 1};
    glb_set_threads(threads);
    must(glb_graph_generate("regular", "n=40,d=3,weights=gauss,bias=gauss", 5, &g));
    struct tempered x = tempered_open(g, device, array);
    x.set.chains = chains;
    x.set.burn_in = 60; /* one tuning and a part of the next */
    x.set.interval = 2;
    x.set.samples = 12;
    x.set.beta = 1.5;
    x.t.cluster_moves = 1;
    x.t.on_look = hash_look;
    x.set.user = &seen;
    const struct glb_ladder *l = tempered_go(&x);
    assert_int_equal(l->warm_up, 30);
    assert_int_equal(l->rounds, 12);
    assert_int_equal(l->tuned, 1);
    tempered_close(&x);
    glb_set_threads(0);
    return seen;
}

static void same_bits(void **state) {
    (void)state;
    const struct trace a = trace("emu", "tiny", 16, 1), b = trace("emu", "tiny", 16, 2);
    const struct trace c = trace("emu-port", "tiny", 16, 1);
    assert_true(a.looks > 42 && a.looks == b.looks && a.looks == c.looks);
    assert_true(a.hash == b.hash && a.hash == c.hash);
    /* four chains a board: boards one after the other in the emulator, too */
    const struct trace d = trace("emu", "tiny", 4, 2), e = trace("emu-port", "tiny", 4, 1);
    assert_true(d.hash == e.hash && d.hash != a.hash);
    const struct trace f = trace("emu", "small", 32, 1), g = trace("emu", "small", 32, 2);
    const struct trace h = trace("emu-port", "small", 32, 1);
    assert_true(f.hash == g.hash && f.hash == h.hash);
}

/* ---- tuning ---- */

static void tuned_ladder(void **state) {
    struct glb_graph *g;
    (void)state;
    must(glb_graph_generate("regular", "n=200,d=3,weights=pm1", 5, &g));
    struct tempered x = tempered_open(g, "emu", "small");
    x.set.beta = 3;
    x.t.beta_hot = 0.2;
    x.t.temperatures = 12;
    x.set.samples = 1500;
    x.set.burn_in = 0;
    const struct glb_ladder *l = tempered_go(&x);
    double low = 1, high = 0, before = 0;
    for (int k = 0; k + 1 < l->temperatures; k++)
        before = fmax(before, fabs(l->acceptance[k] - l->acceptance[0]));
    assert_true(before > 0.3); /* a geometric ladder is far from even */
    x.set.burn_in = 1010;
    l = tempered_go(&x);
    assert_int_equal(l->tuned, 6);
    double sum = 0;
    for (int k = 0; k + 1 < l->temperatures; k++) {
        low = fmin(low, l->acceptance[k]);
        high = fmax(high, l->acceptance[k]);
        sum += 1 - l->acceptance[k];
        assert_true(l->beta[k] < l->beta[k + 1]);
        assert_true(l->mean_energy[k] > l->mean_energy[k + 1]);
    }
    print_message("# acceptance %.3f to %.3f, barrier %.3f\n", low, high, l->barrier);
    /* Chance: measured(0.074, 0.018, 0.2) | spread of eleven acceptances, ten seeds */
    assert_true(high - low < 0.2);
    assert_true(fabs(l->barrier - sum) < 1e-9);
    assert_true(l->round_trips > 0 && l->arrivals >= l->round_trips);
    x.t.temperatures = 0; /* chosen */
    l = tempered_go(&x);
    assert_in_range(l->temperatures, (int)(1.6 * l->barrier), (int)(2.4 * l->barrier) + 2);
    x.t.most_temperatures = 5;
    assert_int_equal(tempered_go(&x)->temperatures, 5);
    tempered_close(&x);
}

/* ---- two wells ---- */

enum { SIDE = 4, WELLS = SIDE * SIDE };

/* A ferromagnetic torus, a weak field that favours up. */
static struct glb_graph *ferromagnet(void) {
    int32_t i[2 * WELLS], j[2 * WELLS];
    double J[2 * WELLS], h[WELLS];
    for (int k = 0; k < WELLS; k++) {
        const int row = k / SIDE, column = k % SIDE;
        i[2 * k] = i[2 * k + 1] = k;
        j[2 * k] = row * SIDE + (column + 1) % SIDE;
        j[2 * k + 1] = (row + 1) % SIDE * SIDE + column;
        J[2 * k] = J[2 * k + 1] = 1;
        h[k] = 0.015625;
    }
    return made(WELLS, 2 * WELLS, i, j, J, h);
}

/* What the array has of it: the field is rounded. */
static struct glb_graph *effective(const struct tempered *x) {
    double J[2 * WELLS], h[WELLS];
    glb_program_effective(glb_sampler_program(x->s), J, h);
    return made(WELLS, 2 * WELLS, glb_graph_coupling_i(x->g), glb_graph_coupling_j(x->g), J, h);
}

static double mean_spin(const struct glb_result *r) {
    double sum = 0;
    for (int i = 0; i < WELLS; i++)
        sum += r->magnetization[i] / WELLS;
    return sum;
}

static void two_wells(void **state) {
    static int8_t down[WELLS];
    struct glb_exact *exact;
    (void)state;
    memset(down, -1, sizeof down);
    struct tempered x = tempered_open(ferromagnet(), "emu", "small");
    x.set.beta = 1.5;
    x.set.init = down;
    x.set.init_columns = 1;
    x.set.chains = 64;
    x.set.samples = 2000;
    must(glb_sampler_run(x.s, &x.set));
    assert_true(mean_spin(glb_sampler_result(x.s)) <
                -0.99); /* never leaves the well it starts in */
    x.set.burn_in = 500;
    x.t.beta_hot = 0.2;
    x.t.temperatures = 8;
    const struct glb_ladder *l = tempered_go(&x);
    struct glb_graph *rounded = effective(&x);
    must(glb_graph_exact(rounded, l->beta[l->temperatures - 1], NULL, &exact));
    glb_graph_free(rounded);
    double truth = 0;
    for (int i = 0; i < WELLS; i++)
        truth += (2 * exact->up[i] - 1) / WELLS;
    const double mean = mean_spin(glb_sampler_result(x.s));
    print_message("# mean spin %.4f, exact %.4f; %d round trips\n", mean, truth,
                  (int)l->round_trips);
    assert_true(l->round_trips > 1000);
    /* Chance: measured(0.006, 0.006, 0.04) | mean spin in the two wells, ten seeds */
    assert_true(fabs(mean - truth) < 0.04);
    /* Chance: student(6, 63) | mean energy of 64 ladders */
    assert_true(fabs(l->mean_energy[l->temperatures - 1] - exact->mean_energy) <
                6 * l->energy_stderr[l->temperatures - 1] + 1e-9);
    glb_exact_free(exact);
    tempered_close(&x);
}

/* ---- ends of runs ---- */

static int count_samples(void *user, const struct glb_sample_block *b) {
    int64_t *counted = user;
    assert_non_null(b->rows);
    counted[0] += b->chains;
    counted[1] = b->sample;
    return 0;
}

static void stop_energy(void **state) {
    (void)state;
    int64_t counted[2] = {0};
    struct tempered x = tempered_open(ferromagnet(), "emu", "small");
    x.set.beta = 1.5;
    x.set.samples = 100000;
    x.set.stop_energy = -32.25; /* all up */
    x.set.on_block = count_samples;
    x.set.user = counted;
    const struct glb_ladder *l = tempered_go(&x);
    const struct glb_result *r = glb_sampler_result(x.s);
    assert_true(r->reached && r->stopped && r->best_energy == -32.25);
    assert_true(l->warm_up + l->rounds < 1000);
    assert_true(r->sweeps == (uint64_t)(l->warm_up + l->rounds));
    for (int i = 0; i < WELLS; i++)
        assert_int_equal(r->best_spins[i], 1);
    x.set.stop_energy = -33; /* below the lowest one */
    x.set.samples = 40;
    l = tempered_go(&x);
    assert_true(!r->reached && !r->stopped && l->rounds == 40 && r->samples == 40);
    assert_true(counted[1] == 39 && counted[0] >= 40 * 16);
    assert_true(r->chains == 16 && isfinite(r->mean_energy));
    tempered_close(&x);
}

static int cancel_at_20(void *user, const struct glb_sample_block *b) {
    if (b->sample == 20)
        glb_sampler_cancel(*(struct glb_sampler **)user);
    return 0;
}

static int stop_at_20(void *user, const struct glb_sample_block *b) {
    (void)user;
    return b->sample == 20;
}

static void ends_early(void **state) {
    (void)state;
    struct tempered x = tempered_open(ferromagnet(), "emu", "small");
    const struct glb_result *r = glb_sampler_result(x.s);
    x.set.beta = 1.5;
    x.set.burn_in = 10;
    x.set.user = &x.s;
    x.t.on_look = cancel_at_20;
    const struct glb_ladder *l = tempered_go(&x);
    assert_true(r->stopped && !r->reached && l->rounds == 11 && r->samples == 11);
    x.t.on_look = stop_at_20;
    x.set.burn_in = 100; /* in the warm-up */
    l = tempered_go(&x);
    assert_true(r->stopped && l->warm_up == 21 && l->rounds == 0 && r->samples == 0);
    assert_true(isfinite(r->best_energy) && isnan(r->mean_energy) && isnan(l->mean_energy[0]));
    glb_sampler_cancel(x.s); /* before the run */
    l = tempered_go(&x);
    assert_true(r->stopped && l->warm_up == 0 && r->sweeps == 0);
    x.t.on_look = NULL;
    x.t.seconds = 0.2; /* the warm-up gets a third */
    x.set.samples = 1 << 30;
    x.set.burn_in = 1 << 30;
    l = tempered_go(&x);
    assert_true(!r->stopped && l->warm_up > 0 && l->rounds > 0 && l->rounds < 1 << 30);
    must(glb_sampler_run(
        x.s,
        &(struct glb_settings){.size = sizeof(struct glb_settings), .interval = 1, .samples = 1}));
    assert_null(glb_sampler_ladder(x.s));
    tempered_close(&x);
}

/* ---- arguments ---- */

static void refused(struct tempered *x, const char *text) {
    assert_int_equal(glb_sampler_temper(x->s, &x->set, &x->t), GLB_ERR_ARGUMENT);
    if (!strstr(glb_error(), text))
        fail_msg("'%s' is not in '%s'", text, glb_error());
}

static void arguments(void **state) {
    static const double down[2] = {1, 0.5}, same[2] = {1, 1}, none[2] = {NAN, 1};
    static const struct glb_step step = {1, 10};
    static const int8_t clamp[2 * WELLS] = {1, -1};
    (void)state;
    const struct tempered fine = tempered_open(ferromagnet(), "emu", "small");
    struct tempered x = fine;
#define REFUSED(change, text) (x = fine, change, refused(&x, text))
    REFUSED(x.t.temperatures = 1, "1 temperatures");
    REFUSED(x.t.temperatures = 257, "2 to 256");
    REFUSED((x.t.betas = down, x.t.temperatures = 2), "ascend");
    REFUSED((x.t.betas = same, x.t.temperatures = 2), "ascend");
    REFUSED((x.t.betas = none, x.t.temperatures = 2), "finite");
    REFUSED(x.t.betas = down, "0 betas");
    REFUSED(x.t.most_temperatures = 3, "at most 3");
    REFUSED(x.t.beta_hot = 1, "below the cold end");
    REFUSED(x.t.beta_hot = -1, "above 0");
    REFUSED(x.set.beta = 0, "cold end");
    REFUSED(x.set.beta = 1e9, "colder than the array");
    REFUSED(x.t.cluster_moves = 2, "cluster_moves = 2");
    REFUSED(x.t.seconds = -1, "-1 seconds");
    REFUSED(x.set.samples = 0, "0 rounds");
    REFUSED(x.set.first_board = 1, "first board");
    REFUSED(x.set.statistics = 1, "statistics");
    REFUSED((x.set.schedule = &step, x.set.steps = 1, x.set.burn_in = 0, x.set.samples = 1),
            "schedule");
    REFUSED((x.set.clamp = clamp, x.set.clamp_columns = 2, x.t.cluster_moves = 1),
            "different values");
    REFUSED(x.t.size = 0, "glb_tempering_init");
    tempered_close(&x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits),   cmocka_unit_test(tuned_ladder), cmocka_unit_test(two_wells),
        cmocka_unit_test(stop_energy), cmocka_unit_test(ends_early),   cmocka_unit_test(arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
