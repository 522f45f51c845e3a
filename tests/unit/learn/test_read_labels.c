/* Reading labels by sampling: counts of right labels, chains an image, sweeps that are too few.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "learn/labels/read_labels.h"
#include "support/learn/gibbs_sampler.h"
#include "support/learn/small_images.h"

enum { IMAGES = 800, CHAINS = 64 };

static struct glb_topology topology;
static struct glb_dataset images;

static void readout_counts_right_labels(void **state) {
    (void)state;
    struct glb_layer_sampler s = gibbs_open(&topology, CHAINS);
    double *J = calloc((size_t)topology.graph->m, sizeof *J), h[64] = {0};
    struct glb_read_labels r;
    uint8_t predicted[IMAGES];
    const struct glb_read_labels_options o = {.burn_in = 2, .sweeps = 12, .seed = 1};
    for (int k = 0; k < SMALL_CLASSES; k++)
        h[topology.layer[2].first + k] = k == 2 ? 4 : -4; /* always says 2 */
    s.set_weights(s.self, J, h, NULL);
    const struct glb_dataset some =
        glb_dataset_slice(&images, 0, 150); /* not a multiple of the chains */
    assert_int_equal(glb_read_labels_run(&topology, &s, &some, &o, predicted, &r), GLB_OK);
    int right = 0;
    for (int i = 0; i < 150; i++) {
        assert_int_equal(predicted[i], 2);
        right += images.label[i] == 2;
    }
    assert_int_equal(r.images, 150);
    assert_int_equal(r.right, right);
    assert_int_equal(r.confusion[2][2], right);
    for (int k = 0; k < SMALL_CLASSES; k++) { /* true labels in rows */
        int of_class = 0;
        for (int i = 0; i < 150; i++)
            of_class += images.label[i] == k;
        for (int j = 0; j < SMALL_CLASSES; j++)
            assert_int_equal(r.confusion[k][j], j == 2 ? of_class : 0);
    }
    const struct glb_read_labels_options three = {
        .burn_in = 1, .sweeps = 24, .chains = 3, .beta = 0.9, .seed = 1};
    assert_int_equal(glb_read_labels_run(&topology, &s, &some, &three, predicted, &r), GLB_OK);
    assert_int_equal(r.right, right);
    assert_int_equal(r.images, 150);
    /* As many updates as one chain of all those sweeps: ceil(150 / (CHAINS / 3)) batches of 8. */
    const int batches = (150 + CHAINS / 3 - 1) / (CHAINS / 3);
    assert_int_equal(r.flips, (uint64_t)batches * CHAINS * 8 * (6 + SMALL_CLASSES));
    const struct glb_read_labels_options dropped = {
        .burn_in = 8, .sweeps = 24, .chains = 3, .seed = 1};
    assert_int_equal(glb_read_labels_run(&topology, &s, &some, &dropped, NULL, &r),
                     GLB_ERR_ARGUMENT);
    const struct glb_read_labels_options many = {.sweeps = 5000, .chains = CHAINS + 1, .seed = 1};
    assert_int_equal(glb_read_labels_run(&topology, &s, &some, &many, NULL, &r), GLB_ERR_ARGUMENT);
    free(J);
    s.close(s.self);
}

int main(void) {
    if (glb_topology_build("local:hidden=6,fan=6,window=3", 3, 3, 10, 1, &topology) != GLB_OK)
        return 1;
    images = small_images(IMAGES);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readout_counts_right_labels),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    return failed;
}
