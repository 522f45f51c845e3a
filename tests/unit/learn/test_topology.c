/* Topologies: sizes, windows, degrees, seeds, messages. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "learn/topology/topology.h"

static void local_has_the_recipes_size(void **state) {
    struct glb_topology t;
    (void)state;
    assert_int_equal(glb_topology_build("local", 28, 28, 10, 1, &t), GLB_OK);
    assert_int_equal(t.graph->n, 784 + 1005 + 10);
    assert_int_equal(t.graph->m, 30150);
    assert_string_equal(t.spec, "local:hidden=1005,fan=20,window=9");
    assert_int_equal(glb_topology_max_degree(&t, glb_topology_layer(&t, GLB_LAYER_H1)), 30);
    assert_int_equal(glb_topology_max_degree(&t, glb_topology_layer(&t, GLB_LAYER_LABELS)), 1005);
    assert_null(glb_topology_layer(&t, GLB_LAYER_H2));
    glb_topology_clear(&t);
}

static void windows_are_local(void **state) {
    struct glb_topology t;
    int low[2][300], high[2][300];
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=300,window=7,fan=20", 20, 12, 10, 3, &t),
                     GLB_OK);
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
    glb_topology_clear(&t);
}

static void deep_keeps_labels_behind_h2(void **state) {
    struct glb_topology t;
    (void)state;
    assert_int_equal(glb_topology_build("deep", 28, 28, 10, 1, &t), GLB_OK);
    assert_int_equal(t.graph->n, 784 + 1005 + 10 + 10);
    assert_int_equal(t.graph->m, 1005 * 30 + 100);
    glb_topology_clear(&t);
    assert_int_equal(glb_topology_build("deep:h2=20", 28, 28, 10, 1, &t), GLB_OK);
    assert_int_equal(t.graph->n, 784 + 1005 + 20 + 10);
    assert_int_equal(t.graph->m, 1005 * 30 + 200);
    for (int e = 0; e < t.graph->m; e++) {
        const int a = t.layer_of[t.graph->ei[e]], b = t.layer_of[t.graph->ej[e]];
        assert_int_equal(b - a, 1);
    }
    /* every replica of a class has the same share of h1, rounded */
    assert_int_equal(glb_topology_max_degree(&t, glb_topology_layer(&t, GLB_LAYER_H2)), 503 + 10);
    assert_int_equal(glb_topology_max_degree(&t, glb_topology_layer(&t, GLB_LAYER_LABELS)), 20);
    glb_topology_clear(&t);
}

static void deep_may_have_three_hidden_layers(void **state) {
    struct glb_topology t;
    (void)state;
    assert_int_equal(glb_topology_build("deep:h1=100,h2=30,h3=20", 28, 28, 10, 1, &t), GLB_OK);
    assert_int_equal(t.nlayers, 5);
    assert_int_equal(t.graph->m, 100 * 30 + 30 * 20 + 20 * 10);
    for (int e = 0; e < t.graph->m; e++)
        assert_int_equal(t.layer_of[t.graph->ej[e]] - t.layer_of[t.graph->ei[e]], 1);
    assert_int_equal(t.layer[3].kind, GLB_LAYER_H3);
    glb_topology_clear(&t);
}

/* Units of a block see the same pixels: whole squares of 2 x 2. */
static void blocks_share_squares(void **state) {
    struct glb_topology t;
    uint8_t sees[8][784] = {{0}};
    (void)state;
    assert_int_equal(glb_topology_build("blocks:hidden=8,fan=16", 28, 28, 10, 2, &t), GLB_OK);
    for (int e = 0; e < t.graph->m; e++)
        if (t.graph->ei[e] < 784)
            sees[t.graph->ej[e] - 784][t.graph->ei[e]] = 1;
    for (int i = 0; i < 8; i++) {
        int count = 0;
        for (int p = 0; p < 784; p++) {
            assert_int_equal(sees[i][p], sees[i & ~3][p]);
            assert_int_equal(sees[i][p], sees[i][p / 56 * 56 + p % 28 / 2 * 2]);
            count += sees[i][p];
        }
        assert_int_equal(count, 16);
    }
    assert_memory_not_equal(sees[0], sees[4], 784);
    glb_topology_clear(&t);
}

static void pegasus_is_the_papers_graph(void **state) {
    struct glb_topology t, other;
    (void)state;
    assert_int_equal(glb_topology_build("pegasus", 28, 28, 10, 1, &t), GLB_OK);
    assert_int_equal(t.graph->n, 4264);
    assert_int_equal(t.graph->m, 30404);
    assert_int_equal(t.layer[2].count, 50);
    assert_int_equal(glb_topology_build("pegasus", 28, 28, 10, 2, &other), GLB_OK);
    assert_memory_not_equal(t.graph->ei, other.graph->ei, 30404 * sizeof(int32_t));
    glb_topology_clear(&t);
    glb_topology_clear(&other);
}

static void a_graph_file_is_a_topology(void **state) {
    char path[] = "/tmp/glb-test-topology-XXXXXX", spec[64];
    struct glb_topology t;
    (void)state;
    FILE *f = fdopen(mkstemp(path), "w");
    assert_non_null(f);
    /* 4 pixels, 2 hidden units, 10 labels */
    fprintf(f, "16 4\n1 5 1\n4 6 1\n5 6 1\n6 16 1\n");
    fclose(f);
    snprintf(spec, sizeof spec, "file:%s", path);
    assert_int_equal(glb_topology_build(spec, 2, 2, 10, 1, &t), GLB_OK);
    assert_int_equal(t.layer[1].count, 2);
    assert_int_equal(t.layer[2].first, 6);
    assert_int_equal(t.graph->m, 4);
    glb_topology_clear(&t);
    assert_int_equal(glb_topology_build(spec, 3, 2, 10, 1, &t), GLB_ERR_ARGUMENT);
    unlink(path);
    assert_int_not_equal(glb_topology_build(spec, 2, 2, 10, 1, &t), GLB_OK);
}

static void seeds_matter(void **state) {
    struct glb_topology a, b, c;
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=50", 28, 28, 10, 5, &a), GLB_OK);
    assert_int_equal(glb_topology_build("local:hidden=50", 28, 28, 10, 5, &b), GLB_OK);
    assert_int_equal(glb_topology_build("local:hidden=50", 28, 28, 10, 6, &c), GLB_OK);
    assert_memory_equal(a.graph->ei, b.graph->ei, sizeof(int32_t) * (size_t)a.graph->m);
    assert_memory_not_equal(a.graph->ei, c.graph->ei, sizeof(int32_t) * (size_t)a.graph->m);
    glb_topology_clear(&a);
    glb_topology_clear(&b);
    glb_topology_clear(&c);
}

/* Labels, replicas and copies follow the number of classes. */
static void any_number_of_classes(void **state) {
    struct glb_topology t;
    (void)state;
    for (int classes = 2; classes <= 64; classes += 31) {
        assert_int_equal(glb_topology_build("local:hidden=50", 16, 12, classes, 1, &t), GLB_OK);
        assert_int_equal(t.classes, classes);
        assert_int_equal(t.layer[2].count, classes);
        assert_int_equal(t.graph->m, 50 * (20 + classes));
        glb_topology_clear(&t);
        assert_int_equal(glb_topology_build("deep:h1=100,fan=4", 16, 12, classes, 1, &t), GLB_OK);
        assert_int_equal(t.layer[2].count, classes);
        assert_int_equal(t.graph->m, 100 * (4 + classes) + classes * classes);
        glb_topology_clear(&t);
    }
    assert_int_equal(glb_topology_build("deep:h1=2000,h2=2560", 16, 12, 2, 1, &t), GLB_OK);
    assert_int_equal(t.layer[2].count, 2560);
    glb_topology_clear(&t);
    assert_int_equal(glb_topology_build("pegasus:m=4,copies=3", 6, 6, 7, 1, &t), GLB_OK);
    assert_int_equal(t.layer[2].count, 21);
    glb_topology_clear(&t);
    assert_int_equal(glb_topology_build("local", 16, 12, 1, 1, &t), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_topology_build("local", 16, 12, 65, 1, &t), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "65 classes"));
    assert_int_equal(glb_topology_build("deep:h2=10", 16, 12, 3, 1, &t), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "multiples of the 3 classes"));
}

static void refuse(const char *spec, const char *word) {
    struct glb_topology t;
    assert_int_equal(glb_topology_build(spec, 28, 28, 10, 1, &t), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), word));
    assert_null(t.graph);
}

static void says_what_is_wrong(void **state) {
    (void)state;
    refuse("ring", "known: local, blocks, deep, pegasus, zephyr, chimera, file");
    refuse("local:width=3", "known: hidden fan window");
    refuse("local:hidden=x", "whole number");
    refuse("local:hidden=0", "from 1 to 60000");
    refuse("local:hidden", "key=value");
    refuse("local:hidden=5,hidden=6", "twice");
    refuse("local:fan=26,window=5", "do not fit");
    refuse("deep:h2=25", "multiples of the 10 classes");
    refuse("blocks:hidden=10", "multiples of 4");
    refuse("pegasus:m=2", "40 p-bits");
    refuse("file", "needs a path");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_has_the_recipes_size),
        cmocka_unit_test(windows_are_local),
        cmocka_unit_test(deep_keeps_labels_behind_h2),
        cmocka_unit_test(seeds_matter),
        cmocka_unit_test(deep_may_have_three_hidden_layers),
        cmocka_unit_test(blocks_share_squares),
        cmocka_unit_test(pegasus_is_the_papers_graph),
        cmocka_unit_test(a_graph_file_is_a_topology),
        cmocka_unit_test(any_number_of_classes),
        cmocka_unit_test(says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
