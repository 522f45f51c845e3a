/* A training that goes on with other images, or from a model. SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include "learn/model/model.h"
#include "learn/training/trainer.h"

static int same_binary(const struct glb_binarise *a, const struct glb_binarise *b) {
    return a->kind == b->kind && a->planes == b->planes &&
           memcmp(a->threshold, b->threshold, sizeof *a->threshold * (size_t)a->planes) == 0;
}

static enum glb_status check(const struct glb_trainer *r, const struct glb_dataset *d) {
    if (glb_dataset_fits(d, r->t->width, r->t->height, r->t->classes) != GLB_OK)
        return GLB_ERR_ARGUMENT;
    if (!d->label)
        return glb_fail(GLB_ERR_ARGUMENT, "a training needs labels of its images");
    if (!same_binary(&d->binarise, &r->data->binarise))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "images made binary in another way than those that the training was begun "
                        "with; choose the same");
    return GLB_OK;
}

enum glb_status glb_trainer_set_images(struct glb_trainer *r, const struct glb_dataset *images) {
    enum glb_status s = check(r, images);
    if (s != GLB_OK)
        return s;
    const size_t count = (size_t)images->count;
    int32_t *order = calloc(count, sizeof *order);
    uint32_t *memory = calloc(count * 2 * (size_t)r->memory_words + 1, sizeof *memory);
    if (!order || !memory) {
        free(order);
        free(memory);
        return glb_fail(GLB_ERR_MEMORY, "no memory for %zu images", count);
    }
    free(r->order);
    free(r->s.memory);
    r->order = order;
    r->s.memory = memory;
    trainer_start_memory(r, images->count, memory);
    r->data = images;
    r->data_hash = glb_dataset_hash(images);
    r->begin = r->s.step * r->sampler->chains;
    r->order_epoch = -1;
    r->batch.step = r->next.step = -1;
    trainer_report(r);
    return GLB_OK;
}

enum glb_status glb_trainer_set_model(struct glb_trainer *r, const struct glb_model *m) {
    const struct glb_graph *a = r->t->graph, *b = m->t.graph;
    if (r->s.step > 0)
        return glb_fail(GLB_ERR_ARGUMENT, "the training has begun; start a new one from a model");
    if (a->n != b->n || a->m != b->m || r->t->nlayers != m->t.nlayers ||
        r->t->classes != m->t.classes || memcmp(a->ei, b->ei, sizeof *a->ei * (size_t)a->m) != 0 ||
        memcmp(a->ej, b->ej, sizeof *a->ej * (size_t)a->m) != 0 ||
        memcmp(r->t->layer, m->t.layer, sizeof *m->t.layer * (size_t)m->t.nlayers) != 0)
        return glb_fail(GLB_ERR_ARGUMENT, "the model has another topology than the training");
    if (!same_binary(&m->binarise, &r->data->binarise))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "images made binary in another way than those of the model; choose the "
                        "same");
    memcpy(r->s.weight, m->weight, sizeof *m->weight * (size_t)(a->n + a->m));
    memcpy(r->mu, m->mu, sizeof *m->mu * (size_t)a->n);
    return GLB_OK;
}
