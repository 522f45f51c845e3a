/* Binarises images and transposes batches into bit planes. SPDX-License-Identifier:
 * Apache-2.0 */
#include "learn/data/dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"
#include "learn/data/image_files.h"

enum { TAG_PIXEL = 600 };

enum glb_status glb_binarise_parse(const char *text, struct glb_binarise *out) {
    static const char word[] = "threshold=";
    *out = (struct glb_binarise){GLB_BINARISE_THRESHOLD, 1, {127}};
    if (strcmp(text, "threshold") == 0)
        return GLB_OK;
    if (strcmp(text, "nonzero") == 0) {
        out->threshold[0] = 0;
        return GLB_OK;
    }
    if (strcmp(text, "stochastic") == 0) {
        out->kind = GLB_BINARISE_STOCHASTIC;
        return GLB_OK;
    }
    const char *at = text + sizeof word - 1;
    int bad = strncmp(text, word, sizeof word - 1) != 0;
    for (out->planes = 0; !bad; at++) {
        char *end;
        const long v = strtol(at, &end, 10);
        bad = end == at || v < 0 || v > 254 || out->planes == GLB_DATASET_MAX_PLANES;
        if (!bad)
            out->threshold[out->planes++] = (int)v;
        at = end;
        if (!bad && !*at)
            return GLB_OK;
        bad |= *at != '+';
    }
    return glb_fail(GLB_ERR_ARGUMENT,
                    "binarisation '%s' is not known; known: threshold, threshold=N (0 to 254), "
                    "threshold=N+N... (%d planes at most), nonzero, stochastic",
                    text, GLB_DATASET_MAX_PLANES);
}

/* Fixed bits of every image; stochastic ones are drawn once here and anew by
 * glb_dataset_lay_warped(). */
static void fill_rows(struct glb_dataset *d) {
    const struct glb_binarise *b = &d->binarise;
    const int high = d->height / b->planes;
    for (size_t r = 0; r < (size_t)d->count * d->height; r++) {
        const size_t image = r / d->height, y = r % d->height % high;
        const uint8_t *grey = d->grey + (image * high + y) * d->width;
        const int threshold = b->threshold[r % d->height / high];
        for (int x = 0; x < d->width; x++) {
            const int limit = b->kind == GLB_BINARISE_STOCHASTIC
                                  ? (int)(glb_random_at(0, TAG_PIXEL, r, (uint64_t)x) % 255)
                                  : threshold;
            d->row[r] |= (uint32_t)(grey[x] > limit) << x;
        }
    }
}

/* Classes, if not given, and rows of images whose grey values and labels are there. */
static enum glb_status finish(struct glb_dataset *d, const char *name) {
    int most = -1, first = 0;
    for (int i = 0; d->label && i < d->count; i++)
        if (d->label[i] > most) {
            most = d->label[i];
            first = i;
        }
    if (d->classes == 0)
        d->classes = most < GLB_MIN_CLASSES    ? GLB_MIN_CLASSES
                     : most >= GLB_MAX_CLASSES ? GLB_MAX_CLASSES
                                               : most + 1;
    if (d->classes < GLB_MIN_CLASSES || d->classes > GLB_MAX_CLASSES)
        return glb_fail(GLB_ERR_ARGUMENT, "%s: %d classes; %d to %d are possible", name, d->classes,
                        GLB_MIN_CLASSES, GLB_MAX_CLASSES);
    if (most >= d->classes)
        return glb_fail(GLB_ERR_FORMAT, "%s: label %d is %d; labels must be 0 to %d", name, first,
                        most, d->classes - 1);
    d->row = calloc((size_t)d->count * d->height, sizeof *d->row);
    if (!d->row)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %d images", d->count);
    fill_rows(d);
    return GLB_OK;
}

enum glb_status glb_dataset_adopt(struct glb_images *x, struct glb_binarise binarise,
                                  const char *name, struct glb_dataset *out) {
    struct glb_dataset d = {.count = x->count,
                            .height = x->height * binarise.planes,
                            .width = x->width,
                            .classes = x->classes,
                            .binarise = binarise,
                            .label = x->label,
                            .grey = x->grey};
    memset(out, 0, sizeof *out);
    x->label = x->grey = NULL;
    const enum glb_status s = finish(&d, name);
    if (s == GLB_OK)
        *out = d;
    else
        glb_dataset_clear(&d);
    return s;
}

enum glb_status glb_dataset_copy(const uint8_t *grey, const uint8_t *label, int count, int height,
                                 int width, int classes, struct glb_binarise binarise,
                                 struct glb_dataset *out) {
    struct glb_images x = {.count = count, .height = height, .width = width, .classes = classes};
    memset(out, 0, sizeof *out);
    if (count < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "a data set of %d images", count);
    if (glb_image_sides_check("data set", height > 0 ? (size_t)height : 0,
                              width > 0 ? (size_t)width : 0, GLB_DATASET_MAX_SIDE))
        return GLB_ERR_ARGUMENT;
    const size_t size = (size_t)count * height * width;
    x.grey = malloc(size);
    x.label = label ? malloc((size_t)count) : NULL;
    enum glb_status s = x.grey && (x.label || !label)
                            ? GLB_OK
                            : glb_fail(GLB_ERR_MEMORY, "no memory for %d images", count);
    if (s == GLB_OK) {
        memcpy(x.grey, grey, size);
        if (label)
            memcpy(x.label, label, (size_t)count);
        s = glb_dataset_adopt(&x, binarise, "data set", out);
    }
    glb_images_clear(&x);
    return s == GLB_ERR_FORMAT ? GLB_ERR_ARGUMENT : s;
}

struct glb_dataset glb_dataset_slice(const struct glb_dataset *d, int first, int count) {
    struct glb_dataset s = *d;
    s.count = count;
    if (s.label)
        s.label += first;
    s.row += (size_t)first * d->height;
    if (s.grey)
        s.grey += (size_t)first * (d->height / d->binarise.planes) * d->width;
    return s;
}

void glb_dataset_clear(struct glb_dataset *d) {
    free(d->label);
    free(d->row);
    free(d->grey);
    memset(d, 0, sizeof *d);
}

/* FNV-1a on words of eight bytes, the last one filled up with zeros. */
static uint64_t hash_bytes(uint64_t h, const void *data, size_t size) {
    for (size_t i = 0; i < size; i += sizeof h) {
        uint64_t word = 0;
        memcpy(&word, (const uint8_t *)data + i, size - i < sizeof word ? size - i : sizeof word);
        h = (h ^ word) * UINT64_C(0x100000001b3);
        h ^= h >> 32;
    }
    return h;
}

uint64_t glb_dataset_hash(const struct glb_dataset *d) {
    const int32_t sizes[4] = {d->count, d->width, d->height, d->binarise.planes};
    const size_t pixels = (size_t)d->count * (d->height / d->binarise.planes) * d->width;
    uint64_t h = hash_bytes(UINT64_C(0xcbf29ce484222325), sizes, sizeof sizes);
    if (d->grey)
        h = hash_bytes(h, d->grey, pixels);
    return d->label ? hash_bytes(h, d->label, (size_t)d->count) : h;
}

enum glb_status glb_dataset_fits(const struct glb_dataset *d, int width, int height, int classes) {
    if (d->width != width || d->height != height)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "images of %d x %d pixels for a model of %d x %d (width x height of all "
                        "planes); give images of its size (--data)",
                        d->width, d->height, width, height);
    for (int i = 0; d->label && d->classes > classes && i < d->count; i++)
        if (d->label[i] >= classes)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "label %d is %d, but the model has %d classes; give images of its "
                            "classes (--data)",
                            i, d->label[i], classes);
    return GLB_OK;
}

void glb_dataset_lay_images(const struct glb_dataset *d, const int32_t *index, const int8_t *dx,
                            const int8_t *dy, int count, int words, uint64_t *planes) {
    const uint32_t mask = d->width == 32 ? ~0u : (1u << d->width) - 1;
    const int high = d->height / d->binarise.planes;
    memset(planes, 0, sizeof *planes * d->height * d->width * words);
    for (int c = 0; c < words * 64; c++) {
        const int k = c % count;
        const uint32_t *row = d->row + (size_t)index[k] * d->height;
        const int sx = dx ? dx[k] : 0, sy = dy ? dy[k] : 0;
        const uint64_t bit = 1ull << (c & 63);
        uint64_t *word = planes + (c >> 6);
        for (int y = 0; y < d->height; y++) {
            const int from = y % high - sy;
            if (from < 0 || from >= high)
                continue;
            uint32_t r = row[y - y % high + from];
            r = (sx >= 0 ? r << sx : r >> -sx) & mask;
            for (; r; r &= r - 1)
                word[(size_t)(y * d->width + __builtin_ctz(r)) * words] |= bit;
        }
    }
}

void glb_dataset_lay_labels(const struct glb_dataset *d, const int32_t *index, int count, int words,
                            int classes, int copies, uint64_t *planes) {
    const size_t size = (size_t)classes * words;
    memset(planes, 0, sizeof *planes * size);
    for (int c = 0; c < words * 64; c++)
        planes[(size_t)d->label[index[c % count]] * words + (c >> 6)] |= 1ull << (c & 63);
    for (int k = 1; k < copies; k++)
        memcpy(planes + k * size, planes, sizeof *planes * size);
}
