/* Where the compiler stops: memories of exactly the size needed and one word less, numbers of
 * segments, degrees of hubs; what the seed changes. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "compiler/plan.h"
#include "support/random_graph.h"

static enum glb_status compiles(const struct glb_graph *g, const struct glb_array *a,
                                const struct glb_compile_options *o) {
    struct glb_program *p;
    const enum glb_status s = glb_compile(g, a, o, &p, NULL);
    if (s == GLB_OK) {
        assert_true(p->s_used <= a->sdepth && p->c_used <= a->cdepth);
        if (glb_program_verify(p, g) != GLB_OK)
            fail_msg("%s", glb_error());
    }
    glb_program_free(p);
    return s;
}

/* A schedule may fill its memory, but not need a clock more. */
static void schedules_fill_their_memory(void **state) {
    static const char *const name[] = {"tiny", "tiny1", "small"};
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct glb_graph *g = random_graph(30, 50, 0, 0);
        struct glb_array a = *glb_array_find(name[k]);
        const struct glb_compile_options o = {.seed = 1};
        struct glb_program *p = compile_ok(g, name[k], &o, NULL);
        a.sdepth = p->s_used;
        assert_int_equal(compiles(g, &a, &o), GLB_OK);
        a.sdepth = p->s_used - 1;
        assert_int_equal(compiles(g, &a, &o), GLB_ERR_FIT);
        assert_non_null(strstr(glb_error(), "schedule memory"));
        a.sdepth = p->s_used;
        a.cdepth = p->c_used;
        assert_int_equal(compiles(g, &a, &o), GLB_OK);
        glb_program_free(p);
        glb_graph_free(g);
    }
}

/* Where couplings are short of room, lanes share more of their reads: a graph that needs a word
 * more than there is gets a longer schedule of fewer words. */
static void couplings_are_saved_where_they_must_be(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(100, 400, 0, 0);
    struct glb_array a = *glb_array_find("small");
    const struct glb_compile_options o = {.seed = 1};
    struct glb_program *p = compile_ok(g, "small", &o, NULL);
    a.cdepth = p->c_used - 1;
    assert_int_equal(compiles(g, &a, &o), GLB_OK);
    a.cdepth = p->c_used / 4;
    assert_int_equal(compiles(g, &a, &o), GLB_ERR_FIT);
    assert_non_null(strstr(glb_error(), "coupling memory"));
    glb_program_free(p);
    glb_graph_free(g);
}

/* A plan that fits is better than a shorter one that does not. */
static void plans_that_fit_are_better(void **state) {
    const struct glb_array a = {.cdepth = 100};
    const struct problem problem = {.array = &a};
    const struct plan plan = {.problem = &problem};
    (void)state;
    assert_true(plan_shorter(&plan, 50, 100, 40, 101));
    assert_false(plan_shorter(&plan, 40, 101, 50, 100));
    assert_true(plan_shorter(&plan, 40, 100, 50, 20));
    assert_false(plan_shorter(&plan, 50, 20, 50, 100));
    assert_true(plan_shorter(&plan, 40, 300, 50, 101));
    assert_false(plan_shorter(&plan, 50, 101, 40, 300));
}

static void segments_are_one_to_sixteen(void **state) {
    int32_t pbit[20];
    struct glb_segment_spec spec[20];
    const struct glb_array *a = glb_array_find("tiny");
    (void)state;
    struct glb_graph *g = random_graph(20, 20, 0, 0);
    for (int i = 0; i < 20; i++) {
        pbit[i] = i;
        spec[i] = (struct glb_segment_spec){&pbit[i], 1};
    }
    for (int n = 0; n <= 20; n++) {
        const struct glb_compile_options o = {.segments = spec, .nsegments = n};
        assert_int_equal(compiles(g, a, &o), n >= 1 && n <= 16 ? GLB_OK : GLB_ERR_ARGUMENT);
        if (n == 17)
            assert_non_null(strstr(glb_error(), "17 segments"));
    }
    glb_graph_free(g);
}

/* Once in all segments together; of the graph. */
static void segments_name_a_pbit_once(void **state) {
    static const int32_t twice[] = {4, 5, 4}, beyond[] = {4, 20}, below[] = {-1}, last[] = {19, 0};
    static const struct {
        const int32_t *list;
        int count;
        const char *message;
    } bad[] = {{twice, 3, "p-bit 4 is in segments 0 and 0"},
               {beyond, 2, "segment 0 names p-bit 20"},
               {below, 1, "segment 0 names p-bit -1"},
               {last, 2, NULL}};
    (void)state;
    struct glb_graph *g = random_graph(20, 20, 0, 0);
    for (int k = 0; k < 4; k++) {
        const struct glb_segment_spec spec = {bad[k].list, bad[k].count};
        const struct glb_compile_options o = {.segments = &spec, .nsegments = 1};
        assert_int_equal(compiles(g, glb_array_find("tiny"), &o),
                         bad[k].message ? GLB_ERR_ARGUMENT : GLB_OK);
        if (bad[k].message)
            assert_non_null(strstr(glb_error(), bad[k].message));
    }
    glb_graph_free(g);
}

/* More couplings than the option's number make a hub, as many do not. */
static void hubs_have_more_couplings_than_asked(void **state) {
    enum { DEGREE = 20 };
    (void)state;
    struct glb_graph *g;
    assert_int_equal(glb_graph_new(DEGREE + 2, DEGREE + 1, &g), GLB_OK);
    g->m = 0;
    for (int i = 1; i <= DEGREE; i++)
        couple(g, 0, i, 0.25);
    couple(g, DEGREE, DEGREE + 1, 0.5);
    assert_int_equal(glb_graph_finish(g), GLB_OK);
    for (int limit = 1; limit <= DEGREE + 1; limit++) {
        const struct glb_compile_options o = {.hub_degree = limit};
        struct glb_compile_report r;
        glb_program_free(compile_ok(g, "tiny", &o, &r));
        assert_int_equal(r.max_degree, DEGREE);
        assert_int_equal(r.hubs, (limit < DEGREE) + (limit < 2));
    }
    glb_graph_free(g);
}

static int same_places(const struct glb_program *p, const struct glb_program *q) {
    int same = 1;
    for (int i = 0; i < p->n; i++)
        same &= p->slot[i].tile == q->slot[i].tile && p->slot[i].lane == q->slot[i].lane;
    return same;
}

/* The same seed gives the same program, another one other places of p-bits. */
static void the_seed_chooses(void **state) {
    enum { SEEDS = 4 };
    (void)state;
    struct glb_graph *g = random_graph(60, 150, 0, 0);
    struct glb_program *p[SEEDS];
    for (int k = 0; k < SEEDS; k++) {
        const struct glb_compile_options o = {.seed = 10 + (uint64_t)k, .effort = 1};
        p[k] = compile_ok(g, "small", &o, NULL);
        struct glb_program *again = compile_ok(g, "small", &o, NULL);
        assert_true(same_images(p[k], again));
        glb_program_free(again);
        for (int i = 0; i < k; i++)
            assert_false(same_places(p[i], p[k]));
    }
    for (int k = 0; k < SEEDS; k++)
        glb_program_free(p[k]);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedules_fill_their_memory),
        cmocka_unit_test(couplings_are_saved_where_they_must_be),
        cmocka_unit_test(plans_that_fit_are_better),
        cmocka_unit_test(segments_are_one_to_sixteen),
        cmocka_unit_test(segments_name_a_pbit_once),
        cmocka_unit_test(hubs_have_more_couplings_than_asked),
        cmocka_unit_test(the_seed_chooses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
