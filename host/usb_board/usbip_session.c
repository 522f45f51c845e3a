/* One USB/IP connection: transfers wait in order for each endpoint and end as the device has bytes
 * for them. SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "usb_board/descriptors.h"
#include "usb_board/usbip_proto.h"
#include "usb_board/usbip_server.h"

enum {
    QUEUES = 32, /* endpoint, and +16 for IN; those of endpoint 0 share the first */
    MAX_QUEUED = 64 << 20,
    PIECE = 1 << 16, /* bytes that one endpoint moves before the others get their turn */
    IDLE_MS = 20,    /* longest wait with transfers open: the device may have something to say */
    REST_MS = 200,   /* longest wait without */
    WRITE_MS = 10000
};
static const char busid[] = "1-1";

struct urb {
    struct urb *next;
    struct glb_usbip_message m;
    int moved;
    uint8_t bytes[];
};

struct session {
    int fd;
    const struct glb_usb_device *device;
    const atomic_int *stop;
    FILE *say;
    struct urb *first[QUEUES], *last[QUEUES];
    size_t queued;
    uint8_t header[GLB_USBIP_HEADER]; /* of the message that is coming in */
    size_t have;
    struct urb *filling; /* an OUT transfer whose bytes are coming in */
    int attached, over;
    int closing; /* no more will come: what has come is done, then it is over */
};

static enum glb_status send_all(struct session *s, const uint8_t *b, size_t n) {
    while (n > 0) {
        const ssize_t k = send(s->fd, b, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (k > 0) {
            b += k;
            n -= (size_t)k;
            continue;
        }
        struct pollfd p = {.fd = s->fd, .events = POLLOUT};
        if (errno != EAGAIN && errno != EINTR) {
            s->over = 1; /* gone */
            return GLB_OK;
        }
        if (poll(&p, 1, WRITE_MS) == 0)
            return glb_fail(GLB_ERR_DEVICE, "the other side takes no bytes");
    }
    return GLB_OK;
}

static enum glb_status finish(struct session *s, struct urb *u, int status) {
    uint8_t h[GLB_USBIP_HEADER];
    glb_usbip_put_submitted(h, u->m.seq, status, u->moved);
    enum glb_status e = send_all(s, h, sizeof h);
    if (!e && u->m.in)
        e = send_all(s, u->bytes, (size_t)u->moved);
    s->queued -= (size_t)u->m.length;
    free(u);
    return e;
}

static int queue_of(const struct glb_usbip_message *m) {
    return m->ep == 0 ? 0 : m->ep + (m->in ? 16 : 0);
}

static void enqueue(struct session *s, struct urb *u) {
    const int q = queue_of(&u->m);
    u->next = NULL;
    if (s->first[q])
        s->last[q]->next = u;
    else
        s->first[q] = u;
    s->last[q] = u;
}

static struct urb *dequeue(struct session *s, int q) {
    struct urb *u = s->first[q];
    s->first[q] = u->next;
    return u;
}

static enum glb_status unlink_urb(struct session *s, const struct glb_usbip_message *m) {
    uint8_t h[GLB_USBIP_HEADER];
    int status = 0; /* nothing to take back: it has been answered */
    for (int q = 0; q < QUEUES && !status; q++) {
        struct urb *before = NULL;
        for (struct urb *u = s->first[q]; u; before = u, u = u->next)
            if (u->m.seq == m->unlink) {
                if (before)
                    before->next = u->next;
                else
                    s->first[q] = u->next;
                if (s->last[q] == u)
                    s->last[q] = before;
                s->queued -= (size_t)u->m.length;
                free(u);
                status = -ECONNRESET;
                break;
            }
    }
    glb_usbip_put_unlinked(h, m->seq, status);
    return send_all(s, h, sizeof h);
}

/* ---- what comes in ---- */

static enum glb_status submit(struct session *s, const struct glb_usbip_message *m) {
    if (s->queued + (size_t)m->length > MAX_QUEUED)
        return glb_fail(GLB_ERR_PROTOCOL, "more than %d bytes of transfers wait", MAX_QUEUED);
    struct urb *u = malloc(sizeof *u + (size_t)m->length); /* only bytes that moved are sent */
    if (!u)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a transfer of %d bytes", m->length);
    u->m = *m;
    u->moved = 0;
    s->queued += (size_t)m->length;
    if (!m->in && m->length > 0)
        s->filling = u;
    else
        enqueue(s, u);
    return GLB_OK;
}

static enum glb_status take_message(struct session *s) {
    struct glb_usbip_message m;
    glb_usbip_parse(s->header, &m);
    switch (m.command) {
    case GLB_USBIP_SUBMIT:
        return submit(s, &m);
    case GLB_USBIP_UNLINK:
        return unlink_urb(s, &m);
    default:
        return glb_fail(GLB_ERR_PROTOCOL, "a message that is not USB/IP 1.1.1");
    }
}

static void describe(const struct glb_usb_device *device,
                     uint8_t descriptor[GLB_USB_DESCRIPTOR_MAX],
                     uint8_t configuration[GLB_USB_DESCRIPTOR_MAX], struct glb_usbip_device *d) {
    const uint8_t get_device[8] = {0x80, 6, 0, GLB_USB_DT_DEVICE, 0, 0, 18, 0},
                  get_configuration[8] = {0x80, 6, 0, GLB_USB_DT_CONFIGURATION, 0, 0, 255, 0};
    memset(descriptor, 0, GLB_USB_DESCRIPTOR_MAX);
    memset(configuration, 0, GLB_USB_DESCRIPTOR_MAX);
    device->control(device->self, get_device, descriptor, 18);
    device->control(device->self, get_configuration, configuration, 255);
    *d = (struct glb_usbip_device){busid, 1, 2, device->speed, descriptor, configuration};
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
    if (s->say) {
        fprintf(s->say, "attached\n");
        fflush(s->say);
    }
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
                enqueue(s, s->filling);
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
    while (s->first[0] && !s->over) {
        struct urb *u = dequeue(s, 0);
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
    struct urb *u = s->first[q];
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
    return finish(s, dequeue(s, q), e);
}

static enum glb_status step(struct session *s, int *moved, int *open) {
    enum glb_status e = serve_control(s, moved);
    *open = 0;
    for (int q = 1; q < QUEUES && !e && !s->over; q++)
        if (s->first[q]) {
            e = serve_bulk(s, q, moved);
            *open = 1;
        }
    return e;
}

enum glb_status glb_usbip_session(int fd, const struct glb_usb_device *device,
                                  const atomic_int *stop, FILE *say) {
    struct session s = {.fd = fd, .device = device, .stop = stop, .say = say};
    enum glb_status e = GLB_OK;
    for (int wait = 0; !e && !s.over && !*stop;) {
        int moved = 0, open = 0;
        if (!s.closing)
            e = receive(&s, &moved);
        if (!e && !s.over)
            e = step(&s, &moved, &open);
        s.over |= s.closing && !moved;
        const int most = open ? IDLE_MS : REST_MS;
        wait = moved ? 0 : wait ? 2 * wait : 1;
        if (wait > most)
            wait = most;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (wait && !e && !s.over)
            poll(&p, 1, wait);
    }
    if (s.attached && say) {
        fprintf(say, "detached\n");
        fflush(say);
    }
    free(s.filling);
    for (int q = 0; q < QUEUES; q++)
        while (s.first[q])
            free(dequeue(&s, q));
    return e;
}
