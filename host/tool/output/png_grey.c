/* Grey PNG pictures, with libpng. SPDX-License-Identifier: Apache-2.0 */
#include "tool/output/png_grey.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* Digits of 3 x 5 dots, row by row from the top, the left dot of a row in bit 2. */
static const uint8_t digits[10][5] = {
    {7, 5, 5, 5, 7}, {2, 6, 2, 2, 7}, {7, 1, 7, 4, 7}, {7, 1, 7, 1, 7}, {5, 5, 7, 1, 1},
    {7, 4, 7, 1, 7}, {7, 4, 7, 5, 7}, {7, 1, 1, 2, 2}, {7, 5, 7, 5, 7}, {7, 5, 7, 1, 7}};

/* Whether dot x, y of a number is on; its digits are 4 dots wide, the last one ends at x = 0. */
static int is_on(int number, int places, int x, int y) {
    if (x < 0 || x >= 4 * places || x % 4 == 3 || y < 0 || y >= 5)
        return 0;
    int digit = number;
    for (int p = places - 1; p > x / 4; p--)
        digit /= 10;
    if (digit == 0 && x / 4 < places - 1) /* no leading zeros */
        return 0;
    return digits[digit % 10][y] >> (2 - x % 4) & 1;
}

uint8_t *png_grey_number_rows(const uint8_t *picture, int rows, int h, int scale, int *width,
                              int height) {
    const int places = rows > 10 ? 2 : 1, dot = scale * (h >= 16 ? h / 8 : 1);
    const int margin = (4 * places + 1) * dot, wide = *width + margin;
    uint8_t *out = malloc((size_t)wide * (size_t)height);
    if (!out)
        return NULL;
    memset(out, GAP_GREY, (size_t)wide * (size_t)height);
    for (int y = 0; y < height; y++)
        memcpy(out + (size_t)y * wide + margin, picture + (size_t)y * *width, (size_t)*width);
    for (int r = 0; r < rows; r++) {
        const int top = (r * (h + 1) + 1) * scale + (h * scale - 5 * dot) / 2;
        for (int y = 0; y < 5 * dot; y++)
            for (int x = 0; x < 4 * places * dot; x++)
                if (top + y >= 0 && top + y < height && is_on(r, places, x / dot, y / dot))
                    out[(size_t)(top + y) * wide + dot + x] = 255;
    }
    *width = wide;
    return out;
}
