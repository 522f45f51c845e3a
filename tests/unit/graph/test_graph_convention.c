/* Every convention against its own definition, state by state, on enumerable graphs: energies,
 * probabilities and the p-bit rule.
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
#include "support/graph_exact.h"
#include "graph/graph.h"
#include "base/rng.h"

enum { N = 9, TRIALS = 12 };

/* An input as a user means it: numbers w_ij for some pairs, a diagonal, a vector. */
struct input {
    double w[N][N], diagonal[N], bias[N];
    bool edge[N][N];
};

static void make_input(struct input *in, uint64_t seed, enum glb_convention c) {
    struct glb_rng r = glb_rng_at(seed, 1, 2);
    memset(in, 0, sizeof *in);
    for (int i = 0; i < N; i++) {
        for (int j = i + 1; j < N; j++)
            if (glb_rng_below(&r, 10) < 6) {
                in->edge[i][j] = true;
                in->w[i][j] = glb_rng_normal(&r);
            }
        in->diagonal[i] = c == GLB_QUBO ? glb_rng_normal(&r) : 0;
        in->bias[i] = c == GLB_MAXCUT ? 0 : glb_rng_normal(&r);
    }
}

/* The same input through the readers: MatrixMarket symmetric, general, or rudy text. */
static struct glb_graph *import(const struct input *in, enum glb_convention c, int format) {
    char text[16384], bias[1024], *p = text, *q = bias;
    char body[8192], *b = body;
    int entries = 0;
    for (int i = 0; i < N; i++)
        for (int j = i; j < N; j++) {
            if (i == j ? in->diagonal[i] == 0 : !in->edge[i][j])
                continue;
            const double v = i == j ? in->diagonal[i] : in->w[i][j];
            b += sprintf(b, "%d %d %.17g\n", j + 1, i + 1, v);
            entries++;
            if (format == 1 && i != j) {
                b += sprintf(b, "%d %d %.17g\n", i + 1, j + 1, v);
                entries++;
            }
        }
    if (format == 2)
        p += sprintf(p, "%d %d\n", N, entries);
    else
        p += sprintf(p, "%%%%MatrixMarket matrix coordinate real %s\n%d %d %d\n",
                     format ? "general" : "symmetric", N, N, entries);
    p += sprintf(p, "%s", body);
    q += sprintf(q, "%%%%MatrixMarket matrix array real general\n%d 1\n", N);
    for (int i = 0; i < N; i++)
        q += sprintf(q, "%.17g\n", in->bias[i]);
    struct glb_graph *g;
    if (glb_graph_parse("g", text, (size_t)(p - text), "b", bias, (size_t)(q - bias), c, &g))
        fail_msg("%s", glb_error());
    return g;
}

/* The energy that the input's author has in mind, from the convention's definition and nothing
 * else. */
static double defined_energy(const struct input *in, enum glb_convention c, const int8_t *m) {
    double pairs = 0, linear = 0, cut = 0, qubo = 0;
    for (int i = 0; i < N; i++) {
        const double x = m[i] > 0;
        linear += in->bias[i] * m[i];
        qubo += (in->diagonal[i] + in->bias[i]) * x;
        for (int j = i + 1; j < N; j++) {
            pairs += in->w[i][j] * m[i] * m[j];
            cut += m[i] != m[j] ? in->w[i][j] : 0;
            qubo += in->w[i][j] * x * (m[j] > 0);
        }
    }
    switch (c) {
    case GLB_BOLTZMANN:
        return -pairs - linear;
    case GLB_ZTE_2:
        return -pairs + linear;
    case GLB_ZTE_34:
        return pairs + linear;
    case GLB_QUBO:
        return qubo;
    default:
        return -cut;
    }
}

static void energies(void **state) {
    (void)state;
    for (int c = 0; c <= GLB_MAXCUT; c++)
        for (int trial = 0; trial < TRIALS; trial++) {
            struct input in;
            make_input(&in, (uint64_t)trial, (enum glb_convention)c);
            struct glb_graph *g = import(&in, (enum glb_convention)c, trial % 3);
            assert_int_equal(g->convention, c);
            for (uint32_t s = 0; s < 1u << N; s++) {
                int8_t m[N];
                glb_exact_spins(s, N, m);
                assert_true(glb_exact_index(m, N) == s);
                const double want = defined_energy(&in, (enum glb_convention)c, m);
                assert_float_equal(glb_graph_input_energy(g, m), want, 1e-11);
                assert_float_equal(g->scale * glb_graph_energy(g, m) + g->offset, want, 1e-11);
            }
            glb_graph_free(g);
        }
}

/* P(m) ~ exp(-beta E) with E conventional, so exp(-(beta/scale) E_input): the maxcut convention
 * halves, the others keep. */
static void probabilities(void **state) {
    (void)state;
    const double betas[] = {0, 0.3, 1, 2.5};
    for (int c = 0; c <= GLB_MAXCUT; c++)
        for (int trial = 0; trial < TRIALS; trial++) {
            struct input in;
            struct glb_exact *x;
            const double beta = betas[trial % 4];
            double weight[1 << N], z = 0;
            make_input(&in, 100 + (uint64_t)trial, (enum glb_convention)c);
            struct glb_graph *g = import(&in, (enum glb_convention)c, trial % 3);
            assert_true(g->scale == (c == GLB_MAXCUT ? 0.5 : 1));
            assert_int_equal(glb_graph_exact(g, beta, NULL, &x), GLB_OK);
            for (uint32_t s = 0; s < 1u << N; s++) {
                int8_t m[N];
                glb_exact_spins(s, N, m);
                weight[s] = exp(-beta / g->scale * defined_energy(&in, (enum glb_convention)c, m));
                z += weight[s];
            }
            for (uint32_t s = 0; s < 1u << N; s++)
                assert_float_equal(x->p[s], weight[s] / z, 1e-12);
            glb_exact_free(x);
            glb_graph_free(g);
        }
}

/* The ZTE paper's equations 3 and 4 read literally: P(m_i = +1 | others) = (1 + tanh(-beta I_i)) /
 * 2, I_i = sum_j J_ij m_j + h_i. The imported graph's Boltzmann distribution must have exactly
 * these conditionals. Its equation 2 read as an energy has others. */
static void zte_rule(void **state) {
    (void)state;
    const double beta = 0.7;
    for (int trial = 0; trial < TRIALS; trial++)
        for (int c = GLB_ZTE_2; c <= GLB_ZTE_34; c++) {
            struct input in;
            struct glb_exact *x;
            make_input(&in, 200 + (uint64_t)trial, (enum glb_convention)c);
            struct glb_graph *g = import(&in, (enum glb_convention)c, 0);
            assert_int_equal(glb_graph_exact(g, beta, NULL, &x), GLB_OK);
            for (uint32_t s = 0; s < 1u << N; s++)
                for (int i = 0; i < N; i++) {
                    double coupled = 0;
                    for (int j = 0; j < N; j++)
                        coupled += (i < j ? in.w[i][j] : in.w[j][i]) * (s >> j & 1 ? 1 : -1);
                    const double up = x->p[s | 1u << i], down = x->p[s & ~(1u << i)];
                    const double drive =
                        c == GLB_ZTE_34 ? -(coupled + in.bias[i]) : coupled - in.bias[i];
                    assert_float_equal(up / (up + down), (1 + tanh(beta * drive)) / 2, 1e-9);
                }
            glb_exact_free(x);
            glb_graph_free(g);
        }
}

/* The same input as compressed rows, both triangles or the upper one, a QUBO with its diagonal. */
static void compressed_rows(void **state) {
    (void)state;
    for (int c = 0; c <= GLB_MAXCUT; c++)
        for (int trial = 0; trial < TRIALS; trial++) {
            struct input in;
            struct glb_graph *g;
            int64_t start[N + 1] = {0};
            int32_t column[N * N];
            double v[N * N];
            const int both = trial % 2;
            make_input(&in, 300 + (uint64_t)trial, (enum glb_convention)c);
            for (int i = 0; i < N; i++) {
                start[i + 1] = start[i];
                for (int j = both ? 0 : i; j < N; j++) {
                    const bool coupled = i < j ? in.edge[i][j] : in.edge[j][i];
                    if (i == j ? in.diagonal[i] == 0 : !coupled)
                        continue;
                    column[start[i + 1]] = j;
                    v[start[i + 1]++] = i == j ? in.diagonal[i] : i < j ? in.w[i][j] : in.w[j][i];
                }
            }
            const double *single = c == GLB_MAXCUT ? NULL : in.bias;
            assert_int_equal(glb_graph_from_csr(N, start, column, v, both, single,
                                                (enum glb_convention)c, 0, &g),
                             GLB_OK);
            for (uint32_t s = 0; s < 1u << N; s++) {
                int8_t m[N];
                glb_exact_spins(s, N, m);
                assert_float_equal(glb_graph_input_energy(g, m),
                                   defined_energy(&in, (enum glb_convention)c, m), 1e-11);
            }
            glb_graph_free(g);
        }
}

static void names(void **state) {
    (void)state;
    enum glb_convention c;
    for (int k = 0; k <= GLB_MAXCUT; k++) {
        assert_int_equal(glb_convention_parse(glb_convention_name((enum glb_convention)k), &c), 0);
        assert_int_equal(c, k);
    }
    assert_int_equal(glb_convention_parse("ising", &c), -1);
    assert_int_equal(glb_convention_parse("", &c), -1);
    assert_string_equal(glb_convention_name(GLB_ZTE_34), "zte-34");
}

static void cut_has_no_bias(void **state) {
    (void)state;
    static const char text[] = "2 1\n1 2 1\n";
    static const char bias[] = "%%MatrixMarket matrix array real general\n2 1\n0\n1\n";
    static const char negative[] = "%%MatrixMarket matrix array real general\n2 1\n0\n-1\n";
    static const char zero[] = "%%MatrixMarket matrix array real general\n2 1\n0\n0\n";
    struct glb_graph *g;
    assert_int_equal(
        glb_graph_parse("g", text, sizeof text - 1, "b", bias, sizeof bias - 1, GLB_MAXCUT, &g),
        GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "a cut has no biases"));
    assert_int_equal(glb_graph_parse("g", text, sizeof text - 1, "b", negative, sizeof negative - 1,
                                     GLB_MAXCUT, &g),
                     GLB_ERR_ARGUMENT);
    assert_int_equal(
        glb_graph_parse("g", text, sizeof text - 1, "b", zero, sizeof zero - 1, GLB_MAXCUT, &g),
        GLB_OK);
    const int8_t same[] = {1, 1}, apart[] = {1, -1};
    assert_true(glb_graph_input_energy(g, same) == 0 && glb_graph_input_energy(g, apart) == -1);
    glb_graph_free(g);
}

static void every_bias_is_finite(void **state) {
    struct glb_graph *g;
    (void)state;
    assert_int_equal(glb_graph_new(5, 0, &g), GLB_OK);
    for (int i = 0; i < g->n; i++) {
        g->h[i] = i % 2 ? NAN : -INFINITY;
        assert_int_equal(glb_graph_finish(g), GLB_ERR_ARGUMENT);
        g->h[i] = 0;
        assert_int_equal(glb_graph_finish(g), GLB_OK);
    }
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energies),        cmocka_unit_test(probabilities),
        cmocka_unit_test(zte_rule),        cmocka_unit_test(names),
        cmocka_unit_test(cut_has_no_bias), cmocka_unit_test(every_bias_is_finite),
        cmocka_unit_test(compressed_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
