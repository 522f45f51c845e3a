/* SHA-256 (FIPS 180-4): names the states of a run. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_SHA256_H
#define GLB_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { GLB_SHA256_TEXT = 65 }; /* 64 hexadecimal digits and a 0 */

struct glb_sha256 {
    uint32_t h[8];
    uint64_t bytes; /* so far */
    uint8_t block[64];
};

void glb_sha256_begin(struct glb_sha256 *s);
void glb_sha256_add(struct glb_sha256 *s, const void *data, size_t size);
void glb_sha256_end(struct glb_sha256 *s, char text[GLB_SHA256_TEXT]);

#endif
