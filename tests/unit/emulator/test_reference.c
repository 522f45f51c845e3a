/* Segments that count, dump or hold, on the reference: exact small cases by hand.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "array/coupling_word.h"
#include "array/protocol.h"
#include "emulator/reference.h"
#include "host_count.h"

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

/* Segments that count or dump are followed by 4 clocks more than others. */
static void clocks_of_a_sweep(void **state) {
    static const enum glb_segment_mode modes[] = {GLB_SEGMENT_SAMPLES, GLB_SEGMENT_HOLDS,
                                                  GLB_SEGMENT_COUNTS, GLB_SEGMENT_DUMPS};
    static const struct glb_beta_step steps = {1 << 16, 3};
    (void)state;
    for (int k = 0; k < 4; k++) {
        const struct glb_segment s = {.s_len = 7, .c_start = FIRST_SUM, .mode = modes[k]};
        const struct glb_job j = {.steps = &steps, .nsteps = 1, .nseg = 1};
        struct glb_job_counters n;
        segment(0, &s);
        assert_int_equal(glb_reference_run(board, &j, NULL, NULL, &n), GLB_OK);
        assert_int_equal(n.run_cycles, 3 * (7 + 10 + (k < 2 ? 0 : 4)));
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_by_hand, open_board, close_board),
        cmocka_unit_test_setup_teardown(own_word_lasts, open_board, close_board),
        cmocka_unit_test_setup_teardown(dumps_by_hand, open_board, close_board),
        cmocka_unit_test_setup_teardown(clocks_of_a_sweep, open_board, close_board),
        cmocka_unit_test_setup_teardown(holds_what_closes, open_board, close_board),
    };
    return cmocka_run_group_tests_name("reference", tests, NULL, NULL);
}
