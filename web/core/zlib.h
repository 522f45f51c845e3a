/* What the library takes of zlib, for a browser: no_boards.c. SPDX-License-Identifier: Apache-2.0
 */
#ifndef GLB_WEB_ZLIB_H
#define GLB_WEB_ZLIB_H

typedef unsigned char Bytef;
typedef unsigned int uInt;
typedef unsigned long uLong;
uLong crc32(uLong crc, const Bytef *data, uInt size);

#endif
