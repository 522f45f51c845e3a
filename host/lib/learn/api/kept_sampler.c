/* The sampler that a model keeps between calls. SPDX-License-Identifier: Apache-2.0 */
#include "learn/api/kept_sampler.h"

#include <stdlib.h>
#include <string.h>

struct glb_kept_sampler {
    struct glb_layer_sampler sampler;
    char device[512], array[32];
    int chains;
    unsigned layers;
};

static int is_for(const struct glb_kept_sampler *k, const char *device, const char *array,
                  int chains, unsigned layers) {
    return strcmp(k->device, device) == 0 && strcmp(k->array, array) == 0 && k->chains == chains &&
           k->layers == layers;
}

enum glb_status kept_sampler_open(struct glb_model *m, const char *device, const char *array,
                                  int chains, unsigned layers, struct glb_layer_sampler **out) {
    *out = NULL;
    if (!device || strlen(device) >= sizeof m->kept->device ||
        (array && strlen(array) >= sizeof m->kept->array))
        return glb_fail(GLB_ERR_ARGUMENT, "options: device is NULL, or a name is too long");
    if (m->kept && is_for(m->kept, device, array ? array : "", chains, layers)) {
        *out = &m->kept->sampler;
        return GLB_OK;
    }
    kept_sampler_close(m);
    struct glb_kept_sampler *k = calloc(1, sizeof *k);
    if (!k)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a sampler");
    snprintf(k->device, sizeof k->device, "%s", device);
    snprintf(k->array, sizeof k->array, "%s", array ? array : "");
    k->chains = chains;
    k->layers = layers;
    const struct glb_layer_sampler_options so = {
        .device = device, .array = array, .chains = chains, .u = m->u, .layers = layers};
    enum glb_status s = glb_layer_sampler_open(&m->t, &so, &k->sampler);
    if (s == GLB_OK)
        s = k->sampler.set_weights(k->sampler.self, m->J, m->h, NULL);
    m->kept = k;
    if (s != GLB_OK)
        kept_sampler_close(m);
    else
        *out = &k->sampler;
    return s;
}

void kept_sampler_close(struct glb_model *m) {
    if (!m->kept)
        return;
    glb_layer_sampler_close(&m->kept->sampler);
    free(m->kept);
    m->kept = NULL;
}
