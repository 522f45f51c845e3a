/* glauber/learn.h on machines that can be enumerated: topologies from graphs, free energies,
 * sampled spins and fields, the model's graph. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <glauber/learn.h>
#include "graph/graph.h"
#include "support/graph_exact.h"

/* 2 x 2 pixels, three hidden p-bits, two classes in two copies, all in a wild order. */
enum { N = 11, M = 16, PIXELS = 4, HIDDEN = 3, LABELS = 4, CLASSES = 2, IMAGES = 16 };

static const uint8_t role[N] = {GLB_ROLE_LABEL,   GLB_ROLE_VISIBLE, GLB_ROLE_HIDDEN,
                                GLB_ROLE_HIDDEN,  GLB_ROLE_LABEL,   GLB_ROLE_VISIBLE,
                                GLB_ROLE_VISIBLE, GLB_ROLE_LABEL,   GLB_ROLE_HIDDEN,
                                GLB_ROLE_LABEL,   GLB_ROLE_VISIBLE};
static const int32_t want_order[N] = {1, 5, 6, 10, 2, 3, 8, 0, 4, 7, 9};
static const int32_t edge_i[M] = {1, 5, 6, 10, 1, 6, 5, 10, 0, 4, 7, 9, 0, 9, 1, 5};
static const int32_t edge_j[M] = {2, 2, 3, 3, 8, 8, 8, 8, 2, 3, 8, 8, 3, 2, 5, 7};

static uint8_t grey[IMAGES][PIXELS], label[IMAGES];
static struct glb_dataset *images;
static struct glb_topology *topology;
static struct glb_model *model;

static struct glb_topology *from_graph(int32_t *order) {
    double J[M];
    struct glb_topology *t;
    for (int k = 0; k < M; k++)
        J[k] = 1;
    struct glb_graph *g;
    assert_int_equal(glb_graph_from_arrays(N, M, edge_i, edge_j, J, NULL, GLB_BOLTZMANN, 0, &g),
                     GLB_OK);
    if (glb_topology_from_graph(g, role, images, order, &t) != GLB_OK)
        fail_msg("%s", glb_error());
    glb_graph_free(g);
    return t;
}

static void graphs_become_topologies(void **state) {
    int32_t order[N];
    int place[N];
    (void)state;
    struct glb_topology *t = from_graph(order);
    assert_memory_equal(order, want_order, sizeof order);
    assert_int_equal(glb_topology_pixel(t, 0), 0);
    assert_int_equal(glb_topology_pixel(t, glb_topology_first(t, GLB_ROLE_HIDDEN)), -1);
    assert_string_equal(glb_topology_spec(t), "graph");
    assert_int_equal(glb_topology_first(t, GLB_ROLE_VISIBLE), 0);
    assert_int_equal(glb_topology_count(t, GLB_ROLE_VISIBLE), PIXELS);
    assert_int_equal(glb_topology_first(t, GLB_ROLE_HIDDEN), PIXELS);
    assert_int_equal(glb_topology_count(t, GLB_ROLE_HIDDEN), HIDDEN);
    assert_int_equal(glb_topology_first(t, GLB_ROLE_LABEL), PIXELS + HIDDEN);
    assert_int_equal(glb_topology_count(t, GLB_ROLE_LABEL), LABELS);
    const struct glb_graph *g = glb_topology_graph(t);
    assert_int_equal(g->m, M);
    for (int i = 0; i < N; i++)
        place[order[i]] = i;
    for (int k = 0; k < M; k++) {
        const int a = place[edge_i[k]], b = place[edge_j[k]];
        int found = 0;
        for (int e = 0; e < M; e++)
            found += (g->ei[e] == a && g->ej[e] == b) || (g->ei[e] == b && g->ej[e] == a);
        assert_int_equal(found, 1);
    }
    glb_topology_free(t);
}

/* A few steps, so that couplings and biases are anything. */
static void train(void) {
    struct glb_trainer_options o;
    struct glb_trainer *r;
    topology = from_graph(NULL);
    glb_trainer_options_init(&o, sizeof o, topology, GLB_TRAIN_HYBRID);
    o.array = "tiny";
    o.batch = 64;
    o.epochs = 40;
    o.rate = 0.2;
    o.label_rate = 1;
    o.start = 1;
    o.shift = 0;
    o.warp = 0;
    o.readout_beta = 0.6;
    assert_int_equal(glb_trainer_open(topology, images, &o, &r), GLB_OK);
    assert_int_equal(glb_train(r, NULL, NULL), GLB_OK);
    assert_int_equal(glb_model_from_trainer(r, &model), GLB_OK);
    glb_trainer_close(r);
}

static int pixel_spin(int image, int p) {
    return grey[image][p] > 127 ? 1 : -1;
}

static void free_energies_are_those_of_the_graph(void **state) {
    double f[IMAGES][CLASSES], score[IMAGES][CLASSES];
    uint8_t read[IMAGES];
    struct glb_graph *g;
    struct glb_predict_options o;
    int largest = 0;
    (void)state;
    assert_int_equal(glb_model_graph(model, &g), GLB_OK);
    for (int e = 0; e < M; e++) {
        assert_true(g->J[e] == glb_model_couplings(model)[e]);
        largest += fabs(g->J[e]) > 0.5;
    }
    assert_true(largest > 0);
    assert_int_equal(glb_model_free_energy(model, *grey, IMAGES, 2, 2, *f), GLB_OK);
    glb_predict_options_init(&o, sizeof o);
    o.reader = GLB_READ_FREE_ENERGY;
    assert_int_equal(glb_model_predict(model, *grey, IMAGES, 2, 2, &o, read, *score), GLB_OK);
    for (int i = 0; i < IMAGES; i++)
        for (int c = 0; c < CLASSES; c++) {
            int8_t clamp[N] = {0};
            struct glb_exact *x;
            for (int p = 0; p < PIXELS; p++)
                clamp[p] = (int8_t)pixel_spin(i, p);
            for (int k = 0; k < LABELS; k++)
                clamp[PIXELS + HIDDEN + k] = k % CLASSES == c ? 1 : -1;
            assert_int_equal(glb_graph_exact(g, 1, clamp, &x), GLB_OK);
            assert_true(fabs(f[i][c] + x->log_z) < 1e-9);
            assert_true(score[i][c] == -f[i][c]);
            assert_true(f[i][read[i]] <= f[i][c]);
            glb_exact_free(x);
        }
    glb_graph_free(g);
}

/* Sampled means of spins and fields are the exact conditional ones. */
static void samples_are_those_of_the_graph(void **state) {
    double spin[IMAGES][CLASSES], field[IMAGES][CLASSES];
    struct glb_graph *g;
    struct glb_predict_options o;
    (void)state;
    assert_int_equal(glb_model_graph(model, &g), GLB_OK);
    glb_predict_options_init(&o, sizeof o);
    o.array = "tiny";
    o.batch = 64;
    o.chains = 4;
    o.sweeps = 160000;
    o.burn_in = 50;
    o.beta = 0.5;
    o.reader = GLB_READ_SPINS;
    assert_int_equal(glb_model_predict(model, *grey, IMAGES, 2, 2, &o, NULL, *spin), GLB_OK);
    o.reader = GLB_READ_FIELDS;
    assert_int_equal(glb_model_predict(model, *grey, IMAGES, 2, 2, &o, NULL, *field), GLB_OK);
    for (int i = 0; i < IMAGES; i++) {
        int8_t clamp[N] = {0};
        double mean[N], want_spin[CLASSES] = {0}, want_field[CLASSES] = {0};
        struct glb_exact *x;
        for (int p = 0; p < PIXELS; p++)
            clamp[p] = (int8_t)pixel_spin(i, p);
        assert_int_equal(glb_graph_exact(g, 0.5, clamp, &x), GLB_OK);
        for (int k = 0; k < N; k++)
            mean[k] = 2 * x->up[k] - 1;
        for (int k = 0; k < LABELS; k++) {
            const int at = PIXELS + HIDDEN + k;
            want_spin[k % CLASSES] += mean[at] * CLASSES / LABELS;
            want_field[k % CLASSES] += g->h[at] * CLASSES / LABELS;
            for (int e = 0; e < M; e++)
                if (g->ei[e] == at || g->ej[e] == at)
                    want_field[k % CLASSES] +=
                        g->J[e] * mean[g->ei[e] == at ? g->ej[e] : g->ei[e]] * CLASSES / LABELS;
        }
        for (int c = 0; c < CLASSES; c++) {
            /* Chance: 64 * beyond(0.03 / 0.0048) | means of spins and fields; deviation of 17 seeds
             */
            assert_true(fabs(spin[i][c] - want_spin[c]) < 0.03);
            assert_true(fabs(field[i][c] - want_field[c]) < 0.03);
        }
        glb_exact_free(x);
    }
    glb_graph_free(g);
}

/* Without a beta labels are read at the model's: the same scores to the last bit. */
static void labels_are_read_at_the_models_beta(void **state) {
    static const double beta[] = {0, 0.6, 1};
    static const enum glb_reader reader[] = {GLB_READ_SPINS, GLB_READ_FIELDS};
    double score[3][IMAGES][CLASSES];
    struct glb_predict_options o;
    (void)state;
    assert_true(glb_model_readout_beta(model) == 0.6);
    for (int r = 0; r < 2; r++) {
        for (int k = 0; k < 3; k++) {
            glb_predict_options_init(&o, sizeof o);
            assert_true(o.beta == 0);
            o.array = "tiny";
            o.reader = reader[r];
            o.beta = beta[k];
            assert_int_equal(glb_model_predict(model, *grey, IMAGES, 2, 2, &o, NULL, *score[k]),
                             GLB_OK);
        }
        assert_memory_equal(score[0], score[1], sizeof *score);
        assert_memory_not_equal(score[0], score[2], sizeof *score);
    }
}

static void a_model_is_a_graph_for_the_sampler(void **state) {
    struct glb_graph *g;
    struct glb_sampler *s;
    struct glb_exact *x;
    struct glb_settings set;
    (void)state;
    assert_int_equal(glb_model_graph(model, &g), GLB_OK);
    assert_int_equal(glb_sampler_open(g, "emu", "tiny", &s), GLB_OK);
    glb_settings_init(&set, sizeof set);
    set.samples = 4000;
    set.chains = 64;
    set.beta = 0.3;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_int_equal(glb_graph_exact(g, 0.3, NULL, &x), GLB_OK);
    const struct glb_result *r = glb_sampler_result(s);
    /* Chance: student(6, 63) | mean energy of 64 chains */
    assert_true(fabs(r->mean_energy - x->mean_energy) < 6 * r->mean_energy_stderr + 1e-3);
    glb_exact_free(x);
    glb_sampler_close(s);
    glb_graph_free(g);
}

int main(void) {
    for (int i = 0; i < IMAGES; i++) {
        label[i] = (i & 3) == 3 || (i & 12) == 12;
        for (int p = 0; p < PIXELS; p++)
            grey[i][p] = i >> p & 1 ? 200 : 20;
    }
    if (glb_dataset_from_arrays(*grey, label, IMAGES, 2, 2, 0, NULL, &images) != GLB_OK)
        return 1;
    train();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(graphs_become_topologies),
        cmocka_unit_test(free_energies_are_those_of_the_graph),
        cmocka_unit_test(samples_are_those_of_the_graph),
        cmocka_unit_test(labels_are_read_at_the_models_beta),
        cmocka_unit_test(a_model_is_a_graph_for_the_sampler),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_model_free(model);
    glb_topology_free(topology);
    glb_dataset_free(images);
    return failed;
}
