/* The model that a trainer has reached. SPDX-License-Identifier: Apache-2.0 */
#include "learn/training/trainer_model.h"

#include <string.h>
#include "base/bits.h"

enum glb_status glb_model_make(const struct glb_trainer *r, struct glb_model *out) {
    struct glb_model m = {.u = r->sampler->u, .weight_max = r->sampler->weight_max};
    const struct glb_graph *g = r->t->graph;
    memset(out, 0, sizeof *out);
    struct glb_graph *copy;
    enum glb_status s = glb_graph_new(g->n, g->m, &copy);
    if (s != GLB_OK)
        return s;
    copy->m = g->m;
    memcpy(copy->ei, g->ei, sizeof *g->ei * (size_t)g->m);
    memcpy(copy->ej, g->ej, sizeof *g->ej * (size_t)g->m);
    const struct glb_topology_parts parts = glb_topology_parts(r->t);
    s = glb_topology_assemble(&parts, copy, &m.t);
    if (s != GLB_OK)
        return s;
    if (!glb_model_allocate(&m)) {
        glb_model_clear(&m);
        return glb_fail(GLB_ERR_MEMORY, "no memory for a model");
    }
    m.weight_bits = r->o.bits ? r->o.bits : glb_planes_for(m.weight_max) + 1;
    m.binarise = r->data->binarise;
    m.readout_beta = r->o.readout_beta;
    m.generative = r->o.generative;
    for (int p = 0; p < g->m + g->n; p++)
        m.weight[p] = r->s.averaged ? (float)(r->s.sum[p] / (double)r->s.averaged) : r->s.weight[p];
    memcpy(m.mu, r->mu, sizeof *m.mu * (size_t)g->n);
    glb_train_uncentre(&m.t, m.weight, m.mu, m.u, r->grid, m.J, m.h);
    m.images = r->data->count;
    m.epochs = (double)r->s.step * r->sampler->chains / r->data->count;
    m.seed = r->o.seed;
    snprintf(m.array, sizeof m.array, "%s", r->sampler->array);
    m.flips = r->flips;
    m.accuracy = r->progress.accuracy == r->progress.accuracy ? r->progress.accuracy : 0;
    snprintf(m.revision, sizeof m.revision, "%s", glb_revision());
    if (r->sampler->describe)
        snprintf(m.device, sizeof m.device, "%s", r->sampler->describe(r->sampler->self));
    *out = m;
    return GLB_OK;
}
