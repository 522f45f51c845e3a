/* Trainers of the public interface: opened with a sampler of their own, run to the end, saved and
 * resumed. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "learn/api/trainer_options.h"
#include "learn/training/checkpoint.h"
#include "learn/training/trainer_model.h"

/* Opens sampler and trainer; takes `own`. */
static enum glb_status open_own(struct glb_trainer_own *own, const struct glb_topology *t,
                                const struct glb_dataset *images,
                                const struct glb_trainer_options *o,
                                const struct glb_train_options *train, struct glb_trainer **out) {
    const struct glb_layer_sampler_options so = {.device = o->device,
                                                 .array = o->array,
                                                 .chains = o->batch,
                                                 .u = GLB_TRAIN_U,
                                                 .stop = &own->cancel};
    enum glb_status s = glb_dataset_fits(images, t->width, t->height, t->classes);
    if (s == GLB_OK)
        s = glb_train_sampler_open(t, train, (enum glb_train_count)o->count, &so, &own->sampler);
    if (s == GLB_OK)
        s = glb_trainer_open_on(t, images, &own->sampler, train, out);
    if (s == GLB_OK)
        (*out)->own = own;
    else
        glb_trainer_own_free(own);
    return s;
}

enum glb_status glb_trainer_open(const struct glb_topology *t, const struct glb_dataset *images,
                                 const struct glb_trainer_options *options,
                                 struct glb_trainer **out) {
    struct glb_trainer_options o;
    struct glb_train_options train;
    *out = NULL;
    const enum glb_status s = trainer_options_take(options, t, &o, &train);
    if (s != GLB_OK)
        return s;
    struct glb_trainer_own *own = calloc(1, sizeof *own);
    if (!own)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the trainer");
    return open_own(own, t, images, &o, &train, out);
}

enum glb_status glb_train(struct glb_trainer *r, glb_train_fn fn, void *user) {
    while (r->s.step < r->steps) {
        const enum glb_status s = glb_trainer_step(r);
        if (s != GLB_OK)
            return s;
        if (fn && fn(user, &r->progress))
            return glb_fail(GLB_ERR_INTERRUPTED, "training stopped by its callback after step %lld",
                            (long long)r->s.step);
    }
    return GLB_OK;
}

void glb_trainer_cancel(struct glb_trainer *r) {
    if (r->own)
        atomic_store(&r->own->cancel, 1);
}

const struct glb_train_progress *glb_trainer_progress(const struct glb_trainer *r) {
    return &r->progress;
}

enum glb_status glb_trainer_save(const struct glb_trainer *r, const char *path) {
    struct glb_model m;
    enum glb_status s = glb_model_make(r, &m);
    if (s != GLB_OK)
        return s;
    s = glb_checkpoint_save(r, &m, path);
    glb_model_clear(&m);
    return s;
}

/* The images must be those of the checkpoint, as far as it can tell. */
static enum glb_status check_images(const struct glb_dataset *d, const struct glb_model *m,
                                    int count, const char *path) {
    if (d->count != count)
        return glb_fail(GLB_ERR_ARGUMENT, "%s: a training on %d images, not on %d", path, count,
                        d->count);
    if (d->binarise.kind != m->binarise.kind || d->binarise.planes != m->binarise.planes ||
        memcmp(d->binarise.threshold, m->binarise.threshold,
               sizeof *d->binarise.threshold * (size_t)d->binarise.planes) != 0)
        return glb_fail(GLB_ERR_ARGUMENT, "%s: a training on images made binary in another way",
                        path);
    return GLB_OK;
}

enum glb_status glb_trainer_resume(const char *path, const struct glb_dataset *images,
                                   const char *device, struct glb_trainer **out) {
    struct glb_trainer_options o = {.device = device ? device : "emu"};
    struct glb_train_options train;
    struct glb_model m;
    int first, count;
    *out = NULL;
    enum glb_status s = glb_checkpoint_options(path, &train, &o.batch, &first, &count);
    if (s == GLB_OK)
        s = glb_model_read(path, &m);
    if (s != GLB_OK)
        return s;
    struct glb_trainer_own *own = calloc(1, sizeof *own);
    s = own ? check_images(images, &m, count, path)
            : glb_fail(GLB_ERR_MEMORY, "no memory for the trainer");
    if (s == GLB_OK) {
        own->topology = m.t; /* kept */
        memset(&m.t, 0, sizeof m.t);
        o.array = m.array; /* another array would give other bits */
        s = open_own(own, &own->topology, images, &o, &train, out);
    } else {
        free(own);
    }
    glb_model_clear(&m);
    if (s != GLB_OK)
        return s;
    (*out)->first_image = first;
    s = glb_checkpoint_resume(path, *out);
    if (s != GLB_OK) {
        glb_trainer_close(*out);
        *out = NULL;
    }
    return s;
}
