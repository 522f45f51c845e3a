/* What the trainer asks of a sampler: phases of Gibbs sweeps over some layers of a topology, every
 * chain with its own states. Behind it: jobs of a compiled program on the emulator or a device
 * (phase_device.c). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_LAYER_SAMPLER_H
#define GLB_LEARN_LAYER_SAMPLER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "array/job.h"
#include "base/status.h"
#include "learn/topology.h"

enum { GLB_MAX_STAGES = 64 };

struct glb_phase_stage { /* sweeps at one inverse temperature */
    double beta;
    uint32_t sweeps;
};

struct glb_phase {
    uint64_t seed;                     /* of the noise; board b gets a value derived from it */
    int norder, order[GLB_MAX_LAYERS]; /* layers that one sweep updates, in this order; all others
                                          are clamped */
    unsigned read;                     /* bit l: layer l is part of a sample */
    uint32_t burn_in, interval;        /* as in a job */
    int nstages;
    const struct glb_phase_stage *stages;
};

/* A sample: words of the read layers' p-bits in ascending order, `words` 64-bit words each.
 * Non-zero stops the phase. */
typedef int (*glb_phase_fn)(void *user, uint32_t sample, const uint64_t *planes);

struct glb_layer_sampler {
    int chains, words; /* words = ceil(chains / 64): one p-bit's plane */
    double u;          /* LSB of the field; a coupling's LSB is u / 2 */
    char array[32];    /* name of the array description; "" where there is none */
    int colours;       /* of the layers that move */
    int clocks;        /* of the array for a sweep over them; 0 where there is none */
    int weight_max;    /* largest magnitude of a quantised coupling */
    void *self;
    enum glb_status (*set_weights)(void *self, const double *J, const double *h, int *saturated);
    void (*set)(void *self, int pbit, const uint64_t *plane);
    /* Holds single p-bits (clamped[n]) of layers that move; NULL: none. */
    enum glb_status (*clamp)(void *self, const bool *clamped);
    enum glb_status (*run)(void *self, const struct glb_phase *phase, glb_phase_fn fn, void *user,
                           struct glb_job_counters *counters);
    void (*close)(void *self);
    const char *(*describe)(void *self);
};

struct glb_layer_sampler_options {
    const char *device; /* "emu", "sim" */
    const char *array;  /* NULL: chosen */
    int chains;         /* rounded up to whole boards */
    int threads;        /* 0: one per core */
    double u;
    const atomic_int *stop; /* or NULL: non-zero ends a phase with GLB_ERR_INTERRUPTED */
    unsigned layers;        /* bit l: some phase updates layer l */
};

enum glb_status glb_layer_sampler_open(const struct glb_topology *t,
                                       const struct glb_layer_sampler_options *o,
                                       struct glb_layer_sampler *out);
void glb_layer_sampler_close(struct glb_layer_sampler *s);

#endif
