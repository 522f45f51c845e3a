/* Generators: counts, degrees and edges against published graphs.
 * SPDX-License-Identifier: Apache-2.0 */
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

/* A side of 2 has one coupling where its ring would have two, a side of 1 none. */
static void thin_tori(void **state) {
    (void)state;
    static const struct {
        const char *family, *args;
        int n, m, degree;
    } table[] = {
        {"torus2d", "lx=2,ly=2", 4, 4, 2},       {"torus2d", "lx=2,ly=5", 10, 15, 3},
        {"torus2d", "lx=5,ly=2", 10, 15, 3},     {"torus2d", "lx=1,ly=5", 5, 5, 2},
        {"torus3d", "lx=2,ly=2,lz=2", 8, 12, 3}, {"torus3d", "lx=4,ly=4,lz=2", 32, 80, 5},
    };
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        struct glb_graph *g = make(table[k].family, table[k].args, k);
        assert_int_equal(g->n, table[k].n);
        assert_int_equal(g->m, table[k].m);
        check_degrees(g, table[k].degree, table[k].degree);
        for (int e = 0; e < g->m; e++)
            assert_true(fabs(g->J[e]) == 1);
        glb_graph_free(g);
    }
}

static void random_families(void **state) {
    (void)state;
    static const char *const regular[] = {"n=4096,d=3", "n=4096,d=15", "n=20,d=19", "n=21,d=18",
                                          "n=6,d=5",    "n=2,d=1",     "n=50,d=48", "n=20,d=9",
                                          "n=12,d=5",   "n=40,d=19"};
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

static void refused(void **state) {
    (void)state;
    static const struct {
        const char *family, *args, *message;
    } table[] = {
        {"pegasos", "", "unknown family 'pegasos'; there are: pegasus chimera"},
        {"pegasus", "m=1", "m=1 must be a whole number from 2 to 64"},
        {"pegasus", "m=14x", "m=14x must be"},
        {"pegasus", "n=3", "pegasus has no key 'n'"},
        {"pegasus", "m", "'m' must be key=value"},
        {"pegasus", "=3", "'=3' must be key=value"},
        {"pegasus", "m=3,,", "'' must be key=value"},
        {"pegasus", "m=3,m=4", "'m' is given twice"},
        {"pegasus", "weights=cauchy", "weights=cauchy must be pm1|gauss|uniform|const"},
        {"pegasus", "scale=inf", "scale=inf must be a number"},
        {"regular", "n=5,d=3", "no graph of n=5 nodes of degree d=3"},
        {"regular", "n=4,d=4", "no graph"},
        {"random", "n=10,m=46", "46 couplings among 45 pairs"},
        {"random", "n=10,m=4,density=2", "either m or density"},
        {"random", "n=10,bias=pm1", "random has no key 'bias'"},
        {"torus3d", "lx=256,ly=256,lz=256", "at most 4194304 p-bits"},
        {"gset", "name=G55", "must be G1 to G54"},
        {"gset", "name=x", "must be G1 to G54"},
        {"gset", "weights=pm1", "gset has no key 'weights'"},
        {"rudy", "kind=clique", "kind=clique must be"},
        {"rudy", "n=65536,density=50", "1073725440 couplings, limit"},
        {"rudy", "kind=spinglass3pm,rows=4096,columns=4096,layers=256", "at most"},
        {"mnist-shallow", "k=50,window=7", "k=50 pixels do not fit"},
        {"mnist-m2", "h2=25", "multiple of 10"},
        {"mnist-blocks", "hidden=6", "multiple of 4"},
    };
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        struct glb_graph *g;
        assert_int_equal(glb_graph_generate(table[k].family, table[k].args, 1, &g),
                         GLB_ERR_ARGUMENT);
        assert_null(g);
        if (!strstr(glb_error(), table[k].message))
            fail_msg("%s %s says: %s", table[k].family, table[k].args, glb_error());
    }
    struct glb_graph *g;
    assert_int_equal(glb_graph_generate("pegasus", NULL, 1, &g), GLB_OK); /* no arguments at all */
    glb_graph_free(g);
    const char *help = glb_graph_generate_help();
    assert_true(strlen(help) < 4095);
    assert_non_null(strstr(help, "zephyr"));
    assert_non_null(strstr(help, "max-cut"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(annealer_topologies), cmocka_unit_test(thin_tori),
        cmocka_unit_test(random_families),     cmocka_unit_test(weights),
        cmocka_unit_test(mnist_shapes),        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
