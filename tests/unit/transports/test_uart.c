/* The serial transport on a pseudo terminal with the emulated board at its other end, and getting
 * into step with a board that was in use before. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>
#include "wire/client.h"
#include "device/device.h"
#include "check/selftest.h"

static int master;
static atomic_int stop;
static pthread_t server;
static struct glb_transport board;
static char where[96];

static void *serve(void *unused) {
    (void)unused;
    while (!stop) {
        uint8_t in[512], out[512];
        size_t sent = 0, got = 0;
        struct pollfd p = {.fd = master, .events = POLLIN};
        ssize_t n = 0;
        if (poll(&p, 1, 1) > 0 && (n = read(master, in, sizeof in)) < 0)
            n = 0;
        for (size_t at = 0;; at += sent) {
            sent = 0;
            board.exchange(board.self, in + at, (size_t)n - at, &sent, out, sizeof out, &got);
            for (size_t given = 0; given < got && !stop;) {
                const ssize_t k = write(master, out + given, got - given);
                given += k > 0 ? (size_t)k : 0;
            }
            if (at + sent == (size_t)n && !got)
                break;
        }
    }
    return NULL;
}

static int plug_in(void **state) {
    struct termios t;
    (void)state;
    master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) || unlockpt(master) || tcgetattr(master, &t))
        return -1;
    cfmakeraw(&t);
    tcsetattr(master, TCSANOW, &t);
    snprintf(where, sizeof where, "uart:%s", ptsname(master));
    if (glb_emu_port_open("tiny", &board) != GLB_OK)
        return -1;
    /* as an earlier user left it: a frame half sent, a question asked */
    static const uint8_t half[] = {0xA5, 3, 9, 0, 0, 4, 1, 2, 3};
    size_t sent, got;
    board.exchange(board.self, half, sizeof half, &sent, NULL, 0, &got);
    stop = 0;
    return pthread_create(&server, NULL, serve, NULL);
}

static int unplug(void **state) {
    (void)state;
    stop = 1;
    pthread_join(server, NULL);
    close(master);
    board.close(board.self);
    return 0;
}

static void test_selftest(void **state) {
    (void)state;
    FILE *quiet = fopen("/dev/null", "w");
    assert_int_equal(glb_selftest(where, "tiny", 3, quiet), GLB_OK);
    assert_int_equal(glb_selftest(where, "tiny", 4, quiet), GLB_OK); /* opened again */
    fclose(quiet);
}

static void test_in_use(void **state) {
    struct glb_device *one, *two;
    (void)state;
    assert_int_equal(glb_device_open(where, "tiny", &one), GLB_OK);
    assert_int_equal(glb_device_open(where, "tiny", &two), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "in use"));
    glb_device_close(one);
    assert_int_equal(glb_device_open(where, "small", &one), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "is not array small"));
}

static void test_names(void **state) {
    struct glb_device *d;
    (void)state;
    static const char *bad[] = {"uart:/dev/null", "uart:/nowhere", "uart:/dev/null:123",
                                "uart:", "uart"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_not_equal(glb_device_open(bad[i], "tiny", &d), GLB_OK);
        assert_true(strlen(glb_error()) > 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_selftest, plug_in, unplug),
        cmocka_unit_test_setup_teardown(test_in_use, plug_in, unplug),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("uart", tests, NULL, NULL);
}
