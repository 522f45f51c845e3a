/* The serial transport on a pseudo terminal with the emulated board at its other end, and getting
 * into step with a board that was in use before. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>
#include "check/selftest.h"
#include "device/device.h"
#include "transports/transports.h"

static int master;
static atomic_int stop, mute; /* mute: the board answers late */
static pthread_t server;
static struct glb_transport board;
static char where[96];

static void *serve(void *unused) {
    (void)unused;
    while (!stop) {
        while (mute && !stop)
            usleep(1000);
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
    if (glb_emu_port_open("tiny", NULL, &board) != GLB_OK)
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
    /* Chance: 2 * above(5) | chi-square as normal deviate */
    assert_int_equal(glb_selftest(where, "tiny", 3, NULL, NULL), GLB_OK);
    assert_int_equal(glb_selftest(where, "tiny", 4, NULL, NULL), GLB_OK); /* opened again */
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

static volatile sig_atomic_t signals;

static void on_signal(int number) {
    (void)number;
    signals++;
    if (signals == 60)
        mute = 0;
}

/* Signals, of a profiler or an interval timer, are no silence of the board. */
static void test_signals(void **state) {
    struct sigaction on = {.sa_handler = on_signal}, before;
    const struct itimerval often = {{0, 5000}, {0, 5000}}, never = {{0, 0}, {0, 0}};
    struct glb_device *d;
    sigset_t alarm;
    (void)state;
    /* the timer's signals go to this thread, not to the board's */
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm, NULL);
    stop = 1;
    pthread_join(server, NULL);
    stop = 0;
    signals = 0;
    mute = 1;
    assert_int_equal(pthread_create(&server, NULL, serve, NULL), 0);
    pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
    sigaction(SIGALRM, &on, &before);
    setitimer(ITIMER_REAL, &often, NULL);
    const enum glb_status s = glb_device_open(where, "tiny", &d);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
    mute = 0;
    if (s)
        fail_msg("%s", glb_error());
    assert_true(signals >= 60);
    glb_device_close(d);
}

/* A silent port is silent for a second, whatever the signals. */
static void test_time_limit(void **state) {
    struct glb_transport t;
    uint8_t in[16];
    size_t sent, got;
    struct timeval start, end;
    (void)state;
    assert_int_equal(glb_uart_transport_open(NULL, where + strlen("uart:"), &t), GLB_OK);
    gettimeofday(&start, NULL);
    assert_int_equal(t.exchange(t.self, NULL, 0, &sent, in, sizeof in, &got), GLB_OK);
    gettimeofday(&end, NULL);
    assert_int_equal(got, 0);
    const double ms =
        1e3 * (double)(end.tv_sec - start.tv_sec) + 1e-3 * (double)(end.tv_usec - start.tv_usec);
    assert_true(ms > 990 && ms < 3000);
    t.close(t.self);
}

/* Names of /dev/serial/by-path have colons of their own. */
static void test_colons(void **state) {
    char folder[] = "/tmp/glauber-uart-XXXXXX", path[128], device[160];
    struct glb_device *d;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/pci-0000:00:14.0-usb-0:1:1.0-port0", folder);
    assert_int_equal(symlink(where + strlen("uart:"), path), 0);
    static const char *baud[] = {"", ":115200"};
    for (int i = 0; i < 2; i++) {
        snprintf(device, sizeof device, "uart:%s%s", path, baud[i]);
        if (glb_device_open(device, "tiny", &d))
            fail_msg("%s", glb_error());
        assert_non_null(strstr(glb_device_describe(d), i ? "115200 baud" : "3000000 baud"));
        glb_device_close(d);
    }
    unlink(path);
    snprintf(path, sizeof path, "%s/usb-0:1", folder); /* digits alone, but a file */
    assert_int_equal(symlink(where + strlen("uart:"), path), 0);
    snprintf(device, sizeof device, "uart:%s", path);
    assert_int_equal(glb_device_open(device, "tiny", &d), GLB_OK);
    glb_device_close(d);
    unlink(path);
    assert_int_equal(glb_device_open(device, "tiny", &d), GLB_ERR_ARGUMENT); /* gone: a rate */
    assert_non_null(strstr(glb_error(), "at 1 baud"));
    snprintf(device, sizeof device, "uart:%s/usb-0:1:1.0-port0", folder);
    assert_int_equal(glb_device_open(device, "tiny", &d), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "No such file"));
    rmdir(folder);
}

/* What the line is set to; the window is what the board's receiver holds. */
static void test_settings(void **state) {
    static const struct {
        const char *name;
        speed_t speed;
    } rates[] = {{"", B3000000},         {":115200", B115200},   {":230400", B230400},
                 {":460800", B460800},   {":500000", B500000},   {":921600", B921600},
                 {":1000000", B1000000}, {":1500000", B1500000}, {":2000000", B2000000},
                 {":3000000", B3000000}, {":4000000", B4000000}};
    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        char place[128];
        struct glb_transport t;
        struct termios line;
        assert_int_equal(tcgetattr(master, &line), 0);
        line.c_cflag |= CRTSCTS | CSTOPB; /* left by another program */
        assert_int_equal(tcsetattr(master, TCSANOW, &line), 0);
        snprintf(place, sizeof place, "%s%s", where + strlen("uart:"), rates[i].name);
        if (glb_uart_transport_open(NULL, place, &t))
            fail_msg("%s", glb_error());
        assert_int_equal(tcgetattr(master, &line), 0);
        assert_int_equal(cfgetospeed(&line), rates[i].speed);
        assert_int_equal(line.c_cflag & (CRTSCTS | CSTOPB), 0);
        assert_int_equal(line.c_lflag & (ICANON | ECHO | ISIG), 0);
        assert_in_range(t.window, 1044, 2047); /* the longest frame fits */
        t.close(t.self);
    }
}

/* The half frame swallows 1,025 of the zeros that are sent to complete it; 9 are left. */
static void test_line_counters(void **state) {
    const struct glb_line_counters *n;
    struct glb_device *d;
    (void)state;
    assert_int_equal(glb_device_open(where, "tiny", &d), GLB_OK);
    assert_int_equal(glb_device_line_counters(d, &n), GLB_OK);
    assert_int_equal(n->bad_crc, 1);
    assert_int_equal(n->refused, 1);
    assert_int_equal(n->skipped_by_board, 9);
    assert_true(n->frames >= 4); /* ABORT, STATUS, IDENT, STATUS */
    glb_device_close(d);
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
        cmocka_unit_test_setup_teardown(test_signals, plug_in, unplug),
        cmocka_unit_test_setup_teardown(test_time_limit, plug_in, unplug),
        cmocka_unit_test_setup_teardown(test_colons, plug_in, unplug),
        cmocka_unit_test_setup_teardown(test_settings, plug_in, unplug),
        cmocka_unit_test_setup_teardown(test_line_counters, plug_in, unplug),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("uart", tests, NULL, NULL);
}
