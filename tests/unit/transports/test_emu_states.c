/* States by the list of runs on the emulated board. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "array/job.h"
#include "array/protocol.h"
#include "support/board_talk.h"

static void expect_words(int page, const struct glb_run *runs, int nruns, const uint8_t *words) {
    static uint32_t number = 100;
    struct run_payload r = {.job = number++,
                            .beta_count = 1,
                            .nseg = 1,
                            .page = (uint8_t)page,
                            .flags = GLB_RUN_SAMPLE_INITIAL,
                            .runs_start = 300,
                            .runs_count = (uint16_t)nruns};
    int n = 0;
    for (int i = 0; i < nruns; i++)
        n += runs[i].count;
    assert_int_equal(talk_write(GLB_TARGET_RUNS, 0, 300, runs, (size_t)nruns * 6), 0);
    assert_int_equal(talk_ask(GLB_CMD_RUN, &r, sizeof r), 0);
    assert_int_equal(talk_next(), 1);
    assert_int_equal(got.len, 8 + n);
    assert_memory_equal(got.payload + 8, words, (size_t)n);
    assert_int_equal(talk_next(), 1);
    assert_int_equal(got.type, GLB_TYPE_DONE);
}

/* Tokens, a run without words, addresses that go round, ends of the frame and of the list. */
static void states_by_runs(void **state) {
    static const struct glb_run list[] = {{1, 30, 3}, {0, 7, 0}, {5, 40, 2}}, /* 1, 8 of 4, 32 */
        last = {2, 0, 2}, lane[] = {{1, 28, 4}, {1, 0, 3}, {1, 8, 3}, {2, 0, 4}};
    const uint8_t fill[32] = {15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
                              15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15};
    (void)state;
    for (int t = 0; t < 4; t++)
        assert_int_equal(talk_write(GLB_TARGET_STATE, t, 64, fill, 32), 0);
    assert_int_equal(talk_write(GLB_TARGET_RUNS, 0, 10, list, sizeof list), 0);
    assert_int_equal(talk_write(GLB_TARGET_RUNS, 0, 511, &last, 6), 0);
    const uint8_t tokens[] = {0, 1, 129, 1, 0x12, 3};
    assert_int_equal(talk_write(GLB_TARGET_STATES, 2, 10, tokens, sizeof tokens), 0);
    expect_words(2, lane, 4, (uint8_t[]){15, 15, 1, 0, 0, 15, 15, 2, 3, 15, 15, 15, 15, 15});
    const uint8_t past[] = {3, 6, 7, 8, 9, 255}; /* the list's end */
    assert_int_equal(talk_write(GLB_TARGET_STATES, 2, 511, past, sizeof past), 0);
    expect_words(2, lane, 4, (uint8_t[]){15, 15, 1, 0, 0, 15, 15, 2, 3, 15, 6, 7, 15, 15});
    const uint8_t cut[] = {4, 11, 12}; /* three words are missing */
    assert_int_equal(talk_write(GLB_TARGET_STATES, 2, 12, cut, sizeof cut), 0);
    assert_int_equal(talk_write(GLB_TARGET_STATES, 2, 10, cut, sizeof cut), 0);
    expect_words(2, lane, 4, (uint8_t[]){15, 15, 11, 12, 0, 15, 15, 11, 12, 15, 6, 7, 15, 15});
    expect_words(1, lane, 4, (uint8_t[14]){0});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(states_by_runs, talk_open, talk_close),
    };
    return cmocka_run_group_tests_name("emu states", tests, NULL, NULL);
}
