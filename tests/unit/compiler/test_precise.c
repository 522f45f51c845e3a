/* Precise programs: every p-bit's probability in every state, computed from the memory images,
 * against the graph's numbers; files, betas, weights, refusals. SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "array/coupling_word.h"
#include "compiler/compile.h"
#include "graph/graph.h"
#include "support/random_graph.h"

enum { N = 9 };

static double wide(void) {
    return pow(10, -3 + 5 * fabs(real())) * (real() < 0 ? -1 : 1);
}

/* Couplings and biases from 0.001 up over about five decades; every third without biases. */
static struct glb_graph *wide_graph(int round) {
    struct glb_graph *g;
    assert_int_equal(glb_graph_new(N, N * N, &g), GLB_OK);
    g->m = 0;
    for (int i = 0; i < N; i++) {
        g->h[i] = round % 3 ? wide() : 0;
        for (int j = i + 1; j < N; j++)
            if (fabs(real()) < 0.6 || j == i + 1)
                couple(g, i, j, fmin(fmax(wide(), -100), 100));
    }
    assert_int_equal(glb_graph_finish(g), GLB_OK);
    return g;
}

static double logistic(double x) {
    return 1 / (1 + exp(-x));
}

static int field_of(const struct glb_program *p, const struct glb_read_ref *r) {
    return glb_field(&p->array, p->coupling[(size_t)r->tile * (size_t)p->c_used + (size_t)r->entry],
                     r->lane);
}

static int bias_of(const struct glb_program *p, int tile, int32_t entry) {
    return glb_ctrl_parts(&p->array, p->coupling[(size_t)tile * (size_t)p->c_used + (size_t)entry])
        .bias;
}

/* P(m_i = +1) of the array, from the images: all that it adds and its helper's two values. */
static double probability(const struct glb_graph *g, const struct glb_program *p, int i,
                          unsigned state) {
    double own = 0, helper = 0;
    bool helped = false;
    for (int k = 0; k < p->nreads; k++) {
        const struct glb_read_ref *r = &p->reads[k];
        const int j = g->ei[r->edge] == i ? g->ej[r->edge] : g->ei[r->edge];
        if (r->to == i && state >> j & 1)
            *(r->helper ? &helper : &own) += field_of(p, r);
    }
    for (int k = 0; k < p->nbias; k++)
        own += p->bias[k].to == i ? bias_of(p, p->bias[k].tile, p->bias[k].entry) : 0;
    for (int k = 0; k < p->nhelpers; k++)
        if (p->helper[k].to == i) {
            helped = true;
            helper += bias_of(p, p->helper[k].tile, p->helper[k].entry);
        }
    const double scale = 2 * p->beta * p->u, up = helped ? logistic(scale * helper) : 0;
    const double beta_u = p->beta * p->u;
    const int weight = beta_u < 0.006 ? 8 : beta_u < 0.02 ? 4 : 2;
    assert_true(fabs(own) <= (1 << (p->array.acc - 2)));
    return up * logistic(scale * (own + weight)) + (1 - up) * logistic(scale * own);
}

static double worst_probability(const struct glb_graph *g, const struct glb_program *p) {
    double worst = 0;
    for (int i = 0; i < g->n; i++)
        for (unsigned state = 0; state < 1u << g->n; state++) {
            double I = g->h[i];
            for (int e = 0; e < g->m; e++)
                if (g->ei[e] == i || g->ej[e] == i) {
                    const int j = g->ei[e] == i ? g->ej[e] : g->ei[e];
                    I += state >> j & 1 ? g->J[e] : -g->J[e];
                }
            worst = fmax(worst, fabs(probability(g, p, i, state) - logistic(2 * p->beta * I)));
        }
    return worst;
}

static void probabilities_are_the_graphs(void **state) {
    int cut = 0, split = 0, helped = 0;
    (void)state;
    for (int round = 0; round < 12; round++) {
        const double beta = round % 2 ? 1 : 0.3;
        struct glb_graph *g = wide_graph(round);
        const struct glb_compile_options o = {.beta_least = beta, .beta_most = beta};
        struct glb_compile_report r;
        struct glb_program *p = compile_ok(g, "small", &o, &r);
        const struct glb_precision *q = glb_program_precision(p, g);
        assert_true(p->beta == beta && q->beta == beta && r.beta == beta);
        assert_int_equal(glb_program_verify(p, g), GLB_OK);
        /* the error at its worst of all states, and what a helper is off: rounding alone would be
         * off by a quarter of u x beta and more */
        const double worst = worst_probability(g, p);
        if (worst > 1.5 * q->field_error * beta + 0.1 * p->u * beta)
            fail_msg("round %d: a probability is off by %g, error x beta %g, u x beta %g", round,
                     worst, q->field_error * beta, p->u * beta);
        assert_true(q->field_error == r.field_error && q->helpers == r.helpers);
        assert_true(q->couplings_cut == r.couplings_cut && q->entries_added == r.entries_added);
        cut += q->couplings_cut;
        split += q->entries_added;
        helped += q->helpers;
        glb_program_free(p);
        glb_graph_free(g);
    }
    assert_true(cut > 20 && split > 100 && helped > 50);
}

/* Plain rounding is what it was without betas, and where it loses nothing it stays. */
static void what_is_exact_stays(void **state) {
    (void)state;
    struct glb_graph *whole = random_graph(60, 100, 0, 1), *other = random_graph(60, 100, 0, 0);
    const struct glb_compile_options none = {.seed = 1},
                                     some = {.seed = 1, .beta_least = 1, .beta_most = 1};
    const struct glb_compile_options fast = {
        .seed = 1, .beta_least = 9, .beta_most = 9, .precision = -1};
    for (int k = 0; k < 2; k++) {
        struct glb_program *p = compile_ok(k ? other : whole, "small", &none, NULL);
        struct glb_program *q = compile_ok(k ? other : whole, "small", k ? &fast : &some, NULL);
        assert_true(q->beta == 0 && same_images(p, q));
        glb_program_free(p);
        glb_program_free(q);
    }
    glb_graph_free(whole);
    glb_graph_free(other);
}

static void betas_are_kept(void **state) {
    (void)state;
    struct glb_graph *g = wide_graph(1);
    const struct glb_compile_options one = {.beta_least = 1, .beta_most = 1},
                                     ramp = {.beta_least = 0.5, .beta_most = 2};
    uint32_t k;
    struct glb_program *p = compile_ok(g, "small", &one, NULL);
    assert_true(p->nhelpers > 0 && glb_program_k(p, 1, &k) == GLB_OK);
    assert_int_equal(glb_program_k(p, 1.001, &k), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_program_k(p, 0.999, &k), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "compile it for 0.999"));
    glb_program_free(p);
    p = compile_ok(g, "small", &ramp, NULL);
    assert_true(p->nhelpers == 0 && p->beta == 0.5);
    assert_true(glb_program_k(p, 0.5, &k) == GLB_OK && glb_program_k(p, 2, &k) == GLB_OK);
    assert_int_equal(glb_program_k(p, 0.49, &k), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_program_verify(p, g), GLB_OK);
    glb_program_free(p);
    glb_graph_free(g);
}

static void refusals_are_in_words(void **state) {
    (void)state;
    struct glb_graph *g = wide_graph(1);
    struct glb_program *p;
    const struct glb_compile_options strict = {.size = sizeof strict,
                                               .effort = 1,
                                               .beta_least = 1,
                                               .beta_most = 1,
                                               .precision = 1e-7,
                                               .precision_strict = 1};
    assert_int_equal(glb_program_compile(g, "small", &strict, &p), GLB_ERR_FIT);
    assert_non_null(strstr(glb_error(), "more than the 1e-07 asked for"));
    struct glb_compile_options o = strict;
    o.precision = 0.05;
    assert_int_equal(glb_program_compile(g, "small", &o, &p), GLB_OK);
    assert_true(glb_program_precision(p, g)->field_error <= 0.05);
    glb_program_free(p);
    o.beta_least = o.beta_most = 8;
    o.precision_strict = 0;
    assert_int_equal(glb_program_compile(g, "small", &o, &p), GLB_OK);
    const double error = glb_program_precision(p, g)->field_error;
    glb_program_free(p);
    o.precision_strict = 1;
    o.precision = 7.9 * error;
    assert_int_equal(glb_program_compile(g, "small", &o, &p), GLB_ERR_FIT);
    o.precision = 8.1 * error;
    assert_int_equal(glb_program_compile(g, "small", &o, &p), GLB_OK);
    glb_program_free(p);
    o.precision = 0;
    assert_int_equal(glb_program_compile(g, "small", &o, &p), GLB_ERR_ARGUMENT);
    o = strict;
    o.beta_most = 0.5;
    assert_int_equal(glb_program_compile(g, "small", &o, &p), GLB_ERR_ARGUMENT);
    glb_graph_free(g);
}

/* A program that is loaded has the same images and takes new weights alike. */
static void files_keep_it(void **state) {
    (void)state;
    char path[] = "/tmp/glb_precise_XXXXXX";
    assert_true(close(mkstemp(path)) == 0);
    struct glb_graph *g = wide_graph(2);
    const struct glb_compile_options o = {.beta_least = 1, .beta_most = 1};
    struct glb_program *p = compile_ok(g, "small", &o, NULL), *q;
    assert_int_equal(glb_program_save(p, path), GLB_OK);
    assert_int_equal(glb_program_load(path, &q), GLB_OK);
    unlink(path);
    assert_true(q->beta == p->beta && q->nhelpers == p->nhelpers && same_images(p, q));
    assert_memory_equal(q->helper, p->helper, sizeof *p->helper * (size_t)p->nhelpers);
    assert_int_equal(glb_program_verify(q, g), GLB_OK);
    assert_true(glb_program_set_weights(q, g->J, g->h, NULL) == GLB_OK && same_images(p, q));
    int saturated = 0;
    for (int e = 0; e < g->m; e++)
        g->J[e] *= 0.8;
    assert_int_equal(glb_program_set_weights(p, g->J, g->h, &saturated), GLB_OK);
    assert_int_equal(glb_program_set_weights(q, g->J, g->h, NULL), GLB_OK);
    assert_true(saturated == 0 && same_images(p, q));
    assert_true(glb_program_precision(q, g)->field_error < 0.01);
    glb_program_free(p);
    glb_program_free(q);
    glb_graph_free(g);
}

/* The couplings that a program stands for are the graph's where nothing is cut. */
static void effective_couplings(void **state) {
    (void)state;
    double J[N * N], h[N];
    struct glb_graph *g = random_graph(N, 20, 0, 0);
    for (int e = 0; e < g->m; e++)
        g->J[e] *= e ? 0.1 : 5;
    const struct glb_compile_options o = {.beta_least = 1, .beta_most = 1};
    struct glb_program *p = compile_ok(g, "small", &o, NULL);
    const struct glb_precision *q = glb_program_precision(p, g);
    assert_true(p->beta == 1 && q->couplings_cut == 0);
    glb_program_effective(p, J, h);
    for (int e = 0; e < g->m; e++)
        assert_true(fabs(J[e] - g->J[e]) <= q->j_max_error + 1e-12);
    for (int i = 0; i < g->n; i++)
        assert_true(fabs(h[i] - g->h[i]) <= q->h_max_error + 1e-12);
    assert_true(q->j_max_error < 0.002 && q->h_max_error < 0.002);
    glb_program_free(p);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probabilities_are_the_graphs),
        cmocka_unit_test(what_is_exact_stays),
        cmocka_unit_test(betas_are_kept),
        cmocka_unit_test(refusals_are_in_words),
        cmocka_unit_test(files_keep_it),
        cmocka_unit_test(effective_couplings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
