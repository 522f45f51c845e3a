/* The sampler of a training, with the sums that it is to count. SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include "device/device.h"
#include "learn/training/trainer.h"

/* Whether counting on the device spares the host the samples of a layer. */
static int spares_a_layer(const struct glb_topology *t, unsigned layers,
                          const struct glb_layer_sum *sum, int counted, int all) {
    return counted > 0 && glb_train_host_layers(t, layers, sum, counted, all) !=
                              glb_train_host_layers(t, layers, sum, 0, all);
}

static enum glb_status open_counting(const struct glb_topology *t, enum glb_train_count count,
                                     struct glb_layer_sampler_options *so,
                                     struct glb_layer_sampler *out) {
    const size_t p = (size_t)t->graph->m + (size_t)t->graph->n;
    struct glb_layer_sum *sum = malloc(sizeof *sum * p);
    int32_t *parameter = malloc(sizeof *parameter * p);
    enum glb_status s = GLB_ERR_MEMORY;
    if (sum && parameter) {
        so->sums = sum;
        so->nsums = glb_train_sums(t, so->layers, sum, parameter);
        s = glb_layer_sampler_open(t, so, out);
    } else {
        glb_fail(s, "no memory for a training's sums");
    }
    if (s == GLB_OK && count == GLB_TRAIN_COUNT_AUTO &&
        !spares_a_layer(t, so->layers, sum, out->nsums, so->nsums))
        out->nsums = 0;
    if (s == GLB_OK && count == GLB_TRAIN_COUNT_DEVICE && out->nsums == 0) {
        s = glb_fail(GLB_ERR_FIT,
                     "array %s has no room for sums beside this machine; let the host count",
                     out->array);
        glb_layer_sampler_close(out);
    }
    free(sum);
    free(parameter);
    return s;
}

enum glb_status glb_train_sampler_open(const struct glb_topology *t,
                                       const struct glb_train_options *o,
                                       enum glb_train_count count,
                                       const struct glb_layer_sampler_options *options,
                                       struct glb_layer_sampler *out) {
    struct glb_layer_sampler_options so = *options;
    if (o->contrast && trainer_contrast_check(o) != GLB_OK) /* before a long compilation */
        return GLB_ERR_ARGUMENT;
    if (o->contrast && count == GLB_TRAIN_COUNT_DEVICE)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the method contrast counts on the host, in samples of the few images that "
                        "read wrong; let the host count");
    so.layers = glb_train_layers(t, o);
    so.hold = glb_train_holds(t, o);
    so.sums = NULL;
    so.nsums = 0;
    if (count == GLB_TRAIN_COUNT_HOST || o->contrast ||
        (count == GLB_TRAIN_COUNT_AUTO && glb_device_is_emu(so.device)))
        return glb_layer_sampler_open(t, &so, out);
    return open_counting(t, count, &so, out);
}
