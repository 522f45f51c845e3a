/* Runs of layers on devices: boards side by side on the emulator and one after another behind the
 * byte protocol give the same training bit for bit; clamped layers stay as they were set; the
 * sampled distribution is the right one. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>
#include "learn/layers/layer_sampler.h"
#include "base/rng.h"
#include "support/learn/small_images.h"
#include "check/train_verify.h"

enum { CHAINS = 64 };

static struct glb_topology topology;

static struct glb_layer_sampler open_sampler(const char *device, unsigned layers) {
    struct glb_layer_sampler s;
    const struct glb_layer_sampler_options o = {.device = device,
                                                .array = "tiny",
                                                .chains = CHAINS,
                                                .threads = 2,
                                                .u = GLB_TRAIN_U,
                                                .layers = layers};
    if (glb_layer_sampler_open(&topology, &o, &s) != GLB_OK)
        fail_msg("%s", glb_error());
    assert_int_equal(s.chains, CHAINS);
    assert_int_equal(s.words, 1);
    assert_true(s.u == GLB_TRAIN_U);
    return s;
}

static void same_bits_behind_the_protocol(void **state) {
    struct glb_dataset images = small_images(200);
    struct glb_train_options o;
    struct glb_train_verdict v;
    struct glb_trainer *r;
    (void)state;
    glb_train_defaults(&topology, &o);
    o.generative = 0.5;
    o.warp = 1;
    o.dropout = 0.3;
    struct glb_layer_sampler s = open_sampler("emu", 7);
    assert_int_equal(glb_trainer_open_on(&topology, &images, &s, &o, &r), GLB_OK);
    if (glb_train_verify(r, "emu-port", "tiny", 3, NULL, &v) != GLB_OK)
        fail_msg("%s", glb_error());
    assert_true(v.bits > 1000);
    glb_trainer_close(r);
    glb_layer_sampler_close(&s);
    glb_dataset_clear(&images);
}

struct counts {
    uint64_t pixel0;
    double hidden, samples;
    int pixel_moved;
};

static int count(void *user, uint32_t sample, const uint64_t *planes) {
    struct counts *t = user;
    (void)sample;
    t->pixel_moved |= planes[0] != t->pixel0;
    t->hidden += __builtin_popcountll(planes[9]);
    t->samples += CHAINS;
    return 0;
}

static void clamps_and_samples(void **state) {
    double J[256] = {0}, h[64] = {0};
    struct glb_job_counters counters;
    (void)state;
    struct glb_layer_sampler s = open_sampler("emu", 6);
    h[9] = 0.5; /* the first hidden unit: on with probability 1 / (1 + exp(-2 h)) */
    assert_int_equal(s.set_weights(s.self, J, h, NULL), GLB_OK);
    struct counts t = {.pixel0 = 0x123456789abcdef0};
    uint64_t planes[9];
    for (int i = 0; i < 9; i++)
        planes[i] = t.pixel0;
    assert_int_equal(s.set_layer(s.self, 0, planes), GLB_OK);
    const struct glb_step stage = {1.0, 4000};
    const struct glb_layer_run request = {.seed = 7,
                                          .norder = 2,
                                          .order = {1, 2},
                                          .read = 3,
                                          .interval = 1,
                                          .nsteps = 1,
                                          .steps = &stage};
    assert_int_equal(s.run(s.self, &request, count, &t, &counters), GLB_OK);
    assert_false(t.pixel_moved);
    const double want = 1 / (1 + exp(-1.0)), sigma = sqrt(want * (1 - want) / t.samples);
    assert_true(t.samples == 4000.0 * CHAINS);
    /* Chance: beyond(5) | a lone p-bit up, of 256,000 */
    assert_true(fabs(t.hidden / t.samples - want) < 5 * sigma);
    assert_int_equal(counters.flips, 4000ull * CHAINS * (12 + 10));
    const struct glb_layer_run pixels = {.seed = 7,
                                         .norder = 1,
                                         .order = {0},
                                         .read = 3,
                                         .interval = 1,
                                         .nsteps = 1,
                                         .steps = &stage};
    assert_int_equal(s.run(s.self, &pixels, count, &t, &counters), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "pixels"));
    glb_layer_sampler_close(&s);
}

/* A single p-bit of a layer that moves stays as it was set, until it is let go. */
static void holds_single_pbits(void **state) {
    double J[256] = {0}, h[64] = {0};
    bool held[31] = {false};
    struct glb_job_counters counters;
    (void)state;
    struct glb_layer_sampler s = open_sampler("emu", 6);
    assert_int_equal(s.set_weights(s.self, J, h, NULL), GLB_OK);
    const uint64_t plane = 0x123456789abcdef0, hidden[12] = {plane};
    assert_int_equal(s.set_layer(s.self, 1, hidden), GLB_OK);
    held[9] = true;
    const struct glb_step stage = {1.0, 20};
    const struct glb_layer_run request = {.seed = 7,
                                          .norder = 1,
                                          .order = {1},
                                          .read = 2,
                                          .interval = 1,
                                          .nsteps = 1,
                                          .steps = &stage};
    for (int k = 0; k < 2; k++) {
        struct counts t = {.pixel0 = plane}; /* here: of the first p-bit that is read */
        assert_int_equal(s.clamp(s.self, k ? NULL : held), GLB_OK);
        assert_int_equal(s.run(s.self, &request, count, &t, &counters), GLB_OK);
        assert_int_equal(t.pixel_moved, k);
    }
    glb_layer_sampler_close(&s);
}

static int keep(void *user, uint32_t sample, const uint64_t *planes) {
    uint64_t *out = user;
    memcpy(out + sample * (size_t)topology.graph->n, planes,
           sizeof *planes * (size_t)topology.graph->n);
    return 0;
}

/* Boards in turn get only the states that matter; whatever the order of the layers, whatever is
 * coupled and held, the bits are those of boards that get all. */
static void what_no_one_reads_is_not_sent(void **state) {
    enum { SWEEPS = 3, MOST = 64 };
    struct glb_topology shallow = topology;
    struct glb_job_counters counters;
    double J[512], h[MOST];
    bool held[MOST];
    uint64_t samples[2][SWEEPS * MOST], planes[MOST];
    int spared = 0;
    (void)state;
    assert_int_equal(glb_topology_build("deep:h1=12,h2=10,fan=4,window=3", 3, 3, 10, 1, &topology),
                     GLB_OK);
    const int n = topology.graph->n, layers = topology.nlayers;
    assert_true(layers == 4 && n <= MOST && topology.graph->m <= 512);
    struct glb_layer_sampler s[2] = {open_sampler("emu", 15), open_sampler("emu-port", 15)};
    struct glb_rng rng = glb_rng_at(3, 1, 4);
    for (int k = 0; k < 60; k++) {
        struct glb_layer_run request = {
            .seed = glb_rng_u64(&rng), .read = 15, .interval = 1, .nsteps = 1};
        const struct glb_step stage = {0.7, SWEEPS};
        request.steps = &stage;
        unsigned left = 15;
        request.norder = 1 + (int)(glb_rng_below(&rng, 4));
        for (int i = 0; i < request.norder; i++) {
            do
                request.order[i] = (int)(glb_rng_below(&rng, 4));
            while (!(left >> request.order[i] & 1));
            left &= ~(1u << request.order[i]);
        }
        spared += request.order[0] != 0; /* a layer whose states need not be sent */
        for (int e = 0; e < topology.graph->m; e++)
            J[e] = ((int)(glb_rng_below(&rng, 9)) - 4) / 16.0;
        for (int i = 0; i < n; i++) {
            h[i] = ((int)(glb_rng_below(&rng, 9)) - 4) / 16.0;
            held[i] = k % 3 == 0 && glb_rng_below(&rng, 8) == 0;
        }
        for (int d = 0; d < 2; d++) {
            assert_int_equal(s[d].set_weights(s[d].self, J, h, NULL), GLB_OK);
            assert_int_equal(s[d].clamp(s[d].self, held), GLB_OK);
        }
        for (int i = 0; i < n; i++)
            planes[i] = glb_rng_u64(&rng);
        for (int l = 0; l < layers; l++)
            for (int d = 0; d < 2; d++)
                assert_int_equal(s[d].set_layer(s[d].self, l, planes + topology.layer[l].first),
                                 GLB_OK);
        for (int d = 0; d < 2; d++)
            if (s[d].run(s[d].self, &request, keep, samples[d], &counters) != GLB_OK)
                fail_msg("%s", glb_error());
        assert_memory_equal(samples[0], samples[1], sizeof(uint64_t) * (size_t)(SWEEPS * n));
    }
    assert_true(spared > 20); /* Chance: outside(60, 0.75, 21, 60) | other orders of layers */
    glb_layer_sampler_close(&s[0]);
    glb_layer_sampler_close(&s[1]);
    glb_topology_clear(&topology);
    topology = shallow;
}

static void says_what_is_wrong(void **state) {
    struct glb_layer_sampler s;
    struct glb_layer_sampler_options o = {
        .device = "emu", .array = "nosuch", .chains = 64, .layers = 6};
    (void)state;
    assert_int_equal(glb_layer_sampler_open(&topology, &o, &s), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "nosuch"));
    o.array = "tiny";
    o.device = "teapot";
    assert_int_equal(glb_layer_sampler_open(&topology, &o, &s), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "teapot"));
}

int main(void) {
    if (glb_topology_build("local:hidden=12,fan=6,window=3", 3, 3, 10, 1, &topology) != GLB_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_behind_the_protocol),
        cmocka_unit_test(clamps_and_samples),
        cmocka_unit_test(holds_single_pbits),
        cmocka_unit_test(what_no_one_reads_is_not_sent),
        cmocka_unit_test(says_what_is_wrong),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    return failed;
}
