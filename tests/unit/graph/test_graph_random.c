/* Random families: counts, degrees, the distribution of weights, the shape of machines for images.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include "support/generated_graph.h"

static void random_families(void **state) {
    (void)state;
    static const char *const regular[] = {"n=4096,d=3", "n=4096,d=15", "n=20,d=19", "n=21,d=18",
                                          "n=6,d=5",    "n=2,d=1",     "n=50,d=48"};
    for (size_t k = 0; k < sizeof regular / sizeof regular[0]; k++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            int n, d;
            sscanf(regular[k], "n=%d,d=%d", &n, &d);
            struct glb_graph *g = make("regular", regular[k], seed);
            assert_int_equal(g->m, n * d / 2);
            check_degrees(g, d, d);
            glb_graph_free(g);
        }
    struct glb_graph *g = make("random", "n=1000,density=2", 5);
    assert_int_equal(g->m, 9990);
    assert_int_equal(g->convention, GLB_MAXCUT);
    assert_true(g->J[0] == -1 && g->offset == -9990 / 2.0);
    glb_graph_free(g);
    g = make("random", "n=10,m=45,weights=pm1", 5);
    assert_int_equal(g->m, 45);
    glb_graph_free(g);
    g = make("random", "n=10,m=0", 5);
    assert_int_equal(g->m, 0);
    glb_graph_free(g);
    g = make("complete", "n=30", 5);
    assert_int_equal(g->m, 435);
    glb_graph_free(g);
}

static void weights(void **state) {
    (void)state;
    struct glb_graph *a = make("regular", "n=4096,d=6,weights=gauss,scale=2,bias=uniform", 9);
    struct glb_graph *b = make("regular", "n=4096,d=6,weights=pm1,bias=pm1,bias-scale=0.5", 9);
    struct glb_graph *c = make("regular", "n=4096,d=6,weights=gauss,scale=2,bias=uniform", 9);
    struct glb_graph *d = make("regular", "n=4096,d=6,weights=gauss,scale=2,bias=uniform", 10);
    double sum = 0, square = 0, up = 0;
    assert_true(a->hash == c->hash && a->hash != d->hash);
    assert_memory_equal(a->ei, b->ei, (size_t)a->m * sizeof *a->ei); /* same seed, same edges */
    for (int e = 0; e < a->m; e++) {
        sum += a->J[e];
        square += a->J[e] * a->J[e];
        up += b->J[e] > 0;
        assert_true(fabs(b->J[e]) == 1);
    }
    assert_float_equal(sum / a->m, 0, 0.1);
    assert_float_equal(square / a->m, 4, 0.3);
    assert_float_equal(up / b->m, 0.5, 0.03);
    for (int i = 0; i < a->n; i++)
        assert_true(fabs(a->h[i]) <= 1 && fabs(b->h[i]) == 0.5);
    glb_graph_free(a);
    glb_graph_free(b);
    glb_graph_free(c);
    glb_graph_free(d);
}

static void mnist_shapes(void **state) {
    (void)state;
    static const struct {
        const char *family, *args;
        int n, m, first_hidden;
    } table[] = {
        {"mnist-shallow", "", 1799, 30150, 794},
        {"mnist-shallow", "hidden=3740,k=25", 4534, 130900, 794},
        {"mnist-m2", "", 1819, 30350, 794},
        {"mnist-blocks", "", 1428, 30336, 796},
        {"mnist-blocks", "hidden=2728", 3524, 130944, 796},
    };
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        struct glb_graph *g = make(table[k].family, table[k].args, 4);
        assert_int_equal(g->n, table[k].n);
        assert_int_equal(g->m, table[k].m);
        for (int e = 0; e < g->m; e++) /* nothing joins two visible p-bits */
            assert_true(g->ej[e] >= table[k].first_hidden);
        glb_graph_free(g);
    }
    struct glb_graph *g = make("mnist-m2", "", 4);
    int *d = degrees(g), pixels[1005][2], classes[1005] = {0};
    for (int i = 0; i < 1005; i++) {
        assert_int_equal(d[794 + i], 30); /* 20 pixels, one replica of every class */
        pixels[i][0] = 28;
        pixels[i][1] = -1;
    }
    for (int k = 0; k < 10; k++)
        assert_int_equal(d[784 + k], 20);
    for (int e = 0; e < g->m; e++) {
        const int i = g->ei[e], j = g->ej[e], h = j - 794;
        if (i < 784 && h < 1005) { /* the pixels of a unit lie in 9 columns */
            const int x = i % 28;
            pixels[h][0] = x < pixels[h][0] ? x : pixels[h][0];
            pixels[h][1] = x > pixels[h][1] ? x : pixels[h][1];
        } else if (i >= 794) {
            classes[i - 794] |= 1 << (h - 1005) % 10;
        }
    }
    for (int i = 0; i < 1005; i++) {
        assert_true(pixels[i][1] - pixels[i][0] < 9);
        assert_int_equal(classes[i], 1023);
    }
    free(d);
    glb_graph_free(g);
    /* blocks: pixels 4p .. in 2 x 2 groups, hidden in fours: the four share their list */
    g = make("mnist-blocks", "", 4);
    for (int e = 0; e < g->m; e++)
        if ((g->ej[e] - 796) % 4 == 0)
            assert_true(g->ei[e + 3] == g->ei[e] && g->ej[e + 3] == g->ej[e] + 3);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_families),
        cmocka_unit_test(weights),
        cmocka_unit_test(mnist_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
