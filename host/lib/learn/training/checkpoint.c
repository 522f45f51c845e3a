/* Checkpoints: the group "trainer" of a model file. SPDX-License-Identifier: Apache-2.0 */
#include "learn/training/checkpoint.h"

#include <string.h>

static void put_trainer(struct glb_hdf5_store *s, const struct glb_trainer *r) {
    const size_t n = (size_t)r->t->graph->n, p = n + (size_t)r->t->graph->m;
    const struct glb_train_options *o = &r->o;
    glb_hdf5_group(s, "trainer");
    glb_hdf5_put_int(s, "batch", r->sampler->chains);
    glb_hdf5_put_int(s, "first_image", r->first_image);
    glb_hdf5_put_int(s, "images", r->data->count);
    glb_hdf5_put_int(s, "data_hash", (int64_t)r->data_hash);
    glb_hdf5_put_int(s, "seed", (int64_t)o->seed);
    glb_hdf5_put_real(s, "epochs", o->epochs);
    glb_hdf5_put_real(s, "rate", o->rate);
    glb_hdf5_put_array(s, "relative", GLB_ELEMENT_DOUBLE, GLB_PARAMETER_KINDS, o->relative);
    glb_hdf5_put_array(s, "decay", GLB_ELEMENT_DOUBLE, GLB_PARAMETER_KINDS, o->decay);
    glb_hdf5_put_array(s, "start_sigma", GLB_ELEMENT_DOUBLE, GLB_PARAMETER_KINDS, o->start_sigma);
    glb_hdf5_put_real(s, "warm_up", o->warm_up);
    glb_hdf5_put_real(s, "average", o->average);
    glb_hdf5_put_int(s, "positive_burn", o->positive_burn);
    glb_hdf5_put_int(s, "positive", o->positive);
    glb_hdf5_put_int(s, "negative_burn", o->negative_burn);
    glb_hdf5_put_int(s, "negative", o->negative);
    glb_hdf5_put_int(s, "bits", o->bits);
    glb_hdf5_put_real(s, "discriminative", o->discriminative);
    glb_hdf5_put_real(s, "generative", o->generative);
    glb_hdf5_put_int(s, "hold_labels", o->hold_labels);
    glb_hdf5_put_int(s, "free_sweeps", o->free_sweeps);
    glb_hdf5_put_int(s, "shift", o->shift);
    glb_hdf5_put_real(s, "warp", o->warp);
    glb_hdf5_put_real(s, "dropout", o->dropout);
    glb_hdf5_put_real(s, "restart", o->restart);
    glb_hdf5_put_int(s, "common_noise", o->common_noise);
    glb_hdf5_put_int(s, "contrast", o->contrast);
    glb_hdf5_put_int(s, "read_burn", o->read_burn);
    glb_hdf5_put_int(s, "read", o->read);
    glb_hdf5_put_real(s, "readout_beta", o->readout_beta);
    glb_hdf5_put_int(s, "step", r->s.step);
    glb_hdf5_put_int(s, "averaged", r->s.averaged);
    glb_hdf5_put_int(s, "flips", (int64_t)r->flips);
    glb_hdf5_put_int(s, "cycles", (int64_t)r->cycles);
    glb_hdf5_put_array(s, "weight", GLB_ELEMENT_FLOAT, p, r->s.weight);
    glb_hdf5_put_array(s, "first", GLB_ELEMENT_FLOAT, p, r->s.first);
    glb_hdf5_put_array(s, "second", GLB_ELEMENT_FLOAT, p, r->s.second);
    glb_hdf5_put_array(s, "sum", GLB_ELEMENT_DOUBLE, p, r->s.sum);
    glb_hdf5_put_array(s, "memory", GLB_ELEMENT_UINT32,
                       (size_t)r->data->count * 2 * r->memory_words, r->s.memory);
    if (o->generative > 0)
        glb_hdf5_put_array(s, "free_plane", GLB_ELEMENT_UINT64, n * r->sampler->words,
                           r->s.free_plane);
}

enum glb_status glb_checkpoint_save(const struct glb_trainer *r, const struct glb_model *m,
                                    const char *path) {
    struct glb_hdf5_store s;
    if (r->begin > 0)
        return glb_fail(GLB_ERR_UNSUPPORTED,
                        "%s: no checkpoint of a training whose images were exchanged; save its "
                        "model and start from that",
                        path);
    glb_hdf5_create(&s, path);
    glb_model_put(&s, m);
    put_trainer(&s, r);
    return glb_hdf5_close(&s);
}

static void enter_trainer(struct glb_hdf5_store *s, const char *path) {
    glb_hdf5_open(s, path);
    if (s->status == GLB_OK && !glb_hdf5_has(s, "trainer"))
        s->status = glb_fail(GLB_ERR_FORMAT,
                             "%s: no checkpoint but a finished model or another file, which cannot "
                             "be resumed; give a checkpoint or leave out --resume",
                             path);
    glb_hdf5_group(s, "trainer");
}

/* One value for each kind of parameter. */
static void get_kinds(struct glb_hdf5_store *s, const char *name, double *value) {
    glb_hdf5_get_array(s, name, GLB_ELEMENT_DOUBLE, GLB_PARAMETER_KINDS, value);
    for (int k = 0; k < GLB_PARAMETER_KINDS; k++)
        if (!(value[k] >= 0 && value[k] <= 100))
            glb_hdf5_fail(s, GLB_ERR_FORMAT, name, "is out of its range");
}

enum glb_status glb_checkpoint_options(const char *path, struct glb_train_options *o, int *batch,
                                       int *first_image, int *images) {
    struct glb_hdf5_store s;
    memset(o, 0, sizeof *o);
    enter_trainer(&s, path);
    *batch = (int)glb_hdf5_get_int(&s, "batch", 64, 1 << 16);
    *first_image = (int)glb_hdf5_get_int(&s, "first_image", 0, 1 << 24);
    *images = (int)glb_hdf5_get_int(&s, "images", 1, 1 << 24);
    o->seed = (uint64_t)glb_hdf5_get_int(&s, "seed", INT64_MIN, INT64_MAX);
    o->epochs = glb_hdf5_get_real(&s, "epochs", 1e-6, 1e6);
    o->rate = glb_hdf5_get_real(&s, "rate", 1e-9, 10);
    get_kinds(&s, "relative", o->relative);
    get_kinds(&s, "decay", o->decay);
    get_kinds(&s, "start_sigma", o->start_sigma);
    o->warm_up = glb_hdf5_get_real(&s, "warm_up", 0, 1);
    o->average = glb_hdf5_get_real(&s, "average", 0, 1);
    o->positive_burn = (int)glb_hdf5_get_int(&s, "positive_burn", 0, 10000);
    o->positive = (int)glb_hdf5_get_int(&s, "positive", 1, 255);
    o->negative_burn = (int)glb_hdf5_get_int(&s, "negative_burn", 0, 10000);
    o->negative = (int)glb_hdf5_get_int(&s, "negative", 1, 255);
    o->bits = (int)glb_hdf5_get_int(&s, "bits", 0, 16);
    o->discriminative = glb_hdf5_get_real(&s, "discriminative", 0, 100);
    o->generative = glb_hdf5_get_real(&s, "generative", 0, 100);
    o->hold_labels = (int)glb_hdf5_get_int(&s, "hold_labels", 0, 1);
    o->free_sweeps = (int)glb_hdf5_get_int(&s, "free_sweeps", 0, 255);
    o->shift = (int)glb_hdf5_get_int(&s, "shift", 0, 8);
    o->warp = glb_hdf5_get_real(&s, "warp", 0, 4);
    o->dropout = glb_hdf5_get_real(&s, "dropout", 0, 0.9);
    o->restart = glb_hdf5_get_real(&s, "restart", 0, 1);
    o->common_noise = (int)glb_hdf5_get_int(&s, "common_noise", 0, 1);
    if (glb_hdf5_has_attribute(&s, "contrast")) { /* not in checkpoints of version 0.1 */
        o->contrast = (int)glb_hdf5_get_int(&s, "contrast", 0, 1);
        o->read_burn = (int)glb_hdf5_get_int(&s, "read_burn", 0, 10000);
        o->read = (int)glb_hdf5_get_int(&s, "read", 1, 255);
    }
    o->readout_beta = glb_hdf5_get_real(&s, "readout_beta", 1e-3, 1e3);
    return glb_hdf5_close(&s);
}

/* Checkpoints of version 0.1 do not have it. */
static void check_images(struct glb_hdf5_store *s, struct glb_trainer *r) {
    r->data_unchecked = !glb_hdf5_has_attribute(s, "data_hash");
    if (s->status == GLB_OK && !r->data_unchecked &&
        (uint64_t)glb_hdf5_get_int(s, "data_hash", INT64_MIN, INT64_MAX) != r->data_hash &&
        s->status == GLB_OK)
        s->status = glb_fail(GLB_ERR_ARGUMENT,
                             "%s: begun with other images or labels, or with the same in another "
                             "order; give those (--data)",
                             s->path);
}

enum glb_status glb_checkpoint_resume(const char *path, struct glb_trainer *r) {
    const size_t n = (size_t)r->t->graph->n, p = n + (size_t)r->t->graph->m;
    struct glb_hdf5_store s;
    enter_trainer(&s, path);
    check_images(&s, r);
    const int64_t step = glb_hdf5_get_int(&s, "step", 0, r->steps);
    const int64_t averaged = glb_hdf5_get_int(&s, "averaged", 0, step);
    const int64_t flips = glb_hdf5_get_int(&s, "flips", 0, INT64_MAX);
    const int64_t cycles = glb_hdf5_get_int(&s, "cycles", 0, INT64_MAX);
    glb_hdf5_get_array(&s, "weight", GLB_ELEMENT_FLOAT, p, r->s.weight);
    glb_hdf5_get_array(&s, "first", GLB_ELEMENT_FLOAT, p, r->s.first);
    glb_hdf5_get_array(&s, "second", GLB_ELEMENT_FLOAT, p, r->s.second);
    glb_hdf5_get_array(&s, "sum", GLB_ELEMENT_DOUBLE, p, r->s.sum);
    glb_hdf5_get_array(&s, "memory", GLB_ELEMENT_UINT32,
                       (size_t)r->data->count * 2 * r->memory_words, r->s.memory);
    if (r->o.generative > 0)
        glb_hdf5_get_array(&s, "free_plane", GLB_ELEMENT_UINT64, n * r->sampler->words,
                           r->s.free_plane);
    const enum glb_status status = glb_hdf5_close(&s);
    if (status == GLB_OK) {
        r->s.step = step;
        r->s.averaged = averaged;
        if ((double)step <= (1 - r->o.average) * (double)r->steps) { /* of a shorter training */
            r->s.averaged = 0;
            memset(r->s.sum, 0, sizeof *r->s.sum * p);
        }
        r->flips = (uint64_t)flips;
        r->cycles = (uint64_t)cycles;
        trainer_report(r);
    }
    return status;
}
