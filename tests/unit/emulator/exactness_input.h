/* Inputs of the exactness test: random files of every convention and what each convention's
 * definition says about them. Include after cmocka.h. SPDX-License-Identifier: Apache-2.0 */
#ifndef EXACTNESS_INPUT_H
#define EXACTNESS_INPUT_H

#include <stdio.h>
#include <unistd.h>
#include "exactness_model.h"
#include "graph/graph.h"
#include "base/rng.h"

enum { JMAX = 12 };
static const double U = 1.0 / 16; /* J and h are multiples: nothing is lost in quantisation */

enum shape { RANDOM, RING, STAR, COMPLETE, GRID, LOOSE };

struct test_case {
    const char *array;
    enum glb_convention convention;
    enum shape shape;
    int n;
    double beta;
    unsigned clamped; /* mask; values differ from chain to chain */
    int hub_degree;
};

struct input { /* the numbers of the file, in units of the file */
    int n, m;
    int a[120], b[120];
    double w[120], h[MODEL_MAX_N];
};

static void make_input(const struct test_case *c, uint64_t seed, struct input *in) {
    struct glb_rng r = glb_rng_at(seed, 0x65786163, 0);
    in->n = c->n;
    in->m = 0;
    for (int i = 0; i < c->n; i++)
        for (int j = i + 1; j < c->n; j++) {
            bool edge = c->shape == COMPLETE ||
                        (c->shape == RING && (j == i + 1 || j - i == c->n - 1)) ||
                        (c->shape == STAR && (i == 0 || glb_rng_below(&r, 8) == 0)) ||
                        (c->shape == GRID && (j == i + 4 || (j == i + 1 && j % 4))) ||
                        (c->shape == RANDOM && glb_rng_below(&r, 100) < 40) ||
                        (c->shape == LOOSE && j < c->n - 2 &&
                         glb_rng_below(&r, 100) < 35); /* two p-bits alone */
            int k = 1 + (int)glb_rng_below(&r, c->shape == COMPLETE ? JMAX / 2 : JMAX);
            if (!edge)
                continue;
            in->a[in->m] = i;
            in->b[in->m] = j;
            in->w[in->m++] =
                (glb_rng_below(&r, 2) ? k : -k) * (c->convention == GLB_QUBO ? 4 * U : U);
        }
    for (int i = 0; i < c->n; i++) {
        int k = (int)glb_rng_below(&r, 17) - 8;
        in->h[i] = c->convention == GLB_MAXCUT ? 0 : k * (c->convention == GLB_QUBO ? 2 * U : U);
    }
}

/* Log weight at beta of a code: each convention's own definition, on the file's numbers. */
static double log_weight(const struct input *in, enum glb_convention c, double beta,
                         unsigned code) {
    double mm = 0, hm = 0, xx = 0, qx = 0;
    for (int k = 0; k < in->m; k++) {
        int x = code >> in->a[k] & 1, y = code >> in->b[k] & 1;
        mm += in->w[k] * (2 * x - 1) * (2 * y - 1);
        xx += in->w[k] * x * y;
    }
    for (int i = 0; i < in->n; i++) {
        hm += in->h[i] * (2 * (int)(code >> i & 1) - 1);
        qx += in->h[i] * (code >> i & 1);
    }
    switch (c) {
    case GLB_BOLTZMANN:
        return beta * (mm + hm);
    case GLB_ZTE_2:
        return beta * (mm - hm);
    case GLB_ZTE_34: /* P(m = +1) = (1 + tanh(-beta I)) / 2 */
        return -beta * (mm + hm);
    case GLB_QUBO:
        return -beta * (xx + qx);
    case GLB_MAXCUT: /* cut = sum w (1 - m m) / 2; beta belongs to sum w m m */
        return -beta * mm;
    }
    fail_msg("convention %d", (int)c);
    return 0;
}

static void make_model(const struct test_case *c, const struct input *in, double beta,
                       struct model *m) {
    m->n = c->n;
    m->clamped = c->clamped;
    m->p = malloc(sizeof *m->p << c->n);
    for (unsigned s = 0; s < 1u << c->n; s++)
        m->p[s] = log_weight(in, c->convention, beta, s);
    model_normalise(m);
}

/* Writes the input as files and reads it as a user would. */
static struct glb_graph *read_back(const struct test_case *c, const struct input *in) {
    char graph[64], bias[64];
    snprintf(graph, sizeof graph, "/tmp/glb-exact-%ld.mtx", (long)getpid());
    snprintf(bias, sizeof bias, "/tmp/glb-exact-%ld-bias.mtx", (long)getpid());
    FILE *f = fopen(graph, "w"), *b = fopen(bias, "w");
    assert_non_null(f);
    assert_non_null(b);
    int diagonal = 0;
    for (int i = 0; i < in->n && c->convention == GLB_QUBO; i++)
        diagonal += in->h[i] != 0;
    fprintf(f, "%%%%MatrixMarket matrix coordinate real symmetric\n%d %d %d\n", in->n, in->n,
            in->m + diagonal);
    for (int k = 0; k < in->m; k++)
        fprintf(f, "%d %d %.17g\n", in->b[k] + 1, in->a[k] + 1, in->w[k]);
    fprintf(b, "%%%%MatrixMarket matrix array real general\n%d 1\n", in->n);
    for (int i = 0; i < in->n; i++) {
        if (c->convention == GLB_QUBO && in->h[i] != 0)
            fprintf(f, "%d %d %.17g\n", i + 1, i + 1, in->h[i]);
        fprintf(b, "%.17g\n", in->h[i]);
    }
    assert_int_equal(fclose(f), 0);
    assert_int_equal(fclose(b), 0);
    bool with_bias = c->convention != GLB_QUBO && c->convention != GLB_MAXCUT;
    struct glb_graph *g;
    glb_graph_read(graph, with_bias ? bias : NULL, c->convention, &g);
    if (!g)
        fail_msg("%s", glb_error());
    unlink(graph);
    unlink(bias);
    return g;
}

#endif
