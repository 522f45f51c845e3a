/* The USB/IP server with the emulated board behind it, spoken to as Linux's vhci-hcd does.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "array/protocol.h"
#include "base/little_endian.h"
#include "base/seconds.h"
#include "support/board_descriptors.h"
#include "support/frames.h"
#include "support/usbip_peer.h"
#include "usb_board/device.h"

static void test_requests(void **state) {
    uint8_t got[256];
    struct board_descriptor all[16];
    const int n = board_descriptors(1, 1, all);
    (void)state;
    for (int i = 0; i < n; i++) {
        const struct board_descriptor *d = &all[i];
        uint8_t setup[8] = {(uint8_t)d->type, (uint8_t)d->request};
        glb_put_le(setup + 2, (uint64_t)d->value | (uint64_t)d->index << 16 | 255ull << 32, 6);
        assert_int_equal(usbip_control(setup, got), d->bytes ? d->length : GLB_USB_STALL);
        if (d->bytes)
            assert_memory_equal(got, d->bytes, (size_t)d->length);
    }
    /* a transfer that is longer than its request asks for */
    usbip_submit(1, 0, 64, (uint8_t[8]){0x80, 6, 0, 1, 0, 0, 8, 0}, NULL);
    assert_int_equal(usbip_answer(usbip_seq, 1, got), 8);
    assert_int_equal(usbip_control((uint8_t[8]){0x80, 8, 0, 0, 0, 0, 1, 0}, got), 1);
    assert_int_equal(got[0], 0);
    assert_int_equal(usbip_control((uint8_t[8]){2, 3, 0, 0, 0x81}, NULL), GLB_USB_STALL);
    usbip_configure();
    assert_int_equal(usbip_control((uint8_t[8]){2, 3, 0, 0, 0x81}, NULL), 0);
    assert_int_equal(usbip_control((uint8_t[8]){0x82, 0, 0, 0, 0x81, 0, 2, 0}, got), 2);
    assert_int_equal(got[0], 1);
    usbip_submit(1, 1, 64, NULL, NULL);
    assert_int_equal(usbip_answer(usbip_seq, 1, got), GLB_USB_STALL);
    assert_int_equal(usbip_control((uint8_t[8]){2, 1, 0, 0, 0x81}, NULL), 0);
    assert_int_equal(usbip_control((uint8_t[8]){0x81, 10, 0, 0, 0, 0, 1, 0}, got), 1);
    assert_int_equal(usbip_control((uint8_t[8]){0, 9, 2}, NULL), GLB_USB_STALL);
    assert_int_equal(usbip_control((uint8_t[8]){0, 9, 1, 0, 0, 0, 2}, got), GLB_USB_STALL);
}

/* A new configuration ends halts. */
static void test_halts(void **state) {
    (void)state;
    usbip_configure();
    assert_int_equal(usbip_control((uint8_t[8]){2, 3, 0, 0, 1}, NULL), 0);
    assert_int_equal(usbip_control((uint8_t[8]){2, 3, 0, 0, 0x81}, NULL), 0);
    usbip_configure();
    usbip_submit(1, 1, 64, NULL, NULL);
    usbip_ask(9, usbip_seq);
}

static void test_transfers(void **state) {
    uint8_t f[64], got[1024];
    (void)state;
    usbip_configure();
    usbip_submit(1, 1, sizeof got, NULL, NULL); /* waits until there is something */
    const uint32_t waiting = usbip_seq;
    const size_t n = frame_make(f, GLB_SYNC_HOST, GLB_CMD_IDENT, 7, 0, NULL, 0);
    usbip_submit(0, 1, (int)n, NULL, f);
    /* the OUT transfer ends first, it was the cause of the other's end */
    assert_int_equal(usbip_answer(usbip_seq, 0, NULL), n);
    assert_int_equal(usbip_answer(waiting, 1, got), GLB_HEADER_BYTES + GLB_IDENT_BYTES + 4);
    assert_int_equal(got[2], 7);
    assert_int_equal(glb_get_le(got + 6, 4), GLB_PROTO_MAGIC);
    usbip_submit(0, 1, 0, NULL, NULL); /* an empty transfer is one too */
    assert_int_equal(usbip_answer(usbip_seq, 0, NULL), 0);
    usbip_submit(1, 2, 64, NULL, NULL);
    assert_int_equal(usbip_answer(usbip_seq, 1, got), GLB_USB_STALL);
}

static void test_unlink(void **state) {
    (void)state;
    usbip_configure();
    usbip_submit(1, 1, 512, NULL, NULL);
    assert_int_equal(usbip_withdraw(usbip_seq), -104);
    assert_int_equal(usbip_withdraw(usbip_seq), 0); /* it is not there any more */
    /* first, last, in the middle: the others end in their order */
    for (uint32_t gone = 0; gone < 3; gone++) {
        const uint32_t first = usbip_seq + 1;
        for (int i = 0; i < 3; i++)
            usbip_submit(1, 1, 512, NULL, NULL);
        assert_int_equal(usbip_withdraw(first + gone), -104);
        usbip_submit(1, 1, 512, NULL, NULL);
        for (uint32_t i = 0; i < 4; i++)
            if (i != gone)
                usbip_ask(20 + (int)i, first + i);
    }
}

enum { LONGEST = 16 << 20, AT_A_TIME = 4 }; /* 64 MB wait at most */

static void test_longest(void **state) {
    uint8_t h[GLB_USBIP_HEADER];
    (void)state;
    usbip_configure();
    usbip_header(h, 1, 1, LONGEST + 1);
    usbip_refused(h);
}

/* What was answered or withdrawn does not wait, however few of its bytes moved. */
static void test_most_that_wait(void **state) {
    uint8_t h[GLB_USBIP_HEADER];
    (void)state;
    usbip_configure();
    for (int round = 0; round < 3; round++) {
        const uint32_t first = usbip_seq + 1;
        for (int i = 0; i < AT_A_TIME - 1; i++)
            usbip_submit(1, 1, LONGEST, NULL, NULL);
        assert_int_equal(usbip_withdraw(first + 1), -104);
        usbip_ask(1, first);
        usbip_ask(2, first + 2);
    }
    for (int i = 0; i < AT_A_TIME; i++)
        usbip_submit(1, 1, LONGEST, NULL, NULL);
    usbip_header(h, 1, 1, 1);
    usbip_refused(h);
}

/* A stop ends a session at once, also while the other side reads nothing of what it asked for. */
static void test_stop_while_sending(void **state) {
    static uint8_t frames[4096 * FRAME_EXTRA];
    size_t n = 0;
    (void)state;
    usbip_configure();
    for (int i = 0; i < 4096; i++)
        n += frame_make(frames + n, GLB_SYNC_HOST, GLB_CMD_IDENT, i, 0, NULL, 0);
    for (int i = 0; i < 16; i++) /* 160 KB there, ten times as much could come back */
        usbip_submit(1, 1, 1 << 20, NULL, NULL);
    for (int i = 0; i < 4; i++)
        usbip_submit(0, 1, (int)n, NULL, frames);
    usleep(300000); /* by then the socket's buffers are full */
    const double start = glb_seconds(CLOCK_MONOTONIC);
    usbip_stop();
    assert_true(glb_seconds(CLOCK_MONOTONIC) - start < 2);
}

static void test_other_device(void **state) {
    uint8_t h[GLB_USBIP_HEADER] = {[3] = 1};
    (void)state;
    usbip_put32(h + 8, USBIP_DEVICE + 1);
    memcpy(h + 40, (uint8_t[8]){0, 9, 1}, 8);
    usbip_refused(h);
}

static void test_nonsense(void **state) {
    uint8_t h[GLB_USBIP_HEADER];
    (void)state;
    memset(h, 0xff, sizeof h);
    usbip_refused(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_requests, usbip_attach, usbip_detach),
        cmocka_unit_test_setup_teardown(test_halts, usbip_attach, usbip_detach),
        cmocka_unit_test_setup_teardown(test_transfers, usbip_attach, usbip_detach),
        cmocka_unit_test_setup_teardown(test_unlink, usbip_attach, usbip_detach),
        cmocka_unit_test_setup_teardown(test_longest, usbip_attach, usbip_detach),
        cmocka_unit_test_setup_teardown(test_most_that_wait, usbip_attach, usbip_detach),
        cmocka_unit_test_setup_teardown(test_stop_while_sending, usbip_attach, usbip_detach),
        cmocka_unit_test_setup_teardown(test_other_device, usbip_attach, usbip_detach),
        cmocka_unit_test_setup_teardown(test_nonsense, usbip_attach, usbip_detach),
    };
    return cmocka_run_group_tests_name("usbip", tests, NULL, NULL);
}
