/* Counts of training and reading beyond 32 bits: updates and clocks over phases, steps, batches and
 * a checkpoint; as many sweeps of a chain as are counted.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "learn/draw/draw.h"
#include "learn/labels/bit_counter.h"
#include "learn/labels/read_labels.h"
#include "learn/training/checkpoint.h"
#include "learn/training/trainer_model.h"
#include "support/learn/gibbs_sampler.h"
#include "support/learn/small_machine.h"

static const uint64_t flips = UINT64_C(0x1ffffffff), clocks = UINT64_C(0x80000000123);

static struct glb_topology topology;
static struct glb_dataset images;

/* Samples of the small machine, counts of a far larger one. */
static enum glb_status run_large(void *self, const struct glb_layer_run *request,
                                 glb_layer_sample_fn fn, void *user,
                                 struct glb_job_counters *counters) {
    const enum glb_status s = gibbs_run(self, request, fn, user, counters);
    counters->flips = flips;
    counters->run_cycles = clocks;
    return s;
}

static struct glb_layer_sampler open_large(void) {
    struct glb_layer_sampler s = gibbs_open(&topology, 64);
    s.run = run_large;
    return s;
}

static void steps_add_up(void **state) {
    char path[] = "/tmp/glb-test-counts-XXXXXX";
    struct glb_layer_sampler s = open_large();
    struct glb_train_options o;
    struct glb_trainer *r, *again;
    struct glb_model m;
    const int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    close(fd);
    glb_train_defaults(&topology, &o);
    o.epochs = 100;
    o.shift = 0;
    o.warp = 0;
    o.threads = 1;
    o.generative = 0.1; /* three phases */
    assert_int_equal(glb_trainer_open_on(&topology, &images, &s, &o, &r), GLB_OK);
    for (uint64_t step = 1; step <= 3; step++) {
        assert_int_equal(glb_trainer_step(r), GLB_OK);
        assert_true(glb_trainer_progress(r)->flips == 3 * step * flips);
        assert_true(glb_trainer_progress(r)->cycles == 3 * step * clocks);
    }
    assert_int_equal(glb_model_make(r, &m), GLB_OK);
    assert_int_equal(glb_checkpoint_save(r, &m, path), GLB_OK);
    glb_model_clear(&m);
    assert_int_equal(glb_trainer_open_on(&topology, &images, &s, &o, &again), GLB_OK);
    assert_int_equal(glb_checkpoint_resume(path, again), GLB_OK);
    assert_true(glb_trainer_progress(again)->flips == 9 * flips);
    assert_int_equal(glb_trainer_step(again), GLB_OK);
    assert_true(glb_trainer_progress(again)->flips == 12 * flips);
    assert_true(glb_trainer_progress(again)->cycles == 12 * clocks);
    unlink(path);
    glb_trainer_close(again);
    glb_trainer_close(r);
    s.close(s.self);
}

static void batches_add_up(void **state) {
    struct glb_layer_sampler s = open_large();
    double J[M] = {0}, h[N] = {0};
    struct glb_read_labels r;
    const struct glb_read_labels_options o = {.sweeps = 16 * 4, .chains = 16, .seed = 1};
    (void)state;
    s.set_weights(s.self, J, h, NULL);
    assert_int_equal(glb_read_labels_run(&topology, &s, &images, &o, NULL, &r), GLB_OK);
    assert_true(r.flips == 4 * flips && r.cycles == 4 * clocks); /* 64 / 16 images at a time */
    const struct glb_drawing drawing = {.columns = 3, .sweeps = 20, .average = 2, .seed = 1};
    uint8_t grey[CLASSES * 3 * PIXELS];
    struct glb_job_counters n;
    assert_int_equal(glb_draw_digits(&topology, &s, &drawing, grey, &n), GLB_OK);
    assert_true(n.flips == flips && n.run_cycles == clocks);
    s.close(s.self);
}

/* Images of a step behind 2^32 images: every one once an epoch, in another order and moved
 * otherwise than 2^32 images before. */
static void images_of_a_long_training(void **state) {
    enum { CHAINS = 64, SHIFT = 2 };
    static const int64_t step[] = {3, (INT64_C(1) << 26) + 3};
    int32_t index[2][CHAINS];
    int8_t moved[2][CHAINS];
    struct glb_layer_sampler s = gibbs_open(&topology, CHAINS);
    struct glb_train_options o;
    struct glb_trainer *r;
    (void)state;
    glb_train_defaults(&topology, &o);
    o.epochs = 1e9;
    o.shift = SHIFT;
    o.warp = 0;
    o.threads = 1;
    assert_int_equal(glb_trainer_open_on(&topology, &images, &s, &o, &r), GLB_OK);
    assert_true(r->steps == INT64_C(250000000));
    for (int k = 0; k < 2; k++) {
        int times[IMAGES] = {0};
        r->s.step = step[k];
        assert_int_equal(glb_trainer_step(r), GLB_OK);
        assert_true(glb_trainer_progress(r)->step == step[k] + 1);
        assert_true(glb_trainer_progress(r)->epoch == (double)(step[k] + 1) * CHAINS / IMAGES);
        for (int c = 0; c < CHAINS; c++) {
            assert_in_range(r->batch.index[c], 0, IMAGES - 1);
            assert_in_range(r->batch.dx[c] + SHIFT, 0, 2 * SHIFT);
            assert_int_equal(times[r->batch.index[c]]++, c / IMAGES);
        }
        memcpy(index[k], r->batch.index, sizeof index[k]);
        memcpy(moved[k], r->batch.dx, sizeof moved[k]);
    }
    assert_memory_not_equal(index[0], index[1], sizeof index[0]);
    assert_memory_not_equal(moved[0], moved[1], sizeof moved[0]);
    glb_trainer_close(r);
    s.close(s.self);
}

/* 65,535 sweeps, the most that are counted, in chains that are always, never or sometimes on. */
static void every_sweep_counts(void **state) {
    struct glb_bit_counter c;
    uint16_t on[64];
    (void)state;
    assert_int_equal(glb_bit_counter_init(&c, 2, 1), GLB_OK);
    for (int s = 0; s < 65535; s++) {
        const uint64_t planes[2] = {0x5 | (uint64_t)(s % 2) << 63, ~UINT64_C(0) << (s % 64)};
        glb_bit_counter_add(&c, planes);
    }
    glb_bit_counter_get(&c, 0, on);
    assert_int_equal(on[0], 65535);
    assert_int_equal(on[1], 0);
    assert_int_equal(on[2], 65535);
    assert_int_equal(on[63], 32767);
    glb_bit_counter_get(&c, 1, on);
    for (int k = 0; k < 64; k++) /* on while s % 64 <= k; the last 63 come once more */
        assert_int_equal(on[k], 1023 * (k + 1) + (k < 63 ? k + 1 : 63));
    glb_bit_counter_free(&c);
}

/* As many sweeps as a chain may have, on the emulator: labels that are always on, or never. */
static void the_longest_chains(void **state) {
    const struct glb_layer_sampler_options so = {
        .device = "emu", .array = "tiny", .chains = 64, .threads = 1, .u = 1.0 / 16, .layers = 6};
    struct glb_layer_sampler s;
    double J[M] = {0}, h[N] = {0}, score[IMAGES * CLASSES];
    struct glb_read_labels r;
    struct glb_read_labels_options o = {
        .sweeps = 4 * 65535, .chains = 4, .score = score, .seed = 1};
    (void)state;
    for (int k = 0; k < LABELS; k++)
        h[FIRST_LABEL + k] = k % CLASSES ? -20 : 20;
    assert_int_equal(glb_layer_sampler_open(&topology, &so, &s), GLB_OK);
    assert_int_equal(s.set_weights(s.self, J, h, NULL), GLB_OK);
    assert_int_equal(glb_read_labels_run(&topology, &s, &images, &o, NULL, &r), GLB_OK);
    for (int i = 0; i < IMAGES; i++)
        assert_true(score[i * CLASSES] == 1 && score[i * CLASSES + 1] == -1);
    o.sweeps += 4;
    assert_int_equal(glb_read_labels_run(&topology, &s, &images, &o, NULL, &r), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "65535"));
    glb_layer_sampler_close(&s);
}

int main(void) {
    topology = small_topology();
    images = small_set();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_add_up),
        cmocka_unit_test(batches_add_up),
        cmocka_unit_test(images_of_a_long_training),
        cmocka_unit_test(every_sweep_counts),
        cmocka_unit_test(the_longest_chains),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    return failed;
}
