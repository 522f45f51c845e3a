/* Little-endian fields of byte streams. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_LITTLE_ENDIAN_H
#define GLB_BASE_LITTLE_ENDIAN_H

#include <stdint.h>

/* Writes the low `bytes` (0 to 8) bytes of v; returns the end of the field. */
static inline uint8_t *glb_put_le(uint8_t *to, uint64_t v, int bytes) {
    for (int i = 0; i < bytes; i++)
        *to++ = (uint8_t)(v >> 8 * i);
    return to;
}

/* A field of `bytes` (0 to 8) bytes. */
static inline uint64_t glb_get_le(const uint8_t *from, int bytes) {
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++)
        v |= (uint64_t)from[i] << 8 * i;
    return v;
}

#endif
