/* Reads, scales and joins images. SPDX-License-Identifier: Apache-2.0 */
#include "tool/reading/gather.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "learn/data/image_files.h"

enum { LARGEST = 4096 };

void gathered_clear(struct gathered *g) {
    free(g->count);
    glb_dataset_clear(&g->data);
    memset(g, 0, sizeof *g);
}

/* The part of source pixel `from` in pixel `to` of n pixels that m source pixels become, in units
 * of 1 / n of a source pixel. */
static int64_t overlap(int from, int to, int m, int n) {
    const int64_t begin = (int64_t)from * n > (int64_t)to * m ? (int64_t)from * n : (int64_t)to * m;
    const int64_t a = (int64_t)(from + 1) * n, b = (int64_t)(to + 1) * m;
    return (a < b ? a : b) - begin;
}

static uint8_t mean(const uint8_t *grey, int height, int width, int y, int x, int h, int w) {
    int64_t sum = 0;
    for (int v = (int)((int64_t)y * height / h); (int64_t)v * h < (int64_t)(y + 1) * height; v++)
        for (int u = (int)((int64_t)x * width / w); (int64_t)u * w < (int64_t)(x + 1) * width; u++)
            sum += overlap(v, y, height, h) * overlap(u, x, width, w) * grey[v * width + u];
    const int64_t area = (int64_t)height * width;
    return (uint8_t)((2 * sum + area) / (2 * area));
}

static void scale(const struct glb_images *x, int h, int w, uint8_t *to) {
    const size_t size = (size_t)x->height * (size_t)x->width;
    for (int i = 0; i < x->count; i++)
        for (int p = 0; p < h * w; p++)
            *to++ = mean(x->grey + (size_t)i * size, x->height, x->width, p / w, p % w, h, w);
}

/* Appends one file's images to all. */
static enum glb_status add(const char *path, const struct glb_model *m, int resize,
                           struct glb_images *all, int *count) {
    const int h = m->t.height / m->binarise.planes, w = m->t.width;
    const size_t pixels = (size_t)h * (size_t)w;
    struct glb_images x;
    if (access(path, F_OK) != 0)
        return glb_fail(GLB_ERR_FILE, "%s: %s; give the names of files that exist", path,
                        strerror(errno));
    enum glb_status s = glb_images_read(path, h, w, LARGEST, &x);
    if (s != GLB_OK)
        return s;
    if (!resize && (x.height != h || x.width != w))
        s = glb_fail(GLB_ERR_ARGUMENT,
                     "%s: %d x %d pixels (height x width) for a model of %d x %d; give images of "
                     "its size, or --resize",
                     path, x.height, x.width, h, w);
    uint8_t *grown = NULL;
    if (s == GLB_OK && x.count < INT_MAX - all->count)
        grown = realloc(all->grey, ((size_t)all->count + (size_t)x.count) * pixels);
    if (s == GLB_OK && !grown)
        s = glb_fail(GLB_ERR_MEMORY, "%s: no memory for so many images", path);
    if (s == GLB_OK) {
        all->grey = grown;
        scale(&x, h, w, all->grey + (size_t)all->count * pixels);
        all->count += x.count;
        *count = x.count;
    }
    glb_images_clear(&x);
    return s;
}

enum glb_status gather_images(const char *const *path, int files, const struct glb_model *m,
                              int resize, int invert, struct gathered *out) {
    struct glb_images all = {
        .height = m->t.height / m->binarise.planes, .width = m->t.width, .classes = m->t.classes};
    *out = (struct gathered){.files = files, .count = calloc((size_t)files, sizeof *out->count)};
    enum glb_status s =
        out->count ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory for %d files", files);
    for (int f = 0; s == GLB_OK && f < files; f++)
        s = add(path[f], m, resize, &all, &out->count[f]);
    const size_t size = (size_t)all.count * (size_t)all.height * (size_t)all.width;
    for (size_t k = 0; s == GLB_OK && invert && k < size; k++)
        all.grey[k] = (uint8_t)(255 - all.grey[k]);
    if (s == GLB_OK)
        s = glb_dataset_adopt(&all, m->binarise, path[0], &out->data);
    glb_images_clear(&all);
    return s;
}
