/* libFuzzer harness of the USB/IP server: whatever comes on the socket. The first byte of an input
 * selects how it comes: odd, as messages of an attached device, so that the fuzzer need not find
 * the way there; its upper seven bits, in how large pieces. The session's socket calls end here (ld
 * --wrap): a real socket and its reader cost more than the server. SPDX-License-Identifier:
 * Apache-2.0 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "usb_board/usbip_proto.h"
#include "usb_board/usbip_server.h"
#include "usb_board/device.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t import[GLB_USBIP_OP_BYTES + GLB_USBIP_BUSID] = {1, 0x11, 0x80, 3,   0,  0,
                                                                     0, 0,    '1',  '-', '1'};

/* A small device: it echoes, and holds at most a few bytes. */
struct echo {
    uint8_t bytes[256];
    size_t n;
};

static int control(void *self, const uint8_t setup[8], uint8_t *data, int length) {
    (void)self;
    if (setup[0] & 0x40)
        return GLB_USB_STALL;
    const int n = length < setup[2] ? length : setup[2];
    if (setup[0] & 0x80 && n)
        memset(data, 0x5a, (size_t)n);
    return setup[0] & 0x80 ? n : length;
}

static int out(void *self, int ep, const uint8_t *bytes, size_t n, size_t *taken) {
    struct echo *e = self;
    *taken = n < sizeof e->bytes - e->n ? n : sizeof e->bytes - e->n;
    if (ep != 1)
        return GLB_USB_STALL;
    memcpy(e->bytes + e->n, bytes, *taken);
    e->n += *taken;
    return 0;
}

static int in(void *self, int ep, uint8_t *bytes, size_t n, size_t *got, int *ended) {
    struct echo *e = self;
    *got = *ended = 0;
    if (ep != 1)
        return GLB_USB_STALL;
    *got = n < e->n ? n : e->n;
    memcpy(bytes, e->bytes, *got);
    memmove(e->bytes, e->bytes + *got, e->n - *got);
    e->n -= *got;
    *ended = *got > 0;
    return 0;
}

static void nothing(void *self) {
    (void)self;
}

/* The other side: what it sends, and a piece at a time of it. */
static struct {
    uint8_t bytes[sizeof import + 16384];
    size_t n, at, piece;
    int pause; /* nothing there until the server waits or comes again */
} peer;

ssize_t __wrap_recv(int fd, void *to, size_t n, int flags);
ssize_t __wrap_send(int fd, const void *from, size_t n, int flags);
int __wrap_poll(struct pollfd *p, nfds_t n, int ms);

ssize_t __wrap_recv(int fd, void *to, size_t n, int flags) {
    (void)fd, (void)flags;
    peer.pause = peer.piece && !peer.pause;
    if (peer.pause) {
        errno = EAGAIN;
        return -1;
    }
    if (peer.piece && n > peer.piece)
        n = peer.piece;
    if (n > peer.n - peer.at)
        n = peer.n - peer.at;
    memcpy(to, peer.bytes + peer.at, n);
    peer.at += n;
    return (ssize_t)n; /* 0: no more comes */
}

/* Takes the answers, every byte of which must be there. */
ssize_t __wrap_send(int fd, const void *from, size_t n, int flags) {
    static volatile uint8_t sum;
    (void)fd, (void)flags;
    for (size_t i = 0; i < n; i++)
        sum ^= ((const uint8_t *)from)[i];
    return (ssize_t)n;
}

int __wrap_poll(struct pollfd *p, nfds_t n, int ms) {
    (void)ms;
    p->revents = p->events;
    return (int)n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct echo e = {.n = 0};
    const struct glb_usb_device device = {control, out, in, nothing, GLB_USB_HIGH_SPEED, &e};
    const atomic_int stop = 0;
    if (size < 1 || size > 16384)
        return 0;
    peer.n = data[0] & 1 ? sizeof import : 0;
    memcpy(peer.bytes, import, peer.n);
    memcpy(peer.bytes + peer.n, data + 1, size - 1);
    peer.n += size - 1;
    peer.at = 0;
    peer.piece = data[0] >> 1; /* 0: all at once */
    peer.pause = 0;
    if (glb_usbip_session(-1, -1, &device, &stop, NULL) && strlen(glb_error()) == 0)
        abort(); /* every refusal has a message */
    return 0;
}
