/* Training images turned, scaled, sheared and shifted, in fixed point: the same bits on every
 * machine. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>
#include "base/counter_rng.h"
#include "learn/data/dataset.h"
#include "base/parallel.h"

enum { TAG_WARP = 610, TAG_BIT, ONE = 65536 };

static const double TURN = 10 * 3.141592653589793 / 180, SCALE = 0.1, SHEAR = 0.1;

/* -1 .. 1 */
static double even(uint64_t seed, uint64_t at, uint64_t k) {
    return 2 * glb_unit_at(seed, TAG_WARP, at, k) - 1;
}

struct glb_warp glb_warp_random(double strength, int shift, uint64_t seed, uint64_t at) {
    const double turn = strength * TURN * even(seed, at, 0), c = cos(turn), s = sin(turn);
    const double sx = 1 / (1 + strength * SCALE * even(seed, at, 1));
    const double sy = 1 / (1 + strength * SCALE * even(seed, at, 2));
    const double shear = strength * SHEAR * even(seed, at, 3);
    return (struct glb_warp){(int32_t)lround(ONE * sx * c),
                             (int32_t)lround(ONE * sx * (shear * c - s)),
                             (int32_t)lround(ONE * sy * s),
                             (int32_t)lround(ONE * sy * (shear * s + c)),
                             (int32_t)lround(ONE * shift * even(seed, at, 4)),
                             (int32_t)lround(ONE * shift * even(seed, at, 5))};
}

struct job {
    const struct glb_dataset *d;
    const int32_t *index;
    const struct glb_warp *warp;
    uint64_t seed, at;
    int words;
    uint64_t *planes;
};

/* Two versions where the loader can choose one; the same integers in both. */
#if defined(__x86_64__) && defined(__GLIBC__)
#define FOR_VECTORS __attribute__((target_clones("avx2", "default")))
#else
#define FOR_VECTORS
#endif

/* The grey image with a frame of zeros two pixels wide, so that the inner loop needs no tests:
 * each pixel with its neighbours to the right, below, and below on the right, a byte each. */
enum { FRAME = 2, FRAMED = GLB_DATASET_MAX_SIDE + 2 * FRAME };

struct framed {
    int32_t four[FRAMED * FRAMED];
    int top, bottom; /* rows of it with something else than 0 lie between */
};

FOR_VECTORS static void frame_image(const uint8_t *grey, int h, int w, struct framed *out) {
    uint8_t byte[FRAMED + 1][FRAMED + 1] = {{0}};
    out->top = FRAMED;
    out->bottom = -1;
    for (int y = 0; y < h; y++) {
        uint8_t some = 0;
        for (int x = 0; x < w; x++) {
            byte[y + FRAME][x + FRAME] = grey[y * w + x];
            some |= grey[y * w + x];
        }
        if (some) {
            out->top = out->top < FRAMED ? out->top : y + FRAME - 1;
            out->bottom = y + FRAME;
        }
    }
    for (int y = 0; y < h + 2 * FRAME; y++)
        for (int x = 0; x < FRAMED; x++)
            out->four[y * FRAMED + x] =
                (int32_t)(byte[y][x] | (uint32_t)byte[y][x + 1] << 8 |
                          (uint32_t)byte[y + 1][x] << 16 | (uint32_t)byte[y + 1][x + 1] << 24);
}

static inline int clip(int v, int most) {
    v = v < 0 ? 0 : v;
    return v > most ? most : v;
}

/* 65536 times the grey values of a row of the result; bit x of what is returned: one of the four
 * pixels around its source is not 0. */
FOR_VECTORS static uint32_t warp_row(const struct glb_warp *m, const struct framed *f, int h, int w,
                                     int y, int32_t *value) {
    enum { WIDE = GLB_DATASET_MAX_SIDE };
    const int v = 2 * y - h + 1; /* twice the distance from the centre */
    const int x2 = m->xy * v + (w - 1) * ONE, y2 = m->yy * v + (h - 1) * ONE;
    int32_t at[WIDE], right[WIDE], down[WIDE], four[WIDE] = {0};
    uint32_t some = 0;
    const int first = ((1 - w) * m->yx + y2) / 2 + m->y0 + FRAME * ONE;
    const int last = ((w - 1) * m->yx + y2) / 2 + m->y0 + FRAME * ONE;
    if ((first >> 16 < f->top && last >> 16 < f->top) ||
        (first >> 16 > f->bottom && last >> 16 > f->bottom))
        return 0;
    for (int x = 0; x < WIDE; x++) {
        const int u = 2 * x - w + 1;
        const int sx = (m->xx * u + x2) / 2 + m->x0 + FRAME * ONE;
        const int sy = (m->yx * u + y2) / 2 + m->y0 + FRAME * ONE;
        at[x] = clip(sy >> 16, h + FRAME) * FRAMED + clip(sx >> 16, w + FRAME);
        right[x] = sx >> 8 & 255;
        down[x] = sy >> 8 & 255;
    }
    for (int x = 0; x < w; x++) {
        four[x] = f->four[at[x]];
        some |= (uint32_t)(four[x] != 0) << x;
    }
    for (int x = 0; x < WIDE; x++) {
        const int32_t top = (four[x] & 255) * (256 - right[x]) + (four[x] >> 8 & 255) * right[x];
        const int32_t low =
            (four[x] >> 16 & 255) * (256 - right[x]) + (four[x] >> 24 & 255) * right[x];
        value[x] = top * (256 - down[x]) + low * down[x];
    }
    return some;
}

/* The least grey value, times 65536, at which a pixel is on. */
static int32_t least(const struct job *j, int c, int plane, int pixel) {
    int limit = j->d->binarise.threshold[plane];
    if (j->d->binarise.kind == GLB_BINARISE_STOCHASTIC)
        limit = (int)(glb_random_at(j->seed, TAG_BIT, j->at + (uint64_t)c, (uint64_t)pixel) % 255);
    return (limit + 1) * ONE - ONE / 2;
}

static void warp_image(const struct job *j, int c) {
    const struct glb_dataset *d = j->d;
    const int planes = d->binarise.planes, w = d->width, h = d->height / planes;
    const uint64_t bit = UINT64_C(1) << (c & 63);
    struct framed framed;
    int32_t value[GLB_DATASET_MAX_SIDE];
    frame_image(d->grey + (size_t)j->index[c] * h * w, h, w, &framed);
    if ((c + 1) % 64) /* the next one's */
        __builtin_prefetch(d->grey + (size_t)j->index[c + 1] * h * w);
    for (int y = 0; y < h; y++) {
        uint64_t *word = j->planes + (size_t)y * w * j->words + (c >> 6);
        uint32_t some = warp_row(&j->warp[c], &framed, h, w, y, value);
        for (; some; some &= some - 1) { /* a pixel of value 0 is off at every threshold */
            const int x = __builtin_ctz(some);
            for (int k = 0; k < planes; k++)
                if (value[x] >= least(j, c, k, y * w + x))
                    word[((size_t)k * h * w + (size_t)x) * j->words] |= bit;
        }
    }
}

static void warp_words(void *user, int first, int end) {
    const struct job *j = user;
    for (int c = 64 * first; c < 64 * end; c++)
        warp_image(j, c);
}

void glb_dataset_lay_some_warped(const struct glb_dataset *d, const int32_t *index,
                                 const struct glb_warp *warp, int chains, uint64_t seed,
                                 uint64_t at, int first, int end, uint64_t *planes) {
    const struct job j = {d, index, warp, seed, at, chains / 64, planes};
    for (int c = first; c < end; c++)
        warp_image(&j, c);
}

void glb_dataset_lay_warped(const struct glb_dataset *d, const int32_t *index,
                            const struct glb_warp *warp, int chains, uint64_t seed, uint64_t at,
                            int threads, uint64_t *planes) {
    struct job j = {d, index, warp, seed, at, chains / 64, planes};
    memset(planes, 0, sizeof *planes * d->height * d->width * j.words);
    glb_parallel(threads, j.words, warp_words, &j);
}
