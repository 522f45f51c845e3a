/* The USB/IP server with the emulated board behind it, spoken to as Linux's vhci-hcd does.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>
#include "wire/client.h"
#include "base/crc32.h"
#include "array/protocol.h"
#include "usb_board/descriptors.h"
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

static void *serve(void *unused) {
    (void)unused;
    ended = glb_usbip_session(board, &device, &stop, NULL);
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
    assert_int_equal(glb_usb_device_emu_open("tiny", "T1", GLB_USB_HIGH_SPEED, &device), GLB_OK);
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

static size_t ident(uint8_t *f, int number) {
    memset(f, 0, GLB_HEADER_BYTES);
    f[0] = GLB_SYNC_HOST;
    f[1] = GLB_CMD_IDENT;
    f[2] = (uint8_t)number;
    glb_put(f + GLB_HEADER_BYTES, glb_crc32(0, f, GLB_HEADER_BYTES), 4);
    return GLB_HEADER_BYTES + 4;
}

static void test_requests(void **state) {
    uint8_t got[256], want[GLB_USB_DESCRIPTOR_MAX];
    (void)state;
    for (int type = 1; type <= 7; type++) {
        const int n = glb_usb_descriptor(type, 0, GLB_USB_HIGH_SPEED, "T1", want);
        const int m = control((uint8_t[8]){0x80, 6, 0, (uint8_t)type, 0, 0, 255, 0}, got);
        assert_int_equal(m, n < 0 ? GLB_VUSB_STALL : n);
        if (n > 0)
            assert_memory_equal(got, want, (size_t)n);
    }
    assert_int_equal(control((uint8_t[8]){0x80, 8, 0, 0, 0, 0, 1, 0}, got), 1);
    assert_int_equal(got[0], 0);
    assert_int_equal(control((uint8_t[8]){2, 3, 0, 0, 0x81}, NULL), GLB_VUSB_STALL);
    configure();
    assert_int_equal(control((uint8_t[8]){2, 3, 0, 0, 0x81}, NULL), 0);
    assert_int_equal(control((uint8_t[8]){0x82, 0, 0, 0, 0x81, 0, 2, 0}, got), 2);
    assert_int_equal(got[0], 1);
    submit(1, 1, 64, NULL, NULL);
    assert_int_equal(answer(seq, 1, got), GLB_VUSB_STALL);
    assert_int_equal(control((uint8_t[8]){2, 1, 0, 0, 0x81}, NULL), 0);
    assert_int_equal(control((uint8_t[8]){0x81, 10, 0, 0, 0, 0, 1, 0}, got), 1);
    assert_int_equal(control((uint8_t[8]){0, 9, 2}, NULL), GLB_VUSB_STALL);
}

static void test_transfers(void **state) {
    uint8_t f[64], got[1024];
    (void)state;
    configure();
    submit(1, 1, sizeof got, NULL, NULL); /* waits until there is something */
    const uint32_t waiting = seq;
    const size_t n = ident(f, 7);
    submit(0, 1, (int)n, NULL, f);
    /* the OUT transfer ends first, it was the cause of the other's end */
    assert_int_equal(answer(seq, 0, NULL), n);
    assert_int_equal(answer(waiting, 1, got), GLB_HEADER_BYTES + GLB_IDENT_BYTES + 4);
    assert_int_equal(got[2], 7);
    assert_int_equal(glb_take(got + 6, 4), GLB_PROTO_MAGIC);
    submit(0, 1, 0, NULL, NULL); /* an empty transfer is one too */
    assert_int_equal(answer(seq, 0, NULL), 0);
    submit(1, 2, 64, NULL, NULL);
    assert_int_equal(answer(seq, 1, got), GLB_VUSB_STALL);
}

static void test_unlink(void **state) {
    uint8_t h[GLB_USBIP_HEADER] = {0};
    (void)state;
    configure();
    submit(1, 1, 512, NULL, NULL);
    for (int round = 0; round < 2; round++) { /* the second finds nothing any more */
        memset(h, 0, sizeof h);
        put32(h, 2);
        put32(h + 4, seq + 100);
        put32(h + 20, seq);
        give(h, sizeof h);
        take(h, sizeof h);
        assert_int_equal(get32(h), 4);
        assert_int_equal(get32(h + 4), seq + 100);
        assert_int_equal((int)get32(h + 20), round ? 0 : -104);
    }
}

static void test_nonsense(void **state) {
    uint8_t h[GLB_USBIP_HEADER];
    (void)state;
    memset(h, 0xff, sizeof h);
    give(h, sizeof h);
    assert_int_equal(recv(host, h, 1, 0), 0); /* the server hangs up */
    pthread_join(server, NULL);
    assert_int_equal(ended, GLB_ERR_PROTOCOL);
    assert_int_equal(pthread_create(&server, NULL, serve, NULL), 0); /* for detach() */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_requests, attach, detach),
        cmocka_unit_test_setup_teardown(test_transfers, attach, detach),
        cmocka_unit_test_setup_teardown(test_unlink, attach, detach),
        cmocka_unit_test_setup_teardown(test_nonsense, attach, detach),
    };
    return cmocka_run_group_tests_name("usbip", tests, NULL, NULL);
}
