/* The USB/IP server with the emulated board behind it, spoken to as Linux's vhci-hcd does.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>
#include "array/protocol.h"
#include "base/little_endian.h"
#include "base/seconds.h"
#include "support/board_descriptors.h"
#include "support/frames.h"
#include "transports/usb_ids.h"
#include "usb_board/usbip_proto.h"
#include "usb_board/usbip_server.h"
#include "usb_board/device.h"

static struct glb_usb_device device;
static int host, board; /* ends of the connection */
static atomic_int stop;
static pthread_t server;
static enum glb_status ended;
static uint32_t seq;
enum { DEVICE = 1 << 16 | 2 }; /* bus and address of the only board */

static void *serve(void *unused) {
    (void)unused;
    ended = glb_usbip_session(board, -1, &device, &stop, NULL);
    close(board);
    return NULL;
}

static void put32(uint8_t *p, uint32_t v) {
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t get32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void give(const void *b, size_t n) {
    assert_int_equal(send(host, b, n, MSG_NOSIGNAL), n);
}

static void take(void *b, size_t n) {
    assert_int_equal(recv(host, b, n, MSG_WAITALL), n);
}

static int attach(void **state) {
    int fd[2];
    const uint8_t import[GLB_USBIP_OP_BYTES + GLB_USBIP_BUSID] = {1, 0x11, 0x80, 3,   0,  0,
                                                                  0, 0,    '1',  '-', '1'};
    uint8_t reply[GLB_USBIP_OP_BYTES + GLB_USBIP_DEVICE_BYTES];
    (void)state;
    assert_false(glb_usb_device_emu_open("tiny", "GLB0001", GLB_USB_HIGH_SPEED, &device));
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
    host = fd[0];
    board = fd[1];
    stop = 0;
    assert_int_equal(pthread_create(&server, NULL, serve, NULL), 0);
    give(import, sizeof import);
    take(reply, sizeof reply);
    assert_int_equal(get32(reply), 0x01110003);
    assert_int_equal(get32(reply + 4), 0);
    assert_string_equal((char *)reply + 8 + 256, "1-1");
    assert_int_equal(get32(reply + 8 + 256 + 32 + 8), GLB_USB_HIGH_SPEED);
    assert_int_equal(get32(reply + 8 + 256 + 32 + 12), GLB_USB_VID << 16 | GLB_USB_PID);
    return 0;
}

static int detach(void **state) {
    (void)state;
    close(host);
    pthread_join(server, NULL);
    device.close(device.self);
    return 0;
}

static void submit(int in, int ep, int length, const uint8_t *setup, const void *bytes) {
    uint8_t h[GLB_USBIP_HEADER] = {0};
    put32(h, 1);
    put32(h + 4, ++seq);
    put32(h + 8, DEVICE);
    put32(h + 12, (uint32_t)in);
    put32(h + 16, (uint32_t)ep);
    put32(h + 24, (uint32_t)length);
    put32(h + 32, 0xffffffff);
    if (setup)
        memcpy(h + 40, setup, 8);
    give(h, sizeof h);
    if (!in && length)
        give(bytes, (size_t)length);
}

/* The answer to submit number `number`; its status, or the bytes that moved. */
static int answer(uint32_t number, int in, void *bytes) {
    uint8_t h[GLB_USBIP_HEADER];
    take(h, sizeof h);
    assert_int_equal(get32(h), 3);
    assert_int_equal(get32(h + 4), number);
    const int status = (int)get32(h + 20), n = (int)get32(h + 24);
    if (in && n)
        take(bytes, (size_t)n);
    return status ? status : n;
}

static int control(const uint8_t setup[8], uint8_t *bytes) {
    const int in = setup[0] >> 7, length = setup[6] | setup[7] << 8;
    submit(in, 0, length, setup, bytes);
    return answer(seq, in, bytes);
}

static void configure(void) {
    assert_int_equal(control((uint8_t[8]){0, 9, 1}, NULL), 0);
}

static void test_requests(void **state) {
    uint8_t got[256];
    struct board_descriptor all[16];
    const int n = board_descriptors(1, 1, all);
    (void)state;
    for (int i = 0; i < n; i++) {
        const struct board_descriptor *d = &all[i];
        uint8_t setup[8] = {(uint8_t)d->type, (uint8_t)d->request};
        glb_put_le(setup + 2, (uint64_t)d->value | (uint64_t)d->index << 16 | 255ull << 32, 6);
        assert_int_equal(control(setup, got), d->bytes ? d->length : GLB_USB_STALL);
        if (d->bytes)
            assert_memory_equal(got, d->bytes, (size_t)d->length);
    }
    /* a transfer that is longer than its request asks for */
    submit(1, 0, 64, (uint8_t[8]){0x80, 6, 0, 1, 0, 0, 8, 0}, NULL);
    assert_int_equal(answer(seq, 1, got), 8);
    assert_int_equal(control((uint8_t[8]){0x80, 8, 0, 0, 0, 0, 1, 0}, got), 1);
    assert_int_equal(got[0], 0);
    assert_int_equal(control((uint8_t[8]){2, 3, 0, 0, 0x81}, NULL), GLB_USB_STALL);
    configure();
    assert_int_equal(control((uint8_t[8]){2, 3, 0, 0, 0x81}, NULL), 0);
    assert_int_equal(control((uint8_t[8]){0x82, 0, 0, 0, 0x81, 0, 2, 0}, got), 2);
    assert_int_equal(got[0], 1);
    submit(1, 1, 64, NULL, NULL);
    assert_int_equal(answer(seq, 1, got), GLB_USB_STALL);
    assert_int_equal(control((uint8_t[8]){2, 1, 0, 0, 0x81}, NULL), 0);
    assert_int_equal(control((uint8_t[8]){0x81, 10, 0, 0, 0, 0, 1, 0}, got), 1);
    assert_int_equal(control((uint8_t[8]){0, 9, 2}, NULL), GLB_USB_STALL);
}

static void test_transfers(void **state) {
    uint8_t f[64], got[1024];
    (void)state;
    configure();
    submit(1, 1, sizeof got, NULL, NULL); /* waits until there is something */
    const uint32_t waiting = seq;
    const size_t n = frame_make(f, GLB_SYNC_HOST, GLB_CMD_IDENT, 7, 0, NULL, 0);
    submit(0, 1, (int)n, NULL, f);
    /* the OUT transfer ends first, it was the cause of the other's end */
    assert_int_equal(answer(seq, 0, NULL), n);
    assert_int_equal(answer(waiting, 1, got), GLB_HEADER_BYTES + GLB_IDENT_BYTES + 4);
    assert_int_equal(got[2], 7);
    assert_int_equal(glb_get_le(got + 6, 4), GLB_PROTO_MAGIC);
    submit(0, 1, 0, NULL, NULL); /* an empty transfer is one too */
    assert_int_equal(answer(seq, 0, NULL), 0);
    submit(1, 2, 64, NULL, NULL);
    assert_int_equal(answer(seq, 1, got), GLB_USB_STALL);
}

static void test_unlink(void **state) {
    uint8_t h[GLB_USBIP_HEADER] = {0};
    (void)state;
    configure();
    submit(1, 1, 512, NULL, NULL);
    for (int round = 0; round < 2; round++) { /* the second finds nothing */
        memset(h, 0, sizeof h);
        put32(h, 2);
        put32(h + 4, seq + 100);
        put32(h + 8, DEVICE);
        put32(h + 20, seq);
        give(h, sizeof h);
        take(h, sizeof h);
        assert_int_equal(get32(h), 4);
        assert_int_equal(get32(h + 4), seq + 100);
        assert_int_equal((int)get32(h + 20), round ? 0 : -104);
    }
}

/* A stop ends a session at once, also while the other side reads nothing of what it asked for. */
static void test_stop_while_sending(void **state) {
    static uint8_t frames[4096 * FRAME_EXTRA];
    size_t n = 0;
    (void)state;
    configure();
    for (int i = 0; i < 4096; i++)
        n += frame_make(frames + n, GLB_SYNC_HOST, GLB_CMD_IDENT, i, 0, NULL, 0);
    for (int i = 0; i < 16; i++) /* 160 KB there, ten times as much could come back */
        submit(1, 1, 1 << 20, NULL, NULL);
    for (int i = 0; i < 4; i++)
        submit(0, 1, (int)n, NULL, frames);
    usleep(300000); /* by then the socket's buffers are full */
    const double start = glb_seconds(CLOCK_MONOTONIC);
    stop = 1;
    pthread_join(server, NULL);
    assert_true(glb_seconds(CLOCK_MONOTONIC) - start < 2);
    assert_int_equal(ended, GLB_OK);
    assert_int_equal(pthread_create(&server, NULL, serve, NULL), 0); /* for detach() */
}

/* The server hangs up at a message, which it does not carry out. */
static void refused(const uint8_t h[GLB_USBIP_HEADER]) {
    uint8_t byte;
    give(h, GLB_USBIP_HEADER);
    assert_int_equal(recv(host, &byte, 1, 0), 0);
    pthread_join(server, NULL);
    assert_int_equal(ended, GLB_ERR_PROTOCOL);
    assert_int_equal(pthread_create(&server, NULL, serve, NULL), 0); /* for detach() */
}

static void test_other_device(void **state) {
    uint8_t h[GLB_USBIP_HEADER] = {[3] = 1};
    (void)state;
    put32(h + 8, DEVICE + 1);
    memcpy(h + 40, (uint8_t[8]){0, 9, 1}, 8);
    refused(h);
}

static void test_nonsense(void **state) {
    uint8_t h[GLB_USBIP_HEADER];
    (void)state;
    memset(h, 0xff, sizeof h);
    refused(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_requests, attach, detach),
        cmocka_unit_test_setup_teardown(test_transfers, attach, detach),
        cmocka_unit_test_setup_teardown(test_unlink, attach, detach),
        cmocka_unit_test_setup_teardown(test_stop_while_sending, attach, detach),
        cmocka_unit_test_setup_teardown(test_other_device, attach, detach),
        cmocka_unit_test_setup_teardown(test_nonsense, attach, detach),
    };
    return cmocka_run_group_tests_name("usbip", tests, NULL, NULL);
}
