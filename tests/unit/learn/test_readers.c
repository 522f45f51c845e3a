/* Readers of labels other than sampling: free energies against enumeration, nearest neighbours
 * against counting. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>
#include "learn/labels/free_energy.h"
#include "learn/labels/nearest_images.h"
#include "base/rng.h"
#include "support/learn/small_images.h"
#include "learn/topology/topology.h"

enum { HIDDEN = 5, IMAGES = 40, SIDE = 3 };

/* log of the sum over all hidden states of exp(-energy), labels one-hot */
static double log_weight(const struct glb_topology *t, const double *J, const double *h,
                         const struct glb_dataset *d, int image, int class) {
    double sum = 0;
    int8_t spin[SIDE * SIDE + HIDDEN + 2 * SMALL_CLASSES];
    for (int p = 0; p < SIDE * SIDE; p++)
        spin[p] = d->row[image * SIDE + p / SIDE] >> (p % SIDE) & 1 ? 1 : -1;
    const int first = t->layer[2].first;
    for (int k = first; k < t->graph->n; k++)
        spin[k] = (k - first) % SMALL_CLASSES == class ? 1 : -1;
    for (int state = 0; state < 1 << HIDDEN; state++) {
        double minus_e = 0;
        for (int i = 0; i < HIDDEN; i++)
            spin[t->layer[1].first + i] = state >> i & 1 ? 1 : -1;
        for (int i = 0; i < t->graph->n; i++)
            minus_e += h[i] * spin[i];
        for (int e = 0; e < t->graph->m; e++)
            minus_e += J[e] * spin[t->graph->ei[e]] * spin[t->graph->ej[e]];
        sum += exp(minus_e);
    }
    return log(sum);
}

static void check_free_energies(const struct glb_topology *t) {
    struct glb_dataset d = small_images(IMAGES);
    struct glb_rng r = glb_rng_at(3, 3, 3);
    double *J = malloc(sizeof *J * (size_t)t->graph->m), *h = malloc(sizeof *h * 64);
    uint8_t got[IMAGES], same[IMAGES];
    double energy[IMAGES][SMALL_CLASSES];
    int different = 0;
    for (int e = 0; e < t->graph->m; e++)
        J[e] = 0.7 * glb_rng_normal(&r);
    for (int i = 0; i < t->graph->n; i++)
        h[i] = 0.3 * glb_rng_normal(&r);
    assert_true(glb_free_energy_exists(t));
    assert_int_equal(glb_free_energy_labels(t, J, h, &d, 2, got), GLB_OK);
    assert_int_equal(glb_free_energies(t, J, h, &d, 1, same, *energy), GLB_OK);
    assert_memory_equal(same, got, sizeof got);
    for (int i = 0; i < IMAGES; i++) {
        int best = 0;
        for (int c = 0; c < SMALL_CLASSES; c++)
            assert_true(fabs(energy[i][c] + log_weight(t, J, h, &d, i, c)) < 1e-9);
        for (int c = 1; c < SMALL_CLASSES; c++)
            if (log_weight(t, J, h, &d, i, c) > log_weight(t, J, h, &d, i, best))
                best = c;
        assert_int_equal(got[i], best);
        different += best != got[0];
    }
    assert_true(different > 0);
    free(J);
    free(h);
    glb_dataset_clear(&d);
}

static void free_energies_are_exact(void **state) {
    struct glb_topology t;
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=5,fan=6,window=3", SIDE, SIDE, 10, 1, &t),
                     GLB_OK);
    check_free_energies(&t);
    glb_topology_clear(&t);
}

/* Any couplings but hidden-hidden ones, labels in two copies. */
static void free_energies_with_label_copies(void **state) {
    struct glb_topology t;
    const int pixels = SIDE * SIDE, labels = pixels + HIDDEN, n = labels + 2 * SMALL_CLASSES;
    const struct glb_layer layer[] = {{GLB_LAYER_PIXELS, 0, pixels},
                                      {GLB_LAYER_H1, pixels, HIDDEN},
                                      {GLB_LAYER_LABELS, labels, 2 * SMALL_CLASSES}};
    struct glb_graph *g;
    glb_graph_new(n, n * n, &g);
    (void)state;
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            if ((i < pixels || i >= labels || j >= labels) && (i * 7 + j * 3) % 4 == 0) {
                g->ei[g->m] = i;
                g->ej[g->m++] = j;
            }
    assert_int_equal(glb_topology_adopt("test", 1, SIDE, SIDE, 10, layer, 3, g, &t), GLB_OK);
    check_free_energies(&t);
    glb_topology_clear(&t);
}

static void deep_machines_have_none(void **state) {
    struct glb_topology t;
    uint8_t got[1];
    (void)state;
    assert_int_equal(glb_topology_build("deep:h1=5,h2=10,fan=6,window=3", SIDE, SIDE, 10, 1, &t),
                     GLB_OK);
    assert_false(glb_free_energy_exists(&t));
    struct glb_dataset d = small_images(1);
    assert_int_equal(glb_free_energy_labels(&t, NULL, NULL, &d, 1, got), GLB_ERR_UNSUPPORTED);
    glb_dataset_clear(&d);
    glb_topology_clear(&t);
}

/* Crosses and squares, each of them drawn a pixel aside too. */
static void neighbours_vote(void **state) {
    uint32_t row[] = {0x0, 0x4, 0xe, 0x4, 0x0, 0x0, 0x8,  0x1c, 0x8,  0x0,
                      0x0, 0x2, 0x7, 0x2, 0x0, 0x0, 0xe,  0xa,  0xe,  0x0,
                      0x0, 0x7, 0x5, 0x7, 0x0, 0x0, 0x1c, 0x14, 0x1c, 0x0};
    uint8_t label[] = {1, 1, 1, 2, 2, 2}, read[2];
    const struct glb_dataset by = {
        .count = 6, .height = 5, .width = 5, .binarise = {.planes = 1}, .label = label, .row = row};
    const uint32_t images[] = {0x4, 0xe, 0x4, 0x0, 0x0, 0x0, 0xe, 0xa, 0xe, 0x10};
    int near[2], apart[2];
    (void)state;
    assert_int_equal(glb_nearest_read(&by, images, 2, 2, read, near), GLB_OK);
    assert_int_equal(read[0], 1); /* a cross one row up */
    assert_int_equal(read[1], 2);
    assert_int_equal(near[1], 1);
    assert_int_equal(near[0], 6);
    assert_int_equal(glb_nearest_apart(images, 2, 5, 1, apart), GLB_OK);
    assert_int_equal(apart[0], apart[1]);
    int differ = 0;
    for (int y = 0; y < 5; y++)
        differ += __builtin_popcount(images[y] ^ images[5 + y]);
    assert_int_equal(apart[0], differ);
    const struct glb_dataset few = {
        .count = 2, .height = 5, .width = 5, .binarise = {.planes = 1}, .label = label, .row = row};
    assert_int_equal(glb_nearest_read(&few, images, 2, 1, read, near), GLB_ERR_ARGUMENT);
}

/* Two images that are the read one moved, three that differ from it in three pixels where it
 * stands: the moved ones are nearer. */
static void check_moved(int height, int planes, const uint32_t *image, const uint32_t *moved) {
    uint32_t rows[5 * 10];
    uint8_t label[] = {1, 1, 2, 2, 2}, read[1];
    int near[1];
    for (int k = 0; k < 5; k++)
        for (int y = 0; y < height; y++)
            rows[k * height + y] = k < 2 ? moved[y] : image[y];
    for (int k = 2; k < 5; k++)
        rows[k * height] ^= 7;
    const struct glb_dataset by = {.count = 5,
                                   .height = height,
                                   .width = 5,
                                   .binarise = {.planes = planes},
                                   .label = label,
                                   .row = rows};
    assert_int_equal(glb_nearest_read(&by, image, 1, 1, read, near), GLB_OK);
    assert_int_equal(near[0], 3);
    assert_int_equal(read[0], 1);
}

/* What moves out of the picture is gone, on either side. */
static void moved_pixels_leave_the_picture(void **state) {
    const uint32_t right[] = {0x10, 0x10, 0x11, 0x10, 0x10}, moved_right[] = {0, 0, 2, 0, 0};
    const uint32_t left[] = {1, 1, 0x11, 1, 1}, moved_left[] = {0, 0, 8, 0, 0};
    (void)state;
    check_moved(5, 1, right, moved_right);
    check_moved(5, 1, left, moved_left);
}

/* And it does not move into another plane. */
static void planes_move_on_their_own(void **state) {
    const uint32_t image[] = {0, 0, 4, 0, 0x1f, 0, 0xa, 0, 0, 0};
    const uint32_t moved[] = {0, 0, 0, 4, 0, 0, 0, 0xa, 0, 0};
    (void)state;
    check_moved(10, 2, image, moved);
}

/* As high as images get. */
static void four_planes_are_read(void **state) {
    enum { HIGH = GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_PLANES, COUNT = 4 };
    uint32_t *rows = calloc((size_t)COUNT * HIGH, sizeof *rows);
    uint8_t label[COUNT] = {3, 3, 3, 4}, read[1];
    int near[1];
    (void)state;
    for (int k = 0; k < COUNT * HIGH; k++)
        rows[k] = (uint32_t)glb_random_at(5, 5, (uint64_t)k, 0);
    const struct glb_dataset by = {.count = COUNT,
                                   .height = HIGH,
                                   .width = 32,
                                   .binarise = {.planes = GLB_DATASET_MAX_PLANES},
                                   .label = label,
                                   .row = rows};
    assert_int_equal(glb_nearest_read(&by, rows + HIGH, 1, 1, read, near), GLB_OK);
    assert_int_equal(near[0], 0);
    assert_int_equal(read[0], 3);
    free(rows);
}

static void free_energies_need_images_that_fit(void **state) {
    struct glb_topology t;
    double J[512] = {0}, h[64] = {0};
    uint8_t got[2];
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=5,fan=6,window=3", 4, 4, 10, 1, &t), GLB_OK);
    struct glb_dataset d = small_images(2);
    assert_int_equal(glb_free_energy_labels(&t, J, h, &d, 1, got), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "3 x 3"));
    glb_dataset_clear(&d);
    glb_topology_clear(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_energies_are_exact),
        cmocka_unit_test(free_energies_with_label_copies),
        cmocka_unit_test(deep_machines_have_none),
        cmocka_unit_test(neighbours_vote),
        cmocka_unit_test(moved_pixels_leave_the_picture),
        cmocka_unit_test(planes_move_on_their_own),
        cmocka_unit_test(four_planes_are_read),
        cmocka_unit_test(free_energies_need_images_that_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
