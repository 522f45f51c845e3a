/* The trainer learns known label probabilities, whatever the threads; a resumed training gives the
 * same bits. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "learn/training/checkpoint.h"
#include "support/learn/gibbs_sampler.h"
#include "learn/training/trainer_model.h"
#include "support/learn/small_images.h"
#include "learn/training/trainer.h"

enum { IMAGES = 800, CHAINS = 64 };

static struct glb_topology topology;
static struct glb_dataset images;

static struct glb_train_options options(double epochs) {
    struct glb_train_options o;
    glb_train_defaults(&topology, &o);
    o.epochs = epochs;
    o.shift = 0;
    o.threads = 1;
    o.rate = 0.05;
    o.relative[GLB_LABEL] = o.relative[GLB_BIAS_LABEL] = 0.3;
    o.decay[GLB_LABEL] = 0;
    return o;
}

static struct glb_trainer *open_trainer(struct glb_layer_sampler *s,
                                        const struct glb_train_options *o) {
    struct glb_trainer *r;
    assert_int_equal(glb_trainer_open_on(&topology, &images, s, o, &r), GLB_OK);
    return r;
}

static void steps(struct glb_trainer *r, int64_t until) {
    while (r->s.step < until)
        assert_int_equal(glb_trainer_step(r), GLB_OK);
}

struct share {
    double on[SMALL_CLASSES], total;
};

static int count_labels(void *user, uint32_t sample, const uint64_t *planes) {
    struct share *s = user;
    (void)sample;
    for (int k = 0; k < SMALL_CLASSES; k++)
        s->on[k] += __builtin_popcountll(planes[k]);
    s->total += CHAINS;
    return 0;
}

/* Label frequencies with one of the two patterns clamped. */
static struct share read_labels(struct glb_layer_sampler *s, int pattern) {
    int32_t index[CHAINS];
    uint64_t planes[9];
    struct share share = {{0}, 0};
    for (int c = 0; c < CHAINS; c++)
        index[c] = 2 * c + pattern;
    glb_dataset_lay_images(&images, index, NULL, NULL, CHAINS, 1, planes);
    assert_int_equal(s->set_layer(s->self, 0, planes), GLB_OK);
    const struct glb_step stage = {1.0, 600};
    const struct glb_layer_run request = {.seed = 3,
                                          .norder = 2,
                                          .order = {1, 2},
                                          .read = 4,
                                          .burn_in = 50,
                                          .interval = 1,
                                          .nsteps = 1,
                                          .steps = &stage};
    struct glb_job_counters counters;
    assert_int_equal(s->run(s->self, &request, count_labels, &share, &counters), GLB_OK);
    return share;
}

static void learns(int common_noise) {
    struct glb_layer_sampler s = gibbs_open(&topology, CHAINS);
    struct glb_train_options o = options(60);
    o.rate = 0.02; /* at 0.05 the last steps still move the shares by 0.04 */
    o.common_noise = common_noise;
    o.positive = common_noise ? 20 : 8;
    o.negative = 20;
    o.positive_burn = o.negative_burn = 0;
    struct glb_trainer *r = open_trainer(&s, &o);
    steps(r, r->steps);
    double *J = malloc(sizeof *J * (size_t)topology.graph->m), h[64];
    glb_trainer_weights(r, J, h);
    s.set_weights(s.self, J, h, NULL);
    for (int pattern = 0; pattern < 2; pattern++) {
        const struct share share = read_labels(&s, pattern);
        for (int k = 0; k < SMALL_CLASSES; k++) {
            const double want = k == 2 * pattern       ? small_share[pattern]
                                : k == 2 * pattern + 1 ? 1 - small_share[pattern]
                                                       : 0;
            /* Chance: 16 * measured(0.013, 0.011, 0.08) | labels on; six seeds */
            if (fabs(share.on[k] / share.total - want) >= 0.08)
                fail_msg("pattern %d: label %d is on in %.3f, not %.2f", pattern, k,
                         share.on[k] / share.total, want);
        }
    }
    free(J);
    glb_trainer_close(r);
    s.close(s.self);
}

static void learns_label_probabilities(void **state) {
    (void)state;
    learns(0);
    learns(1);
}

/* On the emulator: where free labels happen to be those of the images, the hidden units of both
 * phases do the same. */
static void common_noise_is_common(void **state) {
    (void)state;
    uint8_t zero[IMAGES] = {0};
    struct glb_dataset same = images;
    same.label = zero;
    const struct glb_layer_sampler_options so = {
        .device = "emu", .chains = CHAINS, .threads = 1, .u = GLB_TRAIN_U, .layers = 6};
    struct glb_layer_sampler s;
    assert_int_equal(glb_layer_sampler_open(&topology, &so, &s), GLB_OK);
    struct glb_train_options o = options(4);
    assert_true(o.common_noise);
    o.positive = o.negative + 1;
    struct glb_trainer *r;
    assert_int_equal(glb_trainer_open_on(&topology, &same, &s, &o, &r), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "--common-noise 0"));
    o.positive = o.negative;
    assert_int_equal(glb_trainer_open_on(&topology, &same, &s, &o, &r), GLB_OK);
    const struct glb_layer *h1 = &topology.layer[1], *labels = &topology.layer[2];
    for (int k = 0; k < SMALL_CLASSES; k++)
        r->s.weight[topology.graph->m + labels->first + k] = k == 0 ? 12 : -12;
    memset(r->s.memory, 0, sizeof *r->s.memory * 2 * IMAGES * (size_t)r->memory_words);
    for (int i = 0; i < IMAGES; i++)
        r->s.memory[(size_t)2 * i * r->memory_words] = 1; /* the label of the last negative phase */
    /* Chance: 64 * 21 * 4 * exp(-24) | a label that is not that of its bias in any update */
    assert_int_equal(glb_trainer_step(r), GLB_OK);
    for (int i = 0; i < h1->count; i++) {
        assert_int_equal(r->statistics[TRAINER_POSITIVE].ones[h1->first + i],
                         r->statistics[TRAINER_NEGATIVE].ones[h1->first + i]);
        assert_in_range(r->statistics[TRAINER_POSITIVE].ones[h1->first + i], 1,
                        CHAINS * o.positive - 1);
    }
    glb_trainer_close(r);
    glb_layer_sampler_close(&s);
}

/* The same training in one go, on three threads, and stopped and resumed through a file. */
static void resumes_bit_for_bit(void **state) {
    (void)state;
    char path[] = "/tmp/glb-test-trainer-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct glb_train_options o = options(4);
    o.generative = 0.1;
    o.warp = 0.3;
    o.dropout = 0.2;
    o.bits = 6;
    struct glb_layer_sampler s = gibbs_open(&topology, CHAINS);
    struct glb_trainer *whole = open_trainer(&s, &o);
    steps(whole, whole->steps);
    o.threads = 3;
    struct glb_trainer *part = open_trainer(&s, &o);
    steps(part, part->steps * 9 / 10); /* within the averaged last fifth */
    struct glb_model m;
    assert_int_equal(glb_model_make(part, &m), GLB_OK);
    assert_int_equal(glb_checkpoint_save(part, &m, path), GLB_OK);
    glb_model_clear(&m);
    glb_trainer_close(part);

    int batch, first, count;
    assert_int_equal(glb_checkpoint_options(path, &o, &batch, &first, &count), GLB_OK);
    assert_int_equal(batch, CHAINS);
    assert_int_equal(count, IMAGES);
    struct glb_trainer *rest = open_trainer(&s, &o);
    assert_int_equal(glb_checkpoint_resume(path, rest), GLB_OK);
    steps(rest, rest->steps);
    const size_t p = (size_t)(topology.graph->m + topology.graph->n);
    assert_memory_equal(rest->s.weight, whole->s.weight, p * sizeof(float));
    assert_memory_equal(rest->s.sum, whole->s.sum, p * sizeof(double));
    assert_int_equal(rest->flips, whole->flips);
    glb_trainer_close(rest);
    glb_trainer_close(whole);
    s.close(s.self);
    unlink(path);
}

/* Gibbs sampling whose runs fail on demand. */
static int runs_before_failure = -1;

static enum glb_status failing_run(void *self, const struct glb_layer_run *request,
                                   glb_layer_sample_fn fn, void *user,
                                   struct glb_job_counters *counters) {
    if (runs_before_failure == 0)
        return glb_fail(GLB_ERR_DEVICE, "as the test asks");
    runs_before_failure--;
    return gibbs_run(self, request, fn, user, counters);
}

/* A step that fails in any of its phases leaves nothing held and changes nothing that later steps
 * depend on. */
static void a_failed_step_never_was(void **state) {
    (void)state;
    struct glb_train_options o = options(1);
    o.generative = 0.1;
    o.warp = 0.3;
    o.dropout = 0.2;
    struct glb_layer_sampler s = gibbs_open(&topology, CHAINS);
    struct glb_trainer *whole = open_trainer(&s, &o);
    steps(whole, 4);
    s.run = failing_run;
    struct glb_trainer *r = open_trainer(&s, &o);
    const struct gibbs *g = s.self;
    for (int phase = 0; phase < 3; phase++) {
        steps(r, phase + 1);
        const uint64_t flips = r->flips;
        runs_before_failure = phase;
        assert_int_equal(glb_trainer_step(r), GLB_ERR_DEVICE);
        assert_non_null(strstr(glb_error(), "as the test asks"));
        runs_before_failure = -1;
        assert_int_equal(r->s.step, phase + 1);
        assert_int_equal(r->flips, flips);
        for (int i = 0; i < topology.graph->n; i++)
            assert_false(g->clamped[i]);
    }
    steps(r, 4);
    const size_t p = (size_t)(topology.graph->m + topology.graph->n);
    assert_memory_equal(r->s.weight, whole->s.weight, p * sizeof(float));
    assert_memory_equal(r->s.memory, whole->s.memory,
                        sizeof(uint32_t) * 2 * IMAGES * (size_t)r->memory_words);
    assert_int_equal(r->flips, whole->flips);
    glb_trainer_close(r);
    glb_trainer_close(whole);
    s.close(s.self);
}

static void grids_follow_the_bits(void **state) {
    (void)state;
    struct glb_layer_sampler s = gibbs_open(&topology, CHAINS);
    struct glb_grid all[GLB_PARAMETER_KINDS], few[GLB_PARAMETER_KINDS];
    glb_train_grids(&topology, &s, 0, all);
    glb_train_grids(&topology, &s, 4, few);
    assert_int_equal(all[GLB_LABEL].step, 1);
    assert_int_equal(all[GLB_LABEL].most, s.weight_max);
    assert_int_equal(few[GLB_PIXEL_H1].most, 7);
    assert_true(few[GLB_PIXEL_H1].step > few[GLB_LABEL].step);
    assert_true(few[GLB_PIXEL_H1].step * 7 <= s.weight_max);
    float *w = calloc((size_t)(topology.graph->m + topology.graph->n), sizeof *w), mu[64] = {0};
    double *J = malloc(sizeof *J * (size_t)topology.graph->m), h[64];
    for (int e = 0; e < topology.graph->m; e++)
        w[e] = e & 1 ? 100 : 0.3f;
    const int64_t limited = glb_train_uncentre(&topology, w, mu, s.u, few, J, h);
    assert_int_equal(limited, topology.graph->m / 2);
    for (int e = 0; e < topology.graph->m; e++) {
        const struct glb_grid *g = &few[glb_train_kind(&topology, e)];
        const double q = J[e] / (g->step * s.u / 2);
        assert_true(q == nearbyint(q) && fabs(q) <= g->most);
    }
    free(w);
    free(J);
    s.close(s.self);
}

int main(void) {
    if (glb_topology_build("local:hidden=6,fan=6,window=3", 3, 3, 10, 1, &topology) != GLB_OK)
        return 1;
    images = small_images(IMAGES);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_label_probabilities), cmocka_unit_test(common_noise_is_common),
        cmocka_unit_test(resumes_bit_for_bit),        cmocka_unit_test(a_failed_step_never_was),
        cmocka_unit_test(grids_follow_the_bits),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    return failed;
}
