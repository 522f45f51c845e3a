/* Biases and clamps in the coupling memory: what the CTRLs of an update add, over the whole range
 * of one CTRL and of a hub's two, and which of them write. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "array/coupling_word.h"
#include "support/random_graph.h"

static struct glb_ctrl ctrl_at(const struct glb_program *p, int tile, int entry) {
    return glb_ctrl_parts(&p->array, p->coupling[(size_t)tile * (size_t)p->c_used + (size_t)entry]);
}

static int sign(int x) {
    return (x > 0) - (x < 0);
}

/* One CTRL holds -span to span - 1; what is beyond comes out large, with its sign, and counted. */
static void biases_of_one_entry(void **state) {
    static const char *const name[] = {"tiny", "tiny1"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct glb_graph *g = random_graph(1, 0, 0, 0);
        const struct glb_compile_options o = {.u = 0.125};
        g->h[0] = 0;
        struct glb_program *p = compile_ok(g, name[k], &o, NULL);
        const int span = 1 << (p->array.acc - 2);
        for (int q = -5 * span; q <= 5 * span; q++) {
            const double h = q * 0.125;
            int saturated = -1;
            assert_int_equal(glb_program_set_weights(p, NULL, &h, &saturated), GLB_OK);
            const int got = ctrl_at(p, p->bias[0].tile, p->bias[0].entry).bias;
            const int fits = q >= -span && q < span;
            assert_int_equal(saturated, !fits);
            assert_int_equal(p->qbias[0], got);
            if (fits)
                assert_int_equal(got, q);
            else
                assert_true(abs(got) >= span - 1 && sign(got) == sign(q));
        }
        glb_program_free(p);
        glb_graph_free(g);
    }
}

/* A hub's bias is the sum of two CTRLs modulo the accumulator's range; one value of all is a unit
 * less. */
static void biases_of_hubs(void **state) {
    enum { LEAVES = 40 };
    (void)state;
    struct glb_graph *g;
    double J[LEAVES], h[LEAVES + 1] = {0};
    assert_int_equal(glb_graph_new(LEAVES + 1, LEAVES, &g), GLB_OK);
    g->m = 0;
    for (int i = 1; i <= LEAVES; i++)
        couple(g, 0, i, J[i - 1] = 0.125);
    assert_int_equal(glb_graph_finish(g), GLB_OK);
    const struct glb_compile_options o = {.u = 0.125, .hub_degree = 20};
    struct glb_compile_report r;
    struct glb_program *p = compile_ok(g, "small", &o, &r);
    assert_int_equal(r.hubs, 1);
    const struct glb_bias_ref *b = p->bias;
    while (b->to != 0)
        b++;
    assert_true(b->entry2 >= 0);
    const int range = 1 << p->array.acc, span = range / 4;
    int less = 0;
    for (int q = -2 * span; q < 2 * span; q++) {
        int saturated = -1;
        h[0] = (q + LEAVES) * 0.125; /* each coupling of two steps is a bias of -1 */
        assert_int_equal(glb_program_set_weights(p, J, h, &saturated), GLB_OK);
        assert_int_equal(saturated, 0);
        assert_int_equal(p->qbias[0], q);
        const int first = ctrl_at(p, b->tile, b->entry).bias;
        const int second = ctrl_at(p, b->tile2, b->entry2).bias;
        const int off = (first + second - q - b->constant) & (range - 1);
        assert_true(off == 0 || off == range - 1);
        less += off != 0;
    }
    assert_int_equal(less, 1);
    glb_program_free(p);
    glb_graph_free(g);
}

/* Of every segment, copy and kind of p-bit, and of no other. */
static void clamped_pbits_do_not_write(void **state) {
    enum { COUNT = 60 };
    (void)state;
    for (int hubs = 0; hubs < 2; hubs++) {
        struct glb_graph *g = random_graph(COUNT, 90, hubs, 0);
        int32_t list[COUNT];
        const struct glb_segment_spec spec[] = {{list, 15}, {list + 15, 25}, {list + 40, 12}};
        bool clamped[COUNT];
        for (int i = 0; i < COUNT; i++)
            list[i] = COUNT - 1 - i;
        const struct glb_compile_options o = {
            .segments = spec, .nsegments = 3, .copies = 2, .hub_degree = 30};
        struct glb_program *p = compile_ok(g, "small", &o, NULL);
        assert_int_equal(p->nbias, 2 * 52);
        for (int round = 0; round < 8; round++) {
            for (int i = 0; i < COUNT; i++)
                clamped[i] = round < 7 && draw(2);
            glb_program_clamp(p, round < 7 ? clamped : NULL);
            for (int k = 0; k < p->nbias; k++)
                assert_int_equal(ctrl_at(p, p->bias[k].tile, p->bias[k].entry).we,
                                 !clamped[p->bias[k].to]);
            if (glb_program_verify(p, g) != GLB_OK)
                fail_msg("%s", glb_error());
        }
        glb_program_free(p);
        glb_graph_free(g);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(biases_of_one_entry),
        cmocka_unit_test(biases_of_hubs),
        cmocka_unit_test(clamped_pbits_do_not_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
