/* Pictures of a library built without libpng (make PNG=0): each is refused with what to do.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "files/png_file.h"

int glb_png_is(const void *start, size_t size) {
    return size >= 8 && memcmp(start, "\x89PNG\r\n\x1a\n", 8) == 0;
}

enum glb_status glb_png_read(const char *path, int most, int *height, int *width, uint8_t **grey) {
    (void)most, (void)height, (void)width;
    *grey = NULL;
    return glb_fail(GLB_ERR_UNSUPPORTED,
                    "%s: this library was built without libpng (make PNG=0); build it with libpng "
                    "to read pictures, or save them as .npy",
                    path);
}
