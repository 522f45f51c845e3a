/* Counting segments: what they take, what fits, what stays as it was. That they count right:
 * test_verify_count.c by walking them, test_device_sums.c by running them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/counting/counting.h"
#include "learn/topology/topology.h"
#include "support/random_graph.h"

enum { MAX_WANT = 40000 };

static struct glb_count_want want[MAX_WANT];

static int want_all(const struct glb_graph *g) {
    int n = 0;
    for (int e = 0; e < g->m; e++)
        want[n++] = (struct glb_count_want){g->ei[e], g->ej[e]};
    for (int i = 0; i < g->n; i++)
        want[n++] = (struct glb_count_want){i, -1};
    return n;
}

static int add(struct glb_program *p, int n, const struct glb_count_options *o) {
    int counted;
    if (glb_program_add_counts(p, want, n, o, &counted))
        fail_msg("%s", glb_error());
    assert_true(counted == p->ncount && counted == p->report.sums && n == p->report.sums_wanted);
    assert_true((counted < n) == (p->report.sums_limit != NULL));
    for (int k = 0; k < counted; k++)
        assert_true(p->count[k].i == want[k].i && p->count[k].j == want[k].j);
    return counted;
}

static void verified(const struct glb_program *p, const struct glb_graph *g) {
    if (glb_program_verify(p, g))
        fail_msg("%s", glb_error());
}

static void sampling_stays_as_it_was(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(200, 400, 2, 0);
    struct glb_program *before = compile_ok(g, "small", NULL, NULL);
    struct glb_program *p = compile_ok(g, "small", NULL, NULL);
    const size_t clocks = (size_t)before->s_used, tiles = (size_t)p->array.tiles;
    const int n = want_all(g);
    assert_int_equal(add(p, n, NULL), n);
    verified(p, g);
    assert_true(p->nseg == 1 && p->c_used == before->c_used && p->sums_first >= p->c_used);
    assert_int_equal(p->s_used, before->s_used + p->report.count_clocks);
    assert_memory_equal(p->seg, before->seg, sizeof p->seg[0]);
    assert_memory_equal(p->sched, before->sched, sizeof *p->sched * clocks * tiles);
    assert_memory_equal(p->net, before->net,
                        sizeof *p->net * clocks * (size_t)glb_array_chunks(&p->array));
    assert_memory_equal(p->coupling, before->coupling,
                        sizeof *p->coupling * tiles * (size_t)p->c_used);
    assert_memory_equal(p->slot, before->slot, sizeof *p->slot * 200);
    assert_int_equal(glb_program_info(p)->schedule_used, before->s_used);
    assert_int_equal(glb_program_info(p)->sums, n);
    assert_int_equal(glb_program_info(p)->sum_entries, p->sums);
    assert_int_equal(glb_program_info(p)->count_clocks, p->report.count_clocks);
    glb_program_free(before);
    glb_program_free(p);
    glb_graph_free(g);
}

static void the_seed_decides(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(100, 200, 1, 0);
    struct glb_program *p[3];
    for (int k = 0; k < 3; k++) {
        const struct glb_count_options o = {.seed = k == 2};
        p[k] = compile_ok(g, "small", NULL, NULL);
        add(p[k], want_all(g), &o);
        verified(p[k], g);
    }
    assert_true(same_images(p[0], p[1]));
    assert_memory_equal(p[0]->count, p[1]->count, sizeof *p[0]->count * (size_t)p[0]->ncount);
    assert_false(same_images(p[0], p[2]));
    for (int k = 0; k < 3; k++)
        glb_program_free(p[k]);
    glb_graph_free(g);
}

/* What is too much is left out at the end of the list, and named. */
static void what_is_full(void **state) {
    static const struct {
        const char *array;
        int n, m, spare, copies;
        const char *limit;
    } c[] = {{"tiny", 30, 50, 10, 1, "segments"},
             {"tiny", 20, 40, 15, 1, "segments"},
             {"tiny", 62, 150, 0, 1, "segments"},
             {"tiny", 20, 40, 0, 2, "one copy of the graph"},
             {"tiny4", 60, 190, 0, 1, "coupling memory"},
             {"small", 930, 400, 0, 1, "schedule memory"}};
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++)
        for (int all = 0; all < 2; all++) {
            const struct glb_compile_options o = {.copies = c[k].copies};
            const struct glb_count_options limits = {.spare_segments = c[k].spare, .all = all};
            struct glb_graph *g = random_graph(c[k].n, c[k].m, 0, 0);
            struct glb_program *p = compile_ok(g, c[k].array, &o, NULL);
            const int n = want_all(g), clocks = p->s_used, counted = add(p, n, &limits);
            assert_in_range(counted, 0, n - 1);
            assert_string_equal(p->report.sums_limit, c[k].limit);
            if (all || c[k].spare == 15 || c[k].copies > 1)
                assert_true(counted == 0 && p->s_used == clocks && p->nextra == 0);
            else
                assert_true(counted > 0);
            assert_in_range(p->nseg + p->nextra, 1, GLB_SEGMENTS - (counted ? c[k].spare : 0));
            verified(p, g);
            glb_program_free(p);
            glb_graph_free(g);
        }
}

/* Down to the last entry of the coupling memory. */
static void every_entry(void **state) {
    struct glb_array a = *glb_array_find("small");
    (void)state;
    struct glb_graph *g = random_graph(100, 300, 0, 0);
    struct glb_program *p = compile_ok(g, "small", NULL, NULL);
    const int n = want_all(g), entries = n / 3 / a.tiles;
    p->array.cdepth = p->c_used + entries;
    assert_int_equal(add(p, n, NULL), entries * a.tiles);
    assert_string_equal(p->report.sums_limit, "coupling memory");
    assert_int_equal(p->sums, entries);
    verified(p, g);
    assert_true(glb_program_runs_on(p, &p->array));
    a.cdepth = p->array.cdepth - 1;
    assert_false(glb_program_runs_on(p, &a));
    glb_program_free(p);
    glb_graph_free(g);
}

static void arguments(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(20, 30, 0, 0);
    struct glb_program *p = compile_ok(g, "tiny", NULL, NULL);
    static const struct glb_count_want wrong[] = {{-1, 3}, {20, -1}, {3, 20}, {3, 3},
                                                  {4, 3},  {3, -2},  {-1, -1}};
    int counted;
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++)
        assert_int_equal(glb_program_add_counts(p, &wrong[k], 1, NULL, &counted), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_program_add_counts(p, want, 0, NULL, &counted), GLB_OK);
    assert_true(counted == 0 && p->nextra == 0);
    /* no couplings, the same twice, in any order */
    static const struct glb_count_want some[] = {{0, 19}, {18, -1}, {0, 19}, {0, 1}, {18, -1}};
    assert_int_equal(glb_program_add_counts(p, some, 5, NULL, &counted), GLB_OK);
    assert_int_equal(counted, 5);
    verified(p, g);
    assert_int_equal(glb_program_add_counts(p, some, 5, NULL, &counted), GLB_ERR_ARGUMENT);
    int hold;
    assert_int_equal(glb_program_add_hold(p, 1, &hold), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_program_add_hold(p, -1, &hold), GLB_ERR_ARGUMENT);
    while (p->nseg + p->nextra < GLB_SEGMENTS) {
        assert_int_equal(glb_program_add_hold(p, 0, &hold), GLB_OK);
        assert_int_equal(hold, p->nseg + p->nextra - 1);
    }
    assert_int_equal(glb_program_add_hold(p, 0, &hold), GLB_ERR_FIT);
    verified(p, g);
    glb_program_free(p);
    glb_graph_free(g);
}

/* The machine of the default training: all sums beside the program, in few clocks. */
static void the_training_machine(void **state) {
    struct glb_topology t;
    struct glb_segment_spec spec[2];
    struct glb_program *p;
    (void)state;
    assert_int_equal(glb_topology_build("local", 28, 28, 10, 1, &t), GLB_OK);
    int32_t *all = malloc(sizeof *all * (size_t)t.graph->n);
    assert_non_null(all);
    for (int i = 0; i < t.graph->n; i++)
        all[i] = i;
    for (int l = 1; l < t.nlayers; l++)
        spec[l - 1] = (struct glb_segment_spec){all + t.layer[l].first, t.layer[l].count};
    const struct glb_compile_options o = {
        .segments = spec, .nsegments = 2, .u = 1.0 / 128, .effort = 1};
    assert_int_equal(glb_compile(t.graph, glb_array_find("ulx3s-85"), &o, &p, NULL), GLB_OK);
    const struct glb_count_options one_hold = {.spare_segments = 1};
    int n = 0, hold;
    for (int e = 0; e < t.graph->m; e++)
        want[n++] = (struct glb_count_want){t.graph->ei[e], t.graph->ej[e]};
    for (int i = t.layer[1].first; i < t.graph->n; i++)
        want[n++] = (struct glb_count_want){i, -1};
    assert_int_equal(n, 31165);
    assert_int_equal(add(p, n, &one_hold), n);
    assert_int_equal(glb_program_add_hold(p, 1, &hold), GLB_OK);
    assert_int_equal(glb_program_add_hold(p, 0, &hold), GLB_ERR_UNSUPPORTED);
    assert_non_null(strstr(glb_error(), "clamp its p-bits"));
    assert_in_range(p->report.count_clocks, 487, 620);
    verified(p, t.graph);
    glb_program_free(p);
    free(all);
    glb_topology_clear(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sampling_stays_as_it_was),
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(what_is_full),
        cmocka_unit_test(every_entry),
        cmocka_unit_test(arguments),
        cmocka_unit_test(the_training_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
