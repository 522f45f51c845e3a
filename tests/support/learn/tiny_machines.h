/* Machines of every topology small enough to be enumerated, sixteen images for them, and exact
 * means of their p-bits and couplings. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_TINY_MACHINES_H
#define GLB_TEST_TINY_MACHINES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/counter_rng.h"
#include "learn/data/dataset.h"
#include "learn/topology/topology.h"
#include "support/graph_exact.h"

enum { TINY_N = 16, TINY_M = 64, TINY_IMAGES = 16, TINY_CLASSES = 2, TINY_SIDE = 2 };

struct tiny_machine {
    const char *spec; /* "file": a graph with two copies of the labels and couplings of all kinds */
    int planes;
    struct glb_topology t;
    struct glb_dataset d;
};

/* 2 x 2 pixels, four hidden p-bits, two classes in two copies. */
static const char tiny_graph_file[] =
    "12 21\n1 5 1\n1 6 1\n2 6 1\n2 7 1\n3 7 1\n3 8 1\n4 5 1\n4 8 1\n1 2 1\n3 9 1\n4 10 1\n5 6 1\n"
    "7 8 1\n5 9 1\n5 12 1\n6 10 1\n6 11 1\n7 9 1\n8 11 1\n8 12 1\n9 12 1\n";

static inline void tiny_build(struct tiny_machine *m) {
    char path[] = "/tmp/glb-test-tiny-XXXXXX", spec[64];
    snprintf(spec, sizeof spec, "%s", m->spec);
    if (strcmp(m->spec, "file") == 0) {
        const int fd = mkstemp(path);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, tiny_graph_file, sizeof tiny_graph_file - 1),
                         sizeof tiny_graph_file - 1);
        close(fd);
        snprintf(spec, sizeof spec, "file:%s,labels=4", path);
    }
    if (glb_topology_build(spec, TINY_SIDE, TINY_SIDE * m->planes, TINY_CLASSES, 3, &m->t))
        fail_msg("%s: %s", spec, glb_error());
    unlink(path);
    assert_true(m->t.graph->n <= TINY_N && m->t.graph->m <= TINY_M);
    /* of one plane every image once; of two, a third of the pixels is on in the first alone */
    uint8_t grey[TINY_IMAGES][TINY_SIDE * TINY_SIDE], label[TINY_IMAGES];
    for (int i = 0; i < TINY_IMAGES; i++) {
        label[i] = (uint8_t)((i & 1) ^ (i == 6 || i == 9));
        for (int p = 0; p < TINY_SIDE * TINY_SIDE; p++)
            grey[i][p] = i >> p & 1 ? (i + p) % 3 ? 255 : 120 : 0;
    }
    const struct glb_binarise above = {GLB_BINARISE_THRESHOLD, m->planes, {60, 180}};
    assert_int_equal(glb_dataset_copy(*grey, label, TINY_IMAGES, TINY_SIDE, TINY_SIDE, TINY_CLASSES,
                                      above, &m->d),
                     GLB_OK);
}

static inline void tiny_clear(struct tiny_machine *m) {
    glb_topology_clear(&m->t);
    glb_dataset_clear(&m->d);
}

static inline int8_t tiny_pixel(const struct tiny_machine *m, int image, int p) {
    return m->d.row[image * m->d.height + p / TINY_SIDE] >> p % TINY_SIDE & 1 ? 1 : -1;
}

/* The pixel that a p-bit shows. */
static inline int tiny_shown(const struct tiny_machine *m, int pbit) {
    return m->t.pixel_of ? m->t.pixel_of[pbit] : pbit;
}

/* clamp[n]: the pixels of an image (-1: free), the labels of a class (-1: free). */
static inline void tiny_clamp(const struct tiny_machine *m, int image, int class, int8_t *clamp) {
    const struct glb_layer *labels = &m->t.layer[m->t.nlayers - 1];
    memset(clamp, 0, (size_t)m->t.graph->n);
    for (int p = 0; image >= 0 && p < m->t.layer[0].count; p++)
        clamp[p] = tiny_pixel(m, image, tiny_shown(m, p));
    for (int k = 0; class >= 0 && k < labels->count; k++)
        clamp[labels->first + k] = k % TINY_CLASSES == class ? 1 : -1;
}

struct tiny_topology {
    const char *name, *spec;
    int planes;
};

/* Runs a test for each topology; *state is its struct tiny_topology. The exit status for main(). */
static inline int tiny_run(CMUnitTestFunction test) {
    static struct tiny_topology all[] = {
        {"local", "local:hidden=4,fan=3,window=2", 1},
        {"local_with_planes", "local:hidden=3,fan=5,window=2,planes=2", 2},
        {"blocks", "blocks:hidden=4,fan=4,window=2", 1},
        {"deep", "deep:h1=4,h2=4,fan=3,window=2", 1},
        {"deeper", "deep:h1=3,h2=2,h3=4,fan=3,window=2", 1},
        {"any_graph", "file", 1},
        {"lattice", "chimera:m=1,n=2,t=4,placement=structured,copies=2", 1},
    };
    struct CMUnitTest tests[sizeof all / sizeof all[0]];
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        tests[k] = (struct CMUnitTest){all[k].name, test, NULL, NULL, &all[k]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

struct tiny_means {
    double mean[TINY_N], pair[TINY_M], log_z;
};

/* Adds `share` times the means with these weights and clamps. */
static inline void tiny_add(const struct tiny_machine *m, const double *J, const double *h,
                            double beta, const int8_t *clamp, double share, struct tiny_means *to) {
    struct glb_graph *g;
    struct glb_exact *x;
    const int n = m->t.graph->n, count = m->t.graph->m;
    assert_int_equal(glb_graph_new(n, count, &g), GLB_OK);
    g->m = count;
    memcpy(g->ei, m->t.graph->ei, sizeof *g->ei * (size_t)count);
    memcpy(g->ej, m->t.graph->ej, sizeof *g->ej * (size_t)count);
    memcpy(g->J, J, sizeof *J * (size_t)count);
    memcpy(g->h, h, sizeof *h * (size_t)n);
    assert_int_equal(glb_graph_exact(g, beta, clamp, &x), GLB_OK);
    for (int i = 0; i < n; i++)
        to->mean[i] += share * (2 * x->up[i] - 1);
    for (int e = 0; e < count; e++)
        for (uint32_t s = 0; s < x->states; s++)
            to->pair[e] += share * x->p[s] * ((s >> g->ei[e] ^ s >> g->ej[e]) & 1 ? -1 : 1);
    to->log_z += share * x->log_z;
    glb_exact_free(x);
    glb_graph_free(g);
}

#endif
