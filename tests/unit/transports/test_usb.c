/* The USB transport and the search for boards on a libusb of the test's own (fake_libusb.h).
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <libusb.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/seconds.h"
#include "check/selftest.h"
#include "device/device.h"
#include "fake_libusb.h"
#include "support/frames.h"
#include "transports/transports.h"
#include "transports/usb_ids.h"

static void plug_in(int i, const char *product, const char *serial) {
    plugged[i] = (struct libusb_device){.product = product, .serial = serial};
    boards = i + 1;
}

static int one_board(void **state) {
    (void)state;
    interrupted = deaf = cut = slow = 0;
    fault = LIBUSB_TRANSFER_COMPLETED;
    plug_in(0, GLB_USB_PRODUCT, "ONE");
    return 0;
}

static void test_selftest(void **state) {
    (void)state;
    /* Chance: 2 * above(5) | chi-square as normal deviate */
    assert_int_equal(glb_selftest("usb", "tiny", 3, NULL, NULL), GLB_OK);
    assert_int_equal(glb_selftest("usb:ONE", "tiny", 4, NULL, NULL), GLB_OK);
    assert_int_equal(nsubmitted, 0);
}

/* Signals, of a profiler or an interval timer, are no silence of the board. */
static void test_signals(void **state) {
    struct glb_transport t;
    uint8_t in[16];
    size_t sent, got;
    (void)state;
    assert_int_equal(glb_usb_transport_open(NULL, NULL, &t), GLB_OK);
    for (int i = 0; i < 2; i++) {
        interrupted = i ? 20 : 0;
        const double start = glb_seconds(CLOCK_MONOTONIC);
        assert_int_equal(t.exchange(t.self, NULL, 0, &sent, in, sizeof in, &got), GLB_OK);
        const double s = glb_seconds(CLOCK_MONOTONIC) - start;
        assert_true(s > 0.99 && s < 3);
        assert_int_equal(sent + got, 0);
    }
    t.close(t.self);
}

static void expect_open(const char *device, enum glb_status status, const char *text) {
    struct glb_device *d;
    assert_int_equal(glb_device_open(device, "tiny", &d), status);
    const char *found = status ? glb_error() : glb_device_describe(d);
    if (!strstr(found, text))
        fail_msg("'%s' is not in: %s", text, found);
    if (!status)
        glb_device_close(d);
}

/* Boards as a program sees them, those that cannot be opened too. */
static void test_list(void **state) {
    struct glb_device_list *l;
    const struct glb_device_info *found[BOARDS];
    int n = 0;
    (void)state;
    plug_in(1, GLB_USB_PRODUCT, "TWO");
    plugged[1].open_error = LIBUSB_ERROR_ACCESS;
    plug_in(2, "something else", "X");
    assert_int_equal(glb_device_list_make(&l), GLB_OK);
    for (int k = 0; k < glb_device_list_count(l); k++)
        if (strncmp(glb_device_list_at(l, k)->name, "usb", 3) == 0 && n < BOARDS)
            found[n++] = glb_device_list_at(l, k);
    assert_int_equal(n, 2);
    assert_string_equal(found[0]->name, "usb:ONE");
    assert_string_equal(found[0]->serial, "ONE");
    assert_true(found[0]->available && !found[0]->array && !found[0]->problem[0]);
    assert_string_equal(found[1]->name, "usb");
    assert_true(!found[1]->available && !found[1]->serial);
    assert_string_equal(found[1]->problem, "no permission");
    glb_device_list_free(l);
}

/* Without the name of an array the board tells which it has. */
static void test_any_array(void **state) {
    struct glb_device *d;
    (void)state;
    assert_int_equal(glb_device_open("usb", NULL, &d), GLB_OK);
    assert_string_equal(glb_device_identify(d)->array, "tiny");
    glb_device_close(d);
}

static void test_faults(void **state) {
    static const struct {
        enum libusb_transfer_status status;
        const char *text;
    } faults[] = {{LIBUSB_TRANSFER_NO_DEVICE, "unplugged or reset"},
                  {LIBUSB_TRANSFER_STALL, "halted"},
                  {LIBUSB_TRANSFER_ERROR, "check cable"},
                  {LIBUSB_TRANSFER_OVERFLOW, "more bytes"}};
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        fault = faults[i].status;
        expect_open("usb", GLB_ERR_DEVICE, faults[i].text);
        assert_int_equal(nsubmitted, 0);
    }
    fault = LIBUSB_TRANSFER_COMPLETED;
    deaf = 1;
    expect_open("usb", GLB_ERR_DEVICE, "no answer");
}

/* What one transfer brought is handed out in whatever pieces the caller has room for. */
static void test_pieces(void **state) {
    uint8_t whole[64], f[10];
    (void)state;
    frame_make(f, 0xa5, 1, 9, 0, NULL, 0);
    for (size_t room = 64; room > 0; room = room == 64 ? 7 : room == 7 ? 1 : 0) {
        struct glb_transport t;
        uint8_t in[64];
        size_t sent, got, have = 0;
        assert_int_equal(glb_usb_transport_open(NULL, NULL, &t), GLB_OK);
        assert_int_equal(t.exchange(t.self, f, sizeof f, &sent, in, room, &have), GLB_OK);
        assert_int_equal(sent, sizeof f);
        while (have < 42) {
            assert_int_equal(t.exchange(t.self, NULL, 0, &sent, in + have, room, &got), GLB_OK);
            assert_true(got > 0 && got <= room);
            have += got;
        }
        assert_int_equal(have, 42);
        assert_true(frame_sealed(in));
        if (room == 64)
            memcpy(whole, in, 42);
        assert_memory_equal(in, whole, 42);
        t.close(t.self);
    }
}

/* A transfer that the board took half is an error; one that it took is reported at once, though
 * nothing comes back. */
static void test_out(void **state) {
    struct glb_transport t;
    uint8_t f[10], in[64];
    size_t sent, got;
    (void)state;
    frame_make(f, 0xa5, 1, 9, 0, NULL, 0);
    slow = 1;
    assert_int_equal(glb_usb_transport_open(NULL, NULL, &t), GLB_OK);
    const double start = glb_seconds(CLOCK_MONOTONIC);
    assert_int_equal(t.exchange(t.self, f, sizeof f, &sent, in, sizeof in, &got), GLB_OK);
    assert_true(sent == sizeof f && got == 0 && glb_seconds(CLOCK_MONOTONIC) - start < 0.8);
    t.close(t.self);
    slow = 0;
    cut = 1;
    expect_open("usb", GLB_ERR_DEVICE, "transfer to the board failed");
}

static void test_picking(void **state) {
    (void)state;
    expect_open("usb", GLB_OK, "usb:ONE 1209:0001, bus 7, device 1, high speed");
    expect_open("usb:TWO", GLB_ERR_DEVICE, "has the serial number TWO; there are: ONE");
    assert_null(strstr(glb_error(), "udev"));
    plug_in(1, GLB_USB_PRODUCT, "TWO");
    expect_open("usb", GLB_ERR_DEVICE, "serial numbers ONE, TWO");
    expect_open("usb:TWO", GLB_OK, "device 2");
    plugged[1].busy = 1;
    expect_open("usb:TWO", GLB_ERR_DEVICE, "in use by another program");
    plug_in(1, "something else", "TWO"); /* with the same test ids */
    expect_open("usb", GLB_OK, "usb:ONE");
    plug_in(1, NULL, "TWO");
    expect_open("usb", GLB_OK, "usb:ONE");
    boards = 0;
    expect_open("usb", GLB_ERR_DEVICE, "no glauber board on USB");
}

/* What cannot be opened or asked may be the board that is looked for. */
static void test_problems(void **state) {
    (void)state;
    plugged[0].open_error = LIBUSB_ERROR_ACCESS;
    expect_open("usb", GLB_ERR_DEVICE, "device 1 cannot be opened: no permission; `make udev`");
    expect_open("usb:ONE", GLB_ERR_DEVICE, "one that cannot be opened: no permission; `make udev`");
    plug_in(1, GLB_USB_PRODUCT, "TWO");
    expect_open("usb", GLB_OK, "usb:TWO");
    boards = 1;
    plugged[0] = (struct libusb_device){
        .product = GLB_USB_PRODUCT, .serial = "ONE", .string_error = LIBUSB_ERROR_PIPE};
    expect_open("usb", GLB_ERR_DEVICE, "its name cannot be read");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_selftest, one_board),
        cmocka_unit_test_setup(test_signals, one_board),
        cmocka_unit_test_setup(test_list, one_board),
        cmocka_unit_test_setup(test_any_array, one_board),
        cmocka_unit_test_setup(test_faults, one_board),
        cmocka_unit_test_setup(test_pieces, one_board),
        cmocka_unit_test_setup(test_out, one_board),
        cmocka_unit_test_setup(test_picking, one_board),
        cmocka_unit_test_setup(test_problems, one_board),
    };
    return cmocka_run_group_tests_name("usb", tests, NULL, NULL);
}
