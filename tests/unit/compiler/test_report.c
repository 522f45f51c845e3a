/* The compiler's report against counts of the program's images. SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "array/coupling_word.h"
#include "support/random_graph.h"

struct counts {
    long entries, reads, shared, ctrls, noise;
};

/* Ops of a program without hubs: every read of an entry is one of the table. */
static struct counts count(const struct glb_program *p) {
    const struct glb_array *a = &p->array;
    struct counts c = {0};
    for (int s = 0; s < p->nseg; s++)
        for (int t = 0; t < a->tiles; t++) {
            int entry = p->seg[s].c_start;
            for (int k = 0; k < p->seg[s].s_len; k++) {
                const uint32_t op =
                    p->sched[(p->seg[s].s_start + k) * a->tiles + t] & ((1u << a->ow) - 1);
                c.noise += op >= 1 && (int)op <= a->lanes;
                if ((int)op != a->ctrl)
                    continue;
                const uint64_t word = p->coupling[(size_t)t * (size_t)p->c_used + (size_t)entry];
                const int flag = (int)(word & ((1u << a->ow) - 1));
                int readers = 0;
                for (int r = 0; r < p->nreads; r++)
                    readers += p->reads[r].tile == t && p->reads[r].entry == entry;
                c.entries++;
                c.ctrls += flag == a->ctrl;
                c.noise += flag == a->ctrl ? glb_ctrl_parts(a, word).nz : flag > 0;
                c.reads += readers;
                c.shared += readers > 1 ? readers - 1 : 0;
                entry++;
            }
        }
    return c;
}

static void check(const struct glb_graph *g, const char *array,
                  const struct glb_compile_options *o) {
    struct glb_compile_report r;
    struct glb_program *p = compile_ok(g, array, o, &r);
    const struct glb_array *a = &p->array;
    const struct counts c = count(p);
    const double tiles = a->tiles, lanes = tiles * a->lanes;
    int clocks = 0, words = 0, schedule = 0;
    long updates = 0;
    for (int s = 0; s < p->nseg; s++) {
        clocks += p->seg[s].s_len + a->gap;
        schedule += p->seg[s].s_len;
        updates += p->seg[s].flips;
    }
    for (int i = 0; i < p->n * p->copies; i++)
        words = p->slot[i].g >= words ? p->slot[i].g + 1 : words;
    assert_int_equal(r.hubs, 0);
    assert_int_equal(r.colours, p->colours);
    assert_int_equal(r.reads, c.reads);
    assert_int_equal(r.shared_reads, c.shared);
    assert_int_equal(r.noise_words, c.noise);
    assert_int_equal(r.closes, c.ctrls);
    assert_int_equal(r.exports, 0);
    assert_true(fabs(r.bound_lane - (double)(c.reads + c.noise + c.ctrls) / lanes) < 1e-9);
    assert_true(fabs(r.bound_noise - (double)c.noise / tiles) < 1e-9);
    assert_true(fabs(r.bound_port - (double)c.entries / tiles) < 1e-9);
    assert_true(r.bound == fmax(fmax(r.bound_lane, r.bound_noise), r.bound_port));
    assert_int_equal(r.clocks, clocks);
    assert_int_equal(r.schedule_used, schedule);
    assert_int_equal(r.coupling_used, p->c_used);
    assert_int_equal(r.state_used, words);
    assert_true(fabs(r.efficiency - r.bound / clocks) < 1e-12);
    assert_true(fabs(r.updates_per_clock - (double)updates / clocks) < 1e-9);
    assert_int_equal(r.lost_drain, p->nseg * a->gap);
    assert_true(
        abs(r.clocks - (int)lround(r.bound) - r.lost_drain - r.lost_tail - r.lost_conflict) <= 1);
    assert_true(r.lost_tail >= 0);
    glb_program_free(p);
}

static void figures_are_those_of_the_images(void **state) {
    static const char *const array[] = {"tiny", "tiny1", "tiny4", "small"};
    (void)state;
    for (int k = 0; k < 4; k++)
        for (int copies = 1; copies <= 2; copies++) {
            struct glb_graph *g = random_graph(30, 60, 0, 0);
            int32_t list[30];
            struct glb_segment_spec spec[3];
            for (int i = 0; i < 30; i++)
                list[i] = i;
            for (int s = 0; s < 3; s++)
                spec[s] = (struct glb_segment_spec){list + 10 * s, 10};
            const struct glb_compile_options one = {.seed = 1, .copies = copies};
            const struct glb_compile_options three = {
                .seed = 1, .copies = copies, .segments = spec, .nsegments = 3};
            check(g, array[k], &one);
            check(g, array[k], &three);
            glb_graph_free(g);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_the_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
