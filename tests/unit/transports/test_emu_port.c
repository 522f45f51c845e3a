/* The byte protocol on the emulated board: every command and error, order of checks, counters.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "array/array.h"
#include "array/protocol.h"
#include "base/little_endian.h"
#include "support/board_talk.h"
#include "support/frames.h"
#include "transports/transports.h"

static void ident(void **state) {
    (void)state;
    const struct glb_array *a = glb_array_find("tiny");
    const uint8_t want[32] = {'G', 'L', 'B', 'R', 2,
                              0,   4,   0,   2,   4,
                              8,   12,  4,   4,   0,
                              1,   128, 0,   16,  (uint8_t)a->wl,
                              0,   1,   0,   2,   (uint8_t)a->gap};
    assert_int_equal(talk_ask(GLB_CMD_IDENT, NULL, 0), GLB_WIRE_OK);
    assert_int_equal(got.len, 32);
    assert_memory_equal(got.payload, want, 32);
    assert_string_equal(port.describe(port.self), "emu tiny");
    struct glb_transport t;
    assert_int_equal(glb_emu_port_open("nonsense", NULL, &t), GLB_ERR_ARGUMENT);
}

static void malformed_frames(void **state) {
    (void)state;
    uint8_t f[2048], zero[1024] = {0};
    assert_int_equal(talk_ask(0, NULL, 0), GLB_WIRE_BAD_COMMAND);
    assert_int_equal(talk_ask(6, zero, 7), GLB_WIRE_BAD_COMMAND);
    assert_int_equal(talk_ask(GLB_CMD_IDENT, zero, 1), GLB_WIRE_BAD_LENGTH);
    assert_int_equal(talk_ask(GLB_CMD_ABORT, zero, 1024), GLB_WIRE_BAD_LENGTH);
    assert_int_equal(talk_ask(GLB_CMD_RUN, zero, 47), GLB_WIRE_BAD_LENGTH);
    assert_int_equal(talk_ask(GLB_CMD_WRITE, zero, 3), GLB_WIRE_BAD_LENGTH);

    size_t n = frame_make(f, GLB_SYNC_HOST, GLB_CMD_IDENT, 77, 0, NULL, 0);
    f[7] ^= 1;
    talk_send(f, n);
    assert_int_equal(talk_next(), 1);
    assert_int_equal(got.status, GLB_WIRE_BAD_CRC);
    assert_int_equal(got.type, GLB_TYPE_REPLY | GLB_CMD_IDENT);
    assert_int_equal(got.seq, 77);

    /* 1025 bytes announced: answered at once, the rest is hunted through. */
    const uint8_t too_long[] = {GLB_SYNC_HOST, GLB_CMD_WRITE, 9, 0, 1, 4, 0, 0, 0};
    talk_send(too_long, 6);
    assert_int_equal(talk_next(), 1);
    assert_int_equal(got.status, GLB_WIRE_BAD_LENGTH);
    assert_int_equal(got.seq, 9);
    talk_send(too_long + 6, 3);

    /* Noise between frames, a frame byte by byte. */
    talk_send((const uint8_t *)"noise", 5);
    n = frame_make(f, GLB_SYNC_HOST, GLB_CMD_STATUS, 1, 0, NULL, 0);
    for (size_t i = 0; i < n; i++)
        talk_send(f + i, 1);
    assert_int_equal(talk_next(), 1);
    assert_int_equal(got.status, GLB_WIRE_OK);
    assert_int_equal(got.len, 20);
    assert_int_equal((uint32_t)glb_get_le(got.payload, 4), 0);
    assert_int_equal((uint32_t)glb_get_le(got.payload + 4, 4), 7);  /* six above, this one */
    assert_int_equal((uint32_t)glb_get_le(got.payload + 8, 4), 1);  /* CRC */
    assert_int_equal((uint32_t)glb_get_le(got.payload + 12, 4), 8); /* 3 + 5 */
    assert_int_equal((uint32_t)glb_get_le(got.payload + 16, 4), 8);
}

static void write_checks(void **state) {
    (void)state;
    uint8_t b[1024] = {0};
    const struct {
        int target, tile, addr;
        size_t bytes;
        int status;
    } cases[] = {
        {GLB_TARGETS, 0, 0, 4, GLB_WIRE_BAD_TARGET},
        {GLB_TARGET_SCHED, 0, 0, 0, GLB_WIRE_BAD_LENGTH},
        {GLB_TARGET_SCHED, 0, 0, 1, 0},
        {GLB_TARGET_SCHED, 3, 255, 1, 0},
        {GLB_TARGET_SCHED, 4, 0, 1, 5},
        {GLB_TARGET_SCHED, 3, 255, 2, 5},
        {GLB_TARGET_NET, 0, 255, 2, 0},
        {GLB_TARGET_NET, 0, 0, 3, 2},
        {GLB_TARGET_NET, 1, 0, 2, 5},
        {GLB_TARGET_COUPLING, 3, 127, 3, 0},
        {GLB_TARGET_COUPLING, 3, 128, 3, 5},
        {GLB_TARGET_COUPLING, 3, 0, 4, 2},
        {GLB_TARGET_STATE, 3, 127, 1, 0},
        {GLB_TARGET_STATE, 3, 127, 2, 5},
        {GLB_TARGET_SEG, 0, 15, 12, 0},
        {GLB_TARGET_SEG, 0, 15, 24, 5},
        {GLB_TARGET_SEG, 1, 0, 12, 5},
        {GLB_TARGET_SEG, 1, 0, 13, 2},
        {GLB_TARGET_BETA, 0, 255, 8, 0},
        {GLB_TARGET_BETA, 0, 256, 8, 5},
        {GLB_TARGET_RUNS, 0, 511, 6, 0},
        {GLB_TARGET_RUNS, 0, 511, 12, 5},
        {GLB_TARGET_RUNS, 0, 65535, 6, 5},
        {GLB_TARGET_STATES, 3, 511, 0, 2},
        {GLB_TARGET_STATES, 3, 511, 1, 0},
        {GLB_TARGET_STATES, 3, 511, 1020, 0},
        {GLB_TARGET_STATES, 4, 511, 1, 5},
        {GLB_TARGET_STATES, 3, 512, 1, 5},
        {GLB_TARGET_STATES, 3, 65535, 1, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(
            talk_write(cases[i].target, cases[i].tile, cases[i].addr, b, cases[i].bytes),
            cases[i].status);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ident, talk_open, talk_close),
        cmocka_unit_test_setup_teardown(malformed_frames, talk_open, talk_close),
        cmocka_unit_test_setup_teardown(write_checks, talk_open, talk_close),
    };
    return cmocka_run_group_tests_name("emu port", tests, NULL, NULL);
}
