/* Quantisation against the graph's numbers: couplings are less than a step off, biases half a unit
 * and none where the graph has none (which roundings: test_even_sums.c), the report's figures are
 * those of the program, new weights are rounded like the first ones. SPDX-License-Identifier:
 * Apache-2.0 */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "graph/graph.h"
#include "support/random_graph.h"

/* Errors of J and h, and of p-bits' fields, by plain loops; *field: the largest |field| of any
 * state that can occur. */
struct errors {
    double j, square, h, field, invented; /* invented: of a p-bit without a bias */
    double one;                           /* root of the squares of a p-bit's errors */
    int zeroed;
};

static struct errors errors_of(const struct glb_graph *g, const struct glb_program *p) {
    struct errors e = {0};
    for (int k = 0; k < g->m; k++) {
        const double d = fabs(g->J[k] - p->weight[k] * p->u / 2);
        e.j = fmax(e.j, d);
        e.square += d * d / g->m;
        e.zeroed += g->J[k] != 0 && p->weight[k] == 0;
    }
    for (int i = 0; i < g->n; i++) {
        double on = p->qbias[i], low = p->qbias[i], high = p->qbias[i], squares = 0;
        for (int k = 0; k < g->m; k++)
            if (g->ei[k] == i || g->ej[k] == i) {
                on += p->weight[k] / 2.0;
                low += p->weight[k] < 0 ? p->weight[k] : 0;
                high += p->weight[k] > 0 ? p->weight[k] : 0;
                squares += pow(g->J[k] - p->weight[k] * p->u / 2, 2);
            }
        e.h = fmax(e.h, fabs(g->h[i] - on * p->u));
        e.one = fmax(e.one, sqrt(squares + pow(g->h[i] - on * p->u, 2)));
        e.invented = g->h[i] == 0 ? fmax(e.invented, fabs(on)) : e.invented;
        e.field = fmax(e.field, fmax(fabs(low), fabs(high)) * p->u);
    }
    return e;
}

/* The public figures of a program, and the couplings and biases that it has. */
static void check_precision(const struct glb_graph *g, const struct glb_program *p,
                            const struct errors *e) {
    const struct glb_precision *q = glb_program_precision(p, g);
    double J[4096], h[1024];
    assert_non_null(q);
    assert_true(q->size == sizeof *q && q->u == p->u);
    assert_true(fabs(q->j_max_error - e->j) < 1e-12 && fabs(q->h_max_error - e->h) < 1e-12);
    assert_true(fabs(q->j_rms_error - sqrt(e->square)) < 1e-12);
    assert_true(fabs(q->field_error - e->one) < 1e-12);
    assert_int_equal(q->couplings_zeroed, e->zeroed);
    assert_true(g->m <= 4096 && g->n <= 1024);
    glb_program_effective(p, J, h);
    double j_max = 0, h_max = 0;
    for (int k = 0; k < g->m; k++)
        j_max = fmax(j_max, fabs(J[k] - g->J[k]));
    for (int i = 0; i < g->n; i++)
        h_max = fmax(h_max, fabs(h[i] - g->h[i]));
    assert_true(fabs(j_max - e->j) < 1e-12 && fabs(h_max - e->h) < 1e-12);
}

static void check(const struct glb_graph *g, const struct glb_compile_options *o) {
    struct glb_compile_report r;
    struct glb_program *p = compile_ok(g, "small", o, &r);
    const struct errors e = errors_of(g, p);
    const double limit = (1 << (p->array.acc - 2)) - 1; /* the rest is the noise's */
    assert_true(e.j <= p->u / 2 * (1 + 1e-9));          /* a coupling's step is u / 2 */
    assert_true(e.h <= p->u / 2 * (1 + 1e-9) && e.invented == 0);
    assert_true(fabs(r.j_max_error - e.j) < 1e-12 && fabs(r.h_max_error - e.h) < 1e-12);
    assert_true(fabs(r.j_rms_error - sqrt(e.square)) < 1e-12);
    assert_true(fabs(r.field_error - e.one) < 1e-12 && r.couplings_zeroed == e.zeroed);
    check_precision(g, p, &e);
    assert_true(r.u == p->u && fabs(r.field_max - e.field) < 1e-9);
    assert_true(e.field <= limit * p->u * (1 + 1e-9) && r.field_limit == limit * p->u);
    glb_program_free(p);
}

static void rounding_is_close(void **state) {
    (void)state;
    for (int round = 0; round < 12; round++) {
        struct glb_graph *g = random_graph(60, 100, 0, 0);
        const struct glb_compile_options own = {.seed = 1, .copies = round % 3};
        const struct glb_compile_options coarse = {.u = 0.1 + 0.05 * round, .copies = round % 3};
        check(g, &own);
        check(g, &coarse);
        glb_graph_free(g);
    }
}

/* New weights of a program: the same rounding, and the same integers as compiled with that u. */
static void new_weights_round_alike(void **state) {
    (void)state;
    for (int copies = 1; copies <= 3; copies++) {
        const struct glb_compile_options o = {.u = 0.125, .copies = copies};
        struct glb_graph *g = random_graph(50, 90, 0, 0);
        struct glb_program *p = compile_ok(g, "small", &o, NULL);
        int saturated = -1;
        for (int k = 0; k < g->m; k++)
            g->J[k] = real();
        for (int i = 0; i < g->n; i++)
            g->h[i] = real();
        assert_int_equal(glb_program_set_weights(p, g->J, g->h, &saturated), GLB_OK);
        assert_int_equal(saturated, 0);
        const struct errors e = errors_of(g, p);
        assert_true(e.j <= p->u / 2 * (1 + 1e-9) && e.h <= p->u / 2 * (1 + 1e-9));
        assert_true(e.invented == 0);
        check_precision(g, p, &e);
        struct glb_program *anew = compile_ok(g, "small", &o, NULL);
        assert_memory_equal(anew->weight, p->weight, sizeof *p->weight * (size_t)g->m);
        assert_memory_equal(anew->qbias, p->qbias, sizeof *p->qbias * (size_t)g->n);
        assert_true(same_images(anew, p));
        glb_program_free(anew);
        /* far too large: the array's largest */
        g->J[0] = 1e6;
        g->J[1] = NAN;
        g->h[2] = -1e9;
        glb_program_set_weights(p, g->J, g->h, &saturated);
        assert_int_equal(p->weight[0], (1 << (p->array.jw - 1)) - 1);
        assert_true(saturated >= 3);
        struct glb_graph *other = random_graph(49, 90, 0, 0);
        assert_null(glb_program_precision(p, other));
        assert_int_equal(glb_error_status(), GLB_ERR_ARGUMENT);
        glb_graph_free(other);
        glb_program_free(p);
        glb_graph_free(g);
    }
}

/* Where all couplings are multiples of one unit nothing is lost, and u is as small as the array
 * allows: half of it would not do. */
static void whole_numbers_are_exact(void **state) {
    (void)state;
    for (int round = 0; round < 6; round++) {
        struct glb_graph *g = random_graph(60, 100, 0, 1);
        struct glb_compile_report r;
        struct glb_program *p;
        for (int k = 0; k < g->m; k++)
            g->J[k] *= 0.75 * (1 + round % 3);
        for (int i = 0; i < g->n; i++)
            g->h[i] *= 0.75 * (1 + round % 3);
        const struct glb_compile_options o = {.seed = 1};
        p = compile_ok(g, "small", &o, &r);
        assert_true(r.j_max_error == 0 && r.h_max_error < 1e-9);
        const struct glb_compile_options finer = {.u = r.u / 2.01};
        glb_program_free(p);
        if (glb_compile(g, glb_array_find("small"), &finer, &p, &r) == GLB_OK) {
            fail_msg("u = %g would fit as well", finer.u);
            glb_program_free(p);
        }
        glb_graph_free(g);
    }
}

/* Couplings of k and k + 1 units, k up to eight, are exact without being multiples of the least. */
static void common_parts_are_found(void **state) {
    (void)state;
    for (int k = 1; k <= 8; k++) {
        struct glb_graph *g = random_graph(30, 40, 0, 0);
        struct glb_compile_report r;
        for (int e = 0; e < g->m; e++)
            g->J[e] = 0.3 * (k + e % 2) * (e % 3 ? 1 : -1);
        for (int i = 0; i < g->n; i++)
            g->h[i] = 0;
        const struct glb_compile_options o = {.seed = 1};
        glb_program_free(compile_ok(g, "small", &o, &r));
        if (r.j_max_error > 1e-12 || r.h_max_error > 1e-12)
            fail_msg("%d and %d units: errors %g, %g", k, k + 1, r.j_max_error, r.h_max_error);
        glb_graph_free(g);
    }
}

/* A hub's field of d couplings of w steps has a standard deviation of w sqrt(d) / 2: six of them
 * must fit, and no more. A leaf's coupling is an even number of steps. */
static void hubs_have_six_sigma(void **state) {
    enum { LEAVES = 300 };
    const struct glb_array *a = glb_array_find("small");
    const int limit = (1 << (a->acc - 2)) - 1;
    const int most = (int)(limit / (3 * sqrt(LEAVES))) & ~1;
    (void)state;
    struct glb_graph *g;
    assert_int_equal(glb_graph_new(LEAVES + 1, LEAVES, &g), GLB_OK);
    g->m = 0;
    for (int i = 1; i <= LEAVES; i++)
        couple(g, 0, i, 1);
    assert_int_equal(glb_graph_finish(g), GLB_OK);
    for (int w = most - 4; w <= most + 4; w += 2) {
        struct glb_compile_options o = {.u = 2.0 / w, .hub_degree = 100};
        struct glb_compile_report r;
        struct glb_program *p;
        const enum glb_status s = glb_compile(g, a, &o, &p, &r);
        assert_int_equal(s, w <= most ? GLB_OK : GLB_ERR_FIT);
        if (s != GLB_OK)
            continue;
        assert_int_equal(r.range_is_worst_case, 0);
        assert_true(fabs(r.field_max - 3 * w * sqrt(LEAVES) * o.u) < 1e-9);
        glb_program_free(p);
        o.worst_case_range = true;
        assert_int_equal(glb_compile(g, a, &o, &p, NULL), GLB_ERR_FIT);
    }
    const struct glb_compile_options own = {.hub_degree = 100};
    struct glb_compile_report r;
    glb_program_free(compile_ok(g, "small", &own, &r));
    assert_true(r.field_max <= r.field_limit && r.hubs == 1);
    assert_true(fabs(r.u - 2.0 / most) < 0.2 * r.u);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounding_is_close),       cmocka_unit_test(new_weights_round_alike),
        cmocka_unit_test(whole_numbers_are_exact), cmocka_unit_test(common_parts_are_found),
        cmocka_unit_test(hubs_have_six_sigma),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
