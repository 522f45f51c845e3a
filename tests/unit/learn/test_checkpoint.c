/* Options of a training come back from its checkpoint one by one, whatever the others are.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
#include "learn/training/checkpoint.h"
#include "learn/training/trainer_model.h"
#include "support/learn/gibbs_sampler.h"
#include "support/learn/small_machine.h"

static char path[] = "/tmp/glb-test-checkpoint-XXXXXX";
static struct glb_topology topology;
static struct glb_dataset images;

/* Two sets that differ in every option. */
static struct glb_train_options options(int k) {
    struct glb_train_options o;
    glb_train_defaults(&topology, &o);
    o.seed = k ? 77 : 3;
    o.epochs = k ? 2.5 : 7;
    o.rate = k ? 0.011 : 0.5;
    for (int p = 0; p < GLB_PARAMETER_KINDS; p++) {
        o.relative[p] = 0.3 + 0.1 * p + k;
        o.decay[p] = 0.01 + 0.02 * p + k;
        o.start_sigma[p] = 0.05 + 0.03 * p + k;
    }
    o.bits = k ? 5 : 0;
    o.warm_up = k ? 0.07 : 0.21;
    o.average = k ? 0.35 : 0.15;
    o.positive_burn = k ? 3 : 9;
    o.positive = k ? 4 : 11;
    o.negative_burn = k ? 5 : 13;
    o.negative = k ? 6 : 15;
    o.discriminative = k ? 0.6 : 1.5;
    o.generative = k ? 0.7 : 1.75;
    o.hold_labels = k;
    o.free_sweeps = k ? 8 : 17;
    o.shift = k ? 1 : 0;
    o.warp = k ? 0.25 : 1.25;
    o.dropout = k ? 0.4 : 0.125;
    o.restart = k ? 0.45 : 0.85;
    o.common_noise = 0;
    o.read_burn = k ? 3 : 4;
    o.read = k ? 5 : 6;
    o.readout_beta = k ? 0.8 : 1.2;
    return o;
}

/* Saved and read again. */
static struct glb_train_options through_a_file(const struct glb_train_options *o) {
    struct glb_layer_sampler s = gibbs_open(&topology, 64);
    struct glb_train_options back;
    struct glb_trainer *r;
    struct glb_model m;
    int batch, first, count;
    if (glb_trainer_open_on(&topology, &images, &s, o, &r) != GLB_OK)
        fail_msg("%s", glb_error());
    r->first_image = 12;
    assert_int_equal(glb_model_make(r, &m), GLB_OK);
    assert_int_equal(glb_checkpoint_save(r, &m, path), GLB_OK);
    assert_int_equal(glb_checkpoint_options(path, &back, &batch, &first, &count), GLB_OK);
    assert_int_equal(batch, 64);
    assert_int_equal(first, 12);
    assert_int_equal(count, IMAGES);
    glb_model_clear(&m);
    glb_trainer_close(r);
    s.close(s.self);
    return back;
}

#define SAME(what)                                                                                 \
    if (back.what != o.what)                                                                       \
    fail_msg("%s is %g, not %g", #what, (double)back.what, (double)o.what)

static void every_option_comes_back(void **state) {
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct glb_train_options o = options(k & 1);
        if (k == 2) { /* both phases draw the same noise only if they are equally long */
            o.common_noise = 1;
            o.positive = o.negative;
            o.positive_burn = o.negative_burn;
            o.generative = 0;
            o.contrast = 1;
        }
        const struct glb_train_options back = through_a_file(&o);
        SAME(seed);
        SAME(epochs);
        SAME(rate);
        for (int p = 0; p < GLB_PARAMETER_KINDS; p++) {
            SAME(relative[p]);
            SAME(decay[p]);
            SAME(start_sigma[p]);
        }
        SAME(bits);
        SAME(warm_up);
        SAME(average);
        SAME(positive_burn);
        SAME(positive);
        SAME(negative_burn);
        SAME(negative);
        SAME(discriminative);
        SAME(generative);
        SAME(hold_labels);
        SAME(free_sweeps);
        SAME(shift);
        SAME(warp);
        SAME(dropout);
        SAME(restart);
        SAME(common_noise);
        SAME(contrast);
        SAME(read_burn);
        SAME(read);
        SAME(readout_beta);
    }
}

int main(void) {
    const int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    topology = small_topology();
    images = small_set();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_comes_back),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    unlink(path);
    return failed;
}
