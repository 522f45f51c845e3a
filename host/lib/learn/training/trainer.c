/* The training step: choose images, run the phases, learn. SPDX-License-Identifier: Apache-2.0 */
#include "learn/training/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/bits.h"

enum glb_status glb_trainer_open_on(const struct glb_topology *t, const struct glb_dataset *data,
                                    struct glb_layer_sampler *sampler,
                                    const struct glb_train_options *o, struct glb_trainer **out) {
    *out = NULL;
    if (sampler->chains % 64)
        return glb_fail(GLB_ERR_ARGUMENT, "a batch of %d; it must be a multiple of 64",
                        sampler->chains);
    if (glb_dataset_fits(data, t->width, t->height, t->classes) != GLB_OK)
        return GLB_ERR_ARGUMENT;
    if (!data->label)
        return glb_fail(GLB_ERR_ARGUMENT, "a training needs labels of its images");
    if (o->epochs <= 0 || o->rate <= 0 || o->positive < 1 || o->negative < 1 ||
        o->positive_burn < 0 || o->negative_burn < 0 || (o->generative > 0 && o->free_sweeps < 1))
        return glb_fail(GLB_ERR_ARGUMENT, "epochs, rate and sweeps of a training must be positive");
    if (o->contrast && trainer_contrast_check(o) != GLB_OK)
        return GLB_ERR_ARGUMENT;
    if (trainer_common_noise(o) &&
        (o->positive != o->negative || o->positive_burn != o->negative_burn))
        return glb_fail(
            GLB_ERR_ARGUMENT,
            "common noise needs as many sweeps in the positive phase as in the negative one, not "
            "%d + %d and %d + %d (dropped + averaged); make them equal or choose --common-noise 0",
            o->positive_burn, o->positive, o->negative_burn, o->negative);
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
    r->piece = 16;
    r->progress.accuracy = NAN;
    r->steps = (int64_t)ceil(o->epochs * data->count / sampler->chains);
    const enum glb_status s = trainer_start(r);
    if (s != GLB_OK) {
        glb_trainer_close(r);
        return s;
    }
    trainer_report(r);
    *out = r;
    return GLB_OK;
}

void glb_trainer_own_free(struct glb_trainer_own *own) {
    if (!own)
        return;
    glb_layer_sampler_close(&own->sampler);
    glb_topology_clear(&own->topology);
    free(own);
}

void glb_trainer_close(struct glb_trainer *r) {
    if (!r)
        return;
    glb_layer_sampler_release(r->sampler, r->t);
    trainer_batch_free(&r->batch);
    trainer_batch_free(&r->next);
    free(r->labels);
    free(r->held);
    free(r->recalled[0]);
    free(r->recalled[1]);
    free(r->sum_of);
    trainer_contrast_close(r);
    for (int k = 0; k < TRAINER_PHASES; k++) {
        glb_pair_statistics_free(&r->statistics[k]);
        free(r->sum[k]);
        free(r->gap[k]);
    }
    free(r->mu);
    free(r->kind);
    free(r->J);
    free(r->s.weight);
    free(r->s.first);
    free(r->s.second);
    free(r->s.sum);
    free(r->s.memory);
    free(r->s.free_plane);
    free(r->dropped);
    free(r->order);
    glb_trainer_own_free(r->own);
    free(r);
}

/* Counts images whose true label has most copies on at the end of the negative phase; of k labels
 * with as many each is hit in a share of 1 / k. */
static void count_hits(struct glb_trainer *r) {
    const struct glb_layer *labels = &r->t->layer[r->t->nlayers - 1];
    const struct glb_pair_statistics *negative = &r->statistics[TRAINER_NEGATIVE];
    const int classes = r->t->classes;
    double hits = 0;
    for (int c = 0; c < r->sampler->chains; c++) {
        int count[GLB_MAX_CLASSES] = {0}, most = 0, equal = 0;
        for (int k = 0; k < labels->count; k++) {
            const uint64_t *p = glb_pair_statistics_last(negative, labels->first + k);
            count[k % classes] += (int)(p[c >> 6] >> (c & 63) & 1);
        }
        for (int k = 0; k < classes; k++) {
            equal = count[k] > most ? 1 : equal + (count[k] == most);
            most = count[k] > most ? count[k] : most;
        }
        if (count[r->data->label[r->batch.index[c]]] == most)
            hits += 1.0 / equal;
    }
    r->hits += hits;
    r->seen += r->sampler->chains;
    r->progress.accuracy = hits / r->sampler->chains;
}

/* Keeps the states of layers 1 .. layers - 1 that a phase ended with. */
static void remember(struct glb_trainer *r, enum trainer_phase phase, int layers) {
    for (int l = 1; l < layers; l++)
        if (r->memory_first[l] >= 0)
            trainer_remember(r, &r->statistics[phase], l, phase == TRAINER_NEGATIVE);
}

/* Whether the step is to end before it begins; cancelling counts once. */
static enum glb_status may_begin(struct glb_trainer *r) {
    if (r->s.step >= r->steps)
        return glb_fail(GLB_ERR_ARGUMENT, "all %lld steps of the training are done",
                        (long long)r->steps);
    if (r->own && atomic_exchange(&r->own->cancel, 0))
        return glb_fail(GLB_ERR_INTERRUPTED, "training cancelled before step %lld",
                        (long long)r->s.step + 1);
    return GLB_OK;
}

void trainer_report(struct glb_trainer *r) {
    struct glb_train_progress *p = &r->progress;
    p->size = sizeof *p;
    p->step = r->s.step;
    p->steps = r->steps;
    p->epoch = (double)(r->s.step * r->sampler->chains - r->begin) / r->data->count;
    p->saturated = r->saturated;
    p->flips = r->flips;
    p->cycles = r->cycles;
}

enum glb_status glb_trainer_step(struct glb_trainer *r) {
    const int layers = r->t->nlayers, conditional = r->o.discriminative > 0;
    const uint64_t flips = r->flips, cycles = r->cycles;
    enum glb_status s = may_begin(r);
    if (s != GLB_OK)
        return s;
    trainer_choose(r);
    s = trainer_run_phases(r);
    if (s != GLB_OK) {
        r->flips = flips;
        r->cycles = cycles;
        r->gaps_known = 0;
        if (s == GLB_ERR_INTERRUPTED && r->own)
            atomic_store(&r->own->cancel, 0);
        return s;
    }
    if (r->o.contrast)
        trainer_contrast_keep(r);
    else
        remember(r, TRAINER_POSITIVE, layers - 1);
    if (conditional && !r->o.contrast) {
        remember(r, TRAINER_NEGATIVE, layers);
        count_hits(r);
    }
    trainer_update(r);
    trainer_report(r);
    return GLB_OK;
}

double glb_trainer_accuracy(struct glb_trainer *r) {
    const double a = r->seen > 0 ? r->hits / r->seen : 0;
    r->hits = r->seen = 0;
    return a;
}
