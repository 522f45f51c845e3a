/* Topologies: sizes, windows, degrees, seeds, messages. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "topology.h"

static void local_has_the_recipes_size(void **state) {
    struct glb_topology t;
    (void)state;
    assert_int_equal(glb_topology_build("local", 28, 28, 1, &t), GLB_OK);
    assert_int_equal(t.graph->n, 1662);
    assert_int_equal(t.graph->m, 30380);
    assert_string_equal(t.spec, "local:hidden=868,fan=25,window=9");
    assert_int_equal(glb_topology_max_degree(&t, glb_topology_layer(&t, GLB_LAYER_H1)), 35);
    assert_int_equal(glb_topology_max_degree(&t, glb_topology_layer(&t, GLB_LAYER_LABELS)), 868);
    assert_null(glb_topology_layer(&t, GLB_LAYER_H2));
    glb_topology_free(&t);
}

static void windows_are_local(void **state) {
    struct glb_topology t;
    int low[2][300], high[2][300];
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=300,window=7,fan=20", 20, 12, 3, &t), GLB_OK);
    for (int i = 0; i < 300; i++)
        for (int d = 0; d < 2; d++) {
            low[d][i] = 99;
            high[d][i] = -1;
        }
    for (int e = 0; e < t.graph->m; e++) {
        const int pixel = t.graph->ei[e], hidden = t.graph->ej[e] - 240;
        if (pixel >= 240)
            continue;
        const int at[2] = {pixel % 20, pixel / 20};
        for (int d = 0; d < 2; d++) {
            low[d][hidden] = at[d] < low[d][hidden] ? at[d] : low[d][hidden];
            high[d][hidden] = at[d] > high[d][hidden] ? at[d] : high[d][hidden];
        }
    }
    for (int i = 0; i < 300; i++)
        for (int d = 0; d < 2; d++)
            assert_in_range(high[d][i] - low[d][i], 0, 6);
    glb_topology_free(&t);
}

static void deep_keeps_labels_behind_h2(void **state) {
    struct glb_topology t;
    (void)state;
    assert_int_equal(glb_topology_build("deep", 28, 28, 1, &t), GLB_OK);
    assert_int_equal(t.graph->n, 784 + 1005 + 20 + 10);
    assert_int_equal(t.graph->m, 1005 * 30 + 200);
    for (int e = 0; e < t.graph->m; e++) {
        const int a = t.layer_of[t.graph->ei[e]], b = t.layer_of[t.graph->ej[e]];
        assert_int_equal(b - a, 1);
    }
    /* every replica of a class has the same share of h1, rounded */
    assert_int_equal(glb_topology_max_degree(&t, glb_topology_layer(&t, GLB_LAYER_H2)), 503 + 10);
    assert_int_equal(glb_topology_max_degree(&t, glb_topology_layer(&t, GLB_LAYER_LABELS)), 20);
    glb_topology_free(&t);
}

static void seeds_matter(void **state) {
    struct glb_topology a, b, c;
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=50", 28, 28, 5, &a), GLB_OK);
    assert_int_equal(glb_topology_build("local:hidden=50", 28, 28, 5, &b), GLB_OK);
    assert_int_equal(glb_topology_build("local:hidden=50", 28, 28, 6, &c), GLB_OK);
    assert_memory_equal(a.graph->ei, b.graph->ei, sizeof(int32_t) * (size_t)a.graph->m);
    assert_memory_not_equal(a.graph->ei, c.graph->ei, sizeof(int32_t) * (size_t)a.graph->m);
    glb_topology_free(&a);
    glb_topology_free(&b);
    glb_topology_free(&c);
}

static void refuse(const char *spec, const char *word) {
    struct glb_topology t;
    assert_int_equal(glb_topology_build(spec, 28, 28, 1, &t), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), word));
    assert_null(t.graph);
}

static void says_what_is_wrong(void **state) {
    (void)state;
    refuse("ring", "known: local, deep");
    refuse("local:width=3", "known: hidden fan window");
    refuse("local:hidden=x", "whole number");
    refuse("local:hidden=0", "1 to 60000");
    refuse("local:hidden", "is no parameter");
    refuse("local:fan=26,window=5", "do not fit");
    refuse("deep:h2=25", "multiple of the 10 classes");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_has_the_recipes_size),  cmocka_unit_test(windows_are_local),
        cmocka_unit_test(deep_keeps_labels_behind_h2), cmocka_unit_test(seeds_matter),
        cmocka_unit_test(says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
