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

/* The grey image with a frame of zeros two pixels wide, so that the inner loop needs no tests. */
enum { FRAME = 2, FRAMED = GLB_DATASET_MAX_SIDE + 2 * FRAME };

static int clip(int v, int most) {
    return v < 0 ? 0 : v > most ? most : v;
}

static void warp_image(const struct job *j, int c) {
    const struct glb_dataset *d = j->d;
    const int planes = d->binarise.planes, w = d->width, h = d->height / planes;
    const uint8_t *grey = d->grey + (size_t)j->index[c] * h * w;
    const struct glb_warp *m = &j->warp[c];
    const int stochastic = d->binarise.kind == GLB_BINARISE_STOCHASTIC;
    uint8_t framed[FRAMED][FRAMED] = {{0}};
    for (int y = 0; y < h; y++)
        memcpy(&framed[y + FRAME][FRAME], grey + (size_t)y * w, (size_t)w);
    const uint64_t bit = UINT64_C(1) << (c & 63);
    uint64_t *word = j->planes + (c >> 6);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++, word += j->words) {
            const int u = 2 * x - w + 1, v = 2 * y - h + 1; /* twice the distance from the centre */
            const int sx = (m->xx * u + m->xy * v + (w - 1) * ONE) / 2 + m->x0 + FRAME * ONE;
            const int sy = (m->yx * u + m->yy * v + (h - 1) * ONE) / 2 + m->y0 + FRAME * ONE;
            const int px = clip(sx >> 16, w + FRAME), py = clip(sy >> 16, h + FRAME);
            const int fx = sx >> 8 & 255, fy = sy >> 8 & 255;
            const uint8_t *a = &framed[py][px], *b = a + FRAMED;
            const int top = a[0] * (256 - fx) + a[1] * fx, low = b[0] * (256 - fx) + b[1] * fx;
            const int value = top * (256 - fy) + low * fy; /* 65536 times the grey value */
            for (int k = 0; k < planes; k++) {
                int limit = d->binarise.threshold[k];
                if (stochastic)
                    limit = (int)(glb_random_at(j->seed, TAG_BIT, j->at + (uint64_t)c,
                                                (uint64_t)(y * w + x)) %
                                  255);
                if (value >= (limit + 1) * ONE - ONE / 2)
                    word[(size_t)k * h * w * j->words] |= bit;
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
