/* A USB host controller's part: resets and chirps, frames, transactions with CRCs, toggles and
 * retries, over the wires of usb_wire.h. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_HOST_H
#define GLB_USB_BOARD_HOST_H

#include <stddef.h>
#include <stdint.h>
#include "usb_board/wire.h"

enum { /* how a transaction or transfer ended */
       GLB_HOST_OK = 0,
       GLB_HOST_NAK = 1, /* not now */
       GLB_HOST_STALL = -32,
       GLB_HOST_ERROR = -71, /* three times no answer, or nonsense */
       GLB_HOST_BABBLE = -75
};

struct glb_usb_host {
    struct glb_usb_wire *w;
    int high, address, frame;
    uint64_t next_frame;                             /* tick of the next start of frame */
    int toggle_out, toggle_in, ping;                 /* of endpoint 1 */
    uint64_t packets_out, packets_in, naks, retries; /* counted */
};

/* Waits for the board, resets it, finds its speed; address 0 then. GLB_HOST_ERROR: it does not
 * show up. */
int glb_host_attach(struct glb_usb_host *h, struct glb_usb_wire *w);
/* A bus reset; want_high 0: as a host that knows full speed only. */
int glb_host_reset(struct glb_usb_host *h, int want_high);

/* One control transfer; bytes moved, or an error below 0. */
int glb_host_control(struct glb_usb_host *h, const uint8_t setup[8], uint8_t *data, int length);
int glb_host_set_address(struct glb_usb_host *h, int address);

/* One packet (one transaction) to or from endpoint 1. */
int glb_host_out(struct glb_usb_host *h, const uint8_t *bytes, int n);
int glb_host_in(struct glb_usb_host *h, uint8_t *bytes, int max, int *got);
int glb_host_packet(const struct glb_usb_host *h); /* 512 or 64 */

/* Lets frames go by. */
void glb_host_idle(struct glb_usb_host *h, double us);

/* A start of frame if one is due, and time enough before the next for `bytes` more. For tests that
 * make their own packets. */
void glb_host_frame(struct glb_usb_host *h, int bytes);
/* Builds packets; returns their length. */
int glb_host_token(uint8_t out[3], int pid, int address, int endpoint);
int glb_host_data(uint8_t *out, int pid, const uint8_t *bytes, int n);
int glb_host_data_ok(const uint8_t *in, int n); /* a data packet with the right CRC */

enum {
    GLB_PID_OUT = 0x1,
    GLB_PID_IN = 0x9,
    GLB_PID_SOF = 0x5,
    GLB_PID_SETUP = 0xd,
    GLB_PID_DATA0 = 0x3,
    GLB_PID_DATA1 = 0xb,
    GLB_PID_ACK = 0x2,
    GLB_PID_NAK = 0xa,
    GLB_PID_STALL = 0xe,
    GLB_PID_NYET = 0x6,
    GLB_PID_PING = 0x4
};

#endif
