/* Graphs through the public header alone: arrays, compressed rows, QUBOs, getters, new weights;
 * energies against the conventions' definitions over all states. SPDX-License-Identifier:
 * Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdint.h>

#include <cmocka.h>
#include <glauber.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 6, ENTRIES = 11 };
static const double offset = 2.75;

/* Pairs in any order and way round, two of them twice; QUBOs also get diagonal entries. */
static const int32_t from[ENTRIES] = {3, 0, 5, 1, 0, 4, 2, 1, 2, 5, 3};
static const int32_t to[ENTRIES] = {1, 2, 4, 3, 5, 2, 0, 0, 2, 5, 4};
static const double value[ENTRIES] = {0.5, -1.25, 2, 0.75, -0.5, 1.5, 3, 0, -2, 0.625, -1};
static const double lone[N] = {0.25, -0.5, 0, 1, -1.5, 0.125};

/* The convention's E of glauber/graph.h, from its definition and nothing else. */
static double defined(enum glb_convention c, const double v[N][N], const double *single,
                      const int8_t *m) {
    double e = 0;
    for (int i = 0; i < N; i++) {
        const double x = (1 + m[i]) / 2;
        for (int j = i + 1; j < N; j++) {
            const double y = (1 + m[j]) / 2, spins = v[i][j] * m[i] * m[j];
            e += c == GLB_QUBO     ? v[i][j] * x * y
                 : c == GLB_MAXCUT ? -v[i][j] * (1 - m[i] * m[j]) / 2
                 : c == GLB_ZTE_34 ? spins
                                   : -spins;
        }
        e += c == GLB_QUBO ? (v[i][i] + single[i]) * x
                           : (c == GLB_BOLTZMANN ? -1 : 1) * single[i] * m[i];
    }
    return e;
}

static void spins_of(int state, int8_t *m) {
    for (int i = 0; i < N; i++)
        m[i] = state >> i & 1 ? 1 : -1;
}

/* All energies of g are those of the dense v and single, plus the offset. */
static void check_energies(const struct glb_graph *g, enum glb_convention c, const double v[N][N],
                           const double *single, double constant) {
    for (int state = 0; state < 1 << N; state++) {
        int8_t m[N];
        spins_of(state, m);
        const double want = defined(c, v, single, m) + constant;
        assert_float_equal(glb_graph_input_energy(g, m), want, 1e-12);
        assert_float_equal(glb_graph_scale(g) * glb_graph_energy(g, m) + glb_graph_offset(g), want,
                           1e-12);
    }
}

/* Entries as a dense upper triangle. */
static void dense(int entries, const int32_t *i, const int32_t *j, const double *v,
                  double out[N][N]) {
    memset(out, 0, N * sizeof *out);
    for (int k = 0; k < entries; k++)
        out[i[k] < j[k] ? i[k] : j[k]][i[k] < j[k] ? j[k] : i[k]] += v[k];
}

/* The entries above without the diagonal where the convention has none. */
static int entries_for(enum glb_convention c, int32_t *i, int32_t *j, double *v) {
    int n = 0;
    for (int k = 0; k < ENTRIES; k++)
        if (from[k] != to[k] || c == GLB_QUBO) {
            i[n] = from[k];
            j[n] = to[k];
            v[n++] = value[k];
        }
    return n;
}

static struct glb_graph *make(enum glb_convention c, double v[N][N], const double **single) {
    static const double none[N];
    int32_t i[ENTRIES], j[ENTRIES];
    double values[ENTRIES];
    struct glb_graph *g;
    const int entries = entries_for(c, i, j, values);
    *single = c == GLB_MAXCUT ? none : lone;
    dense(entries, i, j, values, v);
    if (glb_graph_from_arrays(N, entries, i, j, values, c == GLB_MAXCUT ? NULL : lone, c, offset,
                              &g))
        fail_msg("%s", glb_error());
    return g;
}

static void arrays(void **state) {
    (void)state;
    for (int c = GLB_BOLTZMANN; c <= GLB_MAXCUT; c++) {
        double v[N][N];
        const double *single;
        struct glb_graph *g = make((enum glb_convention)c, v, &single);
        assert_int_equal(glb_graph_pbits(g), N);
        assert_int_equal(glb_graph_convention(g), c);
        assert_int_equal(glb_graph_couplings(g), 7); /* the one of value 0 counts */
        const int32_t *i = glb_graph_coupling_i(g), *j = glb_graph_coupling_j(g);
        for (int e = 0; e < 7; e++) {
            assert_true(i[e] < j[e]);
            assert_true(e == 0 || i[e - 1] < i[e] || (i[e - 1] == i[e] && j[e - 1] < j[e]));
        }
        check_energies(g, (enum glb_convention)c, v, single, offset);
        glb_graph_free(g);
    }
}

/* What the getters give makes the same graph again, and new weights are taken in the same form. */
static void weights(void **state) {
    (void)state;
    for (int c = GLB_BOLTZMANN; c <= GLB_MAXCUT; c++) {
        double v[N][N], pair[7], single[N], constant;
        const double *unused;
        struct glb_graph *g = make((enum glb_convention)c, v, &unused), *again;
        glb_graph_get_weights(g, pair, single, &constant);
        assert_true(constant == offset);
        assert_int_equal(glb_graph_from_arrays(N, 7, glb_graph_coupling_i(g),
                                               glb_graph_coupling_j(g), pair,
                                               c == GLB_MAXCUT ? NULL : single,
                                               (enum glb_convention)c, constant, &again),
                         GLB_OK);
        assert_true(glb_graph_hash(again) == glb_graph_hash(g)); /* the values are dyadic */
        assert_true(glb_graph_offset(again) == glb_graph_offset(g));

        const double *J = glb_graph_coupling_values(g), *h = glb_graph_bias_values(g);
        for (int e = 0; e < 7; e++)
            pair[e] = 0.5 * e - 1;
        for (int i = 0; i < N; i++)
            single[i] = c == GLB_MAXCUT ? 0 : 0.25 * i - 0.5;
        dense(7, glb_graph_coupling_i(g), glb_graph_coupling_j(g), pair, v);
        assert_int_equal(glb_graph_set_weights(g, pair, single), GLB_OK);
        assert_true(glb_graph_coupling_values(g) == J && glb_graph_bias_values(g) == h);
        assert_true(glb_graph_hash(again) != glb_graph_hash(g));
        check_energies(g, (enum glb_convention)c, v, single, offset);

        const uint64_t before = glb_graph_hash(g);
        pair[3] = NAN;
        assert_int_equal(glb_graph_set_weights(g, pair, NULL), GLB_ERR_ARGUMENT);
        pair[3] = -1.1e100;
        assert_int_equal(glb_graph_set_weights(g, pair, NULL), GLB_ERR_ARGUMENT);
        assert_true(glb_graph_hash(g) == before);
        pair[3] = 1;
        assert_int_equal(glb_graph_set_weights(g, pair, NULL), GLB_OK);
        const double zeros[N] = {0};
        dense(7, glb_graph_coupling_i(g), glb_graph_coupling_j(g), pair, v);
        check_energies(g, (enum glb_convention)c, v, zeros, offset);
        glb_graph_free(g);
        glb_graph_free(again);
    }
}

static void rows(void **state) {
    (void)state;
    /* 0-1 2, 0-2 -1, 1-3 0.5; row 4 and 5 empty; both triangles, or one with two entries a pair */
    const int64_t both[] = {0, 2, 4, 5, 6, 6, 6}, one[] = {0, 2, 4, 4, 5, 5, 5};
    const int32_t column[] = {2, 1, 0, 3, 0, 1}, one_column[] = {2, 1, 0, 3, 1};
    double v[] = {-1, 2, 2, 0.5, -1, 0.5}, one_v[] = {-1, 1.5, 0.5, 0.25, 0.25};
    const int32_t i[] = {0, 0, 1}, j[] = {1, 2, 3};
    const double flat[] = {2, -1, 0.5};
    struct glb_graph *g, *want;
    for (int c = GLB_BOLTZMANN; c <= GLB_MAXCUT; c++) {
        const enum glb_convention k = (enum glb_convention)c;
        assert_int_equal(glb_graph_from_arrays(N, 3, i, j, flat, NULL, k, 1, &want), GLB_OK);
        assert_int_equal(glb_graph_from_csr(N, both, column, v, 1, NULL, k, 1, &g), GLB_OK);
        assert_true(glb_graph_hash(g) == glb_graph_hash(want));
        assert_true(glb_graph_offset(g) == glb_graph_offset(want));
        glb_graph_free(g);
        assert_int_equal(glb_graph_from_csr(N, one, one_column, one_v, 0, NULL, k, 1, &g), GLB_OK);
        assert_true(glb_graph_hash(g) == glb_graph_hash(want));
        glb_graph_free(g);
        glb_graph_free(want);
    }
    v[2] = 2.5;
    assert_int_equal(glb_graph_from_csr(N, both, column, v, 1, NULL, GLB_QUBO, 0, &g),
                     GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "(0, 1) is 2 but (1, 0) is 2.5"));
    assert_null(g);
    assert_int_equal(glb_graph_from_csr(N, one, one_column, one_v, 1, NULL, GLB_QUBO, 0, &g),
                     GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "(0, 1) is 1.5 but (1, 0) is 0.5"));
    const int64_t lower[] = {0, 0, 1, 1, 1, 1, 1};
    assert_int_equal(glb_graph_from_csr(N, lower, column + 2, v, 1, NULL, GLB_QUBO, 0, &g),
                     GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "(0, 1) stands in the lower triangle only"));
    const int64_t down[] = {0, 2, 1, 1, 1, 1, 1}, late[] = {1, 2, 2, 2, 2, 2, 2};
    assert_int_equal(glb_graph_from_csr(N, down, column, v, 0, NULL, GLB_QUBO, 0, &g),
                     GLB_ERR_ARGUMENT);
    assert_int_equal(glb_graph_from_csr(N, late, column, v, 0, NULL, GLB_QUBO, 0, &g),
                     GLB_ERR_ARGUMENT);
}

/* x^T Q x + offset of a full matrix, both triangles and the diagonal. */
static void qubo(void **state) {
    (void)state;
    int32_t i[N * N], j[N * N];
    double q[N * N];
    struct glb_graph *g;
    for (int k = 0; k < N * N; k++) {
        i[k] = k / N;
        j[k] = k % N;
        q[k] = (k * 7 % 11 - 5) * 0.25;
    }
    assert_int_equal(glb_graph_from_qubo(N, N * N, i, j, q, -1.5, &g), GLB_OK);
    for (int s = 0; s < 1 << N; s++) {
        int8_t m[N];
        double want = -1.5;
        spins_of(s, m);
        for (int k = 0; k < N * N; k++)
            want += m[k / N] > 0 && m[k % N] > 0 ? q[k] : 0;
        assert_float_equal(glb_graph_input_energy(g, m), want, 1e-12);
    }
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(arrays), cmocka_unit_test(weights),
                                       cmocka_unit_test(rows), cmocka_unit_test(qubo)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
