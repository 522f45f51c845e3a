/* Models of the public interface. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "learn/api/kept_sampler.h"
#include "learn/training/trainer_model.h"

static enum glb_status keep(enum glb_status s, struct glb_model *m, struct glb_model **out) {
    if (s != GLB_OK)
        return s;
    *out = malloc(sizeof **out);
    if (!*out) {
        glb_model_clear(m);
        return glb_fail(GLB_ERR_MEMORY, "no memory for a model");
    }
    **out = *m;
    return GLB_OK;
}

enum glb_status glb_model_from_trainer(const struct glb_trainer *r, struct glb_model **out) {
    struct glb_model m = {0};
    *out = NULL;
    return keep(glb_model_make(r, &m), &m, out);
}

enum glb_status glb_model_load(const char *path, struct glb_model **out) {
    struct glb_model m = {0};
    *out = NULL;
    return keep(glb_model_read(path, &m), &m, out);
}

enum glb_status glb_model_save(const struct glb_model *m, const char *path) {
    return glb_model_write(m, path);
}

void glb_model_free(struct glb_model *m) {
    if (!m)
        return;
    kept_sampler_close(m);
    glb_model_clear(m);
    free(m);
}

const struct glb_topology *glb_model_topology(const struct glb_model *m) {
    return &m->t;
}

int glb_model_height(const struct glb_model *m) {
    return m->t.height / m->binarise.planes;
}

int glb_model_width(const struct glb_model *m) {
    return m->t.width;
}

int glb_model_planes(const struct glb_model *m) {
    return m->binarise.planes;
}

double glb_model_readout_beta(const struct glb_model *m) {
    return m->readout_beta;
}

int glb_model_draws(const struct glb_model *m) {
    static const char *const words[] = {"drawing", "hybrid", "pcd", "--generative"};
    if (m->generative >= 0)
        return m->generative > 0;
    if (strncmp(m->command, "glauber train", 13) != 0) /* trained by the library */
        return 1;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(m->command, words[i]))
            return 1;
    return 0;
}

const double *glb_model_couplings(const struct glb_model *m) {
    return m->J;
}

const double *glb_model_biases(const struct glb_model *m) {
    return m->h;
}

enum glb_status glb_model_graph(const struct glb_model *m, struct glb_graph **out) {
    const struct glb_graph *g = m->t.graph;
    *out = NULL;
    struct glb_graph *copy;
    enum glb_status s = glb_graph_new(g->n, g->m, &copy);
    if (s != GLB_OK)
        return s;
    copy->m = g->m;
    memcpy(copy->ei, g->ei, sizeof *g->ei * (size_t)g->m);
    memcpy(copy->ej, g->ej, sizeof *g->ej * (size_t)g->m);
    memcpy(copy->J, m->J, sizeof *m->J * (size_t)g->m);
    memcpy(copy->h, m->h, sizeof *m->h * (size_t)g->n);
    s = glb_graph_finish(copy);
    if (s == GLB_OK)
        *out = copy;
    else
        glb_graph_free(copy);
    return s;
}
