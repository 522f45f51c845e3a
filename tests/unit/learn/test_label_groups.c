/* Labels read on a board that counts the samples of each image: the same scores, bit for bit, as
 * from the samples that the emulator returns, whether a board has several images or an image
 * several boards; and samples all the same where a board cannot count them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/counter_rng.h"
#include "learn/labels/label_scores.h"
#include "learn/labels/read_labels.h"
#include "support/learn/small_images.h"

enum { IMAGES = 90, CHAINS = 64, BURN_IN = 3, SAMPLES = 9 };

static struct glb_dataset images;

struct reading {
    double score[IMAGES * 10];
    struct glb_read_labels r;
    int group;
};

/* Weights of the graph as a sampler takes them, from the seed. */
static void weights(const struct glb_topology *t, double *J, double *h) {
    for (int e = 0; e < t->graph->m; e++)
        J[e] = ((int)(glb_random_at(5, 1, 0, (uint64_t)e) % 41) - 20) / 32.0;
    for (int i = 0; i < t->graph->n; i++)
        h[i] = ((int)(glb_random_at(5, 2, 0, (uint64_t)i) % 9) - 4) / 16.0;
}

static void read_on(const char *device, const char *array, const struct glb_topology *t, int chains,
                    int samples, struct reading *out) {
    double *J = malloc(sizeof *J * (size_t)t->graph->m),
           *h = malloc(sizeof *h * (size_t)t->graph->n);
    struct glb_layer_sampler s;
    const struct glb_layer_sampler_options so = {.device = device,
                                                 .array = array,
                                                 .chains = CHAINS,
                                                 .threads = 1,
                                                 .u = 1.0 / 16,
                                                 .layers = (1u << t->nlayers) - 2,
                                                 .group = chains,
                                                 .group_layers = glb_label_layers(t, 1)};
    const struct glb_read_labels_options o = {.sweeps = chains * (BURN_IN + samples),
                                              .chains = chains,
                                              .burn_in = BURN_IN,
                                              .beta = 0.9,
                                              .J = J,
                                              .h = h,
                                              .score = out->score,
                                              .seed = 7};
    weights(t, J, h);
    assert_int_equal(glb_layer_sampler_open(t, &so, &s), GLB_OK);
    assert_int_equal(s.nsums, 0);
    out->group = s.group;
    assert_int_equal(s.set_weights(s.self, J, h, NULL), GLB_OK);
    assert_int_equal(glb_read_labels_run(t, &s, &images, &o, NULL, &out->r), GLB_OK);
    glb_layer_sampler_close(&s);
    free(J);
    free(h);
}

static void compare(const char *array, const struct glb_topology *t, int chains, int samples,
                    int group) {
    struct reading want = {.group = 0}, got = {.group = 0};
    read_on("emu", array, t, chains, samples, &want);
    read_on("emu-port", array, t, chains, samples, &got);
    print_message("%s on %s, %d chains: the board counts groups of %d\n", t->spec, array, chains,
                  got.group);
    assert_int_equal(want.group, 0);
    assert_int_equal(got.group, group);
    for (int k = 0; k < IMAGES * t->classes; k++)
        assert_true(want.score[k] == got.score[k]);
    assert_int_equal(got.r.right, want.r.right);
    assert_int_equal(got.r.right_by_spins, want.r.right_by_spins);
    assert_memory_equal(got.r.confusion, want.r.confusion, sizeof want.r.confusion);
    assert_int_equal(got.r.flips, want.r.flips);
    if (group)
        assert_true(got.r.cycles > want.r.cycles);
    else
        assert_int_equal(got.r.cycles, want.r.cycles);
}

/* Boards of 4, 8 and 16 chains; 3 and 12 chains are no part of one; one lane has no word to tell
 * images apart. */
static void several_images_a_board(void **state) {
    static const struct {
        const char *array;
        int chains, group;
    } some[] = {{"small", 1, 1}, {"small", 2, 2}, {"small", 4, 4}, {"small", 8, 8},
                {"small", 3, 0}, {"tiny", 2, 2},  {"tiny4", 4, 4}, {"tiny1", 2, 0}};
    struct glb_topology t;
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=6,fan=4,window=3", 3, 3, 4, 1, &t), GLB_OK);
    for (size_t k = 0; k < sizeof some / sizeof some[0]; k++)
        compare(some[k].array, &t, some[k].chains, SAMPLES, some[k].group);
    glb_topology_clear(&t);
}

static void several_boards_an_image(void **state) {
    struct glb_topology t;
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=6,fan=4,window=3", 3, 3, 4, 1, &t), GLB_OK);
    compare("small", &t, 16, SAMPLES, 16);
    compare("small", &t, 32, SAMPLES, 32);
    compare("tiny", &t, 16, SAMPLES, 16);
    compare("tiny1", &t, 8, SAMPLES, 8);
    compare("tiny", &t, 24, SAMPLES, 24); /* 16 boards; the last four have no image */
    compare("small", &t, 24, SAMPLES, 0);
    glb_topology_clear(&t);
}

static void other_topologies(void **state) {
    static const char *const spec[] = {"deep:h1=8,fan=4,window=3,h2=4",
                                       "local:hidden=12,fan=9,window=3"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct glb_topology t;
        assert_int_equal(glb_topology_build(spec[k], 3, 3, 4, 1, &t), GLB_OK);
        compare("small", &t, 4, SAMPLES, 4);
        glb_topology_clear(&t);
    }
}

/* A board's sums hold 65,535: 4,095 samples of 16 chains. One more comes back sample by sample. */
static void as_many_samples_as_sums_hold(void **state) {
    struct glb_topology t;
    struct glb_layer_sampler s;
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=2,fan=2,window=3", 3, 3, 4, 1, &t), GLB_OK);
    const struct glb_layer_sampler_options so = {.device = "emu-port",
                                                 .array = "small",
                                                 .chains = CHAINS,
                                                 .u = 1.0 / 16,
                                                 .layers = 6,
                                                 .group = 16,
                                                 .group_layers = 6};
    assert_int_equal(glb_layer_sampler_open(&t, &so, &s), GLB_OK);
    assert_int_equal(s.group_samples, 4095);
    double J[64] = {0}, h[32];
    uint32_t on[8 * CHAINS / 16];
    uint64_t planes[16] = {0};
    for (int i = 0; i < t.graph->n; i++)
        h[i] = 7; /* on in every sample */
    assert_int_equal(s.set_weights(s.self, J, h, NULL), GLB_OK);
    for (int l = 0; l < t.nlayers; l++)
        assert_int_equal(s.set_layer(s.self, l, planes), GLB_OK);
    const struct glb_step step = {4, 4095}, more = {4, 4096};
    struct glb_layer_run run = {
        .seed = 1, .norder = 2, .order = {1, 2}, .interval = 1, .nsteps = 1, .steps = &step};
    struct glb_job_counters n;
    assert_int_equal(s.run_groups(s.self, &run, on, &n), GLB_OK);
    for (int k = 0; k < (2 + t.layer[2].count) * CHAINS / 16; k++)
        assert_int_equal(on[k], 65520);
    run.steps = &more;
    assert_int_equal(s.run_groups(s.self, &run, on, &n), GLB_ERR_ARGUMENT);
    glb_layer_sampler_close(&s);
    glb_topology_clear(&t);
}

int main(void) {
    images = small_images(IMAGES);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_images_a_board),
        cmocka_unit_test(several_boards_an_image),
        cmocka_unit_test(other_topologies),
        cmocka_unit_test(as_many_samples_as_sums_hold),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_dataset_clear(&images);
    return failed;
}
