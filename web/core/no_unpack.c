/* A browser's page reads no data sets: there are no files to unpack. SPDX-License-Identifier:
 * Apache-2.0 */
#include "files/unpack.h"

#include <string.h>

enum glb_status glb_unpacked_open(const char *path, struct glb_unpacked *out) {
    memset(out, 0, sizeof *out);
    return glb_fail(GLB_ERR_UNSUPPORTED, "%s: the page reads no files", path);
}

void glb_unpacked_close(struct glb_unpacked *u) {
    (void)u;
}

size_t glb_unpacked_start(const char *path, void *start, size_t size) {
    (void)path, (void)start, (void)size;
    return 0;
}
