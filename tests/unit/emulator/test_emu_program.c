/* The emulator on compiled programs: every segment is decoded (none is left to the slow reference),
 * and states equal the reference's, also after new weights from zero and after clamping, with hubs
 * whose partial sums are exported. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/compile.h"
#include "emulator/decode.h"
#include "emulator/emulator.h"
#include "emulator/reference.h"
#include "graph/graph.h"

enum { BOARDS = 3 };

static int same(const struct glb_emu *e, struct glb_reference **ref, const struct glb_array *a) {
    uint64_t words[BOARDS];
    for (int t = 0; t < a->tiles; t++)
        for (int addr = 0; addr < 1 << a->aw; addr++) {
            glb_emu_get(e, 0, t, addr, words);
            for (int b = 0; b < BOARDS; b++) {
                const int bit = b * a->chains;
                const uint32_t bits = (uint32_t)(words[bit / 64] >> (bit % 64));
                if ((bits & ((1u << a->chains) - 1)) != glb_reference_state(ref[b], 0, t, addr))
                    return 0;
            }
        }
    return 1;
}

static void fill_images(struct glb_board_memory *m, const struct glb_program *p) {
    const struct glb_array *a = &p->array;
    memcpy(m->sched, p->sched, (size_t)p->s_used * (size_t)a->tiles * sizeof *p->sched);
    memcpy(m->net, p->net, (size_t)p->s_used * (size_t)m->chunks * sizeof *p->net);
    for (int t = 0; t < a->tiles; t++)
        memcpy(m->coupling + (size_t)t * a->cdepth, p->coupling + (size_t)t * p->c_used,
               (size_t)p->c_used * sizeof *p->coupling);
    memcpy(m->seg, p->seg, sizeof m->seg);
}

static void run_and_compare(struct glb_emu *e, struct glb_reference **ref,
                            const struct glb_program *p) {
    const uint64_t seeds[BOARDS] = {1, 22, 333};
    struct glb_beta_step step[2] = {{.sweeps = 3}, {.sweeps = 4}};
    struct glb_job j = {.steps = step, .nsteps = 2, .nseg = (uint8_t)p->nseg};
    assert_int_equal(glb_program_k(p, 0.3, &step[0].k), GLB_OK);
    assert_int_equal(glb_program_k(p, 1.5, &step[1].k), GLB_OK);
    for (int i = 0; i < p->nseg; i++)
        j.seg[i] = (uint8_t)i;
    assert_int_equal(glb_emu_run(e, &j, seeds, NULL, NULL, NULL), GLB_OK);
    for (int b = 0; b < BOARDS; b++) {
        j.seed = seeds[b];
        assert_int_equal(glb_reference_run(ref[b], &j, NULL, NULL, NULL), GLB_OK);
    }
    assert_true(same(e, ref, &p->array));
}

static void check(struct glb_graph *g, const char *array, enum glb_emu_path path, int hub_degree) {
    const struct glb_array *a = glb_array_find(array);
    struct glb_program *p;
    struct glb_compile_report report;
    struct glb_board_memory m;
    struct glb_reference *ref[BOARDS];
    struct glb_emu *e;
    const struct glb_compile_options options = {.effort = 0, .hub_degree = hub_degree};
    double *zero = calloc((size_t)(g->m > g->n ? g->m : g->n), sizeof *zero);
    bool *clamped = calloc((size_t)g->n, sizeof *clamped);
    if (glb_compile(g, a, &options, &p, &report) != GLB_OK)
        fail_msg("%s", glb_error());
    if (hub_degree)
        assert_true(report.exports > 0);
    if (glb_emu_open(a, BOARDS, 2, path, &e) == GLB_OK) {
        assert_int_equal(glb_board_memory_init(&m, a), GLB_OK);
        for (int b = 0; b < BOARDS; b++)
            assert_int_equal(glb_reference_open_shared(&m, &ref[b]), GLB_OK);

        glb_program_set_weights(p, zero, zero,
                                NULL); /* loaded with zeros: the reads must be there all the same */
        assert_int_equal(glb_emu_load(e, p), GLB_OK);
        glb_program_set_weights(p, g->J, g->h, NULL);
        assert_int_equal(glb_emu_update(e, p), GLB_OK);
        fill_images(&m, p);
        run_and_compare(e, ref, p);

        for (int i = 0; i < g->n; i++)
            clamped[i] = i % 3 == 0;
        glb_program_clamp(p, clamped);
        assert_int_equal(glb_emu_update(e, p), GLB_OK);
        fill_images(&m, p);
        run_and_compare(e, ref, p);

        glb_program_clamp(p, NULL);
        for (int i = 0; i < g->m; i++)
            g->J[i] *= i % 5 - 2;
        glb_program_set_weights(p, g->J, g->h, NULL);
        assert_int_equal(glb_emu_update(e, p), GLB_OK);
        fill_images(&m, p);
        run_and_compare(e, ref, p);

        uint8_t *live = calloc((size_t)a->tiles * a->cdepth, 1);
        for (int s = 0; s < p->nseg; s++) {
            struct glb_emu_code c;
            assert_int_equal(glb_emu_decode(&m, s, live, &c), GLB_OK);
            assert_int_equal(c.ok, 1);
            glb_emu_code_free(&c);
        }
        free(live);
        for (int b = 0; b < BOARDS; b++)
            glb_reference_close(ref[b]);
        glb_board_memory_free(&m);
        glb_emu_close(e);
    }
    glb_program_free(p);
    free(zero);
    free(clamped);
}

static void check_generated(const char *family, const char *args, const char *array) {
    for (int path = GLB_EMU_PORTABLE; path < GLB_EMU_PATHS; path++) {
        struct glb_graph *g;
        glb_graph_generate(family, args, 7, &g);
        if (!g)
            fail_msg("%s", glb_error());
        check(g, array, (enum glb_emu_path)path, 0);
        glb_graph_free(g);
    }
}

static void lattices(void **state) {
    (void)state;
    check_generated("pegasus", "m=3,bias=gauss", "small");
    check_generated("torus3d", "lx=6", "small");
}

static void random_graphs(void **state) {
    (void)state;
    check_generated("regular", "n=96,d=5,weights=gauss,bias=gauss", "tiny4");
    check_generated("regular", "n=48,d=3,weights=gauss", "tiny1");
}

/* One p-bit that sees all others, so that it has to be split. */
static void hub(void **state) {
    (void)state;
    for (int path = GLB_EMU_PORTABLE; path < GLB_EMU_PATHS; path++) {
        const int n = 300;
        struct glb_graph *g;
        glb_graph_new(n, 2 * n, &g);
        for (int i = 1; i < n; i++) {
            g->ei[g->m] = 0;
            g->ej[g->m] = i;
            g->J[g->m++] = 0.05 * (i % 7 - 3) + 0.01;
            if (i > 1) {
                g->ei[g->m] = i - 1;
                g->ej[g->m] = i;
                g->J[g->m++] = i % 2 ? 0.5 : -0.4;
            }
        }
        assert_int_equal(glb_graph_finish(g), GLB_OK);
        check(g, "small", (enum glb_emu_path)path, 100);
        glb_graph_free(g);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lattices),
        cmocka_unit_test(random_graphs),
        cmocka_unit_test(hub),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
