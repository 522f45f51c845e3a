/* A board at a serial port. SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>
#include "wire/transport.h"

enum { TIME_LIMIT_MS = 1000 };

struct uart {
    int fd;
    char name[160];
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

static enum glb_status exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in) {
    struct uart *u = self;
    struct pollfd p = {.fd = u->fd, .events = (short)((n_in ? POLLIN : 0) | (n_out ? POLLOUT : 0))};
    *done_out = *done_in = 0;
    const int ready = poll(&p, 1, TIME_LIMIT_MS);
    if (ready < 0 && errno != EINTR)
        return failed(u, "poll");
    if (ready <= 0)
        return GLB_OK;
    if (p.revents & POLLIN) {
        const ssize_t n = read(u->fd, in, n_in);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return failed(u, "read");
        *done_in = n > 0 ? (size_t)n : 0;
    } else if (p.revents & (POLLHUP | POLLERR | POLLNVAL)) {
        errno = ENODEV;
        return failed(u, "read");
    }
    if (p.revents & POLLOUT) {
        const ssize_t n = write(u->fd, out, n_out);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return failed(u, "write");
        *done_out = n > 0 ? (size_t)n : 0;
    }
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

static enum glb_status set_up(struct uart *u, speed_t speed) {
    struct termios t;
    if (flock(u->fd, LOCK_EX | LOCK_NB))
        return glb_fail(GLB_ERR_DEVICE, "%s is in use by another program", u->name);
    if (tcgetattr(u->fd, &t))
        return glb_fail(GLB_ERR_DEVICE, "%s is not a serial port: %s", u->name, strerror(errno));
    cfmakeraw(&t);
    t.c_cflag |= CLOCAL | CREAD;
    t.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS);
    t.c_cc[VMIN] = t.c_cc[VTIME] = 0;
    cfsetispeed(&t, speed);
    cfsetospeed(&t, speed);
    if (tcsetattr(u->fd, TCSANOW, &t))
        return failed(u, "set-up");
    return GLB_OK;
}

enum glb_status glb_uart_transport_open(const char *where, struct glb_transport *out) {
    char path[128];
    const char *colon = strrchr(where, ':');
    const size_t n = colon ? (size_t)(colon - where) : strlen(where);
    const long baud = colon ? strtol(colon + 1, NULL, 10) : GLB_UART_BAUD;
    speed_t speed = B0;
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++)
        if (speeds[i].baud == baud)
            speed = speeds[i].speed;
    if (speed == B0)
        return glb_fail(
            GLB_ERR_ARGUMENT,
            "uart:%s: no serial port runs at %s baud; there are 115200, 230400, 460800, "
            "500000, 921600 and 1000000, 1500000, 2000000, 3000000, 4000000",
            where, colon ? colon + 1 : "");
    if (n == 0 || n >= sizeof path)
        return glb_fail(GLB_ERR_ARGUMENT, "uart:%s: say uart:/dev/NAME or uart:/dev/NAME:BAUD",
                        where);
    memcpy(path, where, n);
    path[n] = 0;
    struct uart *u = calloc(1, sizeof *u);
    if (!u)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a serial port");
    snprintf(u->name, sizeof u->name, "uart:%s, %ld baud", path, baud);
    u->fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    enum glb_status s =
        u->fd >= 0 ? set_up(u, speed)
                   : glb_fail(GLB_ERR_DEVICE, "%s: %s%s", path, strerror(errno),
                              errno == EACCES ? "; `make udev` lets users open boards" : "");
    if (s) {
        close_uart(u);
        return s;
    }
    *out = (struct glb_transport){exchange, close_uart, describe, u, GLB_UART_WINDOW};
    return GLB_OK;
}
