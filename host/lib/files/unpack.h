/* Opens files that may be gzip-compressed. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FILES_UNPACK_H
#define GLB_FILES_UNPACK_H

#include <stdio.h>
#include "base/status.h"

/* A file to read from: of a regular file, or of the memory that its content was unpacked to. */
struct glb_unpacked {
    FILE *file;
    void *content; /* NULL: not compressed */
};

/* Opens a regular file at its start; its content decides whether it is unpacked. GLB_ERR_FORMAT for
 * a damaged one, GLB_ERR_MEMORY beyond 2 GiB. Ends with glb_unpacked_close(). */
enum glb_status glb_unpacked_open(const char *path, struct glb_unpacked *out);
void glb_unpacked_close(struct glb_unpacked *u);

/* The first bytes of a regular file's content, at most `size` of them; returns their number. */
size_t glb_unpacked_start(const char *path, void *start, size_t size);

#endif
