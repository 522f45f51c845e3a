/* State of the layer sampler on a device.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_LAYER_SAMPLER_DEVICE_H
#define GLB_LEARN_LAYER_SAMPLER_DEVICE_H

#include "device/device.h"
#include "learn/layers/layer_sampler.h"
#include "array/program.h"
#include "compiler/compile.h"

/* Where p-bits live: runs of consecutive words, and the p-bit of each word. */
struct readout_words {
    struct glb_run *run;
    int nruns;
    int32_t *pbit;
    int count; /* of words */
};

struct layer_device {
    const struct glb_topology *t;
    struct glb_device *device;
    struct glb_program *program;
    struct glb_compile_report report;
    int boards, at_once; /* the batch needs; run side by side */
    int words;           /* of a plane */
    const atomic_int *stop;
    struct readout_words layer[GLB_MAX_LAYERS];
    int segment[GLB_MAX_LAYERS];           /* -1: no run updates the layer */
    const uint64_t *state[GLB_MAX_LAYERS]; /* [count][words] as the caller set it, or NULL */
    int held[GLB_MAX_LAYERS];              /* p-bits of the layer that clamp() holds */
    unsigned coupled[GLB_MAX_LAYERS];      /* bit k: to a p-bit of layer k */
    /* What a board gets before its turn: the layers of the mask as one list, which makes longer
     * runs, so fewer frames. */
    struct readout_words sent;
    unsigned sent_layers;
    uint64_t *turn_words; /* [n] one word for each p-bit: what a single board gets */
    char described[256];
};

/* The words of the layers of a mask. */
enum glb_status readout_words_find(const struct glb_program *p, const struct glb_topology *t,
                                   unsigned layers, struct readout_words *out);
void readout_words_free(struct readout_words *w);

/* glb_layer_sampler's set_layer and run. */
enum glb_status layer_device_set(void *self, int layer, const uint64_t *planes);
enum glb_status layer_device_run(void *self, const struct glb_layer_run *request,
                                 glb_layer_sample_fn fn, void *user,
                                 struct glb_job_counters *counters);

#endif
