/* Graph compiler: random graphs on every array, each program walked by the verifier; segments,
 * copies, hubs, full memories, messages. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/random_graph.h"

static void random_graphs(void **state) {
    static const struct {
        const char *array;
        int n, m, hubs, hub_degree, rounds;
    } c[] = {{"tiny", 40, 60, 0, 0, 20},   {"tiny", 60, 60, 1, 20, 10},
             {"tiny1", 24, 24, 0, 0, 20},  {"tiny1", 30, 20, 1, 12, 10},
             {"tiny4", 60, 70, 0, 0, 20},  {"tiny4", 60, 30, 1, 20, 10},
             {"small", 300, 900, 0, 0, 5}, {"small", 300, 600, 3, 0, 5},
             {"25f", 400, 900, 3, 100, 2}, {"ulx3s-85", 1500, 6000, 3, 0, 1}};
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++)
        for (int round = 0; round < c[k].rounds; round++) {
            struct glb_graph *g = random_graph(c[k].n - (int)draw((uint32_t)c[k].n / 2), c[k].m,
                                               c[k].hubs, round & 1);
            const struct glb_compile_options o = {
                .hub_degree = c[k].hub_degree, .seed = (uint64_t)round, .effort = round == 0};
            struct glb_compile_report r;
            struct glb_program *p = compile_ok(g, c[k].array, &o, &r);
            assert_true(r.efficiency > 0 && r.efficiency <= 1);
            assert_int_equal(r.noise_words, (long)g->n * p->array.chains);
            if (round & 1 && !r.hubs)
                assert_true(r.j_max_error < 1e-12 && r.h_max_error < 1e-9);
            glb_program_free(p);
            glb_graph_free(g);
        }
}

static void no_couplings(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(17, 0, 0, 0);
    glb_program_free(compile_ok(g, "tiny", NULL, NULL));
    glb_graph_free(g);
    g = random_graph(1, 0, 0, 0);
    glb_program_free(compile_ok(g, "ulx3s-85", NULL, NULL));
    glb_graph_free(g);
}

static void full_state_memory(void **state) {
    static const char *arrays[] = {"tiny", "tiny1"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        const int n = glb_array_capacity(glb_array_find(arrays[k]));
        struct glb_graph *g;
        glb_graph_new(n, n, &g);
        for (int i = 0; i + 2 < n; i += 3) /* chains of three: unequal degrees, two colours */
            for (int j = i; j < i + 2; j++)
                couple(g, j, j + 1, real());
        assert_int_equal(glb_graph_finish(g), GLB_OK);
        struct glb_compile_report r;
        struct glb_program *p = compile_ok(g, arrays[k], NULL, &r);
        assert_int_equal(r.state_used, 1 << p->array.gw);
        glb_program_free(p);
        glb_graph_free(g);
    }
}

static void segments(void **state) {
    (void)state;
    for (int round = 0; round < 10; round++) {
        struct glb_graph *g = random_graph(200, 500, round & 1 ? 2 : 0, 0);
        int32_t list[3][200];
        struct glb_segment_spec spec[3] = {{list[0], 0}, {list[1], 0}, {list[2], 0}};
        for (int i = 0; i < g->n; i++) {
            const int s = (int)draw(4); /* 3: an input */
            if (s < 3)
                list[s][spec[s].count++] = i;
        }
        const struct glb_compile_options o = {.segments = spec, .nsegments = 3, .hub_degree = 60};
        struct glb_program *p = compile_ok(g, "small", &o, NULL);
        assert_int_equal(p->nseg, 3);
        for (int s = 0; s < 3; s++)
            assert_int_equal(p->seg[s].flips, spec[s].count * p->array.chains);
        glb_program_free(p);
        spec[1].pbits = list[0];
        spec[1].count = 1;
        assert_int_equal(glb_compile(g, glb_array_find("small"), &o, &p, NULL), GLB_ERR_ARGUMENT);
        assert_non_null(strstr(glb_error(), "in segments 0 and 1"));
        glb_graph_free(g);
    }
}

static void copies(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(100, 200, 2, 0);
    const struct glb_compile_options o = {.copies = 3, .hub_degree = 40};
    struct glb_program *p = compile_ok(g, "small", &o, NULL);
    assert_int_equal(p->copies, 3);
    assert_int_equal(p->nreads, 3 * 2 * g->m);
    assert_int_equal(p->seg[0].flips, 3 * g->n * p->array.chains);
    glb_program_free(p);
    glb_graph_free(g);
}

static void does_not_fit(void **state) {
    struct glb_program *p;
    (void)state;
    struct glb_graph *g = random_graph(129, 10, 0, 0);
    assert_int_equal(glb_compile(g, glb_array_find("tiny"), NULL, &p, NULL), GLB_ERR_FIT);
    assert_null(p);
    assert_non_null(strstr(glb_error(), "state memory of array tiny"));
    assert_non_null(strstr(glb_error(), "needs 129 state words"));
    assert_non_null(strstr(glb_error(), "the array has 128"));
    assert_non_null(strstr(glb_error(), "may fit: small"));
    glb_graph_free(g);
    g = random_graph(100, 2000, 0, 0);
    assert_int_equal(glb_compile(g, glb_array_find("tiny"), NULL, &p, NULL), GLB_ERR_FIT);
    assert_non_null(strstr(glb_error(), "coupling memory of array tiny"));
    assert_non_null(strstr(glb_error(), "the array has 128"));
    assert_non_null(strstr(glb_error(), "may fit: "));
    glb_graph_free(g);
    g = random_graph(64, 300, 0, 0);
    struct glb_compile_options o = {.u = 1e-3};
    assert_int_equal(glb_compile(g, glb_array_find("small"), &o, &p, NULL), GLB_ERR_FIT);
    assert_non_null(strstr(glb_error(), "quantisation: u = 0.001"));
    glb_graph_free(g);
    g = random_graph(400, 100, 1,
                     1); /* a hub of 300 couplings of 1: 6 sigma fit, the worst case does not */
    struct glb_compile_report r;
    o = (struct glb_compile_options){.u = 0.25, .hub_degree = 100};
    p = compile_ok(g, "small", &o, &r);
    assert_false(r.range_is_worst_case);
    glb_program_free(p);
    o.worst_case_range = true;
    assert_int_equal(glb_compile(g, glb_array_find("small"), &o, &p, NULL), GLB_ERR_FIT);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_graphs),
        cmocka_unit_test(no_couplings),
        cmocka_unit_test(full_state_memory),
        cmocka_unit_test(segments),
        cmocka_unit_test(copies),
        cmocka_unit_test(does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
