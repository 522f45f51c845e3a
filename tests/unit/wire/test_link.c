/* The link against the emulated board over a line that spoils, loses or delays bytes: replies,
 * errors by name, the window, devices that do not answer. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "support/faulty_line.h"
#include "support/frames.h"
#include "wire/link.h"

static struct faulty_line line;
static struct link l;

static int open_link(void **state) {
    const struct glb_transport t = faulty_line_open(&line, 1000);
    (void)state;
    return link_open(&l, &t) != GLB_OK;
}

static int close_link(void **state) {
    (void)state;
    link_close(&l);
    return 0;
}

static void test_identity(void **state) {
    struct link_ident i;
    (void)state;
    assert_int_equal(link_identify(&l, &i), GLB_OK);
    assert_int_equal(i.tiles, 4);
    assert_int_equal(ident_check(&i, "it", glb_array_find("tiny")), GLB_OK);
}

static void test_errors_have_names(void **state) {
    uint8_t item[2] = {0};
    struct glb_wire_counters w;
    (void)state;
    assert_int_equal(link_write(&l, GLB_TARGET_SCHED, 9, 0, item, 2, 1), GLB_OK); /* queued */
    assert_int_equal(link_sync(&l), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "WRITE SCHED"));
    assert_non_null(strstr(glb_error(), "BAD_RANGE"));
    assert_non_null(strstr(glb_error(), "tile 9"));
    assert_int_equal(link_send(&l, 0x33, NULL, 0, "PROBE", 0, 0), GLB_OK);
    assert_int_equal(link_sync(&l), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "BAD_COMMAND"));
    assert_int_equal(link_status(&l, &w), GLB_OK);
    assert_int_equal(w.errors, 2);
    assert_int_equal(w.frames, 3);
    assert_int_equal(link_send(&l, GLB_CMD_WRITE, item, GLB_MAX_PAYLOAD + 1, "LONG", 0, 0),
                     GLB_ERR_ARGUMENT);
}

static void test_writes_are_counted(void **state) {
    const uint8_t items[2 * 600] = {0};
    (void)state;
    for (int i = 0; i < 3; i++) /* one call may make several frames */
        assert_int_equal(link_write(&l, GLB_TARGET_NET, 0, 0, items, 2, 100 + 50 * i), GLB_OK);
    assert_int_equal(link_sync(&l), GLB_OK);
    for (int t = 0; t < GLB_TARGETS; t++)
        assert_int_equal(l.written[t], t == GLB_TARGET_NET ? 3 : 0);
}

static void test_other_version(void **state) {
    struct link_ident i;
    (void)state;
    line.version = GLB_PROTO_VERSION + 1;
    assert_int_equal(link_identify(&l, &i), GLB_ERR_PROTOCOL);
    assert_non_null(strstr(glb_error(), "speaks protocol 3"));
    assert_non_null(strstr(glb_error(), "needs protocol 2"));
    assert_non_null(strstr(glb_error(), "update glauber, or flash"));
    line.version = 1;
    assert_int_equal(link_identify(&l, &i), GLB_ERR_PROTOCOL);
    assert_non_null(strstr(glb_error(), "an older version; flash that of this one (make flash"));
}

static void test_window(void **state) {
    (void)state;
    for (int narrow = 0; narrow < 2; narrow++) {
        struct glb_transport t = faulty_line_open(&line, 100000);
        struct link w;
        line.frame = FRAME_EXTRA + 204;
        t.window = narrow ? 1000 : 0;
        assert_int_equal(link_open(&w, &t), GLB_OK);
        for (int i = 0; i < 40; i++) {
            const uint8_t payload[204] = {GLB_TARGET_NET, 0};
            assert_int_equal(link_send(&w, GLB_CMD_WRITE, payload, sizeof payload, "words", 0, 0),
                             GLB_OK);
        }
        assert_int_equal(link_sync(&w), GLB_OK);
        assert_int_equal(line.replies, 40);
        assert_int_equal(w.bytes, 0); /* the window is empty again */
        if (narrow)
            assert_in_range(line.most, line.frame, 1000);
        else
            assert_in_range(line.most, 10 * line.frame, 40 * line.frame);
        link_close(&w);
    }
}

static void test_spoiled_byte(void **state) {
    struct glb_wire_counters w;
    (void)state;
    line.flip_at = 8; /* in the reply's payload */
    assert_int_equal(link_status(&l, &w), GLB_ERR_PROTOCOL);
    assert_non_null(strstr(glb_error(), "CRC"));
    assert_int_equal(link_status(&l, &w), GLB_ERR_PROTOCOL); /* nothing is trusted after that */
    assert_non_null(strstr(glb_error(), "out of step"));
}

static void test_dead_device(void **state) {
    struct glb_wire_counters w;
    (void)state;
    line.dead = 1;
    assert_int_equal(link_status(&l, &w), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "no answer to STATUS"));
}

/* A board that was reset counts its frames anew. */
static void test_reset_board(void **state) {
    struct glb_wire_counters w;
    struct faulty_line other;
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(link_status(&l, &w), GLB_OK);
    assert_int_equal(w.frames, 3);
    const struct glb_transport fresh = faulty_line_open(&other, 1000);
    line.board.close(line.board.self);
    line.board = other.board;
    (void)fresh;
    assert_int_equal(link_status(&l, &w), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "the board was reset"));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_link, close_link)
    const struct CMUnitTest tests[] = {
        TEST(test_identity),      TEST(test_errors_have_names),  TEST(test_writes_are_counted),
        TEST(test_other_version), cmocka_unit_test(test_window), TEST(test_spoiled_byte),
        TEST(test_dead_device),   TEST(test_reset_board),
    };
    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
