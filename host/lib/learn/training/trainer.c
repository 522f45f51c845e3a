/* The training step: choose images, run the phases, learn. SPDX-License-Identifier: Apache-2.0 */
#include "learn/training/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/bits.h"
#include "base/counter_rng.h"

enum { TAG_PHASE = 203 };

unsigned glb_train_layers(const struct glb_topology *t, const struct glb_train_options *o) {
    const unsigned all = (1u << t->nlayers) - 1;
    return o->generative > 0 ? all : all & ~1u;
}

/* Without a negative phase there is nothing to share noise with. */
static int common_noise(const struct glb_train_options *o) {
    return o->common_noise && o->discriminative > 0;
}

enum glb_status glb_trainer_open(const struct glb_topology *t, const struct glb_dataset *data,
                                 struct glb_layer_sampler *sampler,
                                 const struct glb_train_options *o, struct glb_trainer **out) {
    *out = NULL;
    if (sampler->chains % 64)
        return glb_fail(GLB_ERR_ARGUMENT, "a batch of %d; it must be a multiple of 64",
                        sampler->chains);
    if (glb_dataset_fits(data, t->width, t->height) != GLB_OK)
        return GLB_ERR_ARGUMENT;
    if (o->epochs <= 0 || o->rate <= 0 || o->positive < 1 || o->negative < 1 ||
        o->positive_burn < 0 || o->negative_burn < 0 || (o->generative > 0 && o->free_sweeps < 1))
        return glb_fail(GLB_ERR_ARGUMENT, "epochs, rate and sweeps of a training must be positive");
    if (common_noise(o) && (o->positive != o->negative || o->positive_burn != o->negative_burn))
        return glb_fail(
            GLB_ERR_ARGUMENT,
            "common noise needs as many sweeps in the positive phase as in the negative one, not "
            "%d + %d and %d + %d (dropped + averaged); make them equal or choose --common-noise 0",
            o->positive_burn, o->positive, o->negative_burn, o->negative);
    if (common_noise(o) && !sampler->clamp)
        return glb_fail(GLB_ERR_ARGUMENT, "common noise needs a sampler that can clamp p-bits");
    if (o->discriminative <= 0 && o->generative <= 0)
        return glb_fail(GLB_ERR_ARGUMENT, "a training with neither phase to learn from");
    if (o->warp > 0 && !data->grey)
        return glb_fail(GLB_ERR_ARGUMENT, "turned images need grey ones; these are binary");
    struct glb_trainer *r = calloc(1, sizeof *r);
    if (!r)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the trainer");
    r->o = *o;
    r->t = t;
    r->data = data;
    r->sampler = sampler;
    r->order_epoch = -1;
    r->steps = (int64_t)ceil(o->epochs * data->count / sampler->chains);
    const enum glb_status s = glb_trainer_start(r);
    if (s != GLB_OK) {
        glb_trainer_close(r);
        return s;
    }
    *out = r;
    return GLB_OK;
}

void glb_trainer_close(struct glb_trainer *r) {
    if (!r)
        return;
    glb_layer_sampler_release(r->sampler, r->t);
    free(r->pixels);
    free(r->labels);
    free(r->held);
    free(r->recalled);
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
    free(r->warp);
    free(r->dropped);
    free(r->order);
    glb_pair_statistics_free(&r->positive);
    glb_pair_statistics_free(&r->negative);
    glb_pair_statistics_free(&r->free_run);
    free(r);
}

/* `layers` are read, the layers of `moves` updated. */
static enum glb_status run_phase(struct glb_trainer *r, struct glb_pair_statistics *m, int which,
                                 unsigned layers, unsigned moves, int burn, int sweeps) {
    const struct glb_step stage = {1.0, (uint32_t)(burn + sweeps)};
    struct glb_layer_run phase = {
        .seed = glb_random_at(r->o.seed, TAG_PHASE, (uint64_t)r->s.step, (uint64_t)which),
        .read = layers,
        .burn_in = (uint32_t)burn,
        .interval = 1,
        .nsteps = 1,
        .steps = &stage};
    /* Hidden layers first, labels next, pixels last: a sweep starts from what the phase has set. */
    for (int l = 1; l < r->t->nlayers; l++)
        if (moves >> l & 1)
            phase.order[phase.norder++] = l;
    if (moves & 1)
        phase.order[phase.norder++] = 0;
    struct glb_job_counters counters = {0};
    glb_pair_statistics_begin(m, layers);
    const enum glb_status s =
        r->sampler->run(r->sampler->self, &phase, glb_pair_statistics_sample, m, &counters);
    if (s != GLB_OK)
        return s;
    if (m->samples != sweeps)
        return glb_fail(GLB_ERR_DEVICE, "a phase of %d samples returned %d", sweeps, m->samples);
    r->flips += counters.flips;
    r->cycles += counters.run_cycles;
    glb_pair_statistics_end(m, r->o.threads);
    return GLB_OK;
}

/* Counts images whose true label's copies were on most often in the negative phase. */
static void count_hits(struct glb_trainer *r) {
    const struct glb_layer *labels = &r->t->layer[r->t->nlayers - 1];
    const int words = r->sampler->words, bits = glb_planes_for(r->negative.samples);
    for (int c = 0; c < r->sampler->chains; c++) {
        int count[GLB_CLASSES] = {0}, best = 0;
        for (int k = 0; k < labels->count; k++) {
            const uint64_t *p = r->negative.slices +
                                (size_t)(labels->first + k) * GLB_COUNT_PLANES * words + (c >> 6);
            for (int b = 0; b < bits; b++)
                count[k % GLB_CLASSES] += (int)(p[(size_t)b * words] >> (c & 63) & 1) << b;
        }
        for (int k = 1; k < GLB_CLASSES; k++)
            if (count[k] > count[best])
                best = k;
        r->hits += best == r->data->label[r->index[c]];
    }
    r->seen += r->sampler->chains;
}

/* Chain c's class while its labels are held. */
static void lay_held_labels(struct glb_trainer *r) {
    const struct glb_layer *labels = &r->t->layer[r->t->nlayers - 1];
    const int words = r->sampler->words;
    memset(r->held, 0, sizeof *r->held * (size_t)labels->count * words);
    for (int k = 0; k < labels->count; k++)
        for (int c = k % GLB_CLASSES; c < 64 * words; c += GLB_CLASSES)
            r->held[(size_t)k * words + (c >> 6)] |= UINT64_C(1) << (c & 63);
}

static enum glb_status free_running_phase(struct glb_trainer *r) {
    const int top = r->t->nlayers - 1, words = r->sampler->words;
    const unsigned all = (1u << (top + 1)) - 1, move = r->o.hold_labels ? all >> 1 : all;
    const int count = r->o.hold_labels ? r->t->layer[top].first : r->t->graph->n;
    enum glb_status s = GLB_OK;
    for (int l = 0; l <= top && s == GLB_OK; l++)
        if (move >> l & 1)
            s = r->sampler->set_layer(r->sampler->self, l,
                                      r->s.free_plane + (size_t)r->t->layer[l].first * words);
    if (s == GLB_OK && r->o.hold_labels) {
        lay_held_labels(r);
        r->free_run.clamped[top] = r->held;
        s = r->sampler->set_layer(r->sampler->self, top, r->held);
    }
    if (s == GLB_OK)
        s = run_phase(r, &r->free_run, 2, move, move, 0, r->o.free_sweeps);
    if (s != GLB_OK)
        return s;
    for (int i = 0; i < count; i++)
        memcpy(r->s.free_plane + (size_t)i * words, glb_pair_statistics_last(&r->free_run, i),
               sizeof(uint64_t) * words);
    return GLB_OK;
}

/* The batch's weights: quantised, dropped units without couplings. */
static enum glb_status send_weights(struct glb_trainer *r) {
    const struct glb_graph *g = r->t->graph;
    int beyond = 0;
    r->saturated = glb_train_uncentre(r->t, r->s.weight, r->mu, r->sampler->u, r->grid, r->J, r->h);
    for (int e = 0; r->o.dropout > 0 && e < g->m; e++)
        if (r->dropped[g->ei[e]] | r->dropped[g->ej[e]])
            r->J[e] = 0;
    const enum glb_status s = r->sampler->set_weights(r->sampler->self, r->J, r->h, &beyond);
    r->saturated += beyond; /* the couplings are within the range, so these are biases */
    return s;
}

static enum glb_status send_images(struct glb_trainer *r) {
    const int top = r->t->nlayers - 1, words = r->sampler->words;
    const int copies = r->t->layer[top].count / GLB_CLASSES;
    const size_t size = (size_t)GLB_CLASSES * words;
    glb_dataset_label_planes(r->data, r->index, r->sampler->chains, words, r->labels);
    for (int k = 1; k < copies; k++)
        memcpy(r->labels + k * size, r->labels, sizeof *r->labels * size);
    r->positive.clamped[0] = r->negative.clamped[0] = r->pixels;
    r->positive.clamped[top] = r->labels;
    const enum glb_status s = r->sampler->set_layer(r->sampler->self, 0, r->pixels);
    return s == GLB_OK ? r->sampler->set_layer(r->sampler->self, top, r->labels) : s;
}

static enum glb_status recall(struct glb_trainer *r, int layers, int negative) {
    enum glb_status s = GLB_OK;
    for (int l = 1; l < layers && s == GLB_OK; l++)
        if (r->memory_first[l] >= 0)
            s = glb_trainer_recall(r, l, negative);
    return s;
}

static void remember(struct glb_trainer *r, const struct glb_pair_statistics *m, int layers,
                     int negative) {
    for (int l = 1; l < layers; l++)
        if (r->memory_first[l] >= 0)
            glb_trainer_remember(r, m, l, negative);
}

/* With common noise the labels are held in their sweeps instead of being left out of them: so every
 * generator stands where it stands in the negative phase. */
static enum glb_status positive_phase(struct glb_trainer *r, unsigned hidden, unsigned all) {
    const struct glb_layer *labels = &r->t->layer[r->t->nlayers - 1];
    if (!common_noise(&r->o))
        return run_phase(r, &r->positive, 0, hidden, hidden, r->o.positive_burn, r->o.positive);
    bool *held = calloc((size_t)r->t->graph->n, sizeof *held);
    if (!held)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a phase");
    for (int k = 0; k < labels->count; k++)
        held[labels->first + k] = true;
    enum glb_status s = r->sampler->clamp(r->sampler->self, held);
    if (s == GLB_OK)
        s = run_phase(r, &r->positive, 0, hidden, all, r->o.positive_burn, r->o.positive);
    free(held);
    return glb_layer_sampler_unclamp(r->sampler, s);
}

static enum glb_status run_phases(struct glb_trainer *r, int conditional) {
    const int layers = r->t->nlayers, top = layers - 1;
    const unsigned hidden = ((1u << top) - 1) & ~1u, all = hidden | 1u << top;
    enum glb_status s = send_weights(r);
    if (s == GLB_OK)
        s = send_images(r);
    if (s == GLB_OK)
        s = recall(r, top, 0);
    if (s == GLB_OK)
        s = positive_phase(r, hidden, all);
    if (s == GLB_OK && conditional)
        s = recall(r, layers, 1);
    if (s == GLB_OK && conditional)
        s = run_phase(r, &r->negative, !common_noise(&r->o), all, all, r->o.negative_burn,
                      r->o.negative);
    return s == GLB_OK && r->o.generative > 0 ? free_running_phase(r) : s;
}

enum glb_status glb_trainer_step(struct glb_trainer *r) {
    const int layers = r->t->nlayers, conditional = r->o.discriminative > 0;
    const uint64_t flips = r->flips, cycles = r->cycles;
    glb_trainer_choose(r);
    const enum glb_status s = run_phases(r, conditional);
    if (s != GLB_OK) {
        r->flips = flips;
        r->cycles = cycles;
        return s;
    }
    remember(r, &r->positive, layers - 1, 0);
    if (conditional) {
        remember(r, &r->negative, layers, 1);
        count_hits(r);
    }
    glb_trainer_update(r);
    return GLB_OK;
}

double glb_trainer_accuracy(struct glb_trainer *r) {
    const double a = r->seen > 0 ? r->hits / r->seen : 0;
    r->hits = r->seen = 0;
    return a;
}
