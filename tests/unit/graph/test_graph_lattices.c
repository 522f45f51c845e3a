/* Annealer topologies, tori and spin glasses: counts, degrees and edges against published graphs.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include "support/generated_graph.h"

/* Expectations from dwave_networkx 0.8.19, default arguments, nodes renumbered in ascending order
 * of their labels. */
static void annealer_topologies(void **state) {
    (void)state;
    static const struct {
        const char *family, *args;
        int n, m, least, most;
        uint64_t hash;
    } table[] = {
        {"pegasus", "m=2", 40, 164, 5, 13, UINT64_C(0x2923261ca69bd3e5)},
        {"pegasus", "m=3", 128, 704, 6, 14, UINT64_C(0x2607d722f034c765)},
        {"pegasus", "m=6", 680, 4484, 6, 15, UINT64_C(0x08da0e643e120c7f)},
        {"pegasus", "m=14", 4264, 30404, 6, 15, UINT64_C(0x0f938213c477ee3e)},
        {"pegasus", "m=16", 5640, 40484, 6, 15, UINT64_C(0x0233d9c78d705f68)},
        {"chimera", "m=4,n=3,t=2", 48, 82, 3, 4, UINT64_C(0x67778c21cc941195)},
        {"chimera", "m=16", 2048, 6016, 5, 6, UINT64_C(0x816fc922817dd665)},
        {"zephyr", "m=1,t=1", 12, 22, 3, 5, UINT64_C(0xed057f93c6c52745)},
        {"zephyr", "m=3,t=2", 168, 828, 6, 12, UINT64_C(0x5384f46ec7c7d0c5)},
        {"zephyr", "m=4,t=4", 576, 5032, 10, 20, UINT64_C(0xe1502e3eeeeaf045)},
        {"zephyr", "m=12,t=4", 4800, 45864, 10, 20, UINT64_C(0x903ce6bb55a15c69)},
    };
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        struct glb_graph *g = make(table[k].family, table[k].args, k);
        assert_int_equal(g->n, table[k].n);
        assert_int_equal(g->m, table[k].m);
        check_degrees(g, table[k].least, table[k].most);
        assert_true(edge_hash(g, 2) == table[k].hash);
        for (int e = 0; e < g->m; e++)
            assert_true(fabs(g->J[e]) == 1);
        glb_graph_free(g);
    }
    struct glb_graph *g = make("Pegasus", "", 1); /* m is 14 unless said otherwise */
    int *d = degrees(g), histogram[16] = {0};
    static const int want[16] = {
        [6] = 32, [7] = 176, [10] = 32, [11] = 176, [14] = 592, [15] = 3256};
    for (int i = 0; i < g->n; i++)
        histogram[d[i]]++;
    assert_memory_equal(histogram, want, sizeof want);
    free(d);
    glb_graph_free(g);
}

static void spin_glasses(void **state) {
    (void)state;
    struct glb_graph *g = make("rudy", "kind=spinglass3pm,rows=5,columns=6,layers=7,seed=12", 0);
    double sum = 0;
    assert_int_equal(g->n, 210);
    assert_int_equal(g->m, 630);
    check_degrees(g, 6, 6);
    for (int e = 0; e < g->m; e++)
        sum += g->J[e];
    assert_true(sum == 0); /* half of the weights are -1 */
    assert_true(edge_hash(g, 3) ==
                UINT64_C(0xde8e88a03946cc80)); /* rudy -spinglass3pm 5 6 7 50 12 */
    glb_graph_free(g);
    g = make("rudy", "kind=spinglass2pm,rows=7,columns=9,seed=3", 0);
    assert_true(edge_hash(g, 3) == UINT64_C(0x553b271d44aa8c20)); /* rudy -spinglass2pm 7 9 50 3 */
    glb_graph_free(g);

    g = make("torus3d", "lx=4,ly=5,lz=6", 3);
    assert_int_equal(g->n, 120);
    assert_int_equal(g->m, 360);
    check_degrees(g, 6, 6);
    glb_graph_free(g);
    g = make("torus2d", "lx=2,ly=3", 3); /* sides of two do not double couplings */
    assert_int_equal(g->m, 9);
    check_degrees(g, 3, 3);
    glb_graph_free(g);
    g = make("torus2d", "lx=1", 3);
    assert_int_equal(g->n, 1);
    assert_int_equal(g->m, 0);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(annealer_topologies),
        cmocka_unit_test(spin_glasses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
