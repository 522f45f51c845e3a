/* Graphs of rudy and of the G-set against the published files. SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "support/generated_graph.h"

/* Counts and hashes of the published files G1 .. G54 (edges sorted, nodes from 0, weights
 * included). */
static void gset(void **state) {
    (void)state;
    static const struct {
        int name, m;
        uint64_t hash;
    } table[] = {
        {1, 19176, UINT64_C(0x377d239979ac96d5)},  {2, 19176, UINT64_C(0x6908408d4e809905)},
        {3, 19176, UINT64_C(0xc413b73eaca8df19)},  {4, 19176, UINT64_C(0x2244c6b3700e7f96)},
        {5, 19176, UINT64_C(0x70dccc9ac6893678)},  {6, 19176, UINT64_C(0xcf840f5ea95b7ff4)},
        {7, 19176, UINT64_C(0xadcd69be62cc1368)},  {8, 19176, UINT64_C(0xd3f6f658497734e4)},
        {9, 19176, UINT64_C(0x22d2a1315fb155de)},  {10, 19176, UINT64_C(0xa8d57f873e5d1d70)},
        {11, 1600, UINT64_C(0xbf6aa08028aed2b4)},  {12, 1600, UINT64_C(0xdc35c64d8e4505b9)},
        {13, 1600, UINT64_C(0x13f1ded68e378cec)},  {14, 4694, UINT64_C(0x7a44d2af264e80d4)},
        {15, 4661, UINT64_C(0xf214e086266a9352)},  {16, 4672, UINT64_C(0xa1f0a795e3fe790e)},
        {17, 4667, UINT64_C(0xca7b39dd21b05469)},  {18, 4694, UINT64_C(0x08698236058a061d)},
        {19, 4661, UINT64_C(0x118e0b71df579cc7)},  {20, 4672, UINT64_C(0xff15d0a96e01871b)},
        {21, 4667, UINT64_C(0x499439ee98f7b730)},  {22, 19990, UINT64_C(0xc564dc7d79911cbb)},
        {23, 19990, UINT64_C(0xc02ee43b81090c6d)}, {24, 19990, UINT64_C(0x5e0cc243a921528e)},
        {25, 19990, UINT64_C(0xcee5cfa38609919a)}, {26, 19990, UINT64_C(0x22afffd09883adb3)},
        {27, 19990, UINT64_C(0x3de00a6f990f5ddf)}, {28, 19990, UINT64_C(0x849c14c17391ea22)},
        {29, 19990, UINT64_C(0xe1870ac773b4147b)}, {30, 19990, UINT64_C(0xe42fad36f0e552d7)},
        {31, 19990, UINT64_C(0x808f92ee92c55b86)}, {32, 4000, UINT64_C(0x9abbe09d6d021048)},
        {33, 4000, UINT64_C(0xb3deac78fa4a0248)},  {34, 4000, UINT64_C(0x000ccc0af9820271)},
        {35, 11778, UINT64_C(0xc12dfd30cd57eea8)}, {36, 11766, UINT64_C(0xd42d88638019a3eb)},
        {37, 11785, UINT64_C(0x557a0cb104f3f5a6)}, {38, 11779, UINT64_C(0xe097176d338c92e1)},
        {39, 11778, UINT64_C(0x3f317299933c1959)}, {40, 11766, UINT64_C(0x24b3b8f4f77390a7)},
        {41, 11785, UINT64_C(0x9b59574d7bf965df)}, {42, 11779, UINT64_C(0xe8cee5d94e239488)},
        {43, 9990, UINT64_C(0x4233da2ebef6584e)},  {44, 9990, UINT64_C(0xe28028bb6d1fc8bc)},
        {45, 9990, UINT64_C(0x25c272806c8f6c24)},  {46, 9990, UINT64_C(0x0cd74e3a319b21f6)},
        {47, 9990, UINT64_C(0xf40e3d9f300d81c7)},  {48, 6000, UINT64_C(0xdcfd2d8897a8ac71)},
        {49, 6000, UINT64_C(0x05582edf883659a5)},  {50, 6000, UINT64_C(0x9b23ee528966ea3d)},
        {51, 5909, UINT64_C(0xbcfc5daf107a8f09)},  {52, 5916, UINT64_C(0xefce87fb536047d3)},
        {53, 5914, UINT64_C(0x5ee0e94c563ea509)},  {54, 5916, UINT64_C(0xf86b96b22f96b910)},
    };
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        char args[32];
        snprintf(args, sizeof args, "name=%s%d", k % 2 ? "G" : "", table[k].name);
        struct glb_graph *g = make("gset", args, k);
        assert_int_equal(g->m, table[k].m);
        if (edge_hash(g, 3) != table[k].hash)
            fail_msg("G%d differs", table[k].name);
        double sum = 0;
        for (int e = 0; e < g->m; e++)
            sum -= g->J[e];
        assert_int_equal(g->convention, GLB_MAXCUT);
        assert_true(g->scale == 0.5 && g->offset == -sum / 2);
        glb_graph_free(g);
    }
    /* the general form gives the same graph */
    struct glb_graph *g = make("rudy", "kind=rnd_graph,n=2000,density=1,seed=20001", 0);
    assert_int_equal(g->n, 2000);
    assert_true(edge_hash(g, 3) == table[21].hash);
    glb_graph_free(g);
    g = make("rudy", "kind=planar,n=800,density=99,seed=8001,seed2=8002,random=8001", 0);
    assert_true(edge_hash(g, 3) == table[17].hash);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(gset), cmocka_unit_test(spin_glasses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
