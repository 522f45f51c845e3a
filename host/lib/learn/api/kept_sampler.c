/* The sampler that a model keeps between calls. SPDX-License-Identifier: Apache-2.0 */
#include "learn/api/kept_sampler.h"

#include <stdlib.h>
#include <string.h>
#include "device/device.h"

struct glb_kept_sampler {
    struct glb_layer_sampler sampler;
    char device[512], array[32];
    struct glb_layer_sampler_options o; /* but for the names */
};

static int is_for(const struct glb_kept_sampler *k, const struct glb_layer_sampler_options *o) {
    return strcmp(k->device, o->device) == 0 && strcmp(k->array, o->array ? o->array : "") == 0 &&
           k->o.chains == o->chains && k->o.layers == o->layers && k->o.group == o->group &&
           k->o.group_layers == o->group_layers;
}

enum glb_status kept_sampler_open(struct glb_model *m,
                                  const struct glb_layer_sampler_options *options,
                                  struct glb_layer_sampler **out) {
    struct glb_layer_sampler_options so = *options;
    *out = NULL;
    if (!so.device || strlen(so.device) >= sizeof m->kept->device ||
        (so.array && strlen(so.array) >= sizeof m->kept->array))
        return glb_fail(GLB_ERR_ARGUMENT, "options: device is NULL, or a name is too long");
    if (glb_device_is_emu(so.device)) { /* counts no groups: one sampler for all of them */
        so.group = 0;
        so.group_layers = 0;
    }
    if (m->kept && is_for(m->kept, &so)) {
        *out = &m->kept->sampler;
        return GLB_OK;
    }
    kept_sampler_close(m);
    struct glb_kept_sampler *k = calloc(1, sizeof *k);
    if (!k)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a sampler");
    snprintf(k->device, sizeof k->device, "%s", so.device);
    snprintf(k->array, sizeof k->array, "%s", so.array ? so.array : "");
    k->o = so;
    so.u = m->u;
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
