/* libFuzzer harness of the USB/IP server: whatever comes on the socket. An input whose first byte
 * is odd is taken as messages of an attached device, so that the fuzzer need not find the way
 * there. SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "usbip_proto.h"
#include "usbip_server.h"
#include "vusb.h"

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
        return GLB_VUSB_STALL;
    const int n = length < setup[2] ? length : setup[2];
    if (setup[0] & 0x80 && n)
        memset(data, 0x5a, (size_t)n);
    return setup[0] & 0x80 ? n : length;
}

static int out(void *self, int ep, const uint8_t *bytes, size_t n, size_t *taken) {
    struct echo *e = self;
    *taken = n < sizeof e->bytes - e->n ? n : sizeof e->bytes - e->n;
    if (ep != 1)
        return GLB_VUSB_STALL;
    memcpy(e->bytes + e->n, bytes, *taken);
    e->n += *taken;
    return 0;
}

static int in(void *self, int ep, uint8_t *bytes, size_t n, size_t *got, int *ended) {
    struct echo *e = self;
    *got = *ended = 0;
    if (ep != 1)
        return GLB_VUSB_STALL;
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

/* Reads the answers: without it the server waits ten seconds for room in the socket. */
static void *drain(void *fd) {
    char bytes[65536];
    while (read(*(int *)fd, bytes, sizeof bytes) > 0)
        ;
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct echo e = {.n = 0};
    const struct glb_vusb device = {control, out, in, nothing, GLB_USB_HIGH_SPEED, &e};
    const int stop = 0;
    int fd[2];
    pthread_t reader;
    if (size < 1 || size > 16384 || socketpair(AF_UNIX, SOCK_STREAM, 0, fd))
        return 0;
    ssize_t n = data[0] & 1 ? write(fd[1], import, sizeof import) : 0;
    n += write(fd[1], data + 1, size - 1);
    shutdown(fd[1], SHUT_WR);
    if (n < 0 || pthread_create(&reader, NULL, drain, &fd[1]))
        abort();
    if (glb_usbip_session(fd[0], &device, &stop, NULL) && strlen(glb_error()) == 0)
        abort(); /* every refusal says why */
    close(fd[0]);
    pthread_join(reader, NULL);
    close(fd[1]);
    return 0;
}
