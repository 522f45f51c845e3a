/* The training step: choose images, run the phases, learn. SPDX-License-Identifier: Apache-2.0 */
#include "trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "bits.h"
#include "counter_rng.h"
#include "rng.h"

enum { TAG_START = 200, TAG_ORDER, TAG_SHIFT, TAG_PHASE, TAG_RESTART, TAG_FREE };
enum { MEMORY_NEGATIVE, MEMORY_POSITIVE };

static const double MU_LABEL = -0.8; /* nine of ten labels are off */

void glb_train_defaults(const struct glb_topology *t, struct glb_train_options *o) {
    const int deep = glb_topology_layer(t, GLB_LAYER_H2) != NULL;
    *o = (struct glb_train_options){.seed = 1,
                                    .epochs = deep ? 120 : 50,
                                    .rate = deep ? 0.025 : 0.02,
                                    .warm_up = 0.02,
                                    .average = 0.2,
                                    .positive_burn = deep ? 8 : 0,
                                    .positive = deep ? 7 : 8,
                                    .negative_burn = 0,
                                    .negative = deep ? 20 : 10,
                                    .free_sweeps = 10,
                                    .shift = 1,
                                    .restart = deep ? 0.05 : 0};
    const double label = deep ? 0.003 : 0.1;
    const double relative[] = {1, 0.1, label, 0.1, 1, label};
    const double decay[] = {0, 0.3, 0.3, 0, 0, 0};
    const double sigma[] = {deep ? 0.3 : 0.2, 0.05, 0.05, 0, 0, 0};
    memcpy(o->relative, relative, sizeof relative);
    memcpy(o->decay, decay, sizeof decay);
    memcpy(o->start_sigma, sigma, sizeof sigma);
}

unsigned glb_train_layers(const struct glb_topology *t, const struct glb_train_options *o) {
    const unsigned all = (1u << t->nlayers) - 1;
    return o->generative > 0 ? all : all & ~1u;
}

/* Means of the binarised pixels over the data, kept off +-1 so that atanh stays small. */
static void pixel_means(const struct glb_dataset *d, float *mu) {
    int *on = calloc((size_t)d->height * d->width, sizeof *on);
    for (int i = 0; on && i < d->count; i++)
        for (int y = 0; y < d->height; y++)
            for (uint32_t r = d->row[(size_t)i * d->height + y]; r; r &= r - 1)
                on[y * d->width + __builtin_ctz(r)]++;
    for (int p = 0; p < d->height * d->width; p++)
        mu[p] = on ? (float)(2.0 * (on[p] + 1) / (d->count + 2) - 1) : -1;
    free(on);
}

static enum glb_parameter_kind coupling_kind(const struct glb_topology *t, int e) {
    const enum glb_layer_kind a = t->layer[t->layer_of[t->graph->ei[e]]].kind;
    const enum glb_layer_kind b = t->layer[t->layer_of[t->graph->ej[e]]].kind;
    if (a == GLB_LAYER_LABELS || b == GLB_LAYER_LABELS)
        return GLB_LABEL;
    return a == GLB_LAYER_PIXELS ? GLB_PIXEL_H1 : GLB_H1_H2;
}

/* Start weights: small and random; h2 units start as soft replicas of their class. */
static void start_weights(struct glb_trainer *r) {
    const struct glb_graph *g = r->t->graph;
    const struct glb_layer *h2 = glb_topology_layer(r->t, GLB_LAYER_H2);
    for (int e = 0; e < g->m; e++) {
        struct glb_rng rng = glb_rng_at(r->o.seed, TAG_START, (uint64_t)e);
        r->kind[e] = (uint8_t)coupling_kind(r->t, e);
        r->s.weight[e] = (float)(r->o.start_sigma[r->kind[e]] * glb_rng_normal(&rng));
        if (h2 && r->kind[e] == GLB_LABEL) {
            const int label = g->ej[e] - r->t->layer[r->t->nlayers - 1].first;
            r->s.weight[e] = (g->ei[e] - h2->first) % GLB_CLASSES == label ? 1.0f : 0.0f;
        }
    }
    for (int i = 0; i < g->n; i++) {
        const enum glb_layer_kind k = r->t->layer[r->t->layer_of[i]].kind;
        r->kind[g->m + i] = k == GLB_LAYER_PIXELS   ? GLB_BIAS_PIXEL
                            : k == GLB_LAYER_LABELS ? GLB_BIAS_LABEL
                                                    : GLB_BIAS_HIDDEN;
        r->s.weight[g->m + i] = atanhf(r->mu[i]);
    }
}

static int has_memory(const struct glb_trainer *r, int layer) {
    const enum glb_layer_kind k = r->t->layer[layer].kind;
    return k == GLB_LAYER_H2 || k == GLB_LAYER_LABELS;
}

static int memory_bits(const struct glb_trainer *r) {
    int bits = 0;
    for (int l = 0; l < r->t->nlayers; l++)
        bits += has_memory(r, l) ? r->t->layer[l].count : 0;
    return bits;
}

static uint32_t *memory_of(const struct glb_trainer *r, int image, int phase) {
    return r->s.memory + ((size_t)image * 2 + phase) * r->memory_words;
}

/* Where the persistent chains start: labels at random, h2 too (seeded). */
static void start_memory(struct glb_trainer *r) {
    const size_t count = (size_t)r->data->count * 2 * r->memory_words;
    for (size_t k = 0; k < count; k++)
        r->s.memory[k] = (uint32_t)glb_random_at(r->o.seed, TAG_RESTART, k, 1) &
                         (uint32_t)glb_random_at(r->o.seed, TAG_RESTART, k, 2) &
                         (uint32_t)glb_random_at(r->o.seed, TAG_RESTART, k, 3);
    const size_t planes = (size_t)r->t->graph->n * r->sampler->words;
    for (size_t k = 0; k < planes; k++)
        r->s.free_plane[k] = glb_random_at(r->o.seed, TAG_FREE, k, 0);
}

static int allocate(struct glb_trainer *r) {
    const size_t n = (size_t)r->t->graph->n, p = n + (size_t)r->t->graph->m;
    const size_t chains = (size_t)r->sampler->chains;
    r->memory_words = (memory_bits(r) + 31) / 32;
    r->mu = calloc(n, sizeof *r->mu);
    r->kind = calloc(p, 1);
    r->J = calloc(p, sizeof *r->J);
    r->h = r->J ? r->J + r->t->graph->m : NULL;
    r->s.weight = calloc(p, sizeof(float));
    r->s.first = calloc(p, sizeof(float));
    r->s.second = calloc(p, sizeof(float));
    r->s.sum = calloc(p, sizeof(double));
    r->s.memory = calloc((size_t)r->data->count * 2 * r->memory_words, sizeof(uint32_t));
    r->s.free_plane = calloc(n * r->sampler->words, sizeof(uint64_t));
    r->index = calloc(chains, sizeof *r->index);
    r->dx = calloc(chains, 1);
    r->dy = calloc(chains, 1);
    r->order = calloc((size_t)r->data->count, sizeof *r->order);
    return r->mu && r->kind && r->J && r->s.weight && r->s.first && r->s.second && r->s.sum &&
           r->s.memory && r->s.free_plane && r->index && r->dx && r->dy && r->order;
}

enum glb_status glb_trainer_open(const struct glb_topology *t, const struct glb_dataset *data,
                                 struct glb_phase_sampler *sampler,
                                 const struct glb_train_options *o, struct glb_trainer **out) {
    *out = NULL;
    if (sampler->chains % 64)
        return glb_fail(GLB_ERR_ARGUMENT, "a batch of %d; it must be a multiple of 64",
                        sampler->chains);
    if (data->width != t->width || data->height != t->height)
        return glb_fail(GLB_ERR_ARGUMENT, "images of %d x %d pixels for a topology of %d x %d",
                        data->width, data->height, t->width, t->height);
    if (o->epochs <= 0 || o->rate <= 0 || o->positive < 1 || o->negative < 1 ||
        o->positive_burn < 0 || o->negative_burn < 0 || (o->generative > 0 && o->free_sweeps < 1))
        return glb_fail(GLB_ERR_ARGUMENT, "epochs, rate and sweeps of a training must be positive");
    struct glb_trainer *r = calloc(1, sizeof *r);
    if (!r)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the trainer");
    r->o = *o;
    r->t = t;
    r->data = data;
    r->sampler = sampler;
    r->order_epoch = -1;
    r->steps = (int64_t)ceil(o->epochs * data->count / sampler->chains);
    enum glb_status s =
        allocate(r) ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory for the trainer");
    if (s == GLB_OK)
        s = glb_moments_init(&r->positive, t, sampler->words, o->positive);
    if (s == GLB_OK)
        s = glb_moments_init(&r->negative, t, sampler->words, o->negative);
    if (s == GLB_OK && o->generative > 0)
        s = glb_moments_init(&r->free_run, t, sampler->words, o->free_sweeps);
    if (s != GLB_OK) {
        glb_trainer_close(r);
        return s;
    }
    pixel_means(data, r->mu);
    for (int i = 0; i < t->graph->n; i++)
        if (t->layer[t->layer_of[i]].kind >= GLB_LAYER_H2)
            r->mu[i] = (float)MU_LABEL;
    start_weights(r);
    start_memory(r);
    *out = r;
    return GLB_OK;
}

void glb_trainer_close(struct glb_trainer *r) {
    if (!r)
        return;
    free(r->mu);
    free(r->kind);
    free(r->J);
    free(r->s.weight);
    free(r->s.first);
    free(r->s.second);
    free(r->s.sum);
    free(r->s.memory);
    free(r->s.free_plane);
    free(r->index);
    free(r->dx);
    free(r->dy);
    free(r->order);
    glb_moments_free(&r->positive);
    glb_moments_free(&r->negative);
    glb_moments_free(&r->free_run);
    free(r);
}

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
        struct glb_rng rng = glb_rng_at(r->o.seed, TAG_SHIFT, (uint64_t)at);
        r->dx[c] = (int8_t)((int)glb_rng_below(&rng, (uint32_t)side) - r->o.shift);
        r->dy[c] = (int8_t)((int)glb_rng_below(&rng, (uint32_t)side) - r->o.shift);
    }
}

/* Lays the images' persistent bits over the chains; first = first p-bit's bit. */
static void recall(struct glb_trainer *r, int layer, int first, int phase) {
    const struct glb_layer *l = &r->t->layer[layer];
    const int words = r->sampler->words;
    uint64_t plane[words];
    for (int i = 0; i < l->count; i++) {
        const int bit = first + i;
        memset(plane, 0, sizeof plane);
        for (int c = 0; c < r->sampler->chains; c++) {
            uint64_t on = memory_of(r, r->index[c], phase)[bit >> 5] >> (bit & 31) & 1;
            if (phase == MEMORY_NEGATIVE && r->o.restart > 0) {
                const uint64_t at = (uint64_t)(r->s.step * r->sampler->chains + c);
                if (glb_unit_at(r->o.seed, TAG_RESTART, at, 0) < r->o.restart)
                    on = l->kind == GLB_LAYER_H2
                             ? glb_random_at(r->o.seed, TAG_RESTART, at, 16 + (uint64_t)bit) & 1
                             : 0;
            }
            plane[c >> 6] |= on << (c & 63);
        }
        r->sampler->set(r->sampler->self, l->first + i, plane);
    }
}

static void remember(struct glb_trainer *r, const struct glb_moments *m, int layer, int first,
                     int phase) {
    const struct glb_layer *l = &r->t->layer[layer];
    for (int i = 0; i < l->count; i++) {
        const uint64_t *plane = glb_moments_last(m, l->first + i);
        const int bit = first + i;
        for (int c = 0; c < r->sampler->chains; c++) {
            uint32_t *word = &memory_of(r, r->index[c], phase)[bit >> 5];
            *word = (*word & ~(1u << (bit & 31))) | (uint32_t)(plane[c >> 6] >> (c & 63) & 1)
                                                        << (bit & 31);
        }
    }
}

static enum glb_status run_phase(struct glb_trainer *r, struct glb_moments *m, int which,
                                 unsigned layers, int burn, int sweeps) {
    const struct glb_phase_stage stage = {1.0, (uint32_t)(burn + sweeps)};
    struct glb_phase phase = {
        .seed = glb_random_at(r->o.seed, TAG_PHASE, (uint64_t)r->s.step, (uint64_t)which),
        .read = layers,
        .burn_in = (uint32_t)burn,
        .interval = 1,
        .nstages = 1,
        .stages = &stage};
    /* Hidden layers first, labels next, pixels last: a sweep starts from what the phase has set. */
    for (int l = 1; l < r->t->nlayers; l++)
        if (layers >> l & 1)
            phase.order[phase.norder++] = l;
    if (layers & 1)
        phase.order[phase.norder++] = 0;
    struct glb_job_counters counters = {0};
    glb_moments_begin(m, layers);
    const enum glb_status s =
        r->sampler->run(r->sampler->self, &phase, glb_moments_sample, m, &counters);
    if (s != GLB_OK)
        return s;
    if (m->samples != sweeps)
        return glb_fail(GLB_ERR_DEVICE, "a phase of %d samples returned %d", sweeps, m->samples);
    r->flips += counters.flips;
    r->cycles += counters.run_cycles;
    glb_moments_end(m, r->o.threads);
    return GLB_OK;
}

/* Counts images whose true label was on most often in the negative phase. */
static void count_hits(struct glb_trainer *r) {
    const int words = r->sampler->words, first = r->t->layer[r->t->nlayers - 1].first;
    const int bits = glb_planes_for(r->negative.samples);
    for (int c = 0; c < r->sampler->chains; c++) {
        int best = -1, best_count = -1;
        for (int k = 0; k < GLB_CLASSES; k++) {
            const uint64_t *p =
                r->negative.slices + (size_t)(first + k) * GLB_COUNT_PLANES * words + (c >> 6);
            int count = 0;
            for (int b = 0; b < bits; b++)
                count |= (int)(p[(size_t)b * words] >> (c & 63) & 1) << b;
            if (count > best_count) {
                best_count = count;
                best = k;
            }
        }
        r->hits += best == r->data->label[r->index[c]];
    }
    r->seen += r->sampler->chains;
}

static enum glb_status free_running_phase(struct glb_trainer *r) {
    const int n = r->t->graph->n, words = r->sampler->words;
    for (int i = 0; i < n; i++)
        r->sampler->set(r->sampler->self, i, r->s.free_plane + (size_t)i * words);
    const enum glb_status s =
        run_phase(r, &r->free_run, 2, (1u << r->t->nlayers) - 1, 0, r->o.free_sweeps);
    if (s != GLB_OK)
        return s;
    for (int i = 0; i < n; i++)
        memcpy(r->s.free_plane + (size_t)i * words, glb_moments_last(&r->free_run, i),
               sizeof(uint64_t) * words);
    return GLB_OK;
}

enum glb_status glb_trainer_step(struct glb_trainer *r) {
    const struct glb_topology *t = r->t;
    const int words = r->sampler->words, top = t->nlayers - 1, pixels = t->layer[0].count;
    const int h2 = t->nlayers == 4 ? 2 : 0;
    const unsigned hidden = ((1u << top) - 1) & ~1u;

    r->saturated = glb_train_uncentre(t, r->s.weight, r->mu, r->sampler->u, r->sampler->weight_max,
                                      r->J, r->h);
    int beyond = 0;
    enum glb_status s = r->sampler->set_weights(r->sampler->self, r->J, r->h, &beyond);
    if (s != GLB_OK)
        return s;
    r->saturated += beyond; /* the couplings are within the range, so these are biases */
    choose_images(r);
    glb_dataset_planes(r->data, r->index, r->dx, r->dy, r->sampler->chains, words,
                       r->positive.plane);
    memcpy(r->negative.plane, r->positive.plane, sizeof(uint64_t) * pixels * words);
    for (int i = 0; i < pixels; i++)
        r->sampler->set(r->sampler->self, i, glb_moments_plane(&r->positive, i));
    uint64_t *labels = glb_moments_plane(&r->positive, t->layer[top].first);
    glb_dataset_label_planes(r->data, r->index, r->sampler->chains, words, labels);
    for (int k = 0; k < GLB_CLASSES; k++)
        r->sampler->set(r->sampler->self, t->layer[top].first + k, labels + (size_t)k * words);

    if (h2)
        recall(r, h2, GLB_CLASSES, MEMORY_POSITIVE);
    s = run_phase(r, &r->positive, 0, hidden, r->o.positive_burn, r->o.positive);
    if (s != GLB_OK)
        return s;
    recall(r, top, 0, MEMORY_NEGATIVE);
    if (h2)
        recall(r, h2, GLB_CLASSES, MEMORY_NEGATIVE);
    s = run_phase(r, &r->negative, 1, hidden | 1u << top, r->o.negative_burn, r->o.negative);
    if (s == GLB_OK && r->o.generative > 0)
        s = free_running_phase(r);
    if (s != GLB_OK)
        return s;

    remember(r, &r->negative, top, 0, MEMORY_NEGATIVE);
    if (h2) {
        remember(r, &r->positive, h2, GLB_CLASSES, MEMORY_POSITIVE);
        remember(r, &r->negative, h2, GLB_CLASSES, MEMORY_NEGATIVE);
    }
    count_hits(r);
    glb_trainer_update(r);
    return GLB_OK;
}

double glb_trainer_accuracy(struct glb_trainer *r) {
    const double a = r->seen > 0 ? r->hits / r->seen : 0;
    r->hits = r->seen = 0;
    return a;
}

int64_t glb_train_uncentre(const struct glb_topology *t, const float *w, const float *mu, double u,
                           int limit, double *J, double *h) {
    const struct glb_graph *g = t->graph;
    int64_t saturated = 0;
    for (int i = 0; i < g->n; i++)
        h[i] = (double)w[g->m + i];
    for (int e = 0; e < g->m; e++) {
        double q = nearbyint(2 * (double)w[e] / u) + 0.0; /* no -0 */
        if (q > limit || q < -limit) {
            q = q > 0 ? limit : -limit;
            saturated++;
        }
        J[e] = q * u / 2;
        h[g->ei[e]] -= J[e] * (double)mu[g->ej[e]];
        h[g->ej[e]] -= J[e] * (double)mu[g->ei[e]];
    }
    return saturated;
}

void glb_trainer_weights(const struct glb_trainer *r, double *J, double *h) {
    const int p = r->t->graph->m + r->t->graph->n;
    float *w = malloc((size_t)p * sizeof *w);
    if (!w) {
        memcpy(J, r->J, sizeof *J * (size_t)r->t->graph->m);
        memcpy(h, r->h, sizeof *h * (size_t)r->t->graph->n);
        return;
    }
    for (int k = 0; k < p; k++)
        w[k] = r->s.averaged ? (float)(r->s.sum[k] / (double)r->s.averaged) : r->s.weight[k];
    glb_train_uncentre(r->t, w, r->mu, r->sampler->u, r->sampler->weight_max, J, h);
    free(w);
}
