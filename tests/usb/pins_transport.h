/* The byte protocol over a simulated host's transactions: OUT and IN in turn; while there is
 * something to send, an IN that was answered with NAK is tried again after three packets.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef PINS_TRANSPORT_H
#define PINS_TRANSPORT_H

#include <string.h>
#include "wire/transport.h"
#include "usb_board/host.h"

struct pins {
    struct glb_usb_host *host;
    uint8_t in[512]; /* a packet, part of which has been given away */
    int have, given;
    int rest; /* packets until IN is tried again */
    uint64_t bytes_out, bytes_in;
};

static enum glb_status pins_exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                     uint8_t *in, size_t n_in, size_t *done_in) {
    enum { QUIET = 400 }; /* polls without a byte */
    struct pins *p = self;
    const size_t packet = (size_t)glb_usb_host_packet_size(p->host);
    *done_out = *done_in = 0;
    for (int quiet = 0; quiet < QUIET; quiet++) {
        if (*done_out < n_out) {
            const size_t part = n_out - *done_out < packet ? n_out - *done_out : packet;
            const int e = glb_usb_host_out(p->host, out + *done_out, (int)part);
            if (e < 0)
                return glb_fail(GLB_ERR_DEVICE, "bulk OUT failed: %d", e);
            if (e == GLB_USB_OK) {
                *done_out += part;
                p->bytes_out += part;
                quiet = -1;
            } else {
                p->rest = 0; /* it may wait for its output to be read */
            }
        }
        if (p->given == p->have && (*done_out == n_out || p->rest-- <= 0)) {
            const int e = glb_usb_host_in(p->host, p->in, (int)packet, &p->have);
            p->given = 0;
            if (e != GLB_USB_OK)
                p->have = 0;
            p->rest = e == GLB_USB_NAK ? 3 : 0;
            if (e < 0)
                return glb_fail(GLB_ERR_DEVICE, "bulk IN failed: %d", e);
            p->bytes_in += (uint64_t)p->have;
        }
        const size_t have = (size_t)(p->have - p->given),
                     part = have < n_in - *done_in ? have : n_in - *done_in;
        memcpy(in + *done_in, p->in + p->given, part);
        p->given += (int)part;
        *done_in += part;
        if (part)
            quiet = -1;
        if (*done_out == n_out && (*done_in == n_in || (*done_in && !part)))
            break;
    }
    return GLB_OK;
}

static void pins_close(void *self) {
    (void)self;
}

static const char *pins_describe(void *self) {
    (void)self;
    return "simulated USB pins";
}

static inline struct glb_transport pins_transport(struct pins *p, struct glb_usb_host *h) {
    *p = (struct pins){.host = h};
    return (struct glb_transport){
        .exchange = pins_exchange, .close = pins_close, .describe = pins_describe, .self = p};
}

#endif
