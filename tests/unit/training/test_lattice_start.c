/* What a training on a lattice begins with: couplings where the topology says so, centres of p-bits
 * that show the same pixel, the planes of a batch. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "learn/training/trainer.h"
#include "support/learn/small_images.h"
#include "support/learn/gibbs_sampler.h"

enum { COUNT = 300, CHAINS = 128, SIDE = 3 };

static struct glb_topology topology;
static struct glb_dataset images;

static void begins_as_the_topology_says(void **state) {
    struct glb_layer_sampler s = gibbs_open(&topology, CHAINS);
    struct glb_train_options o;
    struct glb_trainer *r;
    int given = 0, zero = 0, random = 0, several = 0;
    (void)state;
    glb_train_defaults(&topology, &o);
    glb_train_defaults_contrast(&topology, &o);
    o.threads = 1;
    o.shift = 0;
    o.warp = 0;
    assert_int_equal(glb_trainer_open_on(&topology, &images, &s, &o, &r), GLB_OK);
    for (int e = 0; e < topology.graph->m; e++) {
        const int fixed = !isnan(topology.start[e]);
        if (fixed)
            assert_true(r->s.weight[e] == topology.start[e]);
        else
            random += r->s.weight[e] != 0;
        given += fixed;
        zero += fixed && topology.start[e] == 0;
    }
    assert_true(given > zero && zero > 0 && random > 50);
    for (int i = 0; i < topology.layer[0].count; i++) {
        int on = 0;
        for (int k = 0; k < COUNT; k++)
            on += images.grey[k * SIDE * SIDE + topology.pixel_of[i]] > 127;
        assert_true(fabs((double)r->mu[i] - (2.0 * (on + 1) / (COUNT + 2) - 1)) < 1e-6);
        assert_int_equal(glb_topology_pixel(&topology, i), topology.pixel_of[i]);
        several += i > 0 && topology.pixel_of[i] != i;
    }
    assert_true(several > 0);
    assert_int_equal(glb_trainer_step(r), GLB_OK);
    for (int i = 0; i < topology.layer[0].count; i++) /* of the batch */
        for (int c = 0; c < CHAINS; c++)
            assert_int_equal(r->batch.pixels[i * CHAINS / 64 + (c >> 6)] >> (c & 63) & 1,
                             images.grey[r->batch.index[c] * SIDE * SIDE + topology.pixel_of[i]] >
                                 127);
    glb_trainer_close(r);
    s.close(s.self);
}

int main(void) {
    if (glb_topology_build("pegasus:m=3,placement=structured,copies=2", SIDE, SIDE, 10, 1,
                           &topology))
        return 1;
    images = small_images(COUNT);
    const struct CMUnitTest tests[] = {cmocka_unit_test(begins_as_the_topology_says)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    return failed;
}
