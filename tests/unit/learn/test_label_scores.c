/* Counting sweeps by bit slices, and the sums of labels' spins and fields, against plain loops.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "base/counter_rng.h"
#include "learn/data/dataset.h"
#include "learn/labels/bit_counter.h"
#include "learn/labels/label_scores.h"

enum {
    CLASSES = 10,
    WORDS = 2,
    CHAINS = 64 * WORDS,
    EACH = 3,
    IMAGES = CHAINS / EACH,
    SWEEPS = 37
};

static int bit(const uint64_t *plane, int c) {
    return (int)(plane[c >> 6] >> (c & 63) & 1);
}

static void sweeps_are_counted(void **state) {
    (void)state;
    struct glb_bit_counter t;
    uint64_t plane[2][WORDS];
    uint16_t on[CHAINS];
    int expected[2][CHAINS] = {{0}};
    assert_int_equal(glb_bit_counter_init(&t, 2, WORDS), GLB_OK);
    for (int pass = 0; pass < 2; pass++) { /* the second after a clear */
        for (int s = 0; s < 300; s++) {
            for (int w = 0; w < WORDS; w++) {
                plane[0][w] = ~0ull; /* carries as long as they get */
                plane[1][w] = glb_random_at(3, (uint64_t)s, (uint64_t)w, 0);
            }
            for (int i = 0; i < 2; i++)
                for (int c = 0; c < CHAINS; c++)
                    expected[i][c] += bit(plane[i], c);
            glb_bit_counter_add(&t, plane[0]);
        }
        for (int i = 0; i < 2; i++) {
            glb_bit_counter_get(&t, i, on);
            for (int c = 0; c < CHAINS; c++) {
                assert_int_equal(on[c], expected[i][c]);
                expected[i][c] = 0;
            }
        }
        glb_bit_counter_clear(&t);
    }
    glb_bit_counter_free(&t);
}

/* A topology, random weights and states; sums by label scores and by plain loops. */
static void compare(const char *spec) {
    struct glb_topology t;
    assert_int_equal(glb_topology_build(spec, 6, 6, 10, 1, &t), GLB_OK);
    const int n = t.graph->n, first = t.layer[t.nlayers - 1].first;
    double *J = malloc(sizeof *J * (size_t)t.graph->m), *h = malloc(sizeof *h * (size_t)n);
    uint64_t *state = calloc((size_t)n * WORDS, sizeof *state);
    uint64_t *sample = calloc((size_t)n * WORDS, sizeof *sample);
    double spin[IMAGES][CLASSES] = {{0}}, field[IMAGES][CLASSES] = {{0}};
    for (int e = 0; e < t.graph->m; e++)
        J[e] = glb_unit_at(1, 1, (uint64_t)e, 0) - 0.5;
    for (int i = 0; i < n; i++)
        h[i] = glb_unit_at(1, 2, (uint64_t)i, 0) - 0.5;
    struct glb_label_scores v;
    assert_int_equal(glb_label_scores_open(&v, &t, J, h, WORDS, EACH), GLB_OK);
    for (int k = 0; k < t.layer[0].count * WORDS; k++)
        state[k] = v.pixels[k] = glb_random_at(1, 3, (uint64_t)k, 0);
    glb_label_scores_begin(&v);
    for (int s = 0; s < SWEEPS; s++) {
        int size = 0;
        for (int i = t.layer[0].count; i < n; i++)
            for (int w = 0; w < WORDS; w++) {
                state[i * WORDS + w] = glb_random_at(1, 4, (uint64_t)s, (uint64_t)(i * WORDS + w));
                if (v.read >> t.layer_of[i] & 1)
                    sample[size++] = state[i * WORDS + w];
            }
        glb_label_scores_sample(&v, (uint32_t)s, sample);
        for (int c = 0; c < IMAGES * EACH; c++)
            for (int i = first; i < n; i++) {
                spin[c / EACH][(i - first) % CLASSES] += 2 * bit(state + i * WORDS, c) - 1;
                field[c / EACH][(i - first) % CLASSES] += h[i];
                for (int e = 0; e < t.graph->m; e++) {
                    const int other = t.graph->ei[e] == i   ? t.graph->ej[e]
                                      : t.graph->ej[e] == i ? t.graph->ei[e]
                                                            : -1;
                    if (other >= 0)
                        field[c / EACH][(i - first) % CLASSES] +=
                            J[e] * (2 * bit(state + other * WORDS, c) - 1);
                }
            }
    }
    glb_label_scores_end(&v, IMAGES);
    for (int i = 0; i < IMAGES; i++)
        for (int k = 0; k < CLASSES; k++) {
            assert_true(v.spin[i * CLASSES + k] == spin[i][k]);
            assert_true(fabs(v.field[i * CLASSES + k] - field[i][k]) < 1e-6);
        }
    glb_label_scores_close(&v);
    free(J);
    free(h);
    free(state);
    free(sample);
    glb_topology_clear(&t);
}

static void shallow(void **state) {
    (void)state;
    compare("local:hidden=7,fan=5,window=3");
}

static void deep(void **state) {
    (void)state;
    compare("deep:h1=7,h2=20,fan=5,window=3");
}

static void copies_and_couplings_to_pixels(void **state) {
    (void)state;
    compare("pegasus:m=3,copies=2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_are_counted),
        cmocka_unit_test(shallow),
        cmocka_unit_test(deep),
        cmocka_unit_test(copies_and_couplings_to_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
