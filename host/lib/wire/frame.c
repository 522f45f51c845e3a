/* Building and checking frames. SPDX-License-Identifier: Apache-2.0 */
#include "wire/frame.h"

#include <string.h>
#include <zlib.h>
#include "base/little_endian.h"

static uint32_t crc_of(const uint8_t *frame, size_t bytes) {
    return (uint32_t)crc32(0, frame, (uInt)bytes);
}

size_t glb_frame_build(uint8_t *to, struct glb_frame_header header, const void *payload,
                       size_t len) {
    const size_t body = GLB_HEADER_BYTES + len;
    to[0] = header.sync;
    to[1] = header.type;
    to[2] = header.seq;
    to[3] = header.status;
    glb_put_le(to + 4, len, 2);
    if (len)
        memcpy(to + GLB_HEADER_BYTES, payload, len);
    glb_put_le(to + body, crc_of(to, body), GLB_CRC_BYTES);
    return body + GLB_CRC_BYTES;
}

size_t glb_frame_payload(const uint8_t *frame) {
    return glb_get_le(frame + 4, 2);
}

int glb_frame_intact(const uint8_t *frame) {
    const size_t body = GLB_HEADER_BYTES + glb_frame_payload(frame);
    return crc_of(frame, body) == glb_get_le(frame + body, GLB_CRC_BYTES);
}
