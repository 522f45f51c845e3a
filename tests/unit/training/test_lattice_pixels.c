/* Pixels on lattices, by images: dead ones are left out or at the rim, live ones in windows or
 * apart from each other. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "learn/data/dataset.h"
#include "learn/topology/topology.h"

static struct glb_dataset frame_images(void) {
    enum { COUNT = 100, SIDE = 28 };
    static uint8_t grey[COUNT][SIDE][SIDE], label[COUNT];
    for (int i = 0; i < COUNT; i++)
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) /* the rim is off, but for two pixels in one image */
                grey[i][y][x] = x > 3 && x < 24 && y > 3 && y < 24 ? (i * 7 + x * y) % 3 * 100
                                : i == 0 && y == 0 && x < 2        ? 255
                                                                   : 0;
    struct glb_dataset d;
    const struct glb_binarise above = {GLB_BINARISE_THRESHOLD, 1, {127}};
    assert_int_equal(glb_dataset_copy(**grey, label, COUNT, SIDE, SIDE, 10, above, &d), GLB_OK);
    return d;
}

static int is_rim(int pixel) {
    const int x = pixel % 28, y = pixel / 28;
    return x <= 3 || x >= 24 || y <= 3 || y >= 24;
}

/* Mean width of what hidden units see, from the leftmost pixel to the rightmost. */
static double mean_width(const struct glb_topology *t) {
    double sum = 0;
    int units = 0;
    int *low = malloc(sizeof *low * (size_t)t->graph->n), *high = calloc((size_t)t->graph->n, 4);
    for (int i = 0; i < t->graph->n; i++) {
        low[i] = 99;
        high[i] = -1;
    }
    for (int e = 0; e < t->graph->m; e++) {
        const int p = t->graph->ei[e], unit = t->graph->ej[e];
        if (t->layer_of[p] != 0 || t->layer_of[unit] != 1)
            continue;
        const int x = (t->pixel_of ? t->pixel_of[p] : p) % t->width;
        low[unit] = x < low[unit] ? x : low[unit];
        high[unit] = x > high[unit] ? x : high[unit];
    }
    for (int i = 0; i < t->graph->n; i++)
        if (high[i] > low[i]) {
            sum += high[i] - low[i];
            units++;
        }
    free(low);
    free(high);
    return sum / units;
}

/* Dead pixels are not shown, live ones all, about as often as each other; hidden units see windows
 * of the image; in one unit's sight a pixel is there once. */
static void windows_show_what_lives(void **state) {
    static const char *const specs[] = {"pegasus:placement=structured",
                                        "zephyr:placement=structured",
                                        "chimera:placement=structured"};
    struct glb_dataset d = frame_images();
    struct glb_topology random;
    (void)state;
    assert_int_equal(glb_topology_build_for("pegasus", &d, 1, &random), GLB_OK);
    for (int k = 0; k < 3; k++) {
        struct glb_topology t;
        int copies[784] = {0}, least = 1 << 30, most = 0;
        assert_int_equal(glb_topology_build_for(specs[k], &d, 1, &t), GLB_OK);
        for (int i = 0; i < t.layer[0].count; i++)
            copies[t.pixel_of[i]]++;
        for (int p = 0; p < 784; p++) {
            if (is_rim(p)) {
                assert_int_equal(copies[p], 0);
                continue;
            }
            least = copies[p] < least ? copies[p] : least;
            most = copies[p] > most ? copies[p] : most;
        }
        assert_true(least >= 1 && most <= 8);
        assert_true(mean_width(&t) < 0.65 * mean_width(&random));
        int twice = 0;
        int32_t(*seen)[20] = calloc((size_t)t.graph->n, sizeof *seen);
        int *sees = calloc((size_t)t.graph->n, sizeof *sees);
        for (int e = 0; e < t.graph->m; e++) {
            const int p = t.graph->ei[e], unit = t.graph->ej[e];
            if (t.layer_of[p] != 0 || t.layer_of[unit] != 1)
                continue;
            for (int n = 0; n < sees[unit]; n++)
                twice += seen[unit][n] == t.pixel_of[p];
            seen[unit][sees[unit]++] = t.pixel_of[p];
        }
        assert_true(twice < t.layer[1].count / 20); /* where two groups meet */
        free(seen);
        free(sees);
        glb_topology_clear(&t);
    }
    glb_topology_clear(&random);
    glb_dataset_clear(&d);
}

/* A live pixel has hidden neighbours but for a label beside it; dead ones stand where few cross. */
static void strict_keeps_live_pixels_apart(void **state) {
    struct glb_dataset d = frame_images();
    struct glb_topology t;
    double seen[2] = {0, 0};
    int count[2] = {0, 0};
    (void)state;
    assert_int_equal(glb_topology_build_for("pegasus:placement=strict", &d, 1, &t), GLB_OK);
    for (int p = 0; p < 784; p++)
        count[is_rim(p)]++;
    for (int e = 0; e < t.graph->m; e++)
        if (t.layer_of[t.graph->ei[e]] == 0 && t.layer_of[t.graph->ej[e]] == 1)
            seen[is_rim(t.graph->ei[e])]++;
    for (int e = 0; e < t.graph->m; e++)
        assert_false(t.layer_of[t.graph->ej[e]] == 0); /* no pixel beside another */
    assert_true(seen[0] / count[0] > 12.5 && seen[1] / count[1] < seen[0] / count[0]);
    glb_topology_clear(&t);
    glb_dataset_clear(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_show_what_lives),
        cmocka_unit_test(strict_keeps_live_pixels_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
