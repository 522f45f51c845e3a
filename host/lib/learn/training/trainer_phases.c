/* The phases of a training step: what is set, clamped and sampled in each. SPDX-License-Identifier:
 * Apache-2.0 */
#include "learn/training/trainer.h"

#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"

enum { TAG_PHASE = 203 };

/* Without a negative phase there is nothing to share noise with. */
int trainer_common_noise(const struct glb_train_options *o) {
    return o->common_noise && o->discriminative > 0;
}

/* `layers` are read, the layers of `moves` updated. */
static enum glb_status run_phase(struct glb_trainer *r, struct glb_pair_statistics *pairs,
                                 int which, unsigned layers, unsigned moves, int burn, int sweeps) {
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
    glb_pair_statistics_begin(pairs, layers);
    const enum glb_status s =
        r->sampler->run(r->sampler->self, &phase, glb_pair_statistics_sample, pairs, &counters);
    if (s != GLB_OK)
        return s;
    if (pairs->samples != sweeps)
        return glb_fail(GLB_ERR_DEVICE, "a phase of %d samples returned %d", sweeps,
                        pairs->samples);
    r->flips += counters.flips;
    r->cycles += counters.run_cycles;
    glb_pair_statistics_end(pairs, r->o.threads);
    return GLB_OK;
}

/* Chain c's class while its labels are held. */
static void lay_held_labels(struct glb_trainer *r) {
    const struct glb_layer *labels = &r->t->layer[r->t->nlayers - 1];
    const int words = r->sampler->words;
    memset(r->held, 0, sizeof *r->held * (size_t)labels->count * words);
    for (int k = 0; k < labels->count; k++)
        for (int c = k % r->t->classes; c < 64 * words; c += r->t->classes)
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
    const int classes = r->t->classes, copies = r->t->layer[top].count / classes;
    glb_dataset_lay_labels(r->data, r->index, r->sampler->chains, words, classes, copies,
                           r->labels);
    r->positive.clamped[0] = r->negative.clamped[0] = r->pixels;
    r->positive.clamped[top] = r->labels;
    const enum glb_status s = r->sampler->set_layer(r->sampler->self, 0, r->pixels);
    return s == GLB_OK ? r->sampler->set_layer(r->sampler->self, top, r->labels) : s;
}

static enum glb_status recall(struct glb_trainer *r, int layers, int negative) {
    enum glb_status s = GLB_OK;
    for (int l = 1; l < layers && s == GLB_OK; l++)
        if (r->memory_first[l] >= 0)
            s = trainer_recall(r, l, negative);
    return s;
}

/* With common noise the labels are held in their sweeps instead of being left out of them: so every
 * generator stands where it stands in the negative phase. */
static enum glb_status positive_phase(struct glb_trainer *r, unsigned hidden, unsigned all) {
    const struct glb_layer *labels = &r->t->layer[r->t->nlayers - 1];
    if (!trainer_common_noise(&r->o))
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

enum glb_status trainer_run_phases(struct glb_trainer *r) {
    const int conditional = r->o.discriminative > 0;
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
        s = run_phase(r, &r->negative, !trainer_common_noise(&r->o), all, all, r->o.negative_burn,
                      r->o.negative);
    return s == GLB_OK && r->o.generative > 0 ? free_running_phase(r) : s;
}
