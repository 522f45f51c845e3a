/* What the trainer follows is the slope of the likelihood: the gradient of every parameter, method
 * by method, against differences of the enumerated likelihood of a machine of twelve p-bits; and
 * the first step goes up that slope. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "learn/training/trainer.h"
#include "support/learn/watched_sampler.h"

enum { CHAINS = 512, P = M + N };

static struct glb_topology topology;
static struct glb_dataset images;

/* ---- the likelihood by enumeration ---- */

/* log of the sum of exp(-E) over the states that agree with `fixed` in the p-bits of `mask`;
 * E = -sum w_ij (m_i - mu_i)(m_j - mu_j) - sum b_i m_i. */
static double log_sum(const double *w, const double *mu, unsigned mask, unsigned fixed) {
    double sum = 0;
    for (unsigned s = 0; s < 1u << N; s++) {
        double minus_e = 0, m[N];
        if ((s ^ fixed) & mask)
            continue;
        for (int i = 0; i < N; i++) {
            m[i] = s >> i & 1 ? 1 : -1;
            minus_e += w[M + i] * m[i];
        }
        for (int e = 0; e < M; e++) {
            const int i = small_edge[e][0], j = small_edge[e][1];
            minus_e += w[e] * (m[i] - mu[i]) * (m[j] - mu[j]);
        }
        sum += exp(minus_e);
    }
    return log(sum);
}

enum { PIXEL_MASK = (1 << PIXELS) - 1, LABEL_MASK = ((1 << LABELS) - 1) << FIRST_LABEL };

/* Mean over the images of: log P(label | image), log P(image, label), log P(image | label). */
static double likelihood(const double *w, const double *mu, int kind) {
    const double all = kind == 1 ? log_sum(w, mu, 0, 0) : 0;
    double sum = 0, of_class[CLASSES] = {0};
    for (int k = 0; k < CLASSES && kind == 2; k++)
        of_class[k] = log_sum(w, mu, LABEL_MASK, (k ? 0xau : 0x5u) << FIRST_LABEL);
    for (int i = 0; i < IMAGES; i++) {
        const unsigned image = (unsigned)i; /* its bits are its pixels */
        const unsigned label = (images.label[i] ? 0xau : 0x5u) << FIRST_LABEL;
        sum += log_sum(w, mu, PIXEL_MASK | LABEL_MASK, image | label);
        sum -= kind == 0   ? log_sum(w, mu, PIXEL_MASK, image)
               : kind == 1 ? all
                           : of_class[images.label[i]];
    }
    return sum / IMAGES;
}

static double slope(double *w, const double *mu, int kind, int p) {
    const double step = 1e-4, at = w[p];
    w[p] = at + step;
    const double up = likelihood(w, mu, kind);
    w[p] = at - step;
    const double down = likelihood(w, mu, kind);
    w[p] = at;
    return (up - down) / (2 * step);
}

/* ---- the trainer's ---- */

static struct glb_train_options options(void) {
    struct glb_train_options o;
    glb_train_defaults(&topology, &o);
    o.epochs = 1000;
    o.rate = 0.01;
    o.warm_up = 0;
    o.shift = 0;
    o.warp = 0;
    o.threads = 1;
    o.common_noise = 0;
    o.positive_burn = o.negative_burn = 10;
    o.positive = o.negative = 150;
    o.free_sweeps = 255;
    for (int k = 0; k < GLB_PARAMETER_KINDS; k++)
        o.relative[k] = 1;
    memset(o.decay, 0, sizeof o.decay);
    return o;
}

/* Weights of a size that matters, couplings on the array's grid; biases as they are. */
static void set_weights(struct glb_trainer *r, double *w) {
    for (int p = 0; p < P; p++) {
        const double u = 2 * glb_unit_at(5, 5, (uint64_t)p, 0) - 1;
        w[p] = p < M ? nearbyint(u * 24) / 32 : u / 2;
        r->s.weight[p] = (float)w[p];
    }
}

static void follows(double discriminative, double generative, int hold, int common) {
    struct glb_layer_sampler s = watched_open(&topology, CHAINS);
    struct glb_train_options o = options();
    struct glb_trainer *r;
    double w[P], mu[N], first[P], sent[P];
    o.discriminative = discriminative;
    o.generative = generative;
    o.hold_labels = hold;
    o.common_noise = common;
    assert_int_equal(glb_trainer_open_on(&topology, &images, &s, &o, &r), GLB_OK);
    for (int i = 0; i < N; i++) { /* any centre will do */
        r->mu[i] = (float)(1.6 * glb_unit_at(5, 6, (uint64_t)i, 0) - 0.8);
        mu[i] = (double)r->mu[i];
    }
    set_weights(r, w);
    assert_int_equal(glb_trainer_step(r), GLB_OK); /* brings persistent chains to rest */
    for (int p = 0; p < P; p++)
        first[p] = (double)r->s.first[p] / 0.1; /* the mean gradient, but for the chains' start */
    set_weights(r, w);
    memset(r->s.first, 0, sizeof *r->s.first * P);
    memset(r->s.second, 0, sizeof *r->s.second * P);
    r->s.step = 0;
    assert_int_equal(glb_trainer_step(r), GLB_OK);
    for (int p = 0; p < P; p++) {
        const double got = (double)r->s.first[p] / 0.1;
        double want = 0;
        if (discriminative > 0)
            want += discriminative * slope(w, mu, 0, p);
        if (generative > 0)
            want += generative * slope(w, mu, hold ? 2 : 1, p);
        sent[p] = (double)r->s.weight[p] - w[p];
        /* Chance: 192 * beyond(0.045 / 0.0071) | slopes of 192 parameters; deviation of 17 seeds */
        if (fabs(got - want) > 0.045 * (discriminative + generative))
            fail_msg("parameter %d: %.4f, the likelihood's slope is %.4f", p, got, want);
        /* Chance: 192 * beyond(0.06 / 0.0089) | the same in the first step */
        if (fabs(first[p] - want) > 0.06 * (discriminative + generative))
            fail_msg("parameter %d, first step: %.4f, not %.4f", p, first[p], want);
        /* Adam's first step: the rate, whatever the size, up the slope */
        if (fabs(want) > 0.06 * (discriminative + generative) &&
            fabs(sent[p] - (want > 0 ? o.rate : -o.rate)) > 0.02 * o.rate)
            fail_msg("parameter %d moves by %g on a slope of %g", p, sent[p], want);
    }
    glb_trainer_close(r);
    s.close(s.self);
}

static void labels_of_images(void **state) {
    (void)state;
    follows(1, 0, 1, 0);
}

static void labels_of_images_with_common_noise(void **state) {
    (void)state;
    follows(1, 0, 1, 1);
}

static void images_and_labels(void **state) {
    (void)state;
    follows(0, 1, 0, 0);
}

static void images_of_labels(void **state) {
    (void)state;
    follows(0, 1, 1, 0);
}

static void both_with_their_weights(void **state) {
    (void)state;
    follows(1, 0.4, 0, 0);
    follows(0.5, 1.5, 1, 1);
}

/* The slopes are large enough for a wrong sign or factor to show. */
static void slopes_are_not_small(void **state) {
    double w[P], mu[N] = {0};
    (void)state;
    for (int p = 0; p < P; p++) {
        const double u = 2 * glb_unit_at(5, 5, (uint64_t)p, 0) - 1;
        w[p] = p < M ? nearbyint(u * 24) / 32 : u / 2;
    }
    for (int kind = 0; kind < 3; kind++) {
        int large = 0;
        for (int p = 0; p < P; p++)
            large += fabs(slope(w, mu, kind, p)) > 0.06;
        assert_true(large > P / 3);
    }
}

int main(void) {
    topology = small_topology();
    images = small_set();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_of_images),
        cmocka_unit_test(labels_of_images_with_common_noise),
        cmocka_unit_test(images_and_labels),
        cmocka_unit_test(images_of_labels),
        cmocka_unit_test(both_with_their_weights),
        cmocka_unit_test(slopes_are_not_small),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    return failed;
}
