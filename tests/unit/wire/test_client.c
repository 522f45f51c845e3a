/* The client's jobs against the emulated board, directly and over a line that loses, repeats or
 * shortens frames. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "support/faulty_line.h"
#include "support/small_job.h"
#include "wire/client.h"

static struct faulty_line line;

static struct glb_client *open_client(size_t step) {
    struct glb_client *c;
    const struct glb_transport t = faulty_line_open(&line, step);
    assert_int_equal(glb_client_open(&t, &c), GLB_OK);
    return c;
}

static void test_identity(void **state) {
    struct glb_client *c = open_client(1000);
    (void)state;
    assert_int_equal(glb_client_check(c, glb_array_find("tiny")), GLB_OK);
    assert_int_equal(glb_client_check(c, glb_array_find("small")), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "tiles"));
    assert_string_equal(glb_client_describe(c), "test line (protocol 2, build 00000000)");
    glb_client_close(c);
}

static void test_job(void **state) {
    (void)state;
    for (size_t step = 1; step <= 1000; step *= 10) { /* whatever the pieces in which bytes come */
        struct glb_client *c = open_client(step);
        struct small_job_tape tape = {0};
        struct glb_job_counters n;
        assert_int_equal(small_job_run(c, 12, &tape, &n), GLB_OK);
        assert_int_equal(tape.samples, 4); /* 5, 8, 11 and the last, 12 */
        assert_int_equal(tape.last_sweep, 12);
        assert_int_equal(n.sweeps, 12);
        assert_int_equal(n.flips, 12 * SMALL_JOB_FLIPS);
        assert_false(n.aborted);
        glb_client_close(c);
    }
}

static void test_state_returns(void **state) {
    struct glb_client *c = open_client(64);
    uint64_t words[SMALL_JOB_WORDS];
    struct small_job_tape tape = {0};
    struct glb_job_counters n;
    (void)state;
    for (int i = 0; i < SMALL_JOB_WORDS; i++)
        words[i] = (uint64_t)i + 7;
    assert_int_equal(
        glb_client_set_state(c, glb_array_find("tiny"), 0, small_job_runs, 2, words, 1), GLB_OK);
    assert_int_equal(small_job_run(c, 3, &tape, &n), GLB_OK);
    assert_int_equal(tape.samples, 1);
    assert_memory_equal(tape.words, words, sizeof words); /* nothing happens in its sweeps */
    glb_client_close(c);
}

/* Jobs send the schedule only if it changed; a write from elsewhere makes it unknown. */
static void test_foreign_write(void **state) {
    struct glb_client *c = open_client(1000);
    struct glb_job_counters n;
    (void)state;
    for (int i = 0; i < 3; i++) {
        const uint8_t step[8] = {[2] = 1, [4] = 99}; /* beta 1, 99 sweeps */
        struct small_job_tape tape = {0};
        const struct link *l = glb_client_link(c);
        const uint32_t written = l->written[GLB_TARGET_BETA];
        if (i == 2)
            assert_int_equal(link_write(glb_client_link(c), GLB_TARGET_BETA, 0, 0, step, 8, 1),
                             GLB_OK);
        assert_int_equal(small_job_run(c, 12, &tape, &n), GLB_OK);
        assert_int_equal(n.sweeps, 12);
        assert_int_equal(l->written[GLB_TARGET_BETA] - written, i == 0 ? 1 : i == 1 ? 0 : 2);
    }
    glb_client_close(c);
}

/* Whatever a callback returns, if it is not zero. */
static void test_abort(void **state) {
    static const int values[] = {1, 2, -1, 1 << 30};
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct glb_client *c = open_client(100);
        struct small_job_tape tape = {.stop_after = 2, .stop_with = values[i]};
        struct glb_job_counters n;
        assert_int_equal(small_job_run(c, 3000, &tape, &n), GLB_OK);
        assert_int_equal(tape.samples, 2); /* later ones are dropped */
        assert_int_equal(n.aborted, 1);
        assert_in_range(n.sweeps, 8, 2999);
        tape = (struct small_job_tape){0};
        assert_int_equal(small_job_run(c, 5, &tape, &n), GLB_OK); /* the device is as good as new */
        assert_int_equal(tape.samples, 1);
        assert_false(n.aborted);
        glb_client_close(c);
    }
}

/* The error of a job on a line with this fault in its nth DATA frame, or in its DONE frame if 0. */
static void expect_refusal(enum data_fault fault, int nth, int samples, const char *text) {
    struct glb_client *c = open_client(100000);
    struct small_job_tape tape = {0};
    struct glb_job_counters n;
    line.data = fault;
    line.data_at = nth;
    line.done_short = !nth && fault == DATA_SHORT;
    line.done_twice = !nth && fault == DATA_REPEATED;
    assert_int_equal(small_job_run(c, 12, &tape, &n), GLB_ERR_PROTOCOL);
    assert_int_equal(tape.samples, samples);
    if (!strstr(glb_error(), text))
        fail_msg("'%s' is not in: %s", text, glb_error());
    glb_client_close(c);
}

static void test_lost_frame(void **state) {
    (void)state;
    expect_refusal(DATA_LOST, 2, 1, "lost");
}

static void test_done_twice(void **state) {
    (void)state;
    expect_refusal(DATA_REPEATED, 0, 4, "though no job runs");
}

/* More samples than the job takes: a callback may have room for those alone. */
static void test_too_many_samples(void **state) {
    (void)state;
    expect_refusal(DATA_REPEATED, 4, 4, "which takes 4");
}

/* Messages about frames too short to have fields show none. */
static void test_short_frames(void **state) {
    (void)state;
    expect_refusal(DATA_SHORT, 1, 0, "DATA frame of 3 bytes in job");
    expect_refusal(DATA_SHORT, 0, 4, "DONE frame of 3 bytes in job");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity),      cmocka_unit_test(test_job),
        cmocka_unit_test(test_state_returns), cmocka_unit_test(test_foreign_write),
        cmocka_unit_test(test_abort),         cmocka_unit_test(test_lost_frame),
        cmocka_unit_test(test_done_twice),    cmocka_unit_test(test_too_many_samples),
        cmocka_unit_test(test_short_frames),
    };
    return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
