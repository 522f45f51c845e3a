/* Inside of the phase sampler on a device: what its files share.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_LAYER_SAMPLER_DEVICE_H
#define GLB_LEARN_LAYER_SAMPLER_DEVICE_H

#include "device/device.h"
#include "learn/layer_sampler.h"
#include "array/program.h"
#include "compiler/compile.h"

/* Where p-bits live: runs of consecutive words, and the p-bit of each word. */
struct glb_readout_words {
    struct glb_run *run;
    int nruns;
    int32_t *pbit;
    int count; /* of words */
};

struct glb_phase_device {
    const struct glb_topology *t;
    struct glb_device *device;
    struct glb_program *program;
    struct glb_compile_report report;
    int boards, at_once; /* the batch needs; run side by side */
    int words;           /* of a plane */
    const volatile int *stop;
    struct glb_readout_words layer[GLB_MAX_LAYERS];
    int segment[GLB_MAX_LAYERS];      /* -1: no phase updates the layer */
    int dirty[GLB_MAX_LAYERS];        /* set since it was sent */
    int held[GLB_MAX_LAYERS];         /* p-bits of the layer that clamp() holds */
    unsigned coupled[GLB_MAX_LAYERS]; /* bit k: to a p-bit of layer k */
    /* What a board gets before its turn: the layers of the mask as one list, which makes longer
     * runs, so fewer frames. */
    struct glb_readout_words sent;
    unsigned sent_layers;
    uint64_t *plane; /* [n][words] states that the caller has set */
    uint64_t *scratch;
    char described[256];
};

/* The words of the layers of a mask. */
enum glb_status glb_readout_words_find(const struct glb_program *p, const struct glb_topology *t,
                                       unsigned layers, struct glb_readout_words *out);
void glb_readout_words_free(struct glb_readout_words *w);

/* glb_layer_sampler's run. */
enum glb_status glb_phase_run(void *self, const struct glb_phase *phase, glb_phase_fn fn,
                              void *user, struct glb_job_counters *counters);

#endif
