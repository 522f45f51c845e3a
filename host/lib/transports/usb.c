/* A board on USB: bulk transfers, several in flight each way, so that the bus does not wait for the
 * host. SPDX-License-Identifier: Apache-2.0 */
#include <libusb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/seconds.h"
#include "transports/transports.h"
#include "transports/usb_find.h"
#include "transports/usb_ids.h"

/* Bytes and number of transfers in flight each way: 2.5 ms of high speed, far below the 16 MB that
 * Linux lets all users of USB have together. */
enum { CHUNK = 16384, DEPTH = 8 };
static const double TIME_LIMIT = 1;  /* seconds of an exchange in which nothing moves */
static const double CLOSE_LIMIT = 2; /* seconds for cancelled transfers to come back */

struct slot {
    struct usb *u;
    struct libusb_transfer *transfer;
    uint8_t *bytes;
    size_t taken; /* of what arrived */
    int busy, full;
};

struct usb {
    libusb_context *ctx;
    libusb_device_handle *h;
    char name[160];
    struct slot out[DEPTH], in[DEPTH];
    int next_out, next_in; /* transfers of one endpoint end in their order */
    int closing;
    enum libusb_transfer_status trouble; /* LIBUSB_TRANSFER_COMPLETED: none */
    const char *trouble_where;
    int submit_error;
};

static void submit(struct slot *s) {
    if (s->u->submit_error || s->u->trouble != LIBUSB_TRANSFER_COMPLETED)
        return;
    s->u->submit_error = libusb_submit_transfer(s->transfer);
    s->busy = !s->u->submit_error;
}

static void LIBUSB_CALL done(struct libusb_transfer *t) {
    struct slot *s = t->user_data;
    struct usb *u = s->u;
    const int in = (t->endpoint & LIBUSB_ENDPOINT_IN) != 0;
    s->busy = 0;
    if (t->status != LIBUSB_TRANSFER_COMPLETED) {
        if (u->trouble == LIBUSB_TRANSFER_COMPLETED && !u->closing) {
            u->trouble = t->status;
            u->trouble_where = in ? "from" : "to";
        }
    } else if (!in && t->actual_length != t->length) {
        u->trouble = LIBUSB_TRANSFER_ERROR;
        u->trouble_where = "to";
    } else if (in) {
        s->taken = 0;
        s->full = 1; /* with no bytes too: an empty packet only marks an end */
    }
}

static enum glb_status explain(const struct usb *u) {
    if (u->submit_error == LIBUSB_ERROR_NO_DEVICE || u->trouble == LIBUSB_TRANSFER_NO_DEVICE)
        return glb_fail(GLB_ERR_DEVICE,
                        "%s: the board was unplugged or reset; plug it in and start again",
                        u->name);
    if (u->submit_error)
        return glb_fail(GLB_ERR_DEVICE, "%s: a transfer cannot be started: %s", u->name,
                        libusb_strerror(u->submit_error));
    static const struct {
        enum libusb_transfer_status status;
        const char *text;
    } known[] = {{LIBUSB_TRANSFER_STALL, "the board halted the endpoint (was it reset?)"},
                 {LIBUSB_TRANSFER_ERROR, "bus errors; check cable and hub"},
                 {LIBUSB_TRANSFER_OVERFLOW, "more bytes came than the packet may have"},
                 {LIBUSB_TRANSFER_TIMED_OUT, "timed out"},
                 {LIBUSB_TRANSFER_CANCELLED, "cancelled"}};
    const char *text = "unknown failure";
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].status == u->trouble)
            text = known[i].text;
    return glb_fail(GLB_ERR_DEVICE, "%s: transfer %s the board failed: %s; reopen the device",
                    u->name, u->trouble_where, text);
}

static size_t give(struct usb *u, const uint8_t *out, size_t n) {
    size_t sent = 0;
    while (sent < n && !u->out[u->next_out].busy && !u->submit_error) {
        struct slot *s = &u->out[u->next_out];
        const size_t part = n - sent < CHUNK ? n - sent : CHUNK;
        memcpy(s->bytes, out + sent, part);
        s->transfer->length = (int)part;
        submit(s);
        if (!s->busy)
            break;
        sent += part;
        u->next_out = (u->next_out + 1) % DEPTH;
    }
    return sent;
}

static size_t take(struct usb *u, uint8_t *in, size_t n) {
    size_t got = 0;
    while (got < n && u->in[u->next_in].full) {
        struct slot *s = &u->in[u->next_in];
        const size_t have = (size_t)s->transfer->actual_length - s->taken,
                     part = n - got < have ? n - got : have;
        memcpy(in + got, s->bytes + s->taken, part);
        s->taken += part;
        got += part;
        if (s->taken == (size_t)s->transfer->actual_length) {
            s->full = 0;
            submit(s);
            u->next_in = (u->next_in + 1) % DEPTH;
        }
    }
    return got;
}

static enum glb_status exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in) {
    struct usb *u = self;
    const double end = glb_seconds(CLOCK_MONOTONIC) + TIME_LIMIT;
    double wait = 0; /* the first look at events does not wait */
    *done_out = *done_in = 0;
    for (;;) {
        struct timeval tv = {(time_t)wait, (suseconds_t)((wait - (double)(time_t)wait) * 1e6)};
        const int e = libusb_handle_events_timeout_completed(u->ctx, &tv, NULL);
        *done_out += give(u, out + *done_out, n_out - *done_out);
        *done_in += take(u, in + *done_in, n_in - *done_in);
        if (*done_out || *done_in)
            return GLB_OK; /* what arrived before a failure is not lost */
        if (u->submit_error || u->trouble != LIBUSB_TRANSFER_COMPLETED)
            return explain(u);
        if (e && e != LIBUSB_ERROR_INTERRUPTED)
            return glb_fail(GLB_ERR_DEVICE, "%s: %s", u->name, libusb_strerror(e));
        wait = end - glb_seconds(CLOCK_MONOTONIC);
        if (wait <= 0)
            return GLB_OK;
    }
}

static int in_flight(const struct usb *u) {
    int n = 0;
    for (int i = 0; i < DEPTH; i++)
        n += u->out[i].busy + u->in[i].busy;
    return n;
}

static void close_usb(void *self) {
    struct usb *u = self;
    const double end = glb_seconds(CLOCK_MONOTONIC) + CLOSE_LIMIT;
    u->closing = 1;
    for (int i = 0; i < DEPTH; i++) {
        if (u->out[i].busy)
            libusb_cancel_transfer(u->out[i].transfer);
        if (u->in[i].busy)
            libusb_cancel_transfer(u->in[i].transfer);
    }
    while (in_flight(u) && glb_seconds(CLOCK_MONOTONIC) < end) {
        struct timeval tv = {0, 100000};
        libusb_handle_events_timeout_completed(u->ctx, &tv, NULL);
    }
    if (in_flight(u))
        return; /* leak them rather than free memory the kernel may still write to */
    for (int i = 0; i < DEPTH; i++)
        for (int way = 0; way < 2; way++) {
            struct slot *s = way ? &u->in[i] : &u->out[i];
            if (s->transfer)
                libusb_free_transfer(s->transfer);
            free(s->bytes);
        }
    if (u->h) {
        libusb_release_interface(u->h, GLB_USB_INTERFACE);
        libusb_close(u->h);
    }
    if (u->ctx)
        libusb_exit(u->ctx);
    free(u);
}

static const char *describe(void *self) {
    return ((struct usb *)self)->name;
}

static enum glb_status prepare(struct usb *u) {
    for (int i = 0; i < DEPTH; i++)
        for (int way = 0; way < 2; way++) {
            struct slot *s = way ? &u->in[i] : &u->out[i];
            s->u = u;
            s->transfer = libusb_alloc_transfer(0);
            s->bytes = malloc(CHUNK);
            if (!s->transfer || !s->bytes)
                return glb_fail(GLB_ERR_MEMORY, "no memory for USB transfers");
            libusb_fill_bulk_transfer(s->transfer, u->h,
                                      GLB_USB_EP | (way ? LIBUSB_ENDPOINT_IN : LIBUSB_ENDPOINT_OUT),
                                      s->bytes, CHUNK, done, s, 0);
        }
    for (int i = 0; i < DEPTH; i++)
        submit(&u->in[i]);
    return u->submit_error ? explain(u) : GLB_OK;
}

enum glb_status glb_usb_transport_open(const char *array, const char *argument,
                                       struct glb_transport *out) {
    struct usb *u = calloc(1, sizeof *u);
    (void)array;
    if (!u)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a USB device");
    u->trouble = LIBUSB_TRANSFER_COMPLETED;
    const int e = libusb_init(&u->ctx);
    enum glb_status s =
        e ? glb_fail(GLB_ERR_DEVICE, "USB cannot be used here: %s", libusb_strerror(e))
          : glb_usb_open(u->ctx, argument, &u->h, u->name, sizeof u->name);
    if (!s)
        s = prepare(u);
    if (s) {
        close_usb(u);
        return s;
    }
    *out = (struct glb_transport){
        .exchange = exchange, .close = close_usb, .describe = describe, .self = u};
    return GLB_OK;
}
