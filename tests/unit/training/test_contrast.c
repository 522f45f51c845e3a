/* The steps of "read, then contrast": what is read, who is contrasted, from which states and with
 * which noise; the gradient by plain sums; options that contradict each other.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "learn/training/contrast.h"
#include "support/learn/watched_sampler.h"

enum { CHAINS = 192, STEPS = 12, READ = 0, POSITIVE, NEGATIVE };

static struct glb_topology topology;
static struct glb_dataset images;

static struct glb_train_options options(void) {
    struct glb_train_options o;
    glb_train_defaults(&topology, &o);
    glb_train_defaults_contrast(&topology, &o);
    o.epochs = STEPS * CHAINS / IMAGES;
    o.shift = 0;
    o.warp = 0;
    o.threads = 1;
    o.warm_up = 0;
    o.read_burn = 2;
    o.read = 3;
    o.positive_burn = o.negative_burn = 1;
    o.positive = o.negative = 4;
    return o;
}

static struct glb_trainer *open_trainer(struct glb_layer_sampler *s,
                                        const struct glb_train_options *o) {
    struct glb_trainer *r;
    *s = watched_open(&topology, CHAINS);
    assert_int_equal(glb_trainer_open_on(&topology, &images, s, o, &r), GLB_OK);
    return r;
}

static void end(struct glb_trainer *r, struct glb_layer_sampler *s) {
    glb_trainer_close(r);
    s->close(s->self);
}

static int same_bits(uint64_t a[N][MAX_WORDS], int chain, uint64_t b[N][MAX_WORDS], int other,
                     int first, int end) {
    for (int i = first; i < end; i++)
        if (bit(a, i, chain) != bit(b, i, other))
            return 0;
    return 1;
}

static int class_is(struct watched_run *run, int c, int class) {
    for (int k = 0; k < LABELS; k++)
        if (bit(run->before, FIRST_LABEL + k, c) != (k % CLASSES == class))
            return 0;
    return 1;
}

/* The chains that read wrong, one behind the other in their order: each with its image and the
 * hidden states that the reading left, once with its label, once with the other of two classes. */
static void are_packed(struct watched_run *run, int wrongs) {
    int chain = -1;
    for (int k = 0; k < wrongs; k++) {
        const int image = image_of(&run[POSITIVE], k);
        do /* the next chain like this; the others in between read right */
            assert_true(++chain < CHAINS);
        while (!same_bits(run[READ].after, chain, run[POSITIVE].before, k, 0, FIRST_LABEL));
        assert_true(same_bits(run[POSITIVE].before, k, run[NEGATIVE].before, k, 0, FIRST_LABEL));
        assert_true(class_is(&run[POSITIVE], k, images.label[image]));
        assert_true(class_is(&run[NEGATIVE], k, !images.label[image]));
    }
}

static void asked(const struct watched_run *run, int words, int burn, int sweeps, int norder) {
    assert_int_equal(run->asked.words, words);
    assert_int_equal(run->asked.burn_in, burn);
    assert_int_equal(run->step.sweeps, burn + sweeps);
    assert_int_equal(run->asked.interval, 1);
    assert_true(run->step.beta == 1);
    assert_int_equal(run->asked.norder, norder);
    for (int k = 0; k < norder; k++)
        assert_int_equal(run->asked.order[k], k + 1);
}

/* Adam's first moment after a first step: the sums of those that read wrong, over all images. */
static void follows(const struct glb_trainer *r, const struct watched_run *run, int words) {
    const double share = words * 64.0 / CHAINS;
    for (int p = 0; p < M + N; p++) {
        const int i = p < M ? small_edge[p][0] : p - M, j = p < M ? small_edge[p][1] : -1;
        const double mi = run[POSITIVE].mean[i] - run[NEGATIVE].mean[i];
        double want = mi;
        if (j >= 0)
            want = run[POSITIVE].pair[p] - run[NEGATIVE].pair[p] - (double)r->mu[j] * mi -
                   (double)r->mu[i] * (run[POSITIVE].mean[j] - run[NEGATIVE].mean[j]);
        if (r->o.relative[r->kind[p]] > 0 &&
            fabs((double)r->s.first[p] / 0.1 - share * want) > 1e-6)
            fail_msg("parameter %d: %g, not %g", p, (double)r->s.first[p] / 0.1, share * want);
    }
}

static void only_wrong_images_are_contrasted(void **state) {
    struct glb_layer_sampler s;
    const struct glb_train_options o = options();
    struct glb_trainer *r = open_trainer(&s, &o);
    int narrow = 0, padded = 0;
    (void)state;
    for (int step = 0; step < STEPS; step++) {
        struct watched_run *run = &watched[watched_runs = 0];
        memset(r->s.first, 0, sizeof *r->s.first * (M + N));
        assert_int_equal(glb_trainer_step(r), GLB_OK);
        const int wrongs = (int)lrint((1 - r->progress.accuracy) * CHAINS);
        const int words = (wrongs + 63) / 64;
        assert_int_equal(watched_runs, 3);
        asked(&run[READ], 0, 2, 3, 2);
        asked(&run[POSITIVE], words, 1, 4, 1);
        asked(&run[NEGATIVE], words, 1, 4, 1);
        assert_true(run[POSITIVE].asked.seed == run[NEGATIVE].asked.seed);
        assert_true(run[POSITIVE].asked.seed != run[READ].asked.seed);
        are_packed(run, wrongs);
        follows(r, run, words);
        for (int c = wrongs; c < 64 * words; c++) { /* what is left over differs in nothing */
            assert_true(same_bits(run[POSITIVE].before, c, run[NEGATIVE].before, c, 0, N));
            assert_true(same_bits(run[POSITIVE].after, c, run[NEGATIVE].after, c, 0, N));
        }
        narrow += words < CHAINS / 64;
        padded += wrongs % 64 != 0;
    }
    assert_true(narrow > 0 && padded > 0);
    end(r, &s);
}

/* An image's next reading starts where its last one ended, whatever the contrast did. */
static void readings_go_on(void **state) {
    struct glb_layer_sampler s;
    const struct glb_train_options o = options();
    struct glb_trainer *r = open_trainer(&s, &o);
    int last[IMAGES][N], known = 0, moved = 0;
    (void)state;
    for (int step = 0; step < STEPS; step++) {
        struct watched_run *run = &watched[watched_runs = 0];
        assert_int_equal(glb_trainer_step(r), GLB_OK);
        for (int c = 0; c < CHAINS && known; c++)
            for (int i = FIRST_HIDDEN; i < N; i++)
                assert_int_equal(bit(run->before, i, c), last[image_of(run, c)][i]);
        for (int c = 0; c < CHAINS; c++)
            for (int i = FIRST_HIDDEN; i < N; i++) {
                moved += known && last[image_of(run, c)][i] != bit(run->after, i, c);
                last[image_of(run, c)][i] = bit(run->after, i, c);
            }
        known = 1;
    }
    assert_true(moved > 0);
    end(r, &s);
}

/* One class always, by its bias: all images read right, or all wrong. */
static void all_or_none(void **state) {
    uint8_t label[IMAGES];
    const uint8_t *kept = images.label;
    (void)state;
    memset(label, 0, sizeof label);
    images.label = label;
    for (int class = 0; class < CLASSES; class ++) {
        struct glb_layer_sampler s;
        const struct glb_train_options o = options();
        struct glb_trainer *r = open_trainer(&s, &o);
        float before[M + N];
        for (int k = 0; k < LABELS; k++)
            r->s.weight[M + FIRST_LABEL + k] = k % CLASSES == class ? 20 : -20;
        memcpy(before, r->s.weight, sizeof before);
        assert_int_equal(glb_trainer_step(r), GLB_OK);
        assert_int_equal(watched_runs, class ? 3 : 1);
        assert_true(r->progress.accuracy == !class);
        for (int p = 0; p < M + N && !class; p++) /* nothing to learn */
            assert_true(r->s.first[p] == 0);
        for (int k = 0; k < LABELS && class; k++)
            assert_true((before[M + FIRST_LABEL + k] < r->s.weight[M + FIRST_LABEL + k]) ==
                        (k % CLASSES == 0));
        end(r, &s);
    }
    images.label = (uint8_t *)kept;
}

/* ---- which class is drawn ---- */

static double lead[CHAINS]; /* of class 0's field, over the samples of a reading */

struct forward {
    const struct glb_layer_run *run;
    glb_layer_sample_fn fn;
    void *user;
};

/* Each hidden p-bit is for class 0 where it is on; hidden p-bits are the first ones of a sample. */
static int sum_leads(void *user, uint32_t sample, const uint64_t *planes) {
    const struct forward *f = user;
    for (int c = 0; c < CHAINS && f->run->read >> 2 & 1; c++)
        for (int i = 0; i < HIDDEN; i++)
            lead[c] += planes[i * CHAINS / 64 + (c >> 6)] >> (c & 63) & 1 ? 1 : -1;
    return f->fn(f->user, sample, planes);
}

static enum glb_status run_and_sum(void *self, const struct glb_layer_run *request,
                                   glb_layer_sample_fn fn, void *user,
                                   struct glb_job_counters *counters) {
    struct forward f = {request, fn, user};
    return watched_run_layers(self, request, sum_leads, &f, counters);
}

/* Labels off by their bias and hidden p-bits that come up on or off at random in each sample, with
 * couplings to labels so strong that the larger sum over all samples decides. */
static void all_samples_are_read(void **state) {
    struct glb_layer_sampler s = watched_open(&topology, CHAINS);
    const struct glb_train_options o = options();
    struct glb_trainer *r;
    int decided = 0;
    (void)state;
    s.run = run_and_sum;
    assert_int_equal(glb_trainer_open_on(&topology, &images, &s, &o, &r), GLB_OK);
    memset(r->mu, 0, sizeof *r->mu * N);
    memset(r->s.weight, 0, sizeof *r->s.weight * (M + N));
    for (int k = 0; k < LABELS; k++)
        r->s.weight[M + FIRST_LABEL + k] = -20;
    for (int e = 0; e < M; e++) {
        const int i = small_edge[e][0], k = small_edge[e][1] - FIRST_LABEL;
        if (i < FIRST_HIDDEN || k < 0)
            continue;
        r->s.weight[e] = k % CLASSES == 0 ? 3.875f : -3.875f;
        r->s.weight[M + i] += r->s.weight[e]; /* against the labels, which are off */
    }
    assert_int_equal(glb_trainer_step(r), GLB_OK);
    for (int c = 0; c < CHAINS; c++) {
        if (fabs(lead[c]) > 1)
            assert_int_equal(r->contrast->drawn[c], lead[c] < 0);
        decided += fabs(lead[c]) > 1;
    }
    /* Chance: outside(192, 0.7744, 97, 192) | chains in which twelve spins do not cancel */
    assert_true(decided > CHAINS / 2);
    end(r, &s);
}

static void contradictions_are_refused(void **state) {
    static const struct {
        const char *what;
        double discriminative, generative;
        int common, positive_burn, positive, read;
    } wrong[] = {{"no free-running phase", 1, 0.1, 1, 1, 4, 3},
                 {"nothing to learn from", 0, 0, 1, 1, 4, 3},
                 {"--common-noise 1", 1, 0, 0, 1, 4, 3},
                 {"make them equal", 1, 0, 1, 1, 5, 3},
                 {"make them equal", 1, 0, 1, 2, 4, 3},
                 {"at least one must count", 1, 0, 1, 1, 4, 0}};
    (void)state;
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        struct glb_layer_sampler s = watched_open(&topology, CHAINS);
        struct glb_train_options o = options();
        struct glb_trainer *r;
        o.discriminative = wrong[k].discriminative;
        o.generative = wrong[k].generative;
        o.common_noise = wrong[k].common;
        o.positive_burn = wrong[k].positive_burn;
        o.positive = wrong[k].positive;
        o.read = wrong[k].read;
        assert_int_equal(glb_trainer_open_on(&topology, &images, &s, &o, &r), GLB_ERR_ARGUMENT);
        if (!strstr(glb_error(), wrong[k].what))
            fail_msg("%s: %s", wrong[k].what, glb_error());
        s.close(s.self);
    }
}

int main(void) {
    topology = small_topology();
    images = small_set();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_wrong_images_are_contrasted),
        cmocka_unit_test(readings_go_on),
        cmocka_unit_test(all_or_none),
        cmocka_unit_test(all_samples_are_read),
        cmocka_unit_test(contradictions_are_refused),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    return failed;
}
