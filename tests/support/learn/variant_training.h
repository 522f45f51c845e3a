/* A training of train_variants.h on the array "small", counted by the host or by a device, but for
 * one that contrasts, which the host counts. A test
 * file has `images` and `stop` of its own. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_VARIANT_TRAINING_H
#define GLB_TEST_VARIANT_TRAINING_H

#include <stdatomic.h>
#include "support/learn/train_variants.h"

static struct glb_dataset images;
static atomic_int stop; /* ends what runs */

struct training {
    struct glb_layer_sampler s;
    struct glb_trainer *r;
};

static void open_training(struct training *x, const struct glb_topology *t,
                          const struct glb_train_options *o, const char *device,
                          enum glb_train_count count, int chains) {
    const struct glb_layer_sampler_options so = {.device = device,
                                                 .array = "small",
                                                 .chains = chains,
                                                 .threads = 2,
                                                 .u = GLB_TRAIN_U,
                                                 .stop = &stop};
    if (o->contrast)
        count = GLB_TRAIN_COUNT_HOST;
    if (glb_train_sampler_open(t, o, count, &so, &x->s) != GLB_OK ||
        glb_trainer_open_on(t, &images, &x->s, o, &x->r) != GLB_OK)
        fail_msg("%s", glb_error());
    assert_int_equal(x->s.nsums, count == GLB_TRAIN_COUNT_HOST ? 0 : x->r->wanted);
}

static void close_training(struct training *x) {
    glb_trainer_close(x->r);
    glb_layer_sampler_close(&x->s);
}

static void steps(struct training *x, int64_t until) {
    while (x->r->s.step < until)
        if (glb_trainer_step(x->r) != GLB_OK)
            fail_msg("step %d: %s", (int)x->r->s.step, glb_error());
}

static void same(const struct training *a, const struct training *b, const char *what) {
    const char *other = variant_difference(a->r, b->r);
    if (other)
        fail_msg("%s: other %s", what, other);
}

#endif
