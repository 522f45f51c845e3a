/* Exact enumeration against sums written out. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include "support/graph_exact.h"
#include "base/rng.h"

static void two_spins(void **state) {
    (void)state;
    struct glb_graph *g;
    glb_graph_new(2, 1, &g);
    struct glb_exact *x;
    const double J = 0.8, a = 0.3, b = -0.5, beta = 1.3;
    g->ej[0] = 1;
    g->J[0] = J;
    g->m = 1;
    g->h[0] = a;
    g->h[1] = b;
    assert_int_equal(glb_graph_finish(g), GLB_OK);
    assert_int_equal(glb_graph_exact(g, beta, NULL, &x), GLB_OK);
    const double w[4] = {exp(beta * (J - a - b)), exp(beta * (-J + a - b)),
                         exp(beta * (-J - a + b)), exp(beta * (J + a + b))};
    const double z = w[0] + w[1] + w[2] + w[3];
    for (int s = 0; s < 4; s++)
        assert_float_equal(x->p[s], w[s] / z, 1e-15);
    assert_float_equal(x->log_z, log(z), 1e-14);
    assert_float_equal(x->up[0], (w[1] + w[3]) / z, 1e-15);
    assert_float_equal(x->min_energy, -J + a + b, 1e-15); /* both down */
    glb_exact_free(x);

    const int8_t clamp[2] = {0, 1};
    assert_int_equal(glb_graph_exact(g, beta, clamp, &x), GLB_OK);
    assert_true(x->p[0] == 0 && x->p[1] == 0 && x->up[1] == 1);
    assert_float_equal(x->up[0], 1 / (1 + exp(-2 * beta * (J + a))), 1e-15);
    glb_exact_free(x);
    glb_graph_free(g);
}

/* Everything against glb_graph_energy() and plain sums, with clamps. */
static void random_graphs(void **state) {
    (void)state;
    for (int n = 1; n <= 13; n += 3) {
        struct glb_graph *g;
        glb_graph_new(n, n * n, &g);
        struct glb_rng r = glb_rng_at(5, 6, (uint64_t)n);
        struct glb_exact *x;
        int8_t clamp[16] = {0}, m[16];
        for (int i = 0; i < n; i++) {
            g->h[i] = glb_rng_normal(&r);
            clamp[i] = (int8_t)(i % 4 == 1 ? -1 : i % 4 == 3 ? 1 : 0);
            for (int j = i + 1; j < n; j++)
                if (glb_rng_below(&r, 2)) {
                    g->ei[g->m] = i;
                    g->ej[g->m] = j;
                    g->J[g->m++] = glb_rng_normal(&r);
                }
        }
        assert_int_equal(glb_graph_finish(g), GLB_OK);
        assert_int_equal(glb_graph_exact(g, 0.9, clamp, &x), GLB_OK);
        double z = 0, sum = 0, mean = 0, pair[4] = {0}, marginal[4];
        const int pbits[2] = {n - 1, 0};
        for (uint32_t s = 0; s < x->states; s++) {
            glb_exact_spins(s, n, m);
            bool allowed = true;
            for (int i = 0; i < n; i++)
                allowed = allowed && (clamp[i] == 0 || clamp[i] == m[i]);
            assert_float_equal(x->energy[s], glb_graph_energy(g, m), 1e-12);
            assert_true(allowed == (x->p[s] > 0));
            if (allowed)
                z += exp(-0.9 * x->energy[s]);
            sum += x->p[s];
            mean += x->p[s] * x->energy[s];
            pair[(m[n - 1] > 0) | (m[0] > 0) << 1] += x->p[s];
        }
        assert_float_equal(sum, 1, 1e-12);
        assert_float_equal(x->log_z, log(z), 1e-12);
        assert_float_equal(x->mean_energy, mean, 1e-12);
        glb_exact_marginal(x, pbits, 2, marginal);
        for (int k = 0; k < 4; k++)
            assert_float_equal(marginal[k], pair[k], 1e-12);
        glb_exact_free(x);
        glb_graph_free(g);
    }
}

/* A ring of n spins has the known partition function (2 cosh K)^n + (2 sinh K)^n. */
static void ring(void **state) {
    (void)state;
    struct glb_graph *g;
    glb_graph_generate("torus2d", "lx=20,ly=1,weights=const", 0, &g);
    struct glb_exact *x;
    assert_non_null(g);
    assert_int_equal(g->m, 20);
    const double k = 0.6;
    assert_int_equal(glb_graph_exact(g, k, NULL, &x), GLB_OK);
    assert_float_equal(x->log_z, log(pow(2 * cosh(k), 20) + pow(2 * sinh(k), 20)), 1e-11);
    assert_float_equal(x->up[7], 0.5, 1e-12);
    glb_exact_free(x);
    glb_graph_free(g);
}

static void cold_and_wrong(void **state) {
    (void)state;
    struct glb_graph *g;
    glb_graph_generate("complete", "n=6,weights=gauss,bias=gauss", 3, &g);
    struct glb_exact *x;
    assert_int_equal(glb_graph_exact(g, 1e4, NULL, &x), GLB_OK); /* no overflow */
    double best = 0;
    for (uint32_t s = 0; s < x->states; s++)
        best = fmax(best, x->p[s]);
    assert_float_equal(best, 1, 1e-12);
    assert_true(isfinite(x->log_z));
    glb_exact_free(x);
    assert_int_equal(glb_graph_exact(g, -1, NULL, &x), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_graph_exact(g, NAN, NULL, &x), GLB_ERR_ARGUMENT);
    glb_graph_free(g);
    glb_graph_generate("complete", "n=21", 3, &g);
    assert_int_equal(glb_graph_exact(g, 1, NULL, &x), GLB_ERR_ARGUMENT);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_spins),
        cmocka_unit_test(random_graphs),
        cmocka_unit_test(ring),
        cmocka_unit_test(cold_and_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
