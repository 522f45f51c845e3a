/* Colouring of random graphs whose number of colours is known, since couplings join different
 * classes of p-bits alone. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/rng.h"
#include "graph/graph.h"

enum { MOST_N = 300, MOST_M = 3000 };

/* p-bit i is of class i mod k. */
static struct glb_graph *planted(int n, int k, int m, uint64_t seed) {
    static int32_t i[MOST_M], j[MOST_M];
    static double J[MOST_M];
    struct glb_rng r = glb_rng_at(seed, (uint64_t)k, 7);
    struct glb_graph *g;
    assert_true(n <= MOST_N && m <= MOST_M);
    for (int e = 0; e < m;) {
        i[e] = (int32_t)glb_rng_below(&r, (uint32_t)n);
        j[e] = (int32_t)glb_rng_below(&r, (uint32_t)n);
        J[e] = 1;
        e += i[e] % k != j[e] % k;
    }
    assert_int_equal(glb_graph_from_arrays(n, m, i, j, J, NULL, GLB_BOLTZMANN, 0, &g), GLB_OK);
    return g;
}

/* A colour more is a slower sweep. Degrees near those at which random graphs need k colours anyway:
 * greedy colouring takes k + 1 or k + 2, and the search must lose them. */
static void finds_the_planted_number(void **state) {
    static const struct {
        int n, k, degree;
    } c[] = {{200, 4, 8}, {300, 4, 10}, {250, 5, 12}, {200, 6, 16}, {200, 8, 26}};
    (void)state;
    for (size_t x = 0; x < sizeof c / sizeof c[0]; x++)
        for (uint64_t seed = 0; seed < 2; seed++) {
            int32_t colour[MOST_N];
            struct glb_graph *g = planted(c[x].n, c[x].k, c[x].n * c[x].degree / 2, seed);
            const int colours = glb_graph_colour(g, colour);
            if (colours != c[x].k)
                fail_msg("%d p-bits of degree %d, seed %d: %d colours, not %d", c[x].n, c[x].degree,
                         (int)seed, colours, c[x].k);
            for (int e = 0; e < g->m; e++)
                assert_int_not_equal(colour[g->ei[e]], colour[g->ej[e]]);
            for (int i = 0; i < g->n; i++)
                assert_in_range(colour[i], 0, colours - 1);
            glb_graph_free(g);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_planted_number)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
