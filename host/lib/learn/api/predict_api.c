/* Labels and free energies of images, for the public interface. SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>
#include "learn/api/kept_sampler.h"
#include "base/sized.h"
#include "learn/labels/free_energy.h"
#include "learn/labels/label_scores.h"
#include "learn/labels/read_labels.h"

static const struct glb_predict_options defaults = {.size = sizeof defaults,
                                                    .device = "emu",
                                                    .batch = 512,
                                                    .sweeps = 220,
                                                    .chains = 4,
                                                    .burn_in = 5,
                                                    .seed = 1};

void glb_predict_options_init(struct glb_predict_options *o, size_t size) {
    glb_sized_init(o, size, &defaults, sizeof defaults);
}

static enum glb_status check(const struct glb_predict_options *o) {
    if (o->reader != GLB_READ_FIELDS && o->reader != GLB_READ_SPINS &&
        o->reader != GLB_READ_FREE_ENERGY)
        return glb_fail(GLB_ERR_ARGUMENT, "glb_predict_options: there is no reader %d",
                        (int)o->reader);
    if (o->batch < 1 || o->batch > 1 << 16 || o->chains < 1 || o->chains > 1024 || o->sweeps < 1)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "glb_predict_options: batch %d, chains %d, sweeps %d; the first is 1 to "
                        "%d, the second 1 to 1024, the third at least 1",
                        o->batch, o->chains, o->sweeps, 1 << 16);
    if (!(o->beta >= 0 && isfinite(o->beta)))
        return glb_fail(GLB_ERR_ARGUMENT, "glb_predict_options: beta is %g", o->beta);
    return GLB_OK;
}

/* The images as the model sees them. */
static enum glb_status make_binary(const struct glb_model *m, const uint8_t *grey, int count,
                                   int height, int width, struct glb_dataset *out) {
    const enum glb_status s =
        glb_dataset_copy(grey, NULL, count, height, width, m->t.classes, m->binarise, out);
    return s == GLB_OK ? glb_dataset_fits(out, m->t.width, m->t.height, m->t.classes) : s;
}

static enum glb_status sample(struct glb_model *m, const struct glb_dataset *d,
                              const struct glb_predict_options *o, uint8_t *label, double *score) {
    const int spins = o->reader == GLB_READ_SPINS;
    const struct glb_read_labels_options options = {.sweeps = o->sweeps,
                                                    .chains = o->chains,
                                                    .burn_in = o->burn_in,
                                                    .beta = o->beta > 0 ? o->beta : m->readout_beta,
                                                    .J = spins ? NULL : m->J,
                                                    .h = spins ? NULL : m->h,
                                                    .seed = o->seed,
                                                    .score = score};
    struct glb_layer_sampler *sampler;
    struct glb_read_labels result;
    const struct glb_layer_sampler_options so = {.device = o->device,
                                                 .array = o->array,
                                                 .chains = o->batch,
                                                 .layers = (1u << m->t.nlayers) - 2,
                                                 .group = spins ? 0 : o->chains,
                                                 .group_layers = glb_label_layers(&m->t, 1)};
    enum glb_status s = kept_sampler_open(m, &so, &sampler);
    if (s == GLB_OK)
        s = glb_read_labels_run(&m->t, sampler, d, &options, label, &result);
    if (s != GLB_OK && s != GLB_ERR_ARGUMENT)
        kept_sampler_close(m); /* the device may be in any state */
    return s;
}

enum glb_status glb_model_predict(struct glb_model *m, const uint8_t *grey, int count, int height,
                                  int width, const struct glb_predict_options *options,
                                  uint8_t *label, double *score) {
    struct glb_predict_options o = defaults;
    struct glb_dataset d = {0};
    enum glb_status s =
        options ? glb_sized_take(&o, sizeof o, options, "glb_predict_options") : GLB_OK;
    if (s == GLB_OK)
        s = check(&o);
    if (s == GLB_OK)
        s = make_binary(m, grey, count, height, width, &d);
    if (s == GLB_OK && o.reader == GLB_READ_FREE_ENERGY) {
        s = glb_free_energies(&m->t, m->J, m->h, &d, 0, label, score);
        for (size_t k = 0; score && s == GLB_OK && k < (size_t)count * (size_t)m->t.classes; k++)
            score[k] = -score[k];
    } else if (s == GLB_OK) {
        s = sample(m, &d, &o, label, score);
    }
    glb_dataset_clear(&d);
    return s;
}

enum glb_status glb_model_free_energy(const struct glb_model *m, const uint8_t *grey, int count,
                                      int height, int width, double *f) {
    struct glb_dataset d = {0};
    enum glb_status s = make_binary(m, grey, count, height, width, &d);
    if (s == GLB_OK)
        s = glb_free_energies(&m->t, m->J, m->h, &d, 0, NULL, f);
    glb_dataset_clear(&d);
    return s;
}
