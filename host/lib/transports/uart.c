/* A board at a serial port. SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "base/seconds.h"
#include "transports/transports.h"

static const double TIME_LIMIT = 1; /* seconds of an exchange in which nothing moves */

enum { DEFAULT_BAUD = 3000000, WINDOW = 2047 /* bytes that the board's receiver holds */ };

struct uart {
    int fd;
    char name[192];
};

struct place { /* what follows uart: */
    char path[160];
    long baud;
    speed_t speed;
};

static const struct {
    long baud;
    speed_t speed;
} speeds[] = {{115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
              {921600, B921600},   {1000000, B1000000}, {1500000, B1500000}, {2000000, B2000000},
              {3000000, B3000000}, {4000000, B4000000}};

static enum glb_status failed(const struct uart *u, const char *doing) {
    return glb_fail(GLB_ERR_DEVICE, "%s: %s: %s; was the board unplugged?", u->name, doing,
                    strerror(errno));
}

/* Waits until the line can do one of `events`, or until `end`; a signal does not shorten the wait.
 * What it can do; 0: nothing; below 0: an error, in errno. */
static int wait_for(struct uart *u, short events, double end) {
    for (;;) {
        struct pollfd p = {.fd = u->fd, .events = events};
        const double left = end - glb_seconds(CLOCK_MONOTONIC);
        const int ready = poll(&p, 1, left > 0 ? (int)(1000 * left) + 1 : 0);
        if (ready >= 0)
            return ready ? p.revents : 0;
        if (errno != EINTR)
            return -1;
    }
}

static int passing(int error) { /* another try may succeed */
    return error == EAGAIN || error == EINTR;
}

static enum glb_status exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in) {
    struct uart *u = self;
    const double end = glb_seconds(CLOCK_MONOTONIC) + TIME_LIMIT;
    const short events = (short)((n_in ? POLLIN : 0) | (n_out ? POLLOUT : 0));
    *done_out = *done_in = 0;
    do {
        const int ready = wait_for(u, events, end);
        if (ready < 0)
            return failed(u, "poll");
        if (ready == 0)
            return GLB_OK;
        if (ready & POLLIN) {
            const ssize_t n = read(u->fd, in, n_in);
            if (n < 0 && !passing(errno))
                return failed(u, "read");
            if (n == 0 && ready & POLLHUP) {
                errno = ENODEV;
                return failed(u, "read");
            }
            *done_in = n > 0 ? (size_t)n : 0;
        } else if (ready & (POLLHUP | POLLERR | POLLNVAL)) {
            errno = ENODEV;
            return failed(u, "read");
        }
        if (ready & POLLOUT) {
            const ssize_t n = write(u->fd, out, n_out);
            if (n < 0 && !passing(errno))
                return failed(u, "write");
            *done_out = n > 0 ? (size_t)n : 0;
        }
    } while (!*done_in && !*done_out && glb_seconds(CLOCK_MONOTONIC) < end);
    return GLB_OK;
}

/* A break, which glb_uart.sv takes for a reset. */
static enum glb_status reset(void *self) {
    const struct uart *u = self;
    if (tcsendbreak(u->fd, 0) || tcflush(u->fd, TCIOFLUSH))
        return failed(u, "reset");
    return GLB_OK;
}

static void close_uart(void *self) {
    struct uart *u = self;
    if (u->fd >= 0)
        close(u->fd);
    free(u);
}

static const char *describe(void *self) {
    return ((struct uart *)self)->name;
}

/* An FTDI chip keeps a reply for 16 ms unless its buffer is full; with this flag its driver asks
 * for 1 ms. Ports of other kinds refuse it or have no use for it. */
static void reply_at_once(const struct uart *u) {
    struct serial_struct port;
    if (ioctl(u->fd, TIOCGSERIAL, &port))
        return;
    port.flags |= ASYNC_LOW_LATENCY;
    (void)ioctl(u->fd, TIOCSSERIAL, &port);
}

static enum glb_status set_up(struct uart *u, speed_t speed) {
    struct termios t;
    if (flock(u->fd, LOCK_EX | LOCK_NB))
        return glb_fail(GLB_ERR_DEVICE, "%s is in use by another program", u->name);
    if (tcgetattr(u->fd, &t))
        return glb_fail(GLB_ERR_DEVICE, "%s is not a serial port: %s; give that of the board",
                        u->name, strerror(errno));
    cfmakeraw(&t);
    t.c_cflag |= CLOCAL | CREAD;
    t.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS);
    t.c_cc[VMIN] = t.c_cc[VTIME] = 0;
    cfsetispeed(&t, speed);
    cfsetospeed(&t, speed);
    if (tcsetattr(u->fd, TCSANOW, &t))
        return failed(u, "set-up");
    reply_at_once(u);
    return GLB_OK;
}

/* Splits PATH[:BAUD]. A path may have colons of its own (/dev/serial/by-path/..-usb-0:1:1.0-port0):
 * only digits behind the last one are a rate, and not if the whole is a file. */
static size_t path_length(const char *where, const char **baud) {
    const char *colon = strrchr(where, ':');
    *baud = NULL;
    if (!colon || colon[1 + strspn(colon + 1, "0123456789")] || access(where, F_OK) == 0)
        return strlen(where);
    *baud = colon + 1;
    return (size_t)(colon - where);
}

static enum glb_status parse(const char *where, struct place *out) {
    const char *baud;
    const size_t n = path_length(where, &baud);
    out->baud = baud ? strtol(baud, NULL, 10) : DEFAULT_BAUD;
    out->speed = B0;
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++)
        if (speeds[i].baud == out->baud)
            out->speed = speeds[i].speed;
    if (out->speed == B0)
        return glb_fail(
            GLB_ERR_ARGUMENT,
            "uart:%s: no serial port runs at %s baud; there are 115200, 230400, 460800, "
            "500000, 921600 and 1000000, 1500000, 2000000, 3000000, 4000000",
            where, baud);
    if (n == 0 || n >= sizeof out->path)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "uart:%s: no port; say uart:/dev/NAME or uart:/dev/NAME:BAUD", where);
    memcpy(out->path, where, n);
    out->path[n] = 0;
    return GLB_OK;
}

enum glb_status glb_uart_transport_open(const char *array, const char *argument,
                                        struct glb_transport *out) {
    struct place at;
    (void)array;
    enum glb_status s = parse(argument, &at);
    if (s)
        return s;
    struct uart *u = calloc(1, sizeof *u);
    if (!u)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a serial port");
    snprintf(u->name, sizeof u->name, "uart:%s, %ld baud", at.path, at.baud);
    u->fd = open(at.path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    s = u->fd >= 0
            ? set_up(u, at.speed)
            : glb_fail(GLB_ERR_DEVICE, "%s: %s%s", at.path, strerror(errno),
                       errno == EACCES ? "; `make udev` lets users open boards"
                       : errno == ENOENT
                           ? "; is the board plugged in? `dmesg` names the port of the last one"
                           : "; is this the board's port?");
    if (s) {
        close_uart(u);
        return s;
    }
    *out = (struct glb_transport){.exchange = exchange,
                                  .close = close_uart,
                                  .describe = describe,
                                  .self = u,
                                  .window = WINDOW,
                                  .reset = reset};
    return GLB_OK;
}
