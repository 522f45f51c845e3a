/* Nearest neighbours by differing pixels. SPDX-License-Identifier: Apache-2.0 */
#include "learn/labels/nearest_images.h"

#include <stdlib.h>
#include <string.h>
#include "base/bits.h"
#include "base/parallel.h"

enum { CANDIDATES = 48, SHIFTS = 9, MOST_ROWS = GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_PLANES };

struct search {
    const uint64_t *among, *images; /* [words] each */
    const uint8_t *label;           /* of `among`; NULL: only distances to others are wanted */
    const uint32_t *rows;           /* of `images` */
    int count, words;               /* count: of `among` */
    int height, high, width;        /* rows of all planes, of one plane; pixels of a row */
    uint8_t *predicted;
    int *distance;
};

struct near {
    uint64_t distance;
    int image;
};

/* Two rows a word. */
static void pack_one(const uint32_t *rows, int height, uint64_t *out) {
    for (int y = 0; y < height; y++)
        out[y / 2] |= (uint64_t)rows[y] << y % 2 * 32;
}

static uint64_t *pack(const uint32_t *rows, int count, int height) {
    const int words = (height + 1) / 2;
    uint64_t *out = calloc((size_t)count * words + 1, sizeof *out);
    for (int i = 0; out && i < count; i++)
        pack_one(rows + (size_t)i * height, height, out + (size_t)i * words);
    return out;
}

/* Puts an image into a list of the nearest ones. */
static void insert(struct near *list, int length, uint64_t distance, int image) {
    if (distance >= list[length - 1].distance)
        return;
    int k = length - 1;
    for (; k > 0 && list[k - 1].distance > distance; k--)
        list[k] = list[k - 1];
    list[k] = (struct near){distance, image};
}

static uint8_t vote(const struct search *s, const struct near *list) {
    for (int k = 1; k < GLB_NEAREST_K; k++)
        for (int j = 0; j < k; j++)
            if (s->label[list[j].image] == s->label[list[k].image])
                return s->label[list[k].image]; /* of three, two that agree are the most */
    return s->label[list[0].image];
}

/* An image moved by one pixel or less, every plane on its own; what leaves the picture is gone. */
static void move(const struct search *s, const uint32_t *image, int dx, int dy, uint32_t *out) {
    const uint32_t mask = s->width == 32 ? ~0u : (1u << s->width) - 1;
    for (int y = 0; y < s->height; y++) {
        const int at = y % s->high - dy;
        const uint32_t row = at < 0 || at >= s->high ? 0 : image[y - dy];
        out[y] = (dx < 0 ? row >> 1 : dx > 0 ? row << 1 : row) & mask;
    }
}

/* The candidates again, each at the best of nine places: strokes one pixel aside count little. */
static void refine(const struct search *s, int i, const struct near *from, struct near *to) {
    const struct glb_bit_ops *ops = glb_bits();
    uint64_t moved[SHIFTS][MOST_ROWS / 2] = {{0}};
    for (int m = 0; m < SHIFTS; m++) {
        uint32_t rows[MOST_ROWS];
        move(s, s->rows + (size_t)i * s->height, m % 3 - 1, m / 3 - 1, rows);
        pack_one(rows, s->height, moved[m]);
    }
    for (int c = 0; c < CANDIDATES && from[c].image >= 0; c++) {
        const uint64_t *image = s->among + (size_t)from[c].image * s->words;
        uint64_t least = UINT64_MAX;
        for (int m = 0; m < SHIFTS; m++) {
            const uint64_t d = ops->count_xor(moved[m], image, (size_t)s->words);
            least = d < least ? d : least;
        }
        insert(to, GLB_NEAREST_K, least, from[c].image);
    }
}

static void empty(struct near *list, int length) {
    for (int k = 0; k < length; k++)
        list[k] = (struct near){UINT64_MAX, -1};
}

static void find(void *user, int first, int end) {
    const struct search *s = user;
    const struct glb_bit_ops *ops = glb_bits();
    const size_t words = (size_t)s->words;
    for (int i = first; i < end; i++) {
        struct near candidate[CANDIDATES], nearest[GLB_NEAREST_K];
        empty(candidate, CANDIDATES);
        empty(nearest, GLB_NEAREST_K);
        for (int j = 0; j < s->count; j++)
            if (s->label || i != j)
                insert(candidate, CANDIDATES,
                       ops->count_xor(s->images + (size_t)i * words, s->among + (size_t)j * words,
                                      words),
                       j);
        s->distance[i] = (int)candidate[0].distance;
        if (!s->label)
            continue;
        refine(s, i, candidate, nearest);
        s->predicted[i] = vote(s, nearest);
    }
}

enum glb_status glb_nearest_read(const struct glb_dataset *by, const uint32_t *rows, int count,
                                 int threads, uint8_t *predicted, int *distance) {
    struct search s = {.among = pack(by->row, by->count, by->height),
                       .images = pack(rows, count, by->height),
                       .label = by->label,
                       .rows = rows,
                       .count = by->count,
                       .words = (by->height + 1) / 2,
                       .height = by->height,
                       .high = by->height / by->binarise.planes,
                       .width = by->width,
                       .predicted = predicted,
                       .distance = distance};
    if (by->count < GLB_NEAREST_K) {
        free((void *)s.among);
        free((void *)s.images);
        return glb_fail(GLB_ERR_ARGUMENT, "%d images to compare with; %d are needed", by->count,
                        GLB_NEAREST_K);
    }
    const int ok = s.among && s.images;
    if (ok)
        glb_parallel(threads, count, find, &s);
    free((void *)s.among);
    free((void *)s.images);
    return ok ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory to compare %d images", count);
}

enum glb_status glb_nearest_apart(const uint32_t *rows, int count, int height, int threads,
                                  int *distance) {
    uint64_t *images = pack(rows, count, height);
    if (!images)
        return glb_fail(GLB_ERR_MEMORY, "no memory to compare %d images", count);
    struct search s = {.among = images,
                       .images = images,
                       .count = count,
                       .words = (height + 1) / 2,
                       .height = height,
                       .distance = distance};
    glb_parallel(threads, count, find, &s);
    free(images);
    return GLB_OK;
}
