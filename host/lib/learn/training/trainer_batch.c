/* A batch's images and dropped units, and the states that images keep from one epoch to the next.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"
#include "base/rng.h"
#include "learn/training/trainer.h"

enum { TAG_ORDER = 201, TAG_SHIFT, TAG_RESTART = 204, TAG_DROP = 206 };

int trainer_batch_init(struct trainer_batch *b, const struct glb_topology *t, int chains,
                       int words) {
    const size_t n = (size_t)chains;
    b->step = -1;
    b->index = calloc(n, sizeof *b->index);
    b->dx = calloc(n, 1);
    b->dy = calloc(n, 1);
    b->warp = calloc(n, sizeof *b->warp);
    b->image = calloc((size_t)glb_topology_pixels(t) * words, sizeof *b->image);
    b->pixels =
        t->pixel_of ? calloc((size_t)t->layer[0].count * words, sizeof *b->pixels) : b->image;
    return b->index && b->dx && b->dy && b->warp && b->image && b->pixels;
}

void trainer_batch_free(struct trainer_batch *b) {
    free(b->index);
    free(b->dx);
    free(b->dy);
    free(b->warp);
    if (b->pixels != b->image)
        free(b->pixels);
    free(b->image);
}

/* The images are one endless stream, a new permutation each epoch, so that batches need not divide
 * their number. */
static void choose_images(struct glb_trainer *r, struct trainer_batch *b, int64_t step) {
    const int count = r->data->count, side = 2 * r->o.shift + 1;
    for (int c = 0; c < r->sampler->chains; c++) {
        const int64_t at = step * r->sampler->chains + c, epoch = (at - r->begin) / count;
        if (epoch != r->order_epoch) {
            struct glb_rng rng =
                glb_rng_at(r->o.seed, TAG_ORDER, (uint64_t)epoch + ((uint64_t)r->begin << 24));
            for (int i = 0; i < count; i++) {
                const int k = (int)glb_rng_below(&rng, (uint32_t)i + 1);
                r->order[i] = r->order[k];
                r->order[k] = i;
            }
            r->order_epoch = epoch;
        }
        b->index[c] = r->order[(at - r->begin) % count];
        if (r->o.warp > 0)
            b->warp[c] = glb_warp_random(r->o.warp, r->o.shift, r->o.seed, (uint64_t)at);
        struct glb_rng rng = glb_rng_at(r->o.seed, TAG_SHIFT, (uint64_t)at);
        b->dx[c] = (int8_t)((int)glb_rng_below(&rng, (uint32_t)side) - r->o.shift);
        b->dy[c] = (int8_t)((int)glb_rng_below(&rng, (uint32_t)side) - r->o.shift);
    }
    b->step = step;
    b->laid = 0;
}

/* The first piece chooses, the others lay a few images each. */
void trainer_prepare_next(void *user) {
    struct glb_trainer *r = user;
    struct trainer_batch *b = &r->next;
    const int64_t step = r->s.step + 1;
    const int left = r->sampler->chains - b->laid,
              end = b->laid + (left < r->piece ? left : r->piece);
    r->pieces++;
    if (step >= r->steps)
        return;
    if (b->step != step) {
        choose_images(r, b, step);
        if (r->o.warp > 0)
            memset(b->image, 0,
                   sizeof *b->image * (size_t)(glb_topology_pixels(r->t) * r->sampler->words));
        return;
    }
    if (r->o.warp == 0 || left == 0)
        return;
    glb_dataset_lay_some_warped(r->data, b->index, b->warp, r->sampler->chains, r->o.seed,
                                (uint64_t)step * (uint64_t)r->sampler->chains, b->laid, end,
                                b->image);
    b->laid = end;
}

/* What is not prepared yet. */
static void lay_images(struct glb_trainer *r, struct trainer_batch *b) {
    const uint64_t at = (uint64_t)b->step * (uint64_t)r->sampler->chains;
    const int chains = r->sampler->chains;
    if (r->o.warp == 0)
        glb_dataset_lay_images(r->data, b->index, b->dx, b->dy, chains, r->sampler->words,
                               b->image);
    else if (b->laid == 0)
        glb_dataset_lay_warped(r->data, b->index, b->warp, chains, r->o.seed, at, r->o.threads,
                               b->image);
    else
        glb_dataset_lay_some_warped(r->data, b->index, b->warp, chains, r->o.seed, at, b->laid,
                                    chains, b->image);
    b->laid = chains;
    if (b->pixels != b->image)
        glb_topology_show(r->t, b->image, r->sampler->words, b->pixels);
}

void trainer_choose(struct glb_trainer *r) {
    const struct trainer_batch before = r->batch;
    if (r->batch.step != r->s.step && r->next.step == r->s.step) {
        r->batch = r->next;
        r->next = before;
    }
    if (r->batch.step != r->s.step)
        choose_images(r, &r->batch, r->s.step);
    lay_images(r, &r->batch);
    if (r->pieces > 1) /* evenly over as many calls as the last step had */
        r->piece = (r->sampler->chains + r->pieces - 2) / (r->pieces - 1);
    r->pieces = 0;
    const struct glb_layer *h1 = &r->t->layer[1];
    for (int i = h1->first; r->o.dropout > 0 && i < h1->first + h1->count; i++)
        r->dropped[i] =
            glb_unit_at(r->o.seed, TAG_DROP, (uint64_t)r->s.step, (uint64_t)i) < r->o.dropout;
}

static uint32_t *memory_of(const struct glb_trainer *r, int image, int negative) {
    return r->s.memory + ((size_t)image * 2 + !negative) * r->memory_words;
}

/* Lays bits first .. first + count - 1 of an image over chain c of as many planes of 0. */
static void lay_kept(const uint32_t *memory, int first, int count, int words, int c,
                     uint64_t *planes) {
    for (int at = first; at < first + count;) {
        const int shift = at & 31, left = first + count - at;
        const int here = left < 32 - shift ? left : 32 - shift;
        uint32_t bits = memory[at >> 5] >> shift & (uint32_t)((1ull << here) - 1);
        for (; bits; bits &= bits - 1) {
            const int i = at - first + __builtin_ctz(bits);
            planes[(size_t)i * words + (c >> 6)] |= UINT64_C(1) << (c & 63);
        }
        at += here;
    }
}

/* Lays the images' kept bits over the chains. */
const uint64_t *trainer_recall(struct glb_trainer *r, int layer, int negative) {
    const struct glb_layer *l = &r->t->layer[layer];
    const int words = r->sampler->words, chains = r->sampler->chains;
    const uint64_t first = (uint64_t)r->s.step * (uint64_t)chains;
    uint64_t restart[words], *planes = r->recalled[negative] + (size_t)l->first * words;
    memset(restart, 0, sizeof restart);
    for (int c = 0; negative && r->o.restart > 0 && c < chains; c++)
        restart[c >> 6] |=
            (uint64_t)(glb_unit_at(r->o.seed, TAG_RESTART, first + (uint64_t)c, 0) < r->o.restart)
            << (c & 63);
    memset(planes, 0, sizeof *planes * (size_t)l->count * (size_t)words);
    for (int c = 0; c < chains; c++)
        lay_kept(memory_of(r, r->batch.index[c], negative), r->memory_first[layer], l->count, words,
                 c, planes);
    for (int i = 0; i < l->count; i++) {
        const int bit = r->memory_first[layer] + i;
        uint64_t *plane = planes + (size_t)i * words;
        for (int w = 0; w < words; w++) {
            const uint64_t other = l->kind == GLB_LAYER_LABELS || !restart[w]
                                       ? 0
                                       : glb_random_at(r->o.seed, TAG_RESTART, first + (uint64_t)w,
                                                       16 + (uint64_t)bit);
            plane[w] = (plane[w] & ~restart[w]) | (other & restart[w]);
        }
    }
    return planes;
}

/* Row c of the result has bit c of each row. */
static void transpose(uint64_t a[64]) {
    uint64_t mask = 0x00000000ffffffffu;
    for (int j = 32; j; j >>= 1, mask ^= mask << j)
        for (int k = 0; k < 64; k = ((k | j) + 1) & ~j) {
            const uint64_t swap = ((a[k] >> j) ^ a[k | j]) & mask;
            a[k] ^= swap << j;
            a[k | j] ^= swap;
        }
}

/* Bits first .. first + count - 1 become the lowest ones of `bits`; count is 64 at most. */
static void keep_bits(uint32_t *memory, int first, int count, uint64_t bits) {
    for (int done = 0; done < count;) {
        const int shift = (first + done) & 31, left = count - done;
        const int here = left < 32 - shift ? left : 32 - shift;
        const uint32_t mask = (uint32_t)((1ull << here) - 1) << shift;
        uint32_t *word = &memory[(first + done) >> 5];
        *word = (*word & ~mask) | ((uint32_t)(bits >> done) << shift & mask);
        done += here;
    }
}

void trainer_remember(struct glb_trainer *r, const struct glb_pair_statistics *pairs, int layer,
                      int negative) {
    const struct glb_layer *l = &r->t->layer[layer];
    uint64_t block[64];
    for (int first = 0; first < l->count; first += 64) {
        const int count = l->count - first < 64 ? l->count - first : 64;
        for (int w = 0; w < r->sampler->words; w++) {
            for (int i = 0; i < 64; i++)
                block[i] = i < count ? glb_pair_statistics_last(pairs, l->first + first + i)[w] : 0;
            transpose(block);
            for (int c = 0; c < 64; c++) /* of an image's chains the last one counts */
                keep_bits(memory_of(r, r->batch.index[64 * w + c], negative),
                          r->memory_first[layer] + first, count, block[c]);
        }
    }
}
