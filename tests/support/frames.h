/* Frames of the byte protocol, made and checked without the library's help.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SUPPORT_FRAMES_H
#define TESTS_SUPPORT_FRAMES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

enum { FRAME_HEADER = 6, FRAME_CRC = 4, FRAME_EXTRA = FRAME_HEADER + FRAME_CRC };

/* Bytes of the frame that starts at f, by its header. */
static inline size_t frame_bytes(const uint8_t *f) {
    return FRAME_EXTRA + (f[4] | (size_t)f[5] << 8);
}

static inline void frame_seal(uint8_t *f) {
    const size_t body = frame_bytes(f) - FRAME_CRC;
    const uint32_t crc = (uint32_t)crc32(0, f, (uInt)body);
    for (int i = 0; i < FRAME_CRC; i++)
        f[body + (size_t)i] = (uint8_t)(crc >> 8 * i);
}

static inline int frame_sealed(const uint8_t *f) {
    const size_t body = frame_bytes(f) - FRAME_CRC;
    const uint32_t crc = (uint32_t)crc32(0, f, (uInt)body);
    for (int i = 0; i < FRAME_CRC; i++)
        if (f[body + (size_t)i] != (uint8_t)(crc >> 8 * i))
            return 0;
    return 1;
}

/* Makes a frame; its length. sync: 0xa5 to the device, 0x5a from it. */
static inline size_t frame_make(uint8_t *f, int sync, int type, int seq, int status,
                                const void *payload, size_t len) {
    const uint8_t header[FRAME_HEADER] = {(uint8_t)sync,   (uint8_t)type, (uint8_t)seq,
                                          (uint8_t)status, (uint8_t)len,  (uint8_t)(len >> 8)};
    memcpy(f, header, sizeof header);
    if (len)
        memcpy(f + FRAME_HEADER, payload, len);
    frame_seal(f);
    return frame_bytes(f);
}

#endif
