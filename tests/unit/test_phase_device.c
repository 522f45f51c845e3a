/* Phases on devices: boards side by side on the emulator and one after another behind the byte
 * protocol give the same training bit for bit; clamped layers stay as they were set; the sampled
 * distribution is the right one. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>
#include "phase.h"
#include "small_images.h"
#include "train_verify.h"

enum { CHAINS = 64 };

static struct glb_topology topology;

static struct glb_phase_sampler open_sampler(const char *device, unsigned layers) {
    struct glb_phase_sampler s;
    const struct glb_phase_sampler_options o = {.device = device,
                                                .array = "tiny",
                                                .chains = CHAINS,
                                                .threads = 2,
                                                .u = GLB_TRAIN_U,
                                                .layers = layers};
    if (glb_phase_sampler_open(&topology, &o, &s) != GLB_OK)
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
    struct glb_phase_sampler s = open_sampler("emu", 7);
    assert_int_equal(glb_trainer_open(&topology, &images, &s, &o, &r), GLB_OK);
    if (glb_train_verify(r, "emu-port", "tiny", 3, NULL, &v) != GLB_OK)
        fail_msg("%s", glb_error());
    assert_true(v.bits > 1000);
    glb_trainer_close(r);
    glb_phase_sampler_close(&s);
    glb_dataset_free(&images);
}

struct tally {
    uint64_t pixel0;
    double hidden, samples;
    int pixel_moved;
};

static int count(void *user, uint32_t sample, const uint64_t *planes) {
    struct tally *t = user;
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
    struct glb_phase_sampler s = open_sampler("emu", 6);
    h[9] = 0.5; /* the first hidden unit: on with probability 1 / (1 + exp(-2 h)) */
    assert_int_equal(s.set_weights(s.self, J, h, NULL), GLB_OK);
    struct tally t = {.pixel0 = 0x123456789abcdef0};
    for (int i = 0; i < 9; i++)
        s.set(s.self, i, &t.pixel0);
    const struct glb_phase_stage stage = {1.0, 4000};
    const struct glb_phase phase = {.seed = 7,
                                    .norder = 2,
                                    .order = {1, 2},
                                    .read = 3,
                                    .interval = 1,
                                    .nstages = 1,
                                    .stages = &stage};
    assert_int_equal(s.run(s.self, &phase, count, &t, &counters), GLB_OK);
    assert_false(t.pixel_moved);
    const double want = 1 / (1 + exp(-1.0)), sigma = sqrt(want * (1 - want) / t.samples);
    assert_true(t.samples == 4000.0 * CHAINS);
    assert_true(fabs(t.hidden / t.samples - want) < 5 * sigma);
    assert_int_equal(counters.flips, 4000ull * CHAINS * (12 + 10));
    const struct glb_phase pixels = {.seed = 7,
                                     .norder = 1,
                                     .order = {0},
                                     .read = 3,
                                     .interval = 1,
                                     .nstages = 1,
                                     .stages = &stage};
    assert_int_equal(s.run(s.self, &pixels, count, &t, &counters), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "pixels"));
    glb_phase_sampler_close(&s);
}

/* A single p-bit of a layer that moves stays as it was set, until it is let go. */
static void holds_single_pbits(void **state) {
    double J[256] = {0}, h[64] = {0};
    bool held[31] = {false};
    struct glb_job_counters counters;
    (void)state;
    struct glb_phase_sampler s = open_sampler("emu", 6);
    assert_int_equal(s.set_weights(s.self, J, h, NULL), GLB_OK);
    const uint64_t plane = 0x123456789abcdef0;
    s.set(s.self, 9, &plane);
    held[9] = true;
    const struct glb_phase_stage stage = {1.0, 20};
    const struct glb_phase phase = {.seed = 7,
                                    .norder = 1,
                                    .order = {1},
                                    .read = 2,
                                    .interval = 1,
                                    .nstages = 1,
                                    .stages = &stage};
    for (int k = 0; k < 2; k++) {
        struct tally t = {.pixel0 = plane}; /* here: of the first p-bit that is read */
        assert_int_equal(s.clamp(s.self, k ? NULL : held), GLB_OK);
        assert_int_equal(s.run(s.self, &phase, count, &t, &counters), GLB_OK);
        assert_int_equal(t.pixel_moved, k);
    }
    glb_phase_sampler_close(&s);
}

static void says_what_is_wrong(void **state) {
    struct glb_phase_sampler s;
    struct glb_phase_sampler_options o = {
        .device = "emu", .array = "nosuch", .chains = 64, .layers = 6};
    (void)state;
    assert_int_equal(glb_phase_sampler_open(&topology, &o, &s), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "nosuch"));
    o.array = "tiny";
    o.device = "teapot";
    assert_int_equal(glb_phase_sampler_open(&topology, &o, &s), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "teapot"));
}

int main(void) {
    if (glb_topology_build("local:hidden=12,fan=6,window=3", 3, 3, 1, &topology) != GLB_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_behind_the_protocol),
        cmocka_unit_test(clamps_and_samples),
        cmocka_unit_test(holds_single_pbits),
        cmocka_unit_test(says_what_is_wrong),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_free(&topology);
    return failed;
}
