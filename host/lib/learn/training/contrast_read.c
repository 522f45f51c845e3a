/* Reading labels within a training: class scores in integers, so that they depend neither on
 * threads nor on the device, and a draw from their softmax. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"
#include "base/parallel.h"
#include "graph/adjacency.h"
#include "learn/training/contrast.h"

enum { TAG_CLASS = 207, FIXED = 1 << 16, LOG_COSH = 1024 };

/* ---- what is read ---- */

/* The layer below the labels if it can be summed out, else that of the labels. */
static int layer_to_read(const struct glb_topology *t) {
    const int top = t->nlayers - 1, below = top - 1;
    if (below < 2)
        return top;
    for (int e = 0; e < t->graph->m; e++) {
        const int a = t->layer_of[t->graph->ei[e]], b = t->layer_of[t->graph->ej[e]];
        if ((a == top && b != below) || (b == top && a != below) || (a == below && b == below))
            return top;
    }
    return below;
}

static int is_neighbour(const struct contrast_reader *d, const struct glb_topology *t, int node) {
    return !d->summed || t->layer_of[node] != t->nlayers - 1;
}

static void list_neighbours(struct contrast_reader *d, const struct glb_topology *t,
                            const struct glb_adjacency *all) {
    const struct glb_layer *l = &t->layer[d->layer];
    int at = 0;
    for (int i = 0; i < l->count; i++) {
        d->start[i] = at;
        for (int k = all->start[l->first + i]; k < all->start[l->first + i + 1]; k++)
            if (is_neighbour(d, t, all->node[k])) {
                d->node[at] = all->node[k];
                d->edge[at++] = all->edge[k];
            }
    }
    d->start[l->count] = at;
}

enum glb_status contrast_reader_open(struct contrast_reader *d, const struct glb_trainer *r) {
    const struct glb_topology *t = r->t;
    struct glb_adjacency all;
    d->layer = layer_to_read(t);
    d->summed = d->layer != t->nlayers - 1;
    const size_t count = (size_t)t->layer[d->layer].count, m = 2 * (size_t)t->graph->m + 1;
    enum glb_status s = glb_adjacency_build(t->graph, &all);
    if (s != GLB_OK)
        return s;
    d->start = calloc(count + 1, sizeof *d->start);
    d->node = calloc(m, sizeof *d->node);
    d->edge = calloc(m, sizeof *d->edge);
    d->twice = calloc(m, sizeof *d->twice);
    d->base = calloc(count, sizeof *d->base);
    d->to_class = calloc(count * (size_t)t->classes, sizeof *d->to_class);
    d->bias = calloc((size_t)t->classes, sizeof *d->bias);
    d->log_cosh = calloc(LOG_COSH, sizeof *d->log_cosh);
    if (d->start && d->node && d->edge && d->twice && d->base && d->to_class && d->bias &&
        d->log_cosh)
        list_neighbours(d, t, &all);
    else
        s = glb_fail(GLB_ERR_MEMORY, "no memory for reading labels");
    glb_adjacency_free(&all);
    for (int k = 0; k < 256; k++)
        for (int b = 0; b < 8; b++)
            d->mask[k][b] = -(k >> b & 1);
    for (int x = 0; x < LOG_COSH && s == GLB_OK; x++)
        d->log_cosh[x] = (int32_t)lrint(FIXED * log1p(exp(-x * r->sampler->u)));
    return s;
}

void contrast_reader_close(struct contrast_reader *d) {
    free(d->start);
    free(d->node);
    free(d->edge);
    free(d->twice);
    free(d->base);
    free(d->to_class);
    free(d->bias);
    free(d->log_cosh);
}

/* ---- this step's weights, in units of u / 2 ---- */

static void take_weights(struct contrast_reader *d, const struct glb_trainer *r) {
    const struct glb_topology *t = r->t;
    const struct glb_layer *l = &t->layer[d->layer], *labels = &t->layer[t->nlayers - 1];
    const double unit = r->sampler->u / 2;
    for (int i = 0; i < l->count; i++) {
        d->base[i] = d->summed ? (int32_t)lrint(r->h[l->first + i] / unit) : 0;
        for (int k = d->start[i]; k < d->start[i + 1]; k++) {
            const int32_t J = (int32_t)lrint(r->J[d->edge[k]] / unit);
            d->twice[k] = 2 * J;
            d->base[i] -= J;
        }
    }
    memset(d->bias, 0, sizeof *d->bias * (size_t)t->classes);
    for (int k = 0; k < labels->count; k++)
        d->bias[k % t->classes] += r->h[labels->first + k];
    memset(d->to_class, 0, sizeof *d->to_class * (size_t)l->count * (size_t)t->classes);
    for (int e = 0; e < t->graph->m && d->summed; e++) {
        const int unit_at = t->graph->ei[e] - l->first, label = t->graph->ej[e] - labels->first;
        const int32_t J = (int32_t)lrint(r->J[e] / unit);
        if (label < 0)
            continue;
        d->to_class[unit_at * t->classes + label % t->classes] += 2 * J;
        d->base[unit_at] -= J;
    }
}

/* ---- scores of the 64 chains of a word ---- */

static const uint64_t *plane_of(const struct glb_trainer *r, int node, int sample) {
    return r->t->layer_of[node] == 0
               ? r->batch.pixels + (size_t)node * r->sampler->words
               : glb_pair_statistics_at(&r->statistics[TRAINER_READ], node, sample);
}

/* out[64]: fields of the i-th p-bit that is read. */
static void fields(const struct glb_trainer *r, int i, int sample, int word, int32_t *out) {
    const struct contrast_reader *d = &r->contrast->reader;
    for (int c = 0; c < 64; c++)
        out[c] = d->base[i];
    for (int k = d->start[i]; k < d->start[i + 1]; k++) {
        const uint64_t bits = plane_of(r, d->node[k], sample)[word];
        const int32_t twice = d->twice[k];
        for (int g = 0; g < 8; g++)
            for (int b = 0; b < 8; b++)
                out[8 * g + b] += d->mask[bits >> 8 * g & 255][b] & twice;
    }
}

/* Adds the log of each class's 2 cosh of a unit's field. */
static void add_summed(const struct glb_trainer *r, int i, const int32_t *field,
                       int64_t score[][64]) {
    const struct contrast_reader *d = &r->contrast->reader;
    const int64_t linear = llrint(FIXED * r->sampler->u / 2);
    for (int k = 0; k < r->t->classes; k++)
        for (int c = 0; c < 64; c++) {
            const int32_t x = abs(field[c] + d->to_class[i * r->t->classes + k]);
            score[k][c] += linear * x + (x < LOG_COSH ? d->log_cosh[x] : 0);
        }
}

static void add_sample(const struct glb_trainer *r, int sample, int word, int64_t score[][64]) {
    const struct contrast_reader *d = &r->contrast->reader;
    int32_t field[64];
    for (int i = 0; i < r->t->layer[d->layer].count; i++) {
        fields(r, i, sample, word, field);
        if (d->summed) {
            add_summed(r, i, field, score);
            continue;
        }
        for (int c = 0; c < 64; c++)
            score[i % r->t->classes][c] += field[c];
    }
}

/* ---- the draw ---- */

static uint8_t draw(const struct glb_trainer *r, const int64_t score[][64], int chain) {
    const struct contrast_reader *d = &r->contrast->reader;
    const int classes = r->t->classes, samples = r->statistics[TRAINER_READ].samples;
    const double scale = (d->summed ? 1.0 / FIXED : r->sampler->u) / samples;
    const uint64_t at = (uint64_t)r->s.step * (uint64_t)r->sampler->chains + (uint64_t)chain;
    double share[GLB_MAX_CLASSES], most = -INFINITY, all = 0;
    for (int k = 0; k < classes; k++) {
        share[k] = scale * (double)score[k][chain & 63] + 2 * d->bias[k];
        most = fmax(most, share[k]);
    }
    for (int k = 0; k < classes; k++)
        all += share[k] = exp(share[k] - most);
    double left = glb_unit_at(r->o.seed, TAG_CLASS, at, 0) * all;
    int class = 0;
    while (class + 1 < classes && (left -= share[class]) >= 0)
        class ++;
    return (uint8_t) class;
}

static void draw_words(void *user, int first, int end) {
    const struct glb_trainer *r = user;
    int64_t score[GLB_MAX_CLASSES][64];
    for (int w = first; w < end; w++) {
        memset(score, 0, sizeof score);
        for (int s = 0; s < r->statistics[TRAINER_READ].samples; s++)
            add_sample(r, s, w, score);
        for (int c = 64 * w; c < 64 * w + 64; c++)
            r->contrast->drawn[c] = draw(r, score, c);
    }
}

void contrast_draw(struct glb_trainer *r) {
    take_weights(&r->contrast->reader, r);
    glb_parallel(r->o.threads, r->sampler->words, draw_words, r);
}
