/* Segments that count, dump or hold, on the reference: exact small cases by hand, sums beside an
 * independent count, boards on shared images. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "array/protocol.h"
#include "emulator/reference.h"
#include "support/host_count.h"
#include "support/random_program.h"

enum { FIRST_SUM = 100 };

static struct glb_reference *board; /* array tiny: 4 tiles, 2 lanes of 16 words, 4 chains */
static const struct glb_array *tiny;

static int open_board(void **state) {
    (void)state;
    tiny = glb_array_find("tiny");
    return glb_reference_open(tiny, &board);
}

static int close_board(void **state) {
    (void)state;
    glb_reference_close(board);
    return 0;
}

static void write_to(int target, int tile, int addr, uint64_t lo, uint64_t hi) {
    assert_int_equal(glb_reference_write(board, target, tile, addr, lo, hi), GLB_OK);
}

static void op(int tile, int clock, int addr, int what) {
    write_to(GLB_TARGET_SCHED, tile, clock, (uint64_t)(addr << tiny->ow | what), 0);
}

static void segment(int number, const struct glb_segment *s) {
    uint64_t lo, hi;
    glb_segment_pack(s, &lo, &hi);
    write_to(GLB_TARGET_SEG, 0, number, lo, hi);
}

static void expect_sum(int tile, int entry, uint32_t sum) {
    assert_int_equal(glb_reference_entry(board, tile, entry), sum);
}

/* Tile 1 compares 0011 of its own bank, then ones, with words that the network brings. */
static void counts_by_hand(void **state) {
    const struct glb_segment counts = {
        .s_len = 6, .c_start = FIRST_SUM, .mode = GLB_SEGMENT_COUNTS};
    (void)state;
    segment(3, &counts);
    glb_reference_set_state(board, 2, 1, 5, 0x3);
    glb_reference_set_state(board, 2, 1, 31, 0x7);
    glb_reference_set_state(board, 2, 0, 9, 0x9);
    for (int clock = 0; clock < 6; clock++)
        for (int t = 0; t < 4; t++)
            op(t, clock, t ? 31 : 9, 0);
    op(1, 0, 5, HOST_OWN_WORD);
    op(1, 1, 31, HOST_COUNT); /* 0011, 0111: 3 agree */
    op(1, 2, 31, HOST_COUNT);
    write_to(GLB_TARGET_NET, 0, 2, 1, 0); /* stage 0, switch 0: tile 0's 1001 arrives: 2 agree */
    op(1, 3, 0, HOST_OWN_ONES);
    op(1, 5, 31, HOST_COUNT); /* 3 ones */
    for (int t = 0; t < 4; t++)
        for (int k = 0; k < 4; k++)
            write_to(GLB_TARGET_COUPLING, t, FIRST_SUM + k, 1000, 0);
    glb_reference_segment(board, 3, 2, 0);
    static const uint32_t added[3] = {3, 2, 3};
    for (int k = 0; k < 3; k++)
        expect_sum(1, FIRST_SUM + k, 1000 + added[k]);
    expect_sum(1, FIRST_SUM + 3, 1000);
    expect_sum(2, FIRST_SUM, 1000);
    glb_reference_segment(board, 3, 2, GLB_RUN_SUBTRACT);
    for (int k = 0; k < 3; k++)
        expect_sum(1, FIRST_SUM + k, 999);
    glb_reference_segment(board, 3, 2, GLB_RUN_REPLACE | GLB_RUN_QUIET | GLB_RUN_SAMPLE_FINAL);
    for (int k = 0; k < 3; k++)
        expect_sum(1, FIRST_SUM + k, added[k]);
    glb_reference_segment(board, 3, 2, GLB_RUN_REPLACE | GLB_RUN_SUBTRACT);
    for (int k = 0; k < 3; k++)
        expect_sum(1, FIRST_SUM + k, (1 << 18) - added[k] - 1);
    write_to(GLB_TARGET_COUPLING, 1, FIRST_SUM + 1, 0x3ffff, 0); /* wins over the sum */
    expect_sum(1, FIRST_SUM + 1, 0x3ffff);
    glb_reference_segment(board, 3, 2, 0); /* 2^18 - 1 and 2 */
    expect_sum(1, FIRST_SUM + 1, 1);
}

/* The word lasts until the next segment and is not that of another tile. */
static void own_word_lasts(void **state) {
    const struct glb_segment takes = {.s_len = 1, .mode = GLB_SEGMENT_COUNTS},
                             counts = {.s_start = 1,
                                       .s_len = 1,
                                       .c_start = FIRST_SUM,
                                       .mode = GLB_SEGMENT_COUNTS};
    (void)state;
    segment(0, &takes);
    segment(1, &counts);
    for (int t = 0; t < 4; t++) {
        glb_reference_set_state(board, 0, t, 0, (1u << t) - 1);
        op(t, 0, 0, HOST_OWN_WORD);
        op(t, 1, 1, HOST_COUNT); /* with 0000 */
    }
    glb_reference_segment(board, 0, 0, 0);
    glb_reference_segment(board, 1, 0, 0);
    for (int t = 0; t < 4; t++)
        expect_sum(t, FIRST_SUM, (uint32_t)(4 - t));
}

/* 16 bits of a sum are four words of 4 chains; the words go round in lane 0. */
static void dumps_by_hand(void **state) {
    (void)state;
    for (int t = 0; t < 4; t++)
        for (int k = 0; k < 5; k++)
            write_to(GLB_TARGET_COUPLING, t, FIRST_SUM + k,
                     0x30000u | (0x1234u + 0x1111u * (uint32_t)k + (uint32_t)t), 0);
    for (int part = 0; part < 4; part++) {
        const struct glb_segment dumps = {.s_start = 250, /* ops have no meaning */
                                          .s_len = 5,
                                          .c_start = FIRST_SUM,
                                          .wp_start = 13,
                                          .mode = GLB_SEGMENT_DUMPS,
                                          .part = part};
        segment(7, &dumps);
        for (int t = 0; t < 4; t++)
            for (int w = 0; w < 32; w++)
                glb_reference_set_state(board, 3, t, w, 0xa);
        glb_reference_segment(board, 7, 3, 0);
        for (int t = 0; t < 4; t++) {
            for (int k = 0; k < 5; k++)
                assert_int_equal(glb_reference_state(board, 3, t, (13 + k) % 16),
                                 (0x1234 + 0x1111 * k + t) >> 4 * part & 15);
            for (int w = 2; w < 32; w++)
                if (w < 13 || w >= 16)
                    assert_int_equal(glb_reference_state(board, 3, t, w), 0xa);
            expect_sum(t, FIRST_SUM, 0x31234u + (uint32_t)t);
        }
    }
}

/* A p-bit's own update is not written, the partial sums of a hub are; noise goes on as ever. */
static void holds_what_closes(void **state) {
    struct glb_segment s = {.s_len = 6, .mode = GLB_SEGMENT_HOLDS};
    (void)state;
    write_to(GLB_TARGET_COUPLING, 0, 0, glb_ctrl_word(tiny, 1, 0, 1, 1, 0, 0), 0); /* closes */
    write_to(GLB_TARGET_COUPLING, 0, 1, glb_ctrl_word(tiny, 1, 0, 0, 1, 0, 0), 0); /* exports */
    write_to(GLB_TARGET_COUPLING, 0, 2, glb_ctrl_word(tiny, 0, 1, 1, 1, 0, 0), 0); /* the last */
    for (int k = 0; k < 3; k++)
        op(0, k, 0, tiny->ctrl);
    for (int holds = 0; holds < 2; holds++) {
        s.mode = holds ? GLB_SEGMENT_HOLDS : GLB_SEGMENT_SAMPLES;
        segment(0, &s);
        for (int w = 0; w < 3; w++)
            glb_reference_set_state(board, 0, 0, w, 0);
        glb_reference_begin(board, 1);
        glb_reference_segment(board, 0, 0, 0);
        assert_int_equal(glb_reference_state(board, 0, 0, 0), holds ? 0 : 15);
        assert_int_equal(glb_reference_state(board, 0, 0, 1), 15);
        assert_int_equal(glb_reference_state(board, 0, 0, 2), 15);
    }
}

/* ---- random programs ---- */

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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_by_hand, open_board, close_board),
        cmocka_unit_test_setup_teardown(own_word_lasts, open_board, close_board),
        cmocka_unit_test_setup_teardown(dumps_by_hand, open_board, close_board),
        cmocka_unit_test_setup_teardown(holds_what_closes, open_board, close_board),
        cmocka_unit_test(sums_of_samples),
        cmocka_unit_test(updates_rest),
        cmocka_unit_test(shared_images),
    };
    return cmocka_run_group_tests_name("reference", tests, NULL, NULL);
}
