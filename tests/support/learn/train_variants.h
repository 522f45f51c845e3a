/* Trainings of every kind in a few steps, on small images, and whether two of them are at the same
 * point. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_TRAIN_VARIANTS_H
#define GLB_TEST_TRAIN_VARIANTS_H

#include <string.h>
#include "learn/training/trainer.h"
#include "support/learn/small_images.h"

enum { VARIANT_IMAGES = 160, VARIANT_STEPS = 4, VARIANT_TOPOLOGIES = 3 };

static const char *const variant_topology[VARIANT_TOPOLOGIES] = {
    "local:hidden=12,fan=6,window=3", "deep:h1=12,h2=10,fan=4,window=3",
    "pegasus:m=2,placement=structured"};

struct variant {
    const char *name;
    double discriminative, generative, dropout;
    int common, positive, negative, free_sweeps, hold, contrast;
    double warp;
};

static const struct variant variants[] = {
    {"common noise", 1, 0, 0, 1, 4, 4, 3, 1, 0, 0},
    {"independent noise", 1, 0, 0, 0, 4, 4, 3, 1, 0, 0},
    {"unequal phases", 1, 0, 0, 0, 3, 7, 3, 1, 0, .warp = 0.6},
    {"drawing", 1, 3, 0, 0, 3, 8, 5, 1, 0, .warp = 1},
    {"hybrid", 1, 0.1, 0, 1, 4, 4, 4, 0, 0, 0},
    {"pcd", 0, 1, 0, 0, 4, 4, 4, 1, 0, 0},
    {"pcd, unequal phases", 0, 1, 0, 0, 4, 4, 6, 0, 0, 0},
    {"dropout", 1, 0, 0.4, 1, 4, 4, 3, 1, 0, 0},
    {"contrast, dropout", 1, 0, 0.4, 1, 5, 5, 3, 1, 1, 0},
    {"contrast", 1, 0, 0, 1, 4, 4, 3, 1, 1, 0.4},
};
enum { VARIANTS = sizeof variants / sizeof variants[0] };

static struct glb_train_options variant_options(const struct glb_topology *t,
                                                const struct variant *v, int chains) {
    struct glb_train_options o;
    glb_train_defaults(t, &o);
    o.epochs = (double)VARIANT_STEPS * chains / VARIANT_IMAGES;
    o.shift = v->dropout > 0 || v->warp > 0;
    o.warp = v->warp;
    o.threads = 2;
    o.rate = 0.05;
    o.discriminative = v->discriminative;
    o.generative = v->generative;
    o.dropout = v->dropout;
    o.common_noise = v->common;
    o.contrast = v->contrast;
    o.positive = v->positive;
    o.negative = v->negative;
    o.positive_burn = o.negative_burn = 1;
    o.free_sweeps = v->free_sweeps;
    o.hold_labels = v->hold;
    o.restart = 0.1;
    return o;
}

/* What differs between two trainings, or NULL. Clocks may: who counts takes more of them. */
static const char *variant_difference(const struct glb_trainer *a, const struct glb_trainer *b) {
    const size_t n = (size_t)a->t->graph->n, p = n + (size_t)a->t->graph->m;
    const double ga = glb_trainer_gradient(a), gb = glb_trainer_gradient(b);
    return memcmp(a->s.weight, b->s.weight, p * sizeof(float)) != 0   ? "weights"
           : memcmp(a->s.first, b->s.first, p * sizeof(float)) != 0   ? "first moments"
           : memcmp(a->s.second, b->s.second, p * sizeof(float)) != 0 ? "second moments"
           : memcmp(a->s.sum, b->s.sum, p * sizeof(double)) != 0      ? "averages"
           : memcmp(a->s.memory, b->s.memory,
                    sizeof(uint32_t) * 2 * VARIANT_IMAGES * (size_t)a->memory_words) != 0
               ? "states that images keep"
           : memcmp(a->s.free_plane, b->s.free_plane,
                    sizeof(uint64_t) * n * (size_t)a->sampler->words) != 0
               ? "persistent chains"
           : memcmp(&ga, &gb, sizeof ga) != 0                                     ? "gradient"
           : memcmp(&a->progress.accuracy, &b->progress.accuracy, sizeof ga) != 0 ? "accuracy"
           : a->flips != b->flips || a->saturated != b->saturated                 ? "counters"
                                                                                  : NULL;
}

#endif
