/* Efforts of the graph compiler: what the default costs and gives beside the one that training and
 * the documented figures use. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "compiler/compile.h"
#include "learn/layers/layer_sampler.h"

static struct glb_compile_report compiled(const struct glb_graph *g, const char *array,
                                          const struct glb_compile_options *o) {
    struct glb_compile_report r;
    struct glb_program *p;
    if (glb_compile(g, glb_array_find(array), o, &p, &r))
        fail_msg("%s", glb_error());
    assert_int_equal(glb_program_verify(p, g), GLB_OK);
    glb_program_free(p);
    return r;
}

static struct glb_graph *generated(const char *family, const char *args) {
    struct glb_graph *g;
    assert_int_equal(glb_graph_generate(family, args, 1, &g), GLB_OK);
    return g;
}

/* docs/results/ecp5.md: 1,245 clocks; at most 1.5 % more by default, in less than half the time. */
static void without_hubs(void **state) {
    (void)state;
    struct glb_graph *g = generated("pegasus", "m=14");
    const struct glb_compile_report thorough =
        compiled(g, "ulx3s-85", &(struct glb_compile_options){.effort = 2, .seed = 1});
    const struct glb_compile_report standard = compiled(g, "ulx3s-85", NULL);
    assert_int_equal(thorough.clocks, 1245);
    assert_in_range(standard.clocks, 1200, 1245 * 1.015);
    assert_true(standard.seconds < thorough.seconds / 2);
    glb_graph_free(g);
}

static void with_hubs(void **state) {
    (void)state;
    struct glb_graph *g = generated("mnist-shallow", "hidden=200,k=10");
    struct glb_compile_report r[3];
    for (int effort = 0; effort < 3; effort++)
        r[effort] = compiled(g, "25f", &(struct glb_compile_options){.effort = effort});
    assert_true(r[1].hubs > 0);
    assert_true(r[1].clocks < r[0].clocks);
    assert_in_range(r[1].clocks, 1, r[2].clocks * 1.02);
    assert_true(r[1].seconds < r[2].seconds / 2);
    glb_graph_free(g);
}

/* A complete graph is one chain of updates: each waits for the write before it, and of the tiles
 * that want the newest word the next in the chain reads first. */
static void chains_of_updates(void **state) {
    (void)state;
    struct glb_graph *g = generated("complete", "n=100");
    const struct glb_array *a = glb_array_find("ulx3s-85");
    const struct glb_compile_report r = compiled(g, "ulx3s-85", NULL);
    assert_in_range(r.clocks, 100 * (a->wl + 2), 100 * (a->wl + 2) * 1.2);
    glb_graph_free(g);
}

/* Machines that are trained are compiled with effort 2: clocks of trainings are documented. */
static void training(void **state) {
    (void)state;
    struct glb_topology t;
    assert_int_equal(glb_topology_build("local:hidden=60,fan=8,window=5", 8, 8, 10, 1, &t), GLB_OK);
    struct glb_layer_sampler_options so = {
        .device = "emu", .array = "small", .chains = 16, .u = 1.0 / 128, .layers = 7};
    struct glb_layer_sampler s;
    assert_int_equal(glb_layer_sampler_open(&t, &so, &s), GLB_OK);
    struct glb_segment_spec spec[GLB_MAX_LAYERS];
    int32_t pbits[1000];
    assert_in_range(t.graph->n, 1, 1000);
    for (int i = 0; i < t.graph->n; i++)
        pbits[i] = i;
    assert_int_equal(t.nlayers, 3);
    for (int l = 0; l < 3; l++)
        spec[l] = (struct glb_segment_spec){pbits + t.layer[l].first, t.layer[l].count};
    int clocks[3];
    for (int effort = 1; effort < 3; effort++)
        clocks[effort] =
            compiled(t.graph, "small",
                     &(struct glb_compile_options){
                         .segments = spec, .nsegments = 3, .u = 1.0 / 128, .effort = effort})
                .clocks;
    assert_int_not_equal(clocks[1], clocks[2]);
    assert_int_equal(s.clocks, clocks[2]);
    glb_layer_sampler_close(&s);
    glb_topology_clear(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_hubs),
        cmocka_unit_test(with_hubs),
        cmocka_unit_test(chains_of_updates),
        cmocka_unit_test(training),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
