/* The chains whose label was read wrong, packed into full words. SPDX-License-Identifier:
 * Apache-2.0 */
#include <string.h>
#include "base/parallel.h"
#include "learn/training/contrast.h"

static uint8_t label_of(const struct glb_trainer *r, int chain) {
    return r->data->label[r->batch.index[chain]];
}

static void pack_plane(const struct trainer_contrast *x, const uint64_t *from, uint64_t *to) {
    memset(to, 0, sizeof *to * (size_t)x->words);
    for (int k = 0; k < x->wrongs; k++) {
        const int c = x->wrong[k];
        to[k >> 6] |= (from[c >> 6] >> (c & 63) & 1) << (k & 63);
    }
}

/* Pixels, and hidden units that keep their states: as the reading left them. */
static void pack(void *user, int first, int end) {
    const struct glb_trainer *r = user;
    const struct glb_pair_statistics *read = &r->statistics[TRAINER_READ];
    const size_t words = (size_t)r->sampler->words;
    for (int i = first; i < end; i++) {
        const int l = r->t->layer_of[i];
        uint64_t *to = r->contrast->packed + (size_t)i * words;
        if (l == 0)
            pack_plane(r->contrast, r->batch.pixels + (size_t)i * words, to);
        else if (l < r->t->nlayers - 1 && r->memory_first[l] >= 0)
            pack_plane(r->contrast, glb_pair_statistics_last(read, i), to);
    }
}

/* The labels of both phases; chains that are left over in the last word have none in either, so
 * they are the same in both. */
static void lay_labels(struct glb_trainer *r) {
    struct trainer_contrast *x = r->contrast;
    const int count = r->t->layer[r->t->nlayers - 1].count, words = r->sampler->words;
    for (int phase = 0; phase < 2; phase++) {
        memset(x->labels[phase], 0, sizeof(uint64_t) * (size_t)count * (size_t)words);
        for (int k = 0; k < x->wrongs; k++) {
            const int c = x->wrong[k], class = phase ? x->drawn[c] : label_of(r, c);
            for (int i = class; i < count; i += r->t->classes)
                x->labels[phase][(size_t)i * words + (k >> 6)] |= UINT64_C(1) << (k & 63);
        }
    }
}

void contrast_pack(struct glb_trainer *r) {
    struct trainer_contrast *x = r->contrast;
    x->wrongs = 0;
    for (int c = 0; c < r->sampler->chains; c++)
        if (x->drawn[c] != label_of(r, c))
            x->wrong[x->wrongs++] = c;
    x->words = (x->wrongs + 63) / 64;
    glb_parallel(r->o.threads, r->t->graph->n, pack, r);
    lay_labels(r);
}
