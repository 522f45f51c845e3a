/* A libusb of the test's own, for the one file that includes this: boards are plugged in, the
 * emulated board is behind their endpoints, and the bus can be silent, interrupted or fail.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TRANSPORTS_FAKE_LIBUSB_H
#define GLB_TRANSPORTS_FAKE_LIBUSB_H

#include <libusb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "transports/transports.h"
#include "transports/usb_ids.h"

enum { BOARDS = 3, TRANSFERS = 64 };

struct libusb_device {
    const char *product, *serial;
    int open_error, string_error, busy;
};
struct libusb_device_handle {
    libusb_device *device;
};

static struct libusb_device plugged[BOARDS];
static int boards;
static struct libusb_device_handle handle;
static struct glb_transport board; /* behind the endpoints of whatever board is configured */
static int configured;
static struct libusb_transfer *submitted[TRANSFERS]; /* in their order */
static int nsubmitted;
static int interrupted; /* so many looks at events end by a signal */
static int deaf;        /* the board does nothing */
static int cut;         /* so many bytes of a transfer to the board do not arrive */
static int slow;        /* the board takes bytes, but sends none */
static enum libusb_transfer_status fault;

int libusb_init(libusb_context **ctx) {
    *ctx = NULL;
    return 0;
}
void libusb_exit(libusb_context *ctx) {
    (void)ctx;
}

ssize_t libusb_get_device_list(libusb_context *ctx, libusb_device ***list) {
    (void)ctx;
    *list = calloc(BOARDS + 1, sizeof **list);
    for (int i = 0; i < boards; i++)
        (*list)[i] = &plugged[i];
    return boards;
}
void libusb_free_device_list(libusb_device **list, int unref) {
    (void)unref;
    free(list);
}
libusb_device *libusb_ref_device(libusb_device *d) {
    return d;
}
void libusb_unref_device(libusb_device *d) {
    (void)d;
}

int libusb_get_device_descriptor(libusb_device *d, struct libusb_device_descriptor *to) {
    *to = (struct libusb_device_descriptor){
        .idVendor = GLB_USB_VID, .idProduct = GLB_USB_PID, .iProduct = 2, .iSerialNumber = 3};
    to->iProduct = d->product ? 2 : 0;
    return 0;
}
uint8_t libusb_get_bus_number(libusb_device *d) {
    (void)d;
    return 7;
}
uint8_t libusb_get_device_address(libusb_device *d) {
    return (uint8_t)(1 + (d - plugged));
}
int libusb_get_device_speed(libusb_device *d) {
    (void)d;
    return LIBUSB_SPEED_HIGH;
}
int libusb_get_string_descriptor_ascii(libusb_device_handle *h, uint8_t index, unsigned char *to,
                                       int size) {
    const char *text = index == 2 ? h->device->product : h->device->serial;
    return h->device->string_error ? h->device->string_error
                                   : snprintf((char *)to, (size_t)size, "%s", text);
}

int libusb_open(libusb_device *d, libusb_device_handle **h) {
    handle.device = d;
    *h = d->open_error ? NULL : &handle;
    return d->open_error;
}
void libusb_close(libusb_device_handle *h) {
    (void)h;
}
int libusb_set_auto_detach_kernel_driver(libusb_device_handle *h, int on) {
    (void)h, (void)on;
    return 0;
}
int libusb_claim_interface(libusb_device_handle *h, int interface) {
    (void)interface;
    return h->device->busy ? LIBUSB_ERROR_BUSY : 0;
}
int libusb_release_interface(libusb_device_handle *h, int interface) {
    (void)h, (void)interface;
    return 0;
}
int libusb_set_configuration(libusb_device_handle *h, int value) {
    (void)h;
    if (configured)
        board.close(board.self);
    configured =
        value == GLB_USB_CONFIGURATION && glb_emu_port_open("tiny", NULL, &board) == GLB_OK;
    return configured ? 0 : LIBUSB_ERROR_IO;
}

struct libusb_transfer *libusb_alloc_transfer(int packets) {
    (void)packets;
    return calloc(1, sizeof(struct libusb_transfer));
}
void libusb_free_transfer(struct libusb_transfer *t) {
    free(t);
}
int libusb_submit_transfer(struct libusb_transfer *t) {
    assert_true(nsubmitted < TRANSFERS);
    submitted[nsubmitted++] = t;
    return 0;
}
static void complete(int at, enum libusb_transfer_status status, size_t n) {
    struct libusb_transfer *t = submitted[at];
    memmove(submitted + at, submitted + at + 1, (size_t)(--nsubmitted - at) * sizeof *submitted);
    t->status = status;
    t->actual_length = (int)n;
    t->callback(t);
}
int libusb_cancel_transfer(struct libusb_transfer *t) {
    for (int i = 0; i < nsubmitted; i++)
        if (submitted[i] == t)
            complete(i, LIBUSB_TRANSFER_CANCELLED, 0);
    return 0;
}

/* The first transfer of this direction, or -1. */
static int first(int in) {
    for (int i = 0; i < nsubmitted; i++)
        if (((submitted[i]->endpoint & LIBUSB_ENDPOINT_IN) != 0) == in)
            return i;
    return -1;
}

int libusb_handle_events_timeout_completed(libusb_context *ctx, struct timeval *tv, int *done) {
    const double end =
        glb_seconds(CLOCK_MONOTONIC) + (double)tv->tv_sec + 1e-6 * (double)tv->tv_usec;
    (void)ctx, (void)done;
    do {
        size_t sent = 0, got = 0;
        if (interrupted > 0) {
            interrupted--;
            return LIBUSB_ERROR_INTERRUPTED;
        }
        const int out = first(0), in = first(1);
        if (fault && in >= 0) {
            complete(in, fault, 0);
            return 0;
        }
        if (!deaf) {
            board.exchange(board.self, out < 0 ? NULL : submitted[out]->buffer,
                           out < 0 ? 0 : (size_t)submitted[out]->length, &sent,
                           submitted[in]->buffer, slow ? 0 : (size_t)submitted[in]->length, &got);
            if (got)
                complete(in, LIBUSB_TRANSFER_COMPLETED, got);
            if (out >= 0)
                complete(first(0), LIBUSB_TRANSFER_COMPLETED, sent - (size_t)cut);
            if (got || out >= 0)
                return 0;
        }
        usleep(500);
    } while (glb_seconds(CLOCK_MONOTONIC) < end);
    return 0;
}

#endif
