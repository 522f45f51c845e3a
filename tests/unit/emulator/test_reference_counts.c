/* Random programs that count, on the reference: sums beside an independent count, what counting
 * leaves alone, boards on shared images. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/reference.h"
#include "host_count.h"
#include "support/random_program.h"

enum { FIRST_SUM = 100 };

static struct glb_board_memory memory;

/* Segments 0 and 1 update, 2 and 3 count into entries from FIRST_SUM and from 16 further. */
static void random_memory(const char *array) {
    assert_int_equal(glb_board_memory_init(&memory, glb_array_find(array)), GLB_OK);
    random_segment(&memory, 0, 0, 100, 0, 0);
    random_segment(&memory, 1, 100, 60, 40, 0);
    random_counts(&memory, 2, 160, 30, FIRST_SUM, 8, 1);
    random_counts(&memory, 3, 190, 30, FIRST_SUM + 16, 8, 0);
}

static void random_states(struct glb_reference *r, int page) {
    for (int t = 0; t < memory.a.tiles; t++)
        for (int w = 0; w < 1 << memory.a.aw; w++)
            glb_reference_set_state(r, page, t, w, rnd());
}

/* Sums of a job are what its samples give, whoever returns them; the first count replaces. */
static void sums_of_samples(void **state) {
    static const char *const arrays[] = {"tiny", "small", "tiny4"};
    (void)state;
    rnd_state = 99;
    for (int k = 0; k < 24; k++) {
        struct glb_reference *r;
        struct glb_run all[GLB_MAX_TILES];
        struct host_count h = {.m = &memory, .seg = {2, 3}, .nseg = 2, .subtract = k % 2};
        const struct glb_beta_step steps[] = {{3 << 16, 5}, {1 << 16, 0}, {1 << 16, 6}};
        struct glb_job_counters loud, quiet;
        random_memory(arrays[k % 3]);
        assert_int_equal(glb_reference_open_shared(&memory, &r), GLB_OK);
        for (int t = 0; t < memory.a.tiles; t++)
            all[t] = (struct glb_run){(uint16_t)t, 0, (uint16_t)(1 << memory.a.aw)};
        struct glb_job j = {.seed = rnd(),
                            .steps = steps,
                            .nsteps = 3,
                            .burn_in = (uint32_t)below(4),
                            .interval = 1 + (uint32_t)below(4),
                            .runs = all,
                            .nruns = memory.a.tiles,
                            .page = (uint8_t)below(4),
                            .flags = (uint8_t)(GLB_RUN_REPLACE | (h.subtract ? 4 : 0)),
                            .nseg = 4,
                            .seg = {0, 1, 2, 3},
                            .nsampled = 2};
        random_states(r, j.page);
        uint32_t *start = malloc(sizeof *start * (size_t)memory.a.tiles << memory.a.aw);
        for (int w = 0; w < memory.a.tiles << memory.a.aw; w++)
            start[w] =
                glb_reference_state(r, j.page, w >> memory.a.aw, w & ((1 << memory.a.aw) - 1));
        for (int passed = 0; passed < 2; passed++) {
            for (int w = 0; w < memory.a.tiles << memory.a.aw; w++)
                glb_reference_set_state(r, j.page, w >> memory.a.aw, w & ((1 << memory.a.aw) - 1),
                                        start[w]);
            assert_int_equal(glb_reference_run(r, &j, passed ? NULL : host_count_sample, &h,
                                               passed ? &quiet : &loud),
                             GLB_OK);
            assert_true(loud.samples >= 2);
            for (int t = 0; t < memory.a.tiles; t++)
                for (int e = 0; e < 24; e++)
                    if (e < 8 || e >= 16)
                        assert_int_equal(glb_reference_entry(r, t, FIRST_SUM + e),
                                         h.sum[t][FIRST_SUM + e] & 0x3ffff);
            j.flags |= GLB_RUN_QUIET;
        }
        assert_int_equal(quiet.samples, 0);
        loud.samples = 0;
        assert_memory_equal(&loud, &quiet, sizeof loud);
        const int every = memory.seg[0].s_len + memory.seg[1].s_len + 2 * memory.a.gap,
                  sampled = 60 + 2 * (memory.a.gap + 4);
        const uint32_t points = (11 - j.burn_in) / j.interval;
        assert_int_equal(loud.run_cycles, 11u * (uint32_t)every + points * (uint32_t)sampled);
        free(start);
        glb_reference_close(r);
        glb_board_memory_free(&memory);
    }
}

/* Counting changes no state, no noise and no sum that an update holds. */
static void updates_rest(void **state) {
    (void)state;
    rnd_state = 5;
    for (int k = 0; k < 8; k++) {
        struct glb_reference *r[2];
        random_memory("small");
        for (int b = 0; b < 2; b++) {
            const uint64_t seed = rnd_state;
            assert_int_equal(glb_reference_open_shared(&memory, &r[b]), GLB_OK);
            random_states(r[b], 0);
            if (b == 0)
                rnd_state = seed;
            glb_reference_begin(r[b], 77);
            glb_reference_beta(r[b], 3 << 16);
        }
        for (int sweep = 0; sweep < 5; sweep++) {
            glb_reference_segment(r[0], sweep & 1, 0, 0);
            glb_reference_segment(r[1], sweep & 1, 0, 0);
            glb_reference_segment(r[1], 2, 0, 0);
        }
        for (int t = 0; t < memory.a.tiles; t++)
            for (int w = 0; w < 1 << memory.a.aw; w++)
                assert_int_equal(glb_reference_state(r[0], 0, t, w),
                                 glb_reference_state(r[1], 0, t, w));
        glb_reference_close(r[0]);
        glb_reference_close(r[1]);
        glb_board_memory_free(&memory);
    }
}

/* Boards on the same images count apart; an entry that is written anew is anew for each. */
static void shared_images(void **state) {
    struct glb_reference *r[2];
    (void)state;
    rnd_state = 8;
    random_memory("tiny");
    const uint64_t before = memory.coupling[FIRST_SUM];
    for (int b = 0; b < 2; b++) {
        assert_int_equal(glb_reference_open_shared(&memory, &r[b]), GLB_OK);
        random_states(r[b], 0);
    }
    glb_reference_segment(r[0], 2, 0, GLB_RUN_REPLACE);
    const uint64_t once = glb_reference_entry(r[0], 0, FIRST_SUM);
    assert_int_equal(glb_reference_entry(r[1], 0, FIRST_SUM), before);
    assert_int_equal(memory.coupling[FIRST_SUM], before);
    glb_reference_segment(r[0], 2, 0, 0);
    assert_int_equal(glb_reference_entry(r[0], 0, FIRST_SUM), 2 * once);
    memory.coupling[FIRST_SUM] = 5;
    glb_reference_entry_written(r[0], 0, FIRST_SUM);
    glb_reference_entry_written(r[1], 0, FIRST_SUM);
    assert_int_equal(glb_reference_entry(r[0], 0, FIRST_SUM), 5);
    glb_reference_segment(r[0], 2, 0, 0);
    assert_int_equal(glb_reference_entry(r[0], 0, FIRST_SUM), 5 + once);
    assert_int_equal(glb_reference_entry(r[1], 0, FIRST_SUM), 5);
    glb_reference_close(r[0]);
    glb_reference_close(r[1]);
    glb_board_memory_free(&memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_of_samples),
                                       cmocka_unit_test(updates_rest),
                                       cmocka_unit_test(shared_images)};
    return cmocka_run_group_tests_name("reference counts", tests, NULL, NULL);
}
