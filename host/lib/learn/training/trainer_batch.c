/* A batch's images and dropped units, and the states that images keep from one epoch to the next.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "base/counter_rng.h"
#include "base/rng.h"
#include "learn/training/trainer.h"

enum { TAG_ORDER = 201, TAG_SHIFT, TAG_RESTART = 204, TAG_DROP = 206 };

/* The images are one endless stream, a new permutation each epoch, so that batches need not divide
 * their number. */
static void choose_images(struct glb_trainer *r) {
    const int count = r->data->count, side = 2 * r->o.shift + 1;
    for (int c = 0; c < r->sampler->chains; c++) {
        const int64_t at = r->s.step * r->sampler->chains + c, epoch = at / count;
        if (epoch != r->order_epoch) {
            struct glb_rng rng = glb_rng_at(r->o.seed, TAG_ORDER, (uint64_t)epoch);
            for (int i = 0; i < count; i++) {
                const int k = (int)glb_rng_below(&rng, (uint32_t)i + 1);
                r->order[i] = r->order[k];
                r->order[k] = i;
            }
            r->order_epoch = epoch;
        }
        r->index[c] = r->order[at % count];
        if (r->o.warp > 0)
            r->warp[c] = glb_warp_random(r->o.warp, r->o.shift, r->o.seed, (uint64_t)at);
        struct glb_rng rng = glb_rng_at(r->o.seed, TAG_SHIFT, (uint64_t)at);
        r->dx[c] = (int8_t)((int)glb_rng_below(&rng, (uint32_t)side) - r->o.shift);
        r->dy[c] = (int8_t)((int)glb_rng_below(&rng, (uint32_t)side) - r->o.shift);
    }
}

void trainer_choose(struct glb_trainer *r) {
    const uint64_t at = (uint64_t)r->s.step * (uint64_t)r->sampler->chains;
    choose_images(r);
    if (r->o.warp > 0)
        glb_dataset_lay_warped(r->data, r->index, r->warp, r->sampler->chains, r->o.seed, at,
                               r->o.threads, r->pixels);
    else
        glb_dataset_lay_images(r->data, r->index, r->dx, r->dy, r->sampler->chains,
                               r->sampler->words, r->pixels);
    const struct glb_layer *h1 = &r->t->layer[1];
    for (int i = h1->first; r->o.dropout > 0 && i < h1->first + h1->count; i++)
        r->dropped[i] =
            glb_unit_at(r->o.seed, TAG_DROP, (uint64_t)r->s.step, (uint64_t)i) < r->o.dropout;
}

static uint32_t *memory_of(const struct glb_trainer *r, int image, int negative) {
    return r->s.memory + ((size_t)image * 2 + !negative) * r->memory_words;
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
    for (int i = 0; i < l->count; i++) {
        const int bit = r->memory_first[layer] + i;
        uint64_t *plane = planes + (size_t)i * words;
        memset(plane, 0, sizeof *plane * words);
        for (int c = 0; c < chains; c++) {
            const uint64_t on = memory_of(r, r->index[c], negative)[bit >> 5] >> (bit & 31) & 1;
            plane[c >> 6] |= on << (c & 63);
        }
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

void trainer_remember(struct glb_trainer *r, const struct glb_pair_statistics *pairs, int layer,
                      int negative) {
    const struct glb_layer *l = &r->t->layer[layer];
    for (int i = 0; i < l->count; i++) {
        const uint64_t *plane = glb_pair_statistics_last(pairs, l->first + i);
        const int bit = r->memory_first[layer] + i;
        for (int c = 0; c < r->sampler->chains; c++) {
            uint32_t *word = &memory_of(r, r->index[c], negative)[bit >> 5];
            *word = (*word & ~(1u << (bit & 31))) | (uint32_t)(plane[c >> 6] >> (c & 63) & 1)
                                                        << (bit & 31);
        }
    }
}
