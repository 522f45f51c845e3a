/* Replicas at every temperature of a ladder have the exact distribution of small frustrated graphs,
 * with and without cluster moves, biases, clamps, copies, rounding. SPDX-License-Identifier:
 * Apache-2.0 */
#include "unit/tempering/tempered.h"

#include "compiler/compile.h"
#include "device/device.h"
#include "support/chi_square.h"
#include "support/graph_exact.h"

enum { N = 10, STATES = 1 << N, T = 4, APART = 12 /* rounds between looks that count */ };

static const double betas[T] = {0.3, 0.6, 1.0, 1.6};

struct counts {
    int ladders;
    uint64_t seen[T][STATES];
};

static int count_look(void *user, const struct glb_sample_block *b) {
    struct counts *c = user;
    assert_null(b->rows);
    for (int k = 0; k < b->chains && b->sample % APART == APART - 1; k++) {
        unsigned state = 0;
        for (int i = 0; i < N; i++)
            state |= (unsigned)(b->planes[i] >> k & 1) << i;
        c->seen[(b->first_chain + k) / c->ladders][state]++;
    }
    return 0;
}

/* A ring with every third coupling negative, three across, h times biases. */
static struct glb_graph *frustrated(double J, double h) {
    static const int across[3][2] = {{0, 5}, {1, 4}, {3, 8}};
    int32_t i[N + 3], j[N + 3];
    double w[N + 3], b[N];
    for (int k = 0; k < N + 3; k++) {
        i[k] = k < N ? k : across[k - N][0];
        j[k] = k < N ? (k + 1) % N : across[k - N][1];
        w[k] = k % 3 == 2 ? -J : J;
    }
    for (int k = 0; k < N; k++)
        b[k] = k % 3 ? 0 : h;
    return made(N, N + 3, i, j, w, b);
}

static double p_value(const struct glb_graph *g, double beta, const int8_t *clamp,
                      const uint64_t *seen) {
    struct glb_exact *exact;
    struct glb_chi2 chi;
    must(glb_graph_exact(g, beta, clamp, &exact));
    must(glb_chi2_test(exact->p, seen, STATES, 5, &chi));
    glb_exact_free(exact);
    return chi.p;
}

/* Samples of all temperatures; x's graph has N p-bits, effective couplings in `truth`. */
static void check(struct tempered *x, const struct glb_graph *truth, const int8_t *clamp) {
    struct counts *c = calloc(1, sizeof *c);
    assert_non_null(c);
    x->t.betas = betas;
    x->t.temperatures = T;
    x->t.on_look = count_look;
    x->set.user = c;
    x->set.burn_in = 0;
    x->set.interval = 2;
    x->set.clamp = clamp;
    x->set.clamp_columns = 1;
    c->ladders = glb_sampler_chains(x->s, &x->set);
    const struct glb_ladder *l = tempered_go(x);
    assert_int_equal(l->temperatures, T);
    assert_int_equal(l->chains, c->ladders);
    for (int k = 0; k < T; k++) {
        const double p = p_value(truth, l->beta[k], clamp, c->seen[k]);
        print_message("# beta %.3f p %.4f\n", l->beta[k], p);
        /* Chance: 28 * 1e-7 | chi-square of the states, four temperatures of seven runs */
        assert_true(p > 1e-7);
        if (k + 1 < T) /* the same states are not those of a neighbour: the test has power */
            assert_true(p_value(truth, l->beta[k + 1], clamp, c->seen[k]) < 1e-7);
    }
    free(c);
}

static void run(struct glb_graph *g, int clusters, const int8_t *clamp) {
    struct tempered x = tempered_open(g, "emu", "small");
    x.t.cluster_moves = clusters;
    x.set.chains = 128;
    x.set.samples = 3000;
    check(&x, x.g, clamp);
    if (clusters) {
        assert_int_equal(glb_sampler_ladder(x.s)->cluster_first, 0);
        assert_true(glb_sampler_ladder(x.s)->cluster_size > 1);
        assert_false(glb_sampler_certificate(x.s)->doubts & GLB_DOUBT_CORRELATED);
    }
    tempered_close(&x);
}

static void exchanges(void **state) {
    (void)state;
    run(frustrated(1, 0.25), 0, NULL);
}

static void cluster_moves(void **state) {
    (void)state;
    run(frustrated(1, 0), 1, NULL);
    run(frustrated(1, 0.25), 1, NULL);
}

static void clamps(void **state) {
    static const int8_t clamp[N] = {[2] = 1, [7] = -1};
    (void)state;
    run(frustrated(1, 0), 1, clamp);
}

/* Boards one after the other, which have four chains each. */
static void one_board(void **state) {
    (void)state;
    struct tempered x = tempered_open(frustrated(1, 0.25), "emu", "tiny");
    x.t.cluster_moves = 1;
    x.set.chains = 8;
    x.set.samples = 20000;
    check(&x, x.g, NULL);
    tempered_close(&x);
}

/* Couplings that are rounded: the distribution is that of the array's. */
static void rounded(void **state) {
    double J[N + 3], h[N];
    (void)state;
    struct tempered x = tempered_open(frustrated(0.7310585, 0.1234567), "emu", "small");
    glb_program_effective(glb_sampler_program(x.s), J, h);
    struct glb_graph *truth =
        made(N, N + 3, glb_graph_coupling_i(x.g), glb_graph_coupling_j(x.g), J, h);
    x.set.chains = 128;
    x.set.samples = 3000;
    check(&x, truth, NULL);
    glb_graph_free(truth);
    tempered_close(&x);
}

/* A program with copies of the graph side by side. */
static void copies(void **state) {
    struct glb_graph *g = frustrated(1, 0.25);
    struct glb_program *p;
    struct glb_device *d;
    struct glb_compile_options o;
    (void)state;
    glb_compile_options_init(&o, sizeof o);
    o.copies = 3;
    must(glb_program_compile(g, "small", &o, &p));
    must(glb_device_open("emu", "small", &d));
    struct tempered x = {.g = g};
    must(glb_sampler_new(g, p, d, &x.s));
    glb_settings_init(&x.set, sizeof x.set);
    glb_tempering_init(&x.t, sizeof x.t);
    x.t.cluster_moves = 1;
    x.set.chains = 96;
    x.set.samples = 4000;
    check(&x, g, NULL);
    assert_int_equal(glb_sampler_ladder(x.s)->chains, 96);
    tempered_close(&x);
    glb_device_close(d);
    glb_program_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchanges), cmocka_unit_test(cluster_moves), cmocka_unit_test(clamps),
        cmocka_unit_test(one_board), cmocka_unit_test(rounded),       cmocka_unit_test(copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
