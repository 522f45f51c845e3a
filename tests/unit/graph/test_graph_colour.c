/* Colouring and the default range of beta. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "graph/graph.h"

/* Colours a generated graph, checks that it is proper and that every colour is used. */
static int colours_of(const char *family, const char *args) {
    struct glb_graph *g;
    if (glb_graph_generate(family, args, 1, &g))
        fail_msg("%s", glb_error());
    int32_t *colour = malloc((size_t)g->n * sizeof *colour), *again = malloc((size_t)g->n * 4);
    const int colours = glb_graph_colour(g, colour);
    int *used = calloc((size_t)colours, sizeof *used);
    for (int i = 0; i < g->n; i++) {
        assert_in_range(colour[i], 0, colours - 1);
        used[colour[i]] = 1;
    }
    for (int c = 0; c < colours; c++)
        assert_true(used[c]);
    for (int e = 0; e < g->m; e++)
        assert_true(colour[g->ei[e]] != colour[g->ej[e]]);
    assert_int_equal(glb_graph_colour(g, again), colours); /* the same every time */
    assert_memory_equal(colour, again, (size_t)g->n * sizeof *colour);
    free(used);
    free(again);
    free(colour);
    glb_graph_free(g);
    return colours;
}

static void known_numbers(void **state) {
    (void)state;
    assert_int_equal(colours_of("pegasus", "m=14"), 4);
    assert_int_equal(colours_of("pegasus", "m=6"), 4);
    assert_int_equal(colours_of("chimera", "m=16"), 2);
    assert_int_equal(colours_of("torus3d", "lx=8"), 2);
    assert_int_equal(colours_of("torus2d", "lx=9"), 3); /* odd rings */
    assert_int_equal(colours_of("complete", "n=17"), 17);
    assert_int_equal(colours_of("complete", "n=1"), 1);
    assert_int_equal(colours_of("complete", "n=2"), 2);
    assert_int_equal(colours_of("random", "n=50,m=0"), 1);
    assert_int_equal(colours_of("mnist-shallow", ""), 2);
    assert_int_equal(colours_of("mnist-m2", ""), 2);
    assert_in_range(colours_of("zephyr", "m=4"), 4, 6);
    assert_in_range(colours_of("regular", "n=4096,d=3"), 3, 3);
    assert_in_range(colours_of("regular", "n=4096,d=15"), 5, 8);
    assert_in_range(colours_of("gset", "name=G1"), 10, 15);
    assert_in_range(colours_of("regular", "n=65536,d=4"), 3, 4);
}

static void range(const char *family, const char *args, double *hot, double *cold) {
    struct glb_graph *g;
    assert_int_equal(glb_graph_generate(family, args, 1, &g), GLB_OK);
    assert_int_equal(glb_beta_range(g, hot, cold), GLB_OK);
    assert_true(*hot > 0 && *cold >= *hot && isfinite(*cold));
    glb_graph_free(g);
}

static void beta_range(void **state) {
    (void)state;
    double hot, cold, hot2, cold2;
    range("torus3d", "lx=8", &hot, &cold); /* every gap is 1, a field is the sum of 6 signs */
    assert_float_equal(hot, log(3) / sqrt(6), 1e-12);
    assert_float_equal(cold, log(200) / 2, 1e-9);
    range("torus3d", "lx=8,scale=0.125", &hot2, &cold2); /* beta goes with 1 / J */
    assert_float_equal(hot2, 8 * hot, 1e-9);
    assert_float_equal(cold2, 8 * cold, 1e-9);
    range("pegasus", "m=6,weights=gauss", &hot,
          &cold); /* small couplings do not freeze it to death */
    assert_true(cold > 2 && cold < 50 && hot < 0.3);
    range("random", "n=20,m=0", &hot, &cold);
    assert_true(hot == 1 && cold == 1);
    range("torus2d", "lx=1,bias=const,bias-scale=2", &hot, &cold); /* a lone p-bit with a bias */
    assert_float_equal(hot, log(3) / 2, 1e-12);
    assert_float_equal(cold, log(200) / 4, 1e-9);
}

/* Cold from the lower quartile of |J|, element (count - 1) / 4 in ascending order: with K_d,d whose
 * p-bits each have couplings 1, 2, .., d it is the same for all, and 0.5 % excited is exp(-2 beta
 * quartile). */
static void quartile(void **state) {
    (void)state;
    static const int want[] = {[1] = 1, [2] = 1, [4] = 1, [5] = 2, [8] = 2, [9] = 3, [12] = 3};
    for (int d = 1; d <= 12; d++) {
        int32_t i[144], j[144];
        double v[144], hot, cold;
        struct glb_graph *g;
        if (!want[d])
            continue;
        for (int k = 0; k < d * d; k++) {
            i[k] = k / d;
            j[k] = d + k % d;
            v[k] = 1 + (k / d + k % d) % d;
        }
        assert_int_equal(glb_graph_from_arrays(2 * d, d * d, i, j, v, NULL, GLB_BOLTZMANN, 0, &g),
                         GLB_OK);
        assert_int_equal(glb_beta_range(g, &hot, &cold), GLB_OK);
        assert_float_equal(cold, log(200) / (2 * want[d]), 1e-9);
        assert_float_equal(hot, log(3) / sqrt(d * (d + 1) * (2 * d + 1) / 6.0), 1e-12);
        glb_graph_free(g);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_numbers),
        cmocka_unit_test(beta_range),
        cmocka_unit_test(quartile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
