/* Graphs through the public header alone: what is refused, text in memory, values near 0.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdint.h>

#include <cmocka.h>
#include <glauber.h>
#include <math.h>
#include <string.h>
#include "support/comma_locale.h"

static void limits(void **state) {
    (void)state;
    const int32_t i[] = {0, 0}, j[] = {1, 1}, wrong[] = {0, 2}, loop[] = {1, 1};
    struct glb_graph *g;
    const double huge[] = {1e100, 1e100}, inf[] = {1, INFINITY}, ok[] = {1, 2};
    const double big[] = {2e100, 0};
    const enum glb_convention B = GLB_BOLTZMANN;
    const struct {
        int n;
        int64_t entries;
        const int32_t *i, *j;
        const double *v, *single;
        enum glb_convention c;
        double offset;
    } bad[] = {{2, 2, i, j, huge, NULL, B, 0}, /* the sum leaves the range */
               {2, 2, i, j, inf, NULL, B, 0},
               {2, 2, i, j, big, NULL, B, 0},
               {2, 2, i, j, ok, big, B, 0},
               {2, 2, i, j, ok, inf, B, 0},
               {2, 2, i, j, ok, NULL, B, NAN},
               {2, 2, i, j, ok, NULL, B, -2e100},
               {2, 2, i, wrong, ok, NULL, B, 0},
               {2, 2, loop, loop, ok, NULL, B, 0},
               {2, 2, i, j, ok, ok, GLB_MAXCUT, 0},
               {2, 2, i, j, ok, NULL, (enum glb_convention)17, 0},
               {0, 0, i, j, ok, NULL, B, 0},
               {-1, 0, i, j, ok, NULL, B, 0},
               {GLB_GRAPH_MAX_N + 1, 0, i, j, ok, NULL, B, 0},
               {2, -1, i, j, ok, NULL, B, 0},
               {2, GLB_GRAPH_MAX_M + (int64_t)1, i, j, ok, NULL, B, 0},
               {2, INT64_MAX, i, j, ok, NULL, B, 0}};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        g = (struct glb_graph *)&g;
        if (glb_graph_from_arrays(bad[k].n, bad[k].entries, bad[k].i, bad[k].j, bad[k].v,
                                  bad[k].single, bad[k].c, bad[k].offset, &g) != GLB_ERR_ARGUMENT)
            fail_msg("case %zu is not refused", k);
        assert_null(g);
        assert_int_equal(glb_error_status(), GLB_ERR_ARGUMENT);
    }
    assert_int_equal(glb_graph_from_arrays(3, 0, NULL, NULL, NULL, NULL, B, 0, &g), GLB_OK);
    assert_int_equal(glb_graph_couplings(g), 0);
    glb_graph_free(g);
    glb_graph_free(NULL);
}

/* What is printed reads back as the same graph, in a program whose locale has a decimal comma. */
static void text(void **state) {
    (void)state;
    struct glb_graph *g, *back;
    char *couplings, *biases;
    const bool comma = comma_locale_begin();
    if (!comma)
        print_message("no localedef: the locale is not tested\n");
    assert_int_equal(
        glb_graph_generate("regular", "n=12,d=3,weights=gauss,bias=gauss,scale=0.5", 3, &g),
        GLB_OK);
    for (int format = GLB_TEXT_MATRIX_MARKET; format <= GLB_TEXT_RUDY; format++) {
        assert_int_equal(glb_graph_print(g, (enum glb_text_format)format, &couplings, &biases),
                         GLB_OK);
        assert_null(strchr(couplings, ','));
        assert_int_equal(glb_graph_parse(NULL, couplings, strlen(couplings), NULL, biases,
                                         strlen(biases), GLB_BOLTZMANN, &back),
                         GLB_OK);
        assert_true(glb_graph_hash(back) == glb_graph_hash(g));
        glb_graph_free(back);
        glb_free(couplings);
        glb_free(biases);
    }
    couplings = (char *)g;
    assert_int_equal(glb_graph_print(g, GLB_TEXT_RUDY, &couplings, NULL), GLB_ERR_ARGUMENT);
    assert_null(couplings);
    glb_graph_free(g);
    const char bad[] = "2 1\n1 2 x\n";
    assert_int_equal(glb_graph_parse(NULL, bad, sizeof bad - 1, NULL, NULL, 0, GLB_BOLTZMANN, &g),
                     GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), "graph:2:"));
    comma_locale_end();
}

/* A coupling that rounds to 0 on every array does not make the default range infinite. */
static void tiny_values(void **state) {
    (void)state;
    const int32_t i[] = {0, 1}, j[] = {1, 2};
    const double v[] = {1, 5e-324}, only[] = {5e-324, 0};
    double hot, cold, hot1, cold1;
    struct glb_graph *g;
    assert_int_equal(glb_graph_from_arrays(3, 2, i, j, v, NULL, GLB_BOLTZMANN, 0, &g), GLB_OK);
    assert_int_equal(glb_beta_range(g, &hot, &cold), GLB_OK);
    glb_graph_free(g);
    assert_int_equal(glb_graph_from_arrays(3, 1, i, j, v, NULL, GLB_BOLTZMANN, 0, &g), GLB_OK);
    assert_int_equal(glb_beta_range(g, &hot1, &cold1), GLB_OK);
    glb_graph_free(g);
    assert_true(hot == hot1 && cold == cold1 && hot > 0 && cold > hot && cold < 10);
    assert_int_equal(glb_graph_from_arrays(3, 2, i, j, only, NULL, GLB_BOLTZMANN, 0, &g), GLB_OK);
    assert_int_equal(glb_beta_range(g, &hot, &cold), GLB_OK);
    assert_true(isfinite(hot) && isfinite(cold) && cold >= hot);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(limits), cmocka_unit_test(text),
                                       cmocka_unit_test(tiny_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
