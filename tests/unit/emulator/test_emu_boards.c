/* Any number of boards, from one that leaves a vector to 32 p-bits to several blocks: compiled
 * programs of lattices, layers, hubs and random graphs on arrays of one to four lanes, every kernel
 * beside references, bit for bit. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/random_program.h"
#include "unit/emulator/boards_bench.h"

static struct glb_graph *generated(const char *family, const char *args) {
    struct glb_graph *g;
    glb_graph_generate(family, args, 7, &g);
    if (!g)
        fail_msg("%s", glb_error());
    return g;
}

static struct glb_graph *layered(int layers, int n, bool hub) {
    struct glb_graph *g;
    glb_graph_new(layers * n, layers * n * n + layers * n, &g);
    for (int i = 0; i < layers * n; i++)
        for (int j = i + 1; j < layers * n; j++)
            if (j / n == i / n + 1 || (hub && i == 0 && j / n > 1)) {
                g->ei[g->m] = i;
                g->ej[g->m] = j;
                g->J[g->m++] = 0.03 * (below(41) - 20) + 0.01;
            }
    for (int i = 0; i < layers * n; i++)
        g->h[i] = 0.1 * (below(21) - 10);
    assert_int_equal(glb_graph_finish(g), GLB_OK);
    return g;
}

enum { ALL = sizeof some_boards / sizeof some_boards[0] };

static void lattices(void **state) {
    (void)state;
    check(generated("pegasus", "m=3"), "small", 16, ALL, (struct glb_compile_options){.count = 1});
    check(generated("chimera", "m=2,weights=gauss,bias=gauss"), "tiny", 16, ALL,
          (struct glb_compile_options){0});
}

static void random_graphs(void **state) {
    (void)state;
    check(generated("regular", "n=200,d=9,weights=gauss,bias=gauss"), "small", 16, ALL,
          (struct glb_compile_options){.count = 1});
    check(generated("complete", "n=24,weights=gauss"), "tiny", 16, 4,
          (struct glb_compile_options){0});
    check(generated("regular", "n=40,d=3,weights=gauss"), "tiny1", 16, ALL,
          (struct glb_compile_options){.count = 1});
}

/* Segments of their own: of three layers, updated one after the other. */
static void layers(void **state) {
    (void)state;
    enum { LAYERS = 3, N = 24 };
    int32_t pbits[LAYERS * N];
    struct glb_segment_spec spec[LAYERS];
    for (int i = 0; i < LAYERS * N; i++)
        pbits[i] = i;
    for (int i = 0; i < LAYERS; i++)
        spec[i] = (struct glb_segment_spec){pbits + i * N, N};
    const struct glb_compile_options options = {.segments = spec, .nsegments = LAYERS, .count = 1};
    check(layered(LAYERS, N, false), "small", 16, ALL, options);
}

/* A p-bit that is split into partial sums, exported digit by digit. */
static void hubs(void **state) {
    (void)state;
    check(layered(6, 20, true), "small", 16, ALL, (struct glb_compile_options){.hub_degree = 60});
}

static void fewer_chains(void **state) {
    (void)state;
    check(generated("pegasus", "m=2,bias=gauss"), "small", 8, ALL,
          (struct glb_compile_options){.count = 1});
    check(generated("regular", "n=36,d=3,weights=gauss"), "tiny4", 4, ALL,
          (struct glb_compile_options){.count = 1});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lattices), cmocka_unit_test(random_graphs), cmocka_unit_test(layers),
        cmocka_unit_test(hubs),     cmocka_unit_test(fewer_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
