/* What the serial transport asks of a port's driver: a break, replies without delay. The port is a
 * pseudo terminal, which does neither. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <linux/serial.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>
#include "transports/transports.h"

static int master, breaks, refuse; /* refuse: the driver has no such settings */
static int flags_before, flags_after;

int __wrap_tcsendbreak(int fd, int duration);
int __wrap_ioctl(int fd, unsigned long request, ...);

int __wrap_tcsendbreak(int fd, int duration) {
    assert_true(isatty(fd));
    assert_int_equal(duration, 0); /* a quarter to half a second, POSIX */
    breaks++;
    return 0;
}

int __wrap_ioctl(int fd, unsigned long request, ...) {
    va_list a;
    va_start(a, request);
    struct serial_struct *port = va_arg(a, struct serial_struct *);
    va_end(a);
    assert_true(isatty(fd));
    if (refuse) {
        errno = ENOTTY;
        return -1;
    }
    if (request == TIOCGSERIAL)
        *port = (struct serial_struct){.flags = flags_before, .baud_base = 24000000};
    else {
        assert_int_equal(request, TIOCSSERIAL);
        assert_int_equal(port->baud_base, 24000000); /* all else as it was */
        flags_after = port->flags;
    }
    return 0;
}

static int plug_in(void **state) {
    (void)state;
    master = posix_openpt(O_RDWR | O_NOCTTY);
    breaks = refuse = flags_before = flags_after = 0;
    return master < 0 || grantpt(master) || unlockpt(master) ? -1 : 0;
}

static int unplug(void **state) {
    (void)state;
    return close(master);
}

/* A reset is a break, and what was on its way is dropped. */
static void reset(void **state) {
    struct glb_transport t;
    uint8_t in[16];
    size_t sent, got;
    (void)state;
    assert_int_equal(glb_uart_transport_open(NULL, ptsname(master), &t), GLB_OK);
    assert_int_equal(breaks, 0);
    assert_int_equal(write(master, "stale", 5), 5);
    assert_int_equal(t.reset(t.self), GLB_OK);
    assert_int_equal(breaks, 1);
    assert_int_equal(t.exchange(t.self, NULL, 0, &sent, in, sizeof in, &got), GLB_OK);
    assert_int_equal(got, 0);
    t.close(t.self);
}

static void at_once(void **state) {
    struct glb_transport t;
    (void)state;
    flags_before = ASYNC_SPD_VHI;
    assert_int_equal(glb_uart_transport_open(NULL, ptsname(master), &t), GLB_OK);
    assert_int_equal(flags_after, ASYNC_SPD_VHI | ASYNC_LOW_LATENCY);
    t.close(t.self);
}

static void other_driver(void **state) {
    struct glb_transport t;
    (void)state;
    refuse = 1;
    assert_int_equal(glb_uart_transport_open(NULL, ptsname(master), &t), GLB_OK);
    assert_int_equal(flags_after, 0);
    t.close(t.self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reset, plug_in, unplug),
        cmocka_unit_test_setup_teardown(at_once, plug_in, unplug),
        cmocka_unit_test_setup_teardown(other_driver, plug_in, unplug),
    };
    return cmocka_run_group_tests_name("uart line", tests, NULL, NULL);
}
