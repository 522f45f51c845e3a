/* CRC-32 of IEEE 802.3 (zlib's), as every frame carries it. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_CRC32_H
#define GLB_BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC of bytes that follow bytes whose CRC was crc; start with 0. */
uint32_t glb_crc32(uint32_t crc, const void *bytes, size_t n);

#endif
