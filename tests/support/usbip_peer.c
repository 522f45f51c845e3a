/* The other side of a USB/IP connection. SPDX-License-Identifier: Apache-2.0 */
#include "support/usbip_peer.h"

#include <setjmp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <cmocka.h>
#include "array/protocol.h"
#include "support/frames.h"
#include "transports/usb_ids.h"
#include "usb_board/device.h"
#include "usb_board/usbip_server.h"

uint32_t usbip_seq;
static struct glb_usb_device device;
static int host, board; /* ends of the connection */
static atomic_int stop;
static pthread_t server;
static enum glb_status ended;

static void *serve(void *unused) {
    (void)unused;
    ended = glb_usbip_session(board, -1, &device, &stop, NULL);
    close(board);
    return NULL;
}

void usbip_put32(uint8_t *p, uint32_t v) {
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

int usbip_attach(void **state) {
    int fd[2];
    const uint8_t import[GLB_USBIP_OP_BYTES + GLB_USBIP_BUSID] = {1, 0x11, 0x80, 3,   0,  0,
                                                                  0, 0,    '1',  '-', '1'};
    uint8_t reply[GLB_USBIP_OP_BYTES + GLB_USBIP_DEVICE_BYTES];
    (void)state;
    assert_false(glb_usb_device_emu_open("tiny", "GLB0001", GLB_USB_HIGH_SPEED, &device));
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
    host = fd[0];
    board = fd[1];
    const struct timeval patience = {.tv_sec = 20};
    assert_int_equal(setsockopt(host, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
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

int usbip_detach(void **state) {
    (void)state;
    close(host);
    pthread_join(server, NULL);
    device.close(device.self);
    return 0;
}

void usbip_header(uint8_t h[GLB_USBIP_HEADER], int in, int ep, int length) {
    memset(h, 0, GLB_USBIP_HEADER);
    usbip_put32(h, 1);
    usbip_put32(h + 4, ++usbip_seq);
    usbip_put32(h + 8, USBIP_DEVICE);
    usbip_put32(h + 12, (uint32_t)in);
    usbip_put32(h + 16, (uint32_t)ep);
    usbip_put32(h + 24, (uint32_t)length);
    usbip_put32(h + 32, 0xffffffff);
}

void usbip_submit(int in, int ep, int length, const uint8_t *setup, const void *bytes) {
    uint8_t h[GLB_USBIP_HEADER];
    usbip_header(h, in, ep, length);
    if (setup)
        memcpy(h + 40, setup, 8);
    give(h, sizeof h);
    if (!in && length)
        give(bytes, (size_t)length);
}

int usbip_answer(uint32_t number, int in, void *bytes) {
    uint8_t h[GLB_USBIP_HEADER];
    take(h, sizeof h);
    assert_int_equal(get32(h), 3);
    assert_int_equal(get32(h + 4), number);
    const int status = (int)get32(h + 20), n = (int)get32(h + 24);
    if (in && n)
        take(bytes, (size_t)n);
    return status ? status : n;
}

int usbip_control(const uint8_t setup[8], uint8_t *bytes) {
    const int in = setup[0] >> 7, length = setup[6] | setup[7] << 8;
    usbip_submit(in, 0, length, setup, bytes);
    return usbip_answer(usbip_seq, in, bytes);
}

void usbip_configure(void) {
    assert_int_equal(usbip_control((uint8_t[8]){0, 9, 1}, NULL), 0);
}

int usbip_withdraw(uint32_t number) {
    uint8_t h[GLB_USBIP_HEADER] = {0};
    usbip_put32(h, 2);
    usbip_put32(h + 4, usbip_seq + 100);
    usbip_put32(h + 8, USBIP_DEVICE);
    usbip_put32(h + 20, number);
    give(h, sizeof h);
    take(h, sizeof h);
    assert_int_equal(get32(h), 4);
    assert_int_equal(get32(h + 4), usbip_seq + 100);
    return (int)get32(h + 20);
}

void usbip_ask(int question, uint32_t waiting) {
    uint8_t f[64], got[1024];
    const size_t n = frame_make(f, GLB_SYNC_HOST, GLB_CMD_IDENT, question, 0, NULL, 0);
    usbip_submit(0, 1, (int)n, NULL, f);
    assert_int_equal(usbip_answer(usbip_seq, 0, NULL), n);
    assert_int_equal(usbip_answer(waiting, 1, got), GLB_HEADER_BYTES + GLB_IDENT_BYTES + 4);
    assert_int_equal(got[2], question);
}

void usbip_refused(const uint8_t h[GLB_USBIP_HEADER]) {
    uint8_t byte;
    give(h, GLB_USBIP_HEADER);
    assert_int_equal(recv(host, &byte, 1, 0), 0);
    pthread_join(server, NULL);
    assert_int_equal(ended, GLB_ERR_PROTOCOL);
    assert_int_equal(pthread_create(&server, NULL, serve, NULL), 0); /* for usbip_detach() */
}

void usbip_stop(void) {
    stop = 1;
    pthread_join(server, NULL);
    assert_int_equal(ended, GLB_OK);
    assert_int_equal(pthread_create(&server, NULL, serve, NULL), 0); /* for usbip_detach() */
}
