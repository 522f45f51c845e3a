/* Grey PNG pictures, with libpng. SPDX-License-Identifier: Apache-2.0 */
#include "tool/output/png_grey.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/atomic_file.h"

enum { GAP_GREY = 96 };

struct picture {
    const char *path;
    const uint8_t *grey;
    int width, height;
};

static enum glb_status write_png(const void *user, FILE *to) {
    const struct picture *p = user;
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)p->width,
                       .height = (png_uint_32)p->height,
                       .format = PNG_FORMAT_GRAY};
    if (png_image_write_to_stdio(&image, to, 0, p->grey, p->width, NULL))
        return GLB_OK;
    /* libpng says "Write Error" for all that the stream reports */
    return ferror(to) ? GLB_OK : glb_fail(GLB_ERR_FILE, "%s: %s", p->path, image.message);
}

enum glb_status png_grey_write(const char *path, const uint8_t *grey, int width, int height) {
    const struct picture p = {path, grey, width, height};
    if (width < 1 || height < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "%s: a picture of %d x %d pixels", path, width, height);
    return glb_atomic_write(path, write_png, &p);
}

uint8_t *png_grey_grid(const uint8_t *tiles, int rows, int columns, int w, int h, int scale,
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
