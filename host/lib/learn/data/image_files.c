/* Images and labels of one file. SPDX-License-Identifier: Apache-2.0 */
#include "learn/data/image_files.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "files/idx.h"
#include "files/npy.h"
#include "files/png_file.h"
#include "files/unpack.h"

enum { START = 16 };

void glb_images_clear(struct glb_images *x) {
    free(x->grey);
    free(x->label);
    memset(x, 0, sizeof *x);
}

enum glb_status glb_image_sides_check(const char *name, size_t height, size_t width, int most) {
    if (height >= 1 && width >= 1 && height <= (size_t)most && width <= (size_t)most)
        return GLB_OK;
    return glb_fail(GLB_ERR_FORMAT,
                    "%s: images of %zu x %zu pixels; at most %d x %d are read; scale them down",
                    name, height, width, most, most);
}

/* ---- .npy ---- */

/* The factor that makes grey values of an array's numbers; refuses those that are none. */
static enum glb_status find_scale(const char *path, const struct glb_npy *x, double *scale) {
    double most = 0;
    for (size_t k = 0; k < x->count; k++) {
        const double v = glb_npy_value(x, k);
        if (!(v >= 0 && v <= 255))
            return glb_fail(GLB_ERR_FORMAT,
                            "%s: the number %g; grey values are whole numbers from 0 to 255, or "
                            "floats from 0 to 1 or 0 to 16; scale the array",
                            path, v);
        most = v > most ? v : most;
    }
    if (x->kind == GLB_NPY_FLOAT && most > 16)
        return glb_fail(GLB_ERR_FORMAT,
                        "%s: floats up to %g; they must reach from 0 to 1 or from 0 to 16; save "
                        "grey values up to 255 as uint8",
                        path, most);
    *scale = x->kind == GLB_NPY_BOOL    ? 255
             : x->kind != GLB_NPY_FLOAT ? 1
             : most > 1                 ? 255.0 / 16
                                        : 255;
    return GLB_OK;
}

/* Number and sides of an array's images. */
static enum glb_status find_sides(const char *path, const struct glb_npy *x, int height, int width,
                                  size_t side[3]) {
    const size_t pixels = x->ndim == 2 ? x->dim[1] : 0;
    const int one = x->ndim == 4 && x->dim[3] == 1;
    if (x->ndim == 3 || one) {
        memcpy(side, x->dim, 3 * sizeof *side);
        return GLB_OK;
    }
    if (x->ndim == 2 && height > 0 && pixels != (size_t)height * (size_t)width) {
        side[0] = 1;
        side[1] = x->dim[0];
        side[2] = pixels;
        return GLB_OK;
    }
    const size_t root = (size_t)(sqrt((double)pixels) + 0.5);
    side[0] = x->dim[0];
    side[1] = height > 0 ? (size_t)height : root;
    side[2] = height > 0 ? (size_t)width : root;
    if (x->ndim == 2 && side[1] * side[2] == pixels)
        return GLB_OK;
    return glb_fail(GLB_ERR_FORMAT,
                    "%s: an array of %d dimensions%s; images are [count, height, width], or "
                    "[count, pixels] where they are squares; reshape it",
                    path, x->ndim, x->ndim == 2 ? " whose images are no squares" : "");
}

static enum glb_status read_array(const char *path, int height, int width, int most,
                                  struct glb_images *out) {
    struct glb_npy x;
    size_t side[3] = {0};
    double scale = 1;
    enum glb_status s = glb_npy_read(path, &x);
    if (s == GLB_OK)
        s = find_sides(path, &x, height, width, side);
    if (s == GLB_OK)
        s = glb_image_sides_check(path, side[1], side[2], most);
    if (s == GLB_OK && side[0] > INT_MAX)
        s = glb_fail(GLB_ERR_FORMAT, "%s: %zu images are too many; split the set", path, side[0]);
    if (s == GLB_OK)
        s = find_scale(path, &x, &scale);
    if (s == GLB_OK && !(out->grey = malloc(x.count)))
        s = glb_fail(GLB_ERR_MEMORY, "%s: no memory for %zu pixels", path, x.count);
    for (size_t k = 0; s == GLB_OK && k < x.count; k++)
        out->grey[k] = (uint8_t)rint(scale * glb_npy_value(&x, k));
    if (s == GLB_OK) {
        out->count = (int)side[0];
        out->height = (int)side[1];
        out->width = (int)side[2];
    }
    glb_npy_free(&x);
    return s;
}

static enum glb_status read_array_labels(const char *path, int *count, uint8_t **label) {
    struct glb_npy x;
    enum glb_status s = glb_npy_read(path, &x);
    if (s == GLB_OK && (x.ndim != 1 || x.kind == GLB_NPY_FLOAT || x.count > INT_MAX))
        s = glb_fail(GLB_ERR_FORMAT,
                     "%s: an array of %d dimensions%s; labels are [count] whole numbers; save such "
                     "an array",
                     path, x.ndim, x.kind == GLB_NPY_FLOAT ? " of floats" : "");
    if (s == GLB_OK && !(*label = malloc(x.count)))
        s = glb_fail(GLB_ERR_MEMORY, "%s: no memory for %zu labels", path, x.count);
    for (size_t k = 0; s == GLB_OK && k < x.count; k++) {
        const double v = glb_npy_value(&x, k);
        if (!(v >= 0 && v <= 255))
            s = glb_fail(GLB_ERR_FORMAT,
                         "%s: label %zu is %g; labels must be 0 to 63; number the classes from 0",
                         path, k, v);
        else
            (*label)[k] = (uint8_t)v;
    }
    if (s == GLB_OK)
        *count = (int)x.count;
    glb_npy_free(&x);
    return s;
}

/* ---- by content ---- */

static enum glb_status read_idx(const char *path, int most, struct glb_images *out) {
    struct glb_idx x;
    enum glb_status s = glb_idx_read(path, 3, &x);
    if (s == GLB_OK)
        s = glb_image_sides_check(path, x.dim[1], x.dim[2], most);
    if (s == GLB_OK && x.dim[0] > INT_MAX)
        s = glb_fail(GLB_ERR_FORMAT, "%s: %u images are too many; split the set", path, x.dim[0]);
    if (s == GLB_OK) {
        out->count = (int)x.dim[0];
        out->height = (int)x.dim[1];
        out->width = (int)x.dim[2];
        out->grey = x.data;
        x.data = NULL;
    }
    glb_idx_free(&x);
    return s;
}

enum glb_status glb_images_read(const char *path, int height, int width, int most,
                                struct glb_images *out) {
    unsigned char start[START];
    struct glb_images x = {0};
    memset(out, 0, sizeof *out);
    const size_t n = glb_unpacked_start(path, start, sizeof start);
    enum glb_status s;
    if (glb_png_is(start, n)) {
        x.count = 1;
        s = glb_png_read(path, most, &x.height, &x.width, &x.grey);
    } else if (glb_npy_is(start, n)) {
        s = read_array(path, height, width, most, &x);
    } else {
        s = read_idx(path, most, &x);
    }
    if (s == GLB_OK)
        *out = x;
    else
        glb_images_clear(&x);
    return s;
}

enum glb_status glb_image_labels_read(const char *path, int *count, uint8_t **label) {
    unsigned char start[START];
    struct glb_idx x;
    *label = NULL;
    enum glb_status s;
    if (glb_npy_is(start, glb_unpacked_start(path, start, sizeof start))) {
        s = read_array_labels(path, count, label);
    } else if ((s = glb_idx_read(path, 1, &x)) == GLB_OK) {
        *count = (int)x.dim[0];
        *label = x.data;
    }
    if (s != GLB_OK) {
        free(*label);
        *label = NULL;
    }
    return s;
}
