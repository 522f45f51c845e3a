/* The USB/IP server's port: who is served, who is turned away. SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/seconds.h"
#include "usb_board/device.h"
#include "usb_board/usbip_server.h"

static struct glb_usb_device device;
static atomic_int stop;
static pthread_t server;

static void *serve_port(void *log) {
    return glb_usbip_serve(&device, 0, &stop, log) == GLB_OK ? NULL : log;
}

static int connect_to(int port) {
    const struct sockaddr_in a = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

/* One connection is served at a time: others are closed, not left waiting; a silent one does
 * not keep them out for ever. */
static void test_others(void **state) {
    char line[128], byte;
    int port = 0, way[2];
    (void)state;
    assert_int_equal(glb_usb_device_emu_open("tiny", "T1", GLB_USB_HIGH_SPEED, &device), GLB_OK);
    stop = 0;
    assert_int_equal(pipe(way), 0);
    FILE *to = fdopen(way[1], "w"), *from = fdopen(way[0], "r");
    assert_int_equal(pthread_create(&server, NULL, serve_port, to), 0);
    while (!port && fgets(line, sizeof line, from))
        sscanf(line, "listening on 127.0.0.1:%d", &port);
    const int silent = connect_to(port);
    usleep(300000);
    const int other = connect_to(port);
    const double start = glb_seconds(CLOCK_MONOTONIC);
    assert_int_equal(recv(other, &byte, 1, 0), 0);
    assert_true(glb_seconds(CLOCK_MONOTONIC) - start < 2);
    assert_int_equal(recv(silent, &byte, 1, 0), 0);
    assert_true(glb_seconds(CLOCK_MONOTONIC) - start < 8);
    const int again = connect_to(port);
    assert_int_equal(send(again, "\x01\x11\x80\x05\0\0\0\0", 8, MSG_NOSIGNAL), 8); /* list */
    assert_int_equal(recv(again, &byte, 1, 0), 1);
    void *failure;
    stop = 1;
    pthread_join(server, &failure);
    assert_null(failure);
    close(silent);
    close(other);
    close(again);
    fclose(to);
    fclose(from);
    device.close(device.self);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_others)};
    return cmocka_run_group_tests_name("usbip port", tests, NULL, NULL);
}
