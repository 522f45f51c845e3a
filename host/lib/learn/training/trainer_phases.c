/* The phases of a training step: what is set, held and sampled in each. SPDX-License-Identifier:
 * Apache-2.0 */
#include "learn/training/trainer.h"

#include <string.h>
#include "base/counter_rng.h"

enum { TAG_PHASE = 203 };

struct phase {
    enum trainer_phase kind;
    struct glb_step stage;
    struct glb_layer_phase asked;
};

/* ---- one phase ---- */

/* Layers of which a phase's last states are kept. */
static unsigned kept_layers(const struct glb_trainer *r, enum trainer_phase kind) {
    unsigned kept = kind == TRAINER_FREE ? ~0u : 0;
    for (int l = 1; l < r->t->nlayers; l++)
        kept |= r->memory_first[l] >= 0 ? 1u << l : 0;
    return kept;
}

/* What is read and counted; `moves` are the layers that change. */
static void ask_for_counts(const struct glb_trainer *r, struct phase *x, unsigned moves) {
    struct glb_layer_run *run = &x->asked.run;
    const unsigned host = moves & r->host_layers;
    run->read = moves;
    if (r->sampler->nsums == 0)
        return;
    const int differences = trainer_one_sum(r), first = x->kind == TRAINER_POSITIVE;
    run->read = host | (moves & kept_layers(r, x->kind));
    run->last = !host;
    run->count = differences && !first ? GLB_COUNT_SUBTRACT : GLB_COUNT_ADD;
    run->replace = !differences || first;
}

/* A phase in which the layers of `moves` are updated, those of `hold` without a change. Noise of
 * the same `noise` is the same. */
static void prepare(struct glb_trainer *r, struct phase *x, enum trainer_phase kind, int noise,
                    unsigned moves, unsigned hold, int burn, int sweeps) {
    struct glb_layer_run *run = &x->asked.run;
    *x = (struct phase){.kind = kind, .stage = {1.0, (uint32_t)(burn + sweeps)}};
    *run = (struct glb_layer_run){
        .seed = glb_random_at(r->o.seed, TAG_PHASE, (uint64_t)r->s.step, (uint64_t)noise),
        .hold = hold,
        .burn_in = (uint32_t)burn,
        .interval = 1,
        .nsteps = 1,
        .steps = &x->stage,
        .meanwhile = trainer_prepare_next,
        .meanwhile_user = r};
    /* Hidden layers first, labels next, pixels last: a sweep starts from what the phase has set. */
    for (int l = 1; l < r->t->nlayers; l++)
        if (moves >> l & 1)
            run->order[run->norder++] = l;
    if (moves & 1)
        run->order[run->norder++] = 0;
    ask_for_counts(r, x, moves & ~hold);
    x->asked.fn = glb_pair_statistics_sample;
    x->asked.user = &r->statistics[kind];
    glb_pair_statistics_begin(&r->statistics[kind], moves & ~hold, run->read, sweeps);
}

static enum glb_status take(struct glb_trainer *r, const struct phase *x) {
    struct glb_pair_statistics *pairs = &r->statistics[x->kind];
    const struct glb_layer_run *run = &x->asked.run;
    const int samples = run->last ? run->read != 0 : pairs->sweeps;
    if (pairs->samples != samples)
        return glb_fail(GLB_ERR_DEVICE, "a phase of %d samples returned %d", samples,
                        pairs->samples);
    r->flips += x->asked.counters.flips;
    r->cycles += x->asked.counters.run_cycles;
    glb_pair_statistics_end(pairs, r->o.threads);
    return GLB_OK;
}

static enum glb_status run_phase(struct glb_trainer *r, struct phase *x) {
    struct glb_layer_sampler *sampler = r->sampler;
    enum glb_status s = glb_layer_sampler_phase(sampler, r->t, &x->asked);
    if (s == GLB_OK)
        s = take(r, x);
    if (s == GLB_OK && sampler->nsums && !trainer_one_sum(r))
        s = sampler->sums(sampler->self, r->sum[x->kind]);
    return s;
}

/* ---- what the phases start from ---- */

/* Chain c's class while its labels are held. */
static void lay_held_labels(struct glb_trainer *r) {
    const struct glb_layer *labels = &r->t->layer[r->t->nlayers - 1];
    const int words = r->sampler->words;
    memset(r->held, 0, sizeof *r->held * (size_t)labels->count * words);
    for (int k = 0; k < labels->count; k++)
        for (int c = k % r->t->classes; c < 64 * words; c += r->t->classes)
            r->held[(size_t)k * words + (c >> 6)] |= UINT64_C(1) << (c & 63);
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

/* Pixels of all phases but the free-running one; labels of the positive one. */
static enum glb_status send_images(struct glb_trainer *r) {
    const int top = r->t->nlayers - 1, words = r->sampler->words;
    const int classes = r->t->classes, copies = r->t->layer[top].count / classes;
    glb_dataset_lay_labels(r->data, r->batch.index, r->sampler->chains, words, classes, copies,
                           r->labels);
    r->statistics[TRAINER_POSITIVE].clamped[0] = r->batch.pixels;
    r->statistics[TRAINER_NEGATIVE].clamped[0] = r->batch.pixels;
    r->statistics[TRAINER_POSITIVE].clamped[top] = r->labels;
    return r->sampler->set_layer(r->sampler->self, 0, r->batch.pixels);
}

static void recall(struct glb_trainer *r, struct phase *x, int layers, int negative) {
    for (int l = 1; l < layers; l++)
        if (r->memory_first[l] >= 0)
            x->asked.state[l] = trainer_recall(r, l, negative);
}

/* With common noise the labels are held in their sweeps instead of being left out of them: so every
 * generator stands where it stands in the negative phase. */
static void prepare_positive(struct glb_trainer *r, struct phase *x) {
    const int top = r->t->nlayers - 1, common = trainer_common_noise(&r->o);
    const unsigned hidden = ((1u << top) - 1) & ~1u, labels = 1u << top;
    prepare(r, x, TRAINER_POSITIVE, 0, common ? hidden | labels : hidden, common ? labels : 0,
            r->o.positive_burn, r->o.positive);
    recall(r, x, top, 0);
    x->asked.state[top] = r->labels;
}

static void prepare_negative(struct glb_trainer *r, struct phase *x) {
    const int layers = r->t->nlayers;
    prepare(r, x, TRAINER_NEGATIVE, !trainer_common_noise(&r->o), ((1u << layers) - 1) & ~1u, 0,
            r->o.negative_burn, r->o.negative);
    recall(r, x, layers, 1);
}

static void prepare_free(struct glb_trainer *r, struct phase *x) {
    const int top = r->t->nlayers - 1;
    const unsigned all = (1u << (top + 1)) - 1, moves = r->o.hold_labels ? all >> 1 : all;
    prepare(r, x, TRAINER_FREE, 2, moves, 0, 0, r->o.free_sweeps);
    for (int l = 0; l <= top; l++)
        x->asked.state[l] = r->s.free_plane + (size_t)r->t->layer[l].first * r->sampler->words;
    if (r->o.hold_labels) {
        lay_held_labels(r);
        r->statistics[TRAINER_FREE].clamped[top] = x->asked.state[top] = r->held;
    }
}

/* ---- a step's phases ---- */

static void keep_free_planes(struct glb_trainer *r) {
    const struct glb_pair_statistics *free_run = &r->statistics[TRAINER_FREE];
    const int words = r->sampler->words;
    const int count = r->o.hold_labels ? r->t->layer[r->t->nlayers - 1].first : r->t->graph->n;
    for (int i = 0; i < count; i++)
        memcpy(r->s.free_plane + (size_t)i * words, glb_pair_statistics_last(free_run, i),
               sizeof(uint64_t) * words);
}

/* Positive and negative phase: together, unless sums are to be had of each. */
static enum glb_status run_both(struct glb_trainer *r, struct phase *positive,
                                struct phase *negative) {
    struct glb_layer_sampler *sampler = r->sampler;
    enum glb_status s;
    if (!sampler->run_both || (sampler->nsums && !trainer_one_sum(r))) {
        s = run_phase(r, positive);
        return s == GLB_OK ? run_phase(r, negative) : s;
    }
    struct glb_layer_phase both[] = {positive->asked, negative->asked};
    s = sampler->run_both(sampler->self, both);
    positive->asked.counters = both[0].counters;
    negative->asked.counters = both[1].counters;
    if (s == GLB_OK)
        s = take(r, positive);
    return s == GLB_OK ? take(r, negative) : s;
}

enum glb_status trainer_run_phases(struct glb_trainer *r) {
    struct phase positive, other;
    enum glb_status s = send_weights(r);
    if (s == GLB_OK)
        s = send_images(r);
    if (s != GLB_OK || r->o.contrast)
        return s == GLB_OK ? trainer_contrast_run(r) : s;
    prepare_positive(r, &positive);
    if (r->o.discriminative > 0) {
        prepare_negative(r, &other);
        s = run_both(r, &positive, &other);
    } else {
        s = run_phase(r, &positive);
    }
    if (s == GLB_OK && r->o.generative > 0) {
        prepare_free(r, &other);
        s = run_phase(r, &other);
    }
    if (s == GLB_OK && r->sampler->nsums && trainer_one_sum(r))
        s = r->sampler->sums(r->sampler->self, r->sum[TRAINER_POSITIVE]);
    if (s == GLB_OK && r->o.generative > 0)
        keep_free_planes(r);
    return s;
}
