/* Read, then contrast: labels are read with the images clamped, a class is drawn for each image,
 * and those that got a wrong one have two phases, with their label and with the one drawn. Both
 * start from the hidden states that the reading left and draw the same noise, so that images that
 * were read right would differ in nothing. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "base/counter_rng.h"
#include "learn/training/contrast.h"

enum { TAG_READ = 208, TAG_CONTRAST };

enum glb_status trainer_contrast_check(const struct glb_train_options *o) {
    if (o->generative > 0)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the method contrast has no free-running phase; choose --generative 0 or "
                        "--method hybrid");
    if (o->discriminative <= 0)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the method contrast without its negative phase has nothing to learn from");
    if (!o->common_noise)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the method contrast draws the same noise in both phases; choose "
                        "--common-noise 1 or --method conditional");
    if (o->positive != o->negative || o->positive_burn != o->negative_burn)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the method contrast needs as many sweeps in the positive phase as in the "
                        "negative one, not %d + %d and %d + %d (dropped + averaged); make them "
                        "equal",
                        o->positive_burn, o->positive, o->negative_burn, o->negative);
    if (o->read < 1 || o->read_burn < 0)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the method contrast reads labels in %d sweeps after %d dropped; at least "
                        "one must count",
                        o->read, o->read_burn);
    return GLB_OK;
}

enum glb_status trainer_contrast_open(struct glb_trainer *r) {
    const size_t n = (size_t)r->t->graph->n, words = (size_t)r->sampler->words;
    const size_t labels = (size_t)r->t->layer[r->t->nlayers - 1].count;
    struct trainer_contrast *x = calloc(1, sizeof *x);
    r->contrast = x;
    if (!x)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the trainer");
    x->drawn = calloc(64 * words, sizeof *x->drawn);
    x->wrong = calloc(64 * words, sizeof *x->wrong);
    x->packed = calloc(n * words, sizeof *x->packed);
    x->labels[0] = calloc(labels * words, sizeof **x->labels);
    x->labels[1] = calloc(labels * words, sizeof **x->labels);
    if (!x->drawn || !x->wrong || !x->packed || !x->labels[0] || !x->labels[1])
        return glb_fail(GLB_ERR_MEMORY, "no memory for the trainer");
    const enum glb_status s = contrast_reader_open(&x->reader, r);
    return s == GLB_OK ? glb_pair_statistics_init(&r->statistics[TRAINER_READ], r->t,
                                                  r->sampler->words, r->o.read)
                       : s;
}

void trainer_contrast_close(struct glb_trainer *r) {
    struct trainer_contrast *x = r->contrast;
    if (!x)
        return;
    contrast_reader_close(&x->reader);
    free(x->drawn);
    free(x->wrong);
    free(x->packed);
    free(x->labels[0]);
    free(x->labels[1]);
    free(x);
    r->contrast = NULL;
}

/* ---- phases ---- */

/* A run over layers 1 .. end - 1 whose samples have all of them. */
static void ask(struct glb_trainer *r, struct glb_layer_phase *x, struct glb_step *stage,
                struct glb_pair_statistics *to, int end, int burn, int sweeps) {
    const unsigned layers = ((1u << end) - 1) & ~1u;
    *stage = (struct glb_step){1.0, (uint32_t)(burn + sweeps)};
    *x = (struct glb_layer_phase){.fn = glb_pair_statistics_sample, .user = to};
    x->run = (struct glb_layer_run){.read = layers,
                                    .burn_in = (uint32_t)burn,
                                    .interval = 1,
                                    .nsteps = 1,
                                    .steps = stage,
                                    .meanwhile = trainer_prepare_next,
                                    .meanwhile_user = r};
    x->run.seed =
        glb_random_at(r->o.seed, to == &r->statistics[TRAINER_READ] ? TAG_READ : TAG_CONTRAST,
                      (uint64_t)r->s.step, 0);
    for (int l = 1; l < end; l++)
        x->run.order[x->run.norder++] = l;
    glb_pair_statistics_begin(to, layers, layers, sweeps);
}

static enum glb_status take(struct glb_trainer *r, const struct glb_layer_phase *x) {
    const struct glb_pair_statistics *got = x->user;
    r->flips += x->counters.flips;
    r->cycles += x->counters.run_cycles;
    return got->samples == got->sweeps
               ? GLB_OK
               : glb_fail(GLB_ERR_DEVICE, "a phase of %d samples returned %d", got->sweeps,
                          got->samples);
}

static enum glb_status read_labels(struct glb_trainer *r) {
    struct glb_layer_phase x;
    struct glb_step stage;
    ask(r, &x, &stage, &r->statistics[TRAINER_READ], r->t->nlayers, r->o.read_burn, r->o.read);
    for (int l = 1; l < r->t->nlayers; l++)
        if (r->memory_first[l] >= 0)
            x.state[l] = trainer_recall(r, l, 1);
    const enum glb_status s = glb_layer_sampler_phase(r->sampler, r->t, &x);
    return s == GLB_OK ? take(r, &x) : s;
}

static enum glb_status contrast(struct glb_trainer *r) {
    const struct trainer_contrast *c = r->contrast;
    const struct glb_layer_sampler *sampler = r->sampler;
    const int top = r->t->nlayers - 1;
    struct glb_layer_phase x[2];
    struct glb_step stage[2];
    for (int k = 0; k < 2; k++) {
        struct glb_pair_statistics *pairs = &r->statistics[k];
        glb_pair_statistics_narrow(pairs, c->words);
        ask(r, &x[k], &stage[k], pairs, top, r->o.positive_burn, r->o.positive);
        x[k].run.words = c->words;
        for (int l = 0; l < top; l++)
            if (l == 0 || r->memory_first[l] >= 0)
                x[k].state[l] = c->packed + (size_t)r->t->layer[l].first * (size_t)sampler->words;
        x[k].state[top] = c->labels[k];
        pairs->clamped[0] = x[k].state[0];
        pairs->clamped[top] = x[k].state[top];
    }
    enum glb_status s = GLB_OK;
    if (c->words && sampler->run_both)
        s = sampler->run_both(sampler->self, x);
    else
        for (int k = 0; k < 2 && c->words && s == GLB_OK; k++)
            s = glb_layer_sampler_phase(sampler, r->t, &x[k]);
    for (int k = 0; k < 2 && s == GLB_OK; k++) {
        s = c->words ? take(r, &x[k]) : GLB_OK;
        glb_pair_statistics_end(&r->statistics[k], r->o.threads);
    }
    return s;
}

enum glb_status trainer_contrast_run(struct glb_trainer *r) {
    enum glb_status s = read_labels(r);
    if (s != GLB_OK)
        return s;
    contrast_draw(r);
    contrast_pack(r);
    return contrast(r);
}

void trainer_contrast_keep(struct glb_trainer *r) {
    const double right = r->sampler->chains - r->contrast->wrongs;
    for (int l = 1; l < r->t->nlayers; l++)
        if (r->memory_first[l] >= 0)
            trainer_remember(r, &r->statistics[TRAINER_READ], l, 1);
    r->hits += right;
    r->seen += r->sampler->chains;
    r->progress.accuracy = right / r->sampler->chains;
}
