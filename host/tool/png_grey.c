/* Grey PNG pictures, with libpng. SPDX-License-Identifier: Apache-2.0 */
#include "tool/png_grey.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GAP_GREY = 96 };

enum glb_status glb_png_write(const char *path, const uint8_t *grey, int width, int height) {
    char temporary[1100];
    if (width < 1 || height < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "%s: a picture of %d x %d pixels", path, width, height);
    if (snprintf(temporary, sizeof temporary, "%s.tmp", path) >= (int)sizeof temporary)
        return glb_fail(GLB_ERR_ARGUMENT, "a path of %zu bytes is too long", strlen(path));
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)width,
                       .height = (png_uint_32)height,
                       .format = PNG_FORMAT_GRAY};
    if (!png_image_write_to_file(&image, temporary, 0, grey, width, NULL)) {
        const enum glb_status s = glb_fail(GLB_ERR_FILE, "%s: %s", temporary, image.message);
        unlink(temporary);
        return s;
    }
    if (rename(temporary, path) != 0)
        return glb_fail(GLB_ERR_FILE, "%s: %s", path, strerror(errno));
    return GLB_OK;
}

uint8_t *glb_png_grid(const uint8_t *tiles, int rows, int columns, int w, int h, int scale,
                      int *width, int *height) {
    *width = (columns * (w + 1) + 1) * scale;
    *height = (rows * (h + 1) + 1) * scale;
    uint8_t *picture = malloc((size_t)*width * *height);
    if (!picture)
        return NULL;
    for (int y = 0; y < *height; y++)
        for (int x = 0; x < *width; x++) {
            const int px = x / scale - 1, py = y / scale - 1; /* a gap comes first */
            const int column = px < 0 ? 0 : px / (w + 1), row = py < 0 ? 0 : py / (h + 1);
            const int ix = px - column * (w + 1), iy = py - row * (h + 1);
            const int gap = px < 0 || py < 0 || ix == w || iy == h;
            const size_t tile = (size_t)row * columns + column;
            picture[(size_t)y * *width + x] = gap ? GAP_GREY : tiles[(tile * h + iy) * w + ix];
        }
    return picture;
}
