/* One USB/IP connection: transfers wait in order for each endpoint and end as the device has bytes
 * for them. SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/seconds.h"
#include "usb_board/descriptors.h"
#include "usb_board/usbip_proto.h"
#include "usb_board/usbip_server.h"
#include "usb_board/usbip_transfers.h"

enum {
    PIECE = 1 << 16, /* bytes that one endpoint moves before the others get their turn */
    IDLE_MS = 20,    /* longest wait with transfers open: the device may have bytes by then */
    REST_MS = 200    /* longest wait without, and until a stop is noticed */
};
static const double WRITE_LIMIT = 10;  /* seconds in which the other side takes no byte */
static const double REQUEST_LIMIT = 5; /* seconds until its first request */
static const char busid[] = "1-1";
enum { BUS = 1, ADDRESS = 2 };

struct session {
    int fd;
    const struct glb_usb_device *device;
    const atomic_int *stop;
    FILE *log; /* may be NULL */
    struct transfers waiting;
    uint8_t header[GLB_USBIP_HEADER]; /* of the message that is coming in */
    size_t have;
    struct transfer *filling; /* an OUT transfer whose bytes are coming in */
    int attached, over;
    int closing; /* no more will come: what has come is done, then it is over */
};

static void report(const struct session *s, const char *text) {
    if (s->log) {
        fprintf(s->log, "%s\n", text);
        fflush(s->log);
    }
}

static enum glb_status send_all(struct session *s, const uint8_t *b, size_t n) {
    double end = glb_seconds(CLOCK_MONOTONIC) + WRITE_LIMIT;
    while (n > 0) {
        const ssize_t k = send(s->fd, b, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        const int error = errno;
        const double now = glb_seconds(CLOCK_MONOTONIC);
        if (k > 0) {
            b += k;
            n -= (size_t)k;
            end = now + WRITE_LIMIT;
            continue;
        }
        if ((error != EAGAIN && error != EINTR) || *s->stop) {
            s->over = 1; /* gone, or to be left */
            return GLB_OK;
        }
        if (now > end)
            return glb_fail(GLB_ERR_DEVICE, "the other side takes no bytes");
        struct pollfd p = {.fd = s->fd, .events = POLLOUT};
        poll(&p, 1, REST_MS);
    }
    return GLB_OK;
}

static enum glb_status finish(struct session *s, struct transfer *u, int status) {
    uint8_t h[GLB_USBIP_HEADER];
    glb_usbip_put_submitted(h, u->m.seq, status, u->moved);
    enum glb_status e = send_all(s, h, sizeof h);
    if (!e && u->m.in)
        e = send_all(s, u->bytes, (size_t)u->moved);
    transfer_free(&s->waiting, u);
    return e;
}

/* ---- what comes in ---- */

static enum glb_status submit(struct session *s, const struct glb_usbip_message *m) {
    struct transfer *u;
    const enum glb_status e = transfer_new(&s->waiting, m, &u);
    if (e)
        return e;
    if (!m->in && m->length > 0)
        s->filling = u;
    else
        transfer_enqueue(&s->waiting, u);
    return GLB_OK;
}

static enum glb_status unlink_transfer(struct session *s, const struct glb_usbip_message *m) {
    uint8_t h[GLB_USBIP_HEADER];
    const int found = transfer_unlink(&s->waiting, m->unlink); /* or it has been answered */
    glb_usbip_put_unlinked(h, m->seq, found ? -ECONNRESET : 0);
    return send_all(s, h, sizeof h);
}

static enum glb_status take_message(struct session *s) {
    struct glb_usbip_message m;
    glb_usbip_parse(s->header, &m);
    if (m.command != GLB_USBIP_BAD && m.device != (BUS << 16 | ADDRESS))
        return glb_fail(GLB_ERR_PROTOCOL, "a message for device %u:%u; this is %d:%d",
                        m.device >> 16, m.device & 0xffff, BUS, ADDRESS);
    switch (m.command) {
    case GLB_USBIP_SUBMIT:
        return submit(s, &m);
    case GLB_USBIP_UNLINK:
        return unlink_transfer(s, &m);
    default:
        return glb_fail(GLB_ERR_PROTOCOL, "a message that is not USB/IP 1.1.1");
    }
}

static void describe(const struct glb_usb_device *device,
                     uint8_t descriptor[GLB_USB_DESCRIPTOR_MAX],
                     uint8_t configuration[GLB_USB_DESCRIPTOR_MAX], struct glb_usbip_device *d) {
    const uint8_t type = GLB_USB_DEVICE_TO_HOST, request = GLB_USB_GET_DESCRIPTOR;
    const uint8_t get_device[8] = {type, request, 0, GLB_USB_DT_DEVICE, 0, 0, 18, 0},
                  get_configuration[8] = {type, request, 0, GLB_USB_DT_CONFIGURATION, 0, 0, 255, 0};
    memset(descriptor, 0, GLB_USB_DESCRIPTOR_MAX);
    memset(configuration, 0, GLB_USB_DESCRIPTOR_MAX);
    device->control(device->self, get_device, descriptor, 18);
    device->control(device->self, get_configuration, configuration, 255);
    *d = (struct glb_usbip_device){busid, BUS, ADDRESS, device->speed, descriptor, configuration};
}

static enum glb_status take_op(struct session *s, size_t *used) {
    uint8_t reply[GLB_USBIP_REPLY_MAX], descriptor[GLB_USB_DESCRIPTOR_MAX],
        configuration[GLB_USB_DESCRIPTOR_MAX];
    struct glb_usbip_device d;
    const enum glb_usbip_op op = glb_usbip_parse_op(s->header);
    *used = 0;
    if (op == GLB_USBIP_OP_BAD)
        return glb_fail(GLB_ERR_PROTOCOL, "a request that is not USB/IP 1.1.1");
    if (op == GLB_USBIP_OP_LIST) {
        describe(s->device, descriptor, configuration, &d);
        s->over = 1;
        return send_all(s, reply, glb_usbip_put_device(reply, &d, 1));
    }
    if (s->have < GLB_USBIP_OP_BYTES + GLB_USBIP_BUSID)
        return GLB_OK;
    *used = GLB_USBIP_OP_BYTES + GLB_USBIP_BUSID;
    if (strncmp((const char *)s->header + GLB_USBIP_OP_BYTES, busid, GLB_USBIP_BUSID) != 0) {
        s->over = 1;
        return send_all(s, reply, glb_usbip_put_refusal(reply));
    }
    describe(s->device, descriptor, configuration, &d);
    s->attached = 1;
    report(s, "attached");
    return send_all(s, reply, glb_usbip_put_device(reply, &d, 0));
}

/* Reads what is there; *moved if it was anything. */
static enum glb_status receive(struct session *s, int *moved) {
    for (;;) {
        const size_t want = s->filling    ? (size_t)(s->filling->m.length - s->filling->moved)
                            : s->attached ? sizeof s->header - s->have
                            : s->have < GLB_USBIP_OP_BYTES
                                ? GLB_USBIP_OP_BYTES - s->have
                                : GLB_USBIP_OP_BYTES + GLB_USBIP_BUSID - s->have;
        uint8_t *to = s->filling ? s->filling->bytes + s->filling->moved : s->header + s->have;
        const ssize_t n = recv(s->fd, to, want, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return GLB_OK;
        if (n <= 0) {
            s->closing = 1;
            return GLB_OK;
        }
        *moved = 1;
        enum glb_status e = GLB_OK;
        if (s->filling) {
            s->filling->moved += (int)n;
            if (s->filling->moved == s->filling->m.length) {
                s->filling->moved = 0;
                transfer_enqueue(&s->waiting, s->filling);
                s->filling = NULL;
            }
            continue;
        }
        s->have += (size_t)n;
        if (!s->attached && s->have >= GLB_USBIP_OP_BYTES) {
            size_t used;
            e = take_op(s, &used);
            s->have -= used;
        } else if (s->attached && s->have == sizeof s->header) {
            s->have = 0;
            e = take_message(s);
        }
        if (e || s->over)
            return e;
    }
}

/* ---- what the device does ---- */

static enum glb_status serve_control(struct session *s, int *moved) {
    while (s->waiting.first[0] && !s->over) {
        struct transfer *u = transfer_dequeue(&s->waiting, 0);
        const int n = s->device->control(s->device->self, u->m.setup, u->bytes, u->m.length);
        u->moved = n < 0 ? 0 : u->m.in ? n : u->m.length;
        *moved = 1;
        const enum glb_status e = finish(s, u, n < 0 ? n : 0);
        if (e)
            return e;
    }
    return GLB_OK;
}

/* The first transfer of a queue: some bytes of it, and its end if it ends. */
static enum glb_status serve_bulk(struct session *s, int q, int *moved) {
    struct transfer *u = s->waiting.first[q];
    const size_t left = (size_t)(u->m.length - u->moved), part = left < PIECE ? left : PIECE;
    size_t n = 0;
    int ended = 0;
    const int e =
        u->m.in ? s->device->in(s->device->self, u->m.ep, u->bytes + u->moved, part, &n, &ended)
                : s->device->out(s->device->self, u->m.ep, u->bytes + u->moved, part, &n);
    u->moved += (int)n;
    if (n || ended)
        *moved = 1;
    if (e == 0 && !ended && u->moved < u->m.length)
        return GLB_OK;
    *moved = 1;
    return finish(s, transfer_dequeue(&s->waiting, q), e);
}

static enum glb_status step(struct session *s, int *moved, int *open) {
    enum glb_status e = serve_control(s, moved);
    *open = 0;
    for (int q = 1; q < TRANSFER_QUEUES && !e && !s->over; q++)
        if (s->waiting.first[q]) {
            e = serve_bulk(s, q, moved);
            *open = 1;
        }
    return e;
}

/* Closes connections that come while this one is open: a device has one user. */
static void turn_away(struct session *s, int listener) {
    const int other = listener >= 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    if (other >= 0) {
        close(other);
        report(s, "refused another connection: one is served at a time");
    }
}

static void wait_for_bytes(const struct session *s, int listener, int ms) {
    struct pollfd p[2] = {{.fd = s->fd, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
    poll(p, listener >= 0 ? 2 : 1, ms);
}

enum glb_status glb_usbip_session(int fd, int listener, const struct glb_usb_device *device,
                                  const atomic_int *stop, FILE *log) {
    struct session s = {.fd = fd, .device = device, .stop = stop, .log = log};
    const double end = glb_seconds(CLOCK_MONOTONIC) + REQUEST_LIMIT;
    enum glb_status e = GLB_OK;
    for (int wait = 0; !e && !s.over && !*stop;) {
        int moved = 0, open = 0;
        turn_away(&s, listener);
        if (!s.closing)
            e = receive(&s, &moved);
        if (!e && !s.over)
            e = step(&s, &moved, &open);
        s.over |= s.closing && !moved;
        if (!e && !s.over && !s.attached && glb_seconds(CLOCK_MONOTONIC) > end)
            e = glb_fail(GLB_ERR_DEVICE, "no request came in %.0f s", REQUEST_LIMIT);
        const int most = open ? IDLE_MS : REST_MS;
        wait = moved ? 0 : wait ? 2 * wait : 1;
        if (wait > most)
            wait = most;
        if (wait && !e && !s.over)
            wait_for_bytes(&s, listener, wait);
    }
    if (s.attached)
        report(&s, "detached");
    transfer_free(&s.waiting, s.filling);
    transfers_free(&s.waiting);
    return e;
}
