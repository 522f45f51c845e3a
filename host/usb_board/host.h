/* A USB host controller's part: resets and chirps, frames, transactions with CRCs, toggles and
 * retries, over a wire (wire.h). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_HOST_H
#define GLB_USB_BOARD_HOST_H

#include <stddef.h>
#include <stdint.h>
#include "usb_board/usb.h"
#include "usb_board/wire.h"

struct glb_usb_host {
    struct glb_usb_wire *w;
    int high, address, frame;
    uint64_t next_frame;                             /* tick of the next start of frame */
    int toggle_out, toggle_in, ping;                 /* of endpoint 1 */
    uint64_t packets_out, packets_in, naks, retries; /* counted */
};

/* Waits for the board, resets it, finds its speed; address 0 then. GLB_USB_ERROR: it does not
 * show up. */
int glb_usb_host_attach(struct glb_usb_host *h, struct glb_usb_wire *w);
/* A bus reset; want_high 0: as a host without high speed. */
int glb_usb_host_reset(struct glb_usb_host *h, int want_high);

/* One control transfer; bytes moved, or an error below 0. */
int glb_usb_host_control(struct glb_usb_host *h, const uint8_t setup[8], uint8_t *data, int length);
int glb_usb_host_set_address(struct glb_usb_host *h, int address);

/* One packet (one transaction) to or from endpoint 1. */
int glb_usb_host_out(struct glb_usb_host *h, const uint8_t *bytes, int n);
int glb_usb_host_in(struct glb_usb_host *h, uint8_t *bytes, int max, int *got);
int glb_usb_host_packet_size(const struct glb_usb_host *h); /* 512 or 64 */

/* Lets frames go by. */
void glb_usb_host_idle(struct glb_usb_host *h, double us);

/* A start of frame if one is due, and time enough before the next for `bytes` more. For tests that
 * make their own packets. */
void glb_usb_host_frame(struct glb_usb_host *h, int bytes);

#endif
