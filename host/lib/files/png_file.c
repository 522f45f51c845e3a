/* PNG pictures by libpng. SPDX-License-Identifier: Apache-2.0 */
#include "files/png_file.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>
#include "base/what_file.h"

int glb_png_is(const void *start, size_t size) {
    return size >= 8 && memcmp(start, "\x89PNG\r\n\x1a\n", 8) == 0;
}

static enum glb_status damaged(const char *path, const png_image *image) {
    return glb_fail(GLB_ERR_FORMAT, "%s: not a PNG picture that can be read (%s); save it again",
                    path, image->message);
}

static enum glb_status check(const char *path, const png_image *image, int most) {
    if (image->width > (png_uint_32)most || image->height > (png_uint_32)most)
        return glb_fail(GLB_ERR_FORMAT,
                        "%s: images of %u x %u pixels; at most %d x %d are read; scale them down",
                        path, (unsigned)image->height, (unsigned)image->width, most, most);
    if (image->format & PNG_FORMAT_FLAG_LINEAR)
        return glb_fail(GLB_ERR_FORMAT,
                        "%s: has samples of 16 bits; only up to 8 are read; save it with 8", path);
    return GLB_OK;
}

enum glb_status glb_png_read(const char *path, int most, int *height, int *width, uint8_t **grey) {
    static const png_color black = {0, 0, 0};
    png_image image = {.version = PNG_IMAGE_VERSION};
    FILE *f;
    *grey = NULL;
    enum glb_status s = glb_open_input(path, 1, &f);
    if (s != GLB_OK)
        return s;
    if (!png_image_begin_read_from_stdio(&image, f))
        s = damaged(path, &image);
    else
        s = check(path, &image, most);
    if (s == GLB_OK) {
        image.format = PNG_FORMAT_GRAY;
        *height = (int)image.height;
        *width = (int)image.width;
        *grey = malloc(PNG_IMAGE_SIZE(image));
        if (!*grey)
            s = glb_fail(GLB_ERR_MEMORY, "%s: no memory for its pixels", path);
        else if (!png_image_finish_read(&image, &black, *grey, 0, NULL))
            s = damaged(path, &image);
    }
    png_image_free(&image);
    fclose(f);
    if (s != GLB_OK) {
        free(*grey);
        *grey = NULL;
    }
    return s;
}
