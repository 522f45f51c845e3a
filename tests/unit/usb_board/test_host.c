/* The simulated host's packets, beside known ones, and what it does with a board's
 * answers, which a list gives in turn. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "usb_board/host.h"
#include "usb_board/packet.h"

static void test_tokens(void **state) {
    /* CRC: remainder of a long division by 00101, ones at first, inverted */
    static const struct {
        int pid, address, endpoint;
        uint8_t packet[3];
    } known[] = {{GLB_PID_SETUP, 0, 0, {0x2d, 0x00, 0x10}},
                 {GLB_PID_SETUP, 0x15, 0xe, {0x2d, 0x15, 0xef}},
                 {GLB_PID_OUT, 0x3a, 0xa, {0xe1, 0x3a, 0x3d}},
                 {GLB_PID_IN, 0x70, 0x4, {0x69, 0x70, 0x72}}};
    uint8_t p[3];
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(glb_usb_token(p, known[i].pid, known[i].address, known[i].endpoint), 3);
        assert_memory_equal(p, known[i].packet, 3);
    }
    assert_int_equal(glb_usb_start_of_frame(p, 0x001), 3);
    assert_memory_equal(p, ((uint8_t[]){0xa5, 0x01, 0xe8}), 3);
}

static void test_data(void **state) {
    /* GET_DESCRIPTOR of a device as any host begins; CRC16 of an empty packet is 0 */
    static const uint8_t get[8] = {0x80, 6, 0, 1, 0, 0, 0x40, 0},
                         known[11] = {0xc3, 0x80, 6, 0, 1, 0, 0, 0x40, 0, 0xdd, 0x94};
    uint8_t p[16];
    (void)state;
    assert_int_equal(glb_usb_data(p, GLB_PID_DATA0, get, 8), 11);
    assert_memory_equal(p, known, 11);
    assert_true(glb_usb_data_intact(p, 11));
    p[3] ^= 4;
    assert_false(glb_usb_data_intact(p, 11));
    assert_int_equal(glb_usb_data(p, GLB_PID_DATA1, NULL, 0), 3);
    assert_memory_equal(p, ((uint8_t[]){0x4b, 0, 0}), 3);
    assert_false(glb_usb_data_intact(p, 2));
}

/* ---- a board that gives listed answers, and counts the host's handshakes ---- */

struct listed {
    uint8_t answer[8][16];
    int length[8], next, acks;
};

static int transact(void *self, const uint8_t *out, int n, uint8_t *in, int max) {
    struct listed *b = self;
    b->acks += n == 1 && out[0] == 0xd2;
    if (max == 0)
        return 0;
    assert_true(b->next < 8 && b->length[b->next] <= max);
    memcpy(in, b->answer[b->next], (size_t)b->length[b->next]);
    return b->length[b->next++];
}

static void idle(void *self, uint64_t ticks) {
    (void)self;
    (void)ticks;
}

static struct glb_usb_wire wire(struct listed *b) {
    return (struct glb_usb_wire){.transact = transact, .idle = idle, .self = b, .ticks_a_us = 60};
}

static void data(struct listed *b, int at, int pid, uint8_t byte) {
    b->length[at] = glb_usb_data(b->answer[at], pid, &byte, 1);
}

/* A packet whose ACK was lost comes again: it is acknowledged and dropped. */
static void test_repeated(void **state) {
    struct listed b = {0};
    struct glb_usb_wire w = wire(&b);
    struct glb_usb_host h = {.w = &w, .high = 1};
    uint8_t byte[512];
    int got;
    (void)state;
    data(&b, 0, GLB_PID_DATA0, 10);
    data(&b, 1, GLB_PID_DATA0, 10);
    data(&b, 2, GLB_PID_DATA1, 11);
    data(&b, 3, GLB_PID_DATA0, 12);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(glb_usb_host_in(&h, byte, 512, &got), GLB_USB_OK);
        assert_int_equal(got, 1);
        assert_int_equal(byte[0], 10 + i);
    }
    assert_int_equal(b.acks, 4);
    assert_int_equal(h.packets_in, 3);
}

/* A packet with a wrong CRC is not acknowledged and asked for again, three times at most. */
static void test_broken(void **state) {
    struct listed b = {0};
    struct glb_usb_wire w = wire(&b);
    struct glb_usb_host h = {.w = &w, .high = 1};
    uint8_t byte[512];
    int got;
    (void)state;
    for (int i = 0; i < 5; i++) {
        data(&b, i, GLB_PID_DATA0, 10);
        b.answer[i][2] ^= i != 1;
    }
    assert_int_equal(glb_usb_host_in(&h, byte, 512, &got), GLB_USB_OK);
    assert_int_equal(b.acks, 1);
    assert_int_equal(glb_usb_host_in(&h, byte, 512, &got), GLB_USB_ERROR);
    assert_int_equal(b.acks, 1);
    assert_int_equal(h.retries, 4);
}

/* The toggle of an OUT packet changes with each one that the board has taken. */
static void test_handshakes(void **state) {
    struct listed b = {.answer = {{0x5a}, {0xd2}, {0x1e}, {0x00}, {0xd2}},
                       .length = {1, 1, 1, 0, 1}};
    struct glb_usb_wire w = wire(&b);
    struct glb_usb_host h = {.w = &w};
    const uint8_t byte = 1;
    (void)state;
    assert_int_equal(glb_usb_host_out(&h, &byte, 1), GLB_USB_NAK);
    assert_int_equal(h.toggle_out, 0);
    assert_int_equal(glb_usb_host_out(&h, &byte, 1), GLB_USB_OK);
    assert_int_equal(h.toggle_out, 1);
    assert_int_equal(glb_usb_host_out(&h, &byte, 1), GLB_USB_STALL);
    assert_int_equal(glb_usb_host_out(&h, &byte, 1), GLB_USB_OK); /* after no answer */
    assert_int_equal(h.toggle_out, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens),     cmocka_unit_test(test_data),
        cmocka_unit_test(test_repeated),   cmocka_unit_test(test_broken),
        cmocka_unit_test(test_handshakes),
    };
    return cmocka_run_group_tests_name("usb host", tests, NULL, NULL);
}
