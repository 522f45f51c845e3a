/* Frames of the byte protocol (docs/design/array.md, section 7): header, payload, CRC-32.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_WIRE_FRAME_H
#define GLB_WIRE_FRAME_H

#include <stddef.h>
#include <stdint.h>
#include "array/protocol.h"

enum {
    GLB_FRAME_EXTRA = GLB_HEADER_BYTES + GLB_CRC_BYTES, /* bytes of a frame besides its payload */
    GLB_FRAME_TO_DEVICE = GLB_FRAME_EXTRA + GLB_MAX_PAYLOAD, /* bytes of the longest frames */
    GLB_FRAME_TO_HOST = GLB_FRAME_EXTRA + 65535
};

struct glb_frame_header {
    uint8_t sync;   /* GLB_SYNC_HOST or GLB_SYNC_DEVICE */
    uint8_t type;   /* enum glb_cmd; in a reply GLB_TYPE_REPLY | command */
    uint8_t seq;    /* sequence number; a reply repeats that of its command */
    uint8_t status; /* enum glb_wire_status; 0 towards the device */
};

/* Builds a frame with len (0 to 65,535) bytes of payload; `to` has room for GLB_FRAME_EXTRA + len.
 * Returns the frame's length. */
size_t glb_frame_build(uint8_t *to, struct glb_frame_header header, const void *payload,
                       size_t len);

/* Bytes of payload that a frame's header announces; the header must be there. */
size_t glb_frame_payload(const uint8_t *frame);

/* 1 if the CRC of a whole frame is right. */
int glb_frame_intact(const uint8_t *frame);

#endif
