/* What a training begins with: defaults, kinds of parameters, weights, states.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"
#include "base/rng.h"
#include "learn/training/trainer.h"

enum { TAG_WEIGHT = 200, TAG_MEMORY = 204, TAG_FREE };

void glb_train_defaults(const struct glb_topology *t, struct glb_train_options *o) {
    const int deep = glb_topology_layer(t, GLB_LAYER_H2) != NULL;
    *o = (struct glb_train_options){.seed = 1,
                                    .epochs = 45,
                                    .rate = deep ? 0.035 : 0.03,
                                    .warm_up = 0.02,
                                    .average = 0.2,
                                    .positive_burn = 2,
                                    .positive = deep ? 10 : 6,
                                    .negative_burn = 2,
                                    .negative = deep ? 10 : 6,
                                    .read_burn = 1,
                                    .read = 2,
                                    .common_noise = 1,
                                    .discriminative = 1,
                                    .hold_labels = 1,
                                    .free_sweeps = 10,
                                    .shift = 1,
                                    .warp = 0.5,
                                    .readout_beta = 0.9,
                                    .restart = deep ? 0.05 : 0};
    const double label = deep ? 0.003 : 0.1;
    const double relative[] = {1, 0.1, label, 0.1, 1, label};
    const double decay[] = {0, 0.3, 0.3, 0, 0, 0};
    const double sigma[] = {deep ? 0.3 : 0.2, 0.05, 0.05, 0, 0, 0};
    memcpy(o->relative, relative, sizeof relative);
    memcpy(o->decay, decay, sizeof decay);
    memcpy(o->start_sigma, sigma, sizeof sigma);
}

void glb_train_defaults_drawing(struct glb_train_options *o) {
    o->generative = 3;
    o->epochs = 25;
    o->rate = 0.02;
    o->relative[GLB_LABEL] = 1;
    o->decay[GLB_LABEL] = 0;
    o->shift = 0;
    o->warp = 0;
    o->common_noise = 0;
    o->positive_burn = o->negative_burn = 0;
    o->positive = 8;
    o->negative = 20;
}

/* Whether units of a hidden layer are coupled to each other. */
static int is_coupled(const struct glb_topology *t, int layer) {
    for (int e = 0; e < t->graph->m; e++)
        if (t->layer_of[t->graph->ei[e]] == layer && t->layer_of[t->graph->ej[e]] == layer)
            return 1;
    return 0;
}

/* Hidden units that pass on what they see need time for it: a lattice, or a graph like it. */
static void defaults_contrast_coupled(const struct glb_topology *t, struct glb_train_options *o) {
    const int placed = t->start != NULL, once = !t->pixel_of; /* by the image; each pixel once */
    o->epochs = 60;
    o->positive_burn = o->negative_burn = o->read_burn = 2;
    o->read = placed ? 8 : 16;
    o->relative[GLB_H1_H2] = placed && !once ? 0.1 : 0.4;
    o->decay[GLB_H1_H2] = 0;
    o->start_sigma[GLB_PIXEL_H1] = 0.25;
}

void glb_train_defaults_contrast(const struct glb_topology *t, struct glb_train_options *o) {
    const int uncoupled = glb_topology_layer(t, GLB_LAYER_H2) == NULL;
    o->contrast = 1;
    o->epochs = 90;
    o->rate = 0.03;
    o->relative[GLB_LABEL] = o->relative[GLB_BIAS_LABEL] = 0.1;
    o->restart = 0;
    o->positive_burn = o->negative_burn = uncoupled ? 0 : 2;
    o->positive = o->negative = 10;
    o->readout_beta = 1;
    if (is_coupled(t, 1))
        defaults_contrast_coupled(t, o);
}

/* Means of the binarised pixels over the data, kept off +-1 so that atanh stays small. */
static void pixel_means(const struct glb_topology *t, const struct glb_dataset *d, float *mu) {
    int *on = calloc((size_t)d->height * d->width, sizeof *on);
    for (int i = 0; on && i < d->count; i++)
        for (int y = 0; y < d->height; y++)
            for (uint32_t r = d->row[(size_t)i * d->height + y]; r; r &= r - 1)
                on[y * d->width + __builtin_ctz(r)]++;
    for (int i = 0; i < t->layer[0].count; i++) {
        const int p = t->pixel_of ? t->pixel_of[i] : i;
        mu[i] = on ? (float)(2.0 * (on[p] + 1) / (d->count + 2) - 1) : -1;
    }
    free(on);
}

enum glb_parameter_kind glb_train_kind(const struct glb_topology *t, int e) {
    const enum glb_layer_kind a = t->layer[t->layer_of[t->graph->ei[e]]].kind;
    const enum glb_layer_kind b = t->layer[t->layer_of[t->graph->ej[e]]].kind;
    if (a == GLB_LAYER_LABELS || b == GLB_LAYER_LABELS)
        return GLB_LABEL;
    return a == GLB_LAYER_PIXELS || b == GLB_LAYER_PIXELS ? GLB_PIXEL_H1 : GLB_H1_H2;
}

void glb_train_grids(const struct glb_topology *t, const struct glb_layer_sampler *s, int bits,
                     struct glb_grid grid[GLB_PARAMETER_KINDS]) {
    const int deep = glb_topology_layer(t, GLB_LAYER_H2) != NULL;
    /* The largest magnitude that each kind needs, by trial, in units of the field. */
    const double range[GLB_PARAMETER_KINDS] = {
        [GLB_PIXEL_H1] = 2, [GLB_H1_H2] = 0.5, [GLB_LABEL] = deep ? 2 : 0.5};
    for (int k = 0; k < GLB_PARAMETER_KINDS; k++) {
        grid[k] = (struct glb_grid){1, s->weight_max};
        if (bits == 0 || (1 << (bits - 1)) - 1 >= s->weight_max)
            continue;
        grid[k].most = (1 << (bits - 1)) - 1;
        while ((grid[k].most + 1) * grid[k].step * s->u / 2 < range[k] &&
               2 * grid[k].most * grid[k].step <= s->weight_max)
            grid[k].step *= 2;
    }
}

/* Start weights: small and random, or those of the topology; h2 and h3 units start as soft replicas
 * of their class. */
static void start_weights(struct glb_trainer *r) {
    const struct glb_graph *g = r->t->graph;
    const int classes = r->t->classes;
    for (int e = 0; e < g->m; e++) {
        struct glb_rng rng = glb_rng_at(r->o.seed, TAG_WEIGHT, (uint64_t)e);
        r->kind[e] = (uint8_t)glb_train_kind(r->t, e);
        r->s.weight[e] = (float)(r->o.start_sigma[r->kind[e]] * glb_rng_normal(&rng));
        if (r->t->start && !isnan(r->t->start[e]))
            r->s.weight[e] = r->t->start[e];
        const struct glb_layer *lower = &r->t->layer[r->t->layer_of[g->ei[e]]];
        const struct glb_layer *upper = &r->t->layer[r->t->layer_of[g->ej[e]]];
        if (lower->kind == GLB_LAYER_H2 || lower->kind == GLB_LAYER_H3)
            r->s.weight[e] =
                (g->ei[e] - lower->first) % classes == (g->ej[e] - upper->first) % classes ? 1 : 0;
    }
    for (int i = 0; i < g->n; i++) {
        const enum glb_layer_kind k = r->t->layer[r->t->layer_of[i]].kind;
        r->kind[g->m + i] = k == GLB_LAYER_PIXELS   ? GLB_BIAS_PIXEL
                            : k == GLB_LAYER_LABELS ? GLB_BIAS_LABEL
                                                    : GLB_BIAS_HIDDEN;
        r->s.weight[g->m + i] = atanhf(r->mu[i]);
    }
}

/* A layer keeps its states between batches unless each sweep draws it anew before anything reads
 * it: that is h1, where its units are not coupled to each other. */
static int keeps_states(const struct glb_topology *t, int layer) {
    if (layer == 0)
        return 0;
    return t->layer[layer].kind != GLB_LAYER_H1 || is_coupled(t, layer);
}

static void place_memory(struct glb_trainer *r) {
    int bits = 0;
    for (int l = 0; l < r->t->nlayers; l++) {
        r->memory_first[l] = -1;
        if (!keeps_states(r->t, l))
            continue;
        r->memory_first[l] = bits;
        bits += r->t->layer[l].count;
    }
    r->memory_words = (bits + 31) / 32;
}

/* Where the persistent chains start: mostly off. */
void trainer_start_memory(const struct glb_trainer *r, int count, uint32_t *memory) {
    for (size_t k = 0; k < (size_t)count * 2 * (size_t)r->memory_words; k++)
        memory[k] = (uint32_t)glb_random_at(r->o.seed, TAG_MEMORY, k, 1) &
                    (uint32_t)glb_random_at(r->o.seed, TAG_MEMORY, k, 2) &
                    (uint32_t)glb_random_at(r->o.seed, TAG_MEMORY, k, 3);
}

static void start_states(struct glb_trainer *r) {
    trainer_start_memory(r, r->data->count, r->s.memory);
    const size_t planes = (size_t)r->t->graph->n * r->sampler->words;
    for (size_t k = 0; k < planes; k++)
        r->s.free_plane[k] = glb_random_at(r->o.seed, TAG_FREE, k, 0);
}

static int allocate(struct glb_trainer *r) {
    const size_t n = (size_t)r->t->graph->n, p = n + (size_t)r->t->graph->m;
    const size_t words = (size_t)r->sampler->words;
    const size_t labels = (size_t)r->t->layer[r->t->nlayers - 1].count;
    r->mu = calloc(n, sizeof *r->mu);
    r->kind = calloc(p, 1);
    r->J = calloc(p, sizeof *r->J);
    r->h = r->J ? r->J + r->t->graph->m : NULL;
    r->s.weight = calloc(p, sizeof(float));
    r->s.first = calloc(p, sizeof(float));
    r->s.second = calloc(p, sizeof(float));
    r->s.sum = calloc(p, sizeof(double));
    r->s.memory = calloc((size_t)r->data->count * 2 * r->memory_words, sizeof(uint32_t));
    r->s.free_plane = calloc(n * words, sizeof(uint64_t));
    r->labels = calloc(labels * words, sizeof(uint64_t));
    r->held = calloc(labels * words, sizeof(uint64_t));
    r->recalled[0] = calloc(n * words, sizeof(uint64_t));
    r->recalled[1] = calloc(n * words, sizeof(uint64_t));
    r->dropped = calloc(n, 1);
    r->order = calloc((size_t)r->data->count, sizeof *r->order);
    const int batches = trainer_batch_init(&r->batch, r->t, r->sampler->chains, r->sampler->words) &
                        trainer_batch_init(&r->next, r->t, r->sampler->chains, r->sampler->words);
    return batches && r->mu && r->kind && r->J && r->s.weight && r->s.first && r->s.second &&
           r->s.sum && r->s.memory && r->s.free_plane && r->labels && r->held && r->recalled[0] &&
           r->recalled[1] && r->dropped && r->order;
}

enum glb_status trainer_start(struct glb_trainer *r) {
    place_memory(r);
    if (!allocate(r))
        return glb_fail(GLB_ERR_MEMORY, "no memory for the trainer");
    enum glb_status s = glb_pair_statistics_init(&r->statistics[TRAINER_POSITIVE], r->t,
                                                 r->sampler->words, r->o.positive);
    if (s == GLB_OK)
        s = glb_pair_statistics_init(&r->statistics[TRAINER_NEGATIVE], r->t, r->sampler->words,
                                     r->o.negative);
    if (s == GLB_OK && r->o.generative > 0)
        s = glb_pair_statistics_init(&r->statistics[TRAINER_FREE], r->t, r->sampler->words,
                                     r->o.free_sweeps);
    if (s == GLB_OK && r->o.contrast)
        s = trainer_contrast_open(r);
    if (s == GLB_OK)
        s = trainer_place_sums(r);
    if (s != GLB_OK)
        return s;
    pixel_means(r->t, r->data, r->mu);
    r->data_hash = glb_dataset_hash(r->data);
    for (int i = 0; i < r->t->graph->n; i++) {
        const enum glb_layer_kind k = r->t->layer[r->t->layer_of[i]].kind;
        if (k != GLB_LAYER_PIXELS && k != GLB_LAYER_H1)
            r->mu[i] = (float)(2.0 / r->t->classes - 1); /* one label of all is on */
    }
    glb_train_grids(r->t, r->sampler, r->o.bits, r->grid);
    start_weights(r);
    start_states(r);
    return GLB_OK;
}
