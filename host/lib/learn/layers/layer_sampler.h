/* Gibbs sampling of a topology with layers clamped: sweeps over some of its layers, every chain
 * with its own states. Behind it: jobs of a compiled program on the emulator or a device
 * (layer_sampler_device.c). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_LAYER_SAMPLER_H
#define GLB_LEARN_LAYER_SAMPLER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "array/job.h"
#include "base/status.h"
#include "learn/topology/topology.h"

/* A sum over samples: chains in which p-bits i and j agree, i < j; with j = -1 those in which i
 * is 1. */
struct glb_layer_sum {
    int32_t i, j;
};

enum glb_layer_count { GLB_COUNT_NOT, GLB_COUNT_ADD, GLB_COUNT_SUBTRACT };

/* One run: sweeps over some layers while the others are clamped. */
struct glb_layer_run {
    uint64_t seed;                     /* of the noise; board b gets a value derived from it */
    int norder, order[GLB_MAX_LAYERS]; /* layers that one sweep updates, in this order; all others
                                          are clamped */
    unsigned hold; /* bit l: layer l of the order draws its noise but keeps its states */
    unsigned read; /* bit l: layer l is part of a sample */
    int words; /* 0: all chains run. Else those of the first so many words alone: planes of samples
                  have so many words, states of the other chains are undefined afterwards, and
                  nothing is counted */
    bool last; /* only the states after the last sweep are returned, as sample 0 */
    enum glb_layer_count count; /* what the samples, returned or not, do to the sampler's sums */
    bool replace;               /* the sums start from 0; not in the second of two phases */
    uint32_t burn_in, interval; /* as in a job */
    int nsteps;                 /* 1 .. GLB_BETA_STEPS */
    const struct glb_step *steps;
    /* A short piece of work of the caller's, or NULL: called while boards that take turns are busy,
     * up to once for each board, never while the host itself is what samples. */
    void (*meanwhile)(void *user);
    void *meanwhile_user;
};

/* A sample: words of the read layers' p-bits in ascending order, `words` 64-bit words each.
 * Non-zero stops the run. */
typedef int (*glb_layer_sample_fn)(void *user, uint32_t sample, const uint64_t *planes);

/* One of two runs that may overlap: for each board they go one after the other, so that what both
 * have in common is sent once. */
struct glb_layer_phase {
    struct glb_layer_run run;
    const uint64_t *state[GLB_MAX_LAYERS]; /* what set_layer() would get before this run, or NULL:
                                              as set; valid and unchanged until the end of both */
    glb_layer_sample_fn fn;
    void *user;
    struct glb_job_counters counters; /* out */
};

struct glb_layer_sampler {
    int chains, words; /* words = ceil(chains / 64): one p-bit's plane */
    double u;          /* LSB of the field; a coupling's LSB is u / 2 */
    char array[32];    /* name of the array description; "" where there is none */
    int colours;       /* of the layers that move */
    int clocks;        /* of the array for a sweep over them; 0 where there is none */
    int weight_max;    /* largest magnitude of a quantised coupling */
    int nsums;         /* of the sums asked for at opening, the first ones: what runs count */
    void *self;
    enum glb_status (*set_weights)(void *self, const double *J, const double *h, int *saturated);
    /* The states of a layer's p-bits, planes[count][words], before the next run. Runs read them in
     * place: they stay valid and unchanged until the layer is set again. NULL ends that; what the
     * layer then holds is undefined until it is set. */
    enum glb_status (*set_layer)(void *self, int layer, const uint64_t *planes);
    /* Holds single p-bits (clamped[n]) of layers that move; NULL: none. */
    enum glb_status (*clamp)(void *self, const bool *clamped);
    enum glb_status (*run)(void *self, const struct glb_layer_run *request, glb_layer_sample_fn fn,
                           void *user, struct glb_job_counters *counters);
    /* The same bits as set_layer() and run() for one phase after the other, or NULL. Layers that a
     * phase has set or moved are undefined afterwards. */
    enum glb_status (*run_both)(void *self, struct glb_layer_phase phase[2]);
    /* out[nsums]: chain-samples counted since the last run that replaced the sums, those of runs
     * that subtract with a minus sign. Undefined after a run that failed, until one replaces. */
    enum glb_status (*sums)(void *self, int64_t *out);
    /* Where `group` > 0: counts the samples of the layers group_layers over groups of `group`
     * chains next to each other instead of returning them, at most group_samples of them. on[p-bit
     * of the layers, ascending][ceil(chains / group)]: chain-samples in which it is on. The
     * request's read, last, count and replace have no meaning. */
    enum glb_status (*run_groups)(void *self, const struct glb_layer_run *request, uint32_t *on,
                                  struct glb_job_counters *counters);
    int group, group_samples;
    unsigned group_layers;
    void (*close)(void *self);
    const char *(*describe)(void *self);
};

struct glb_layer_sampler_options {
    const char *device; /* "emu", "sim" */
    const char *array;  /* NULL: chosen */
    int chains;         /* rounded up to whole boards */
    int threads;        /* 0: one per core */
    double u;
    const atomic_int *stop;           /* or NULL: non-zero ends a run with GLB_ERR_INTERRUPTED */
    unsigned layers;                  /* bit l: some run updates layer l */
    unsigned hold;                    /* bit l: some run holds layer l */
    const struct glb_layer_sum *sums; /* to be counted by the device, as many of them as it has room
                                         for: the first ones; read while opening */
    int nsums;                        /* 0: none */
    int group; /* chains of which run_groups() is to count samples together; 0: none. The sampler's
                  `group` is 0 if the device cannot, or where samples cost no more */
    unsigned group_layers;
};

enum glb_status glb_layer_sampler_open(const struct glb_topology *t,
                                       const struct glb_layer_sampler_options *o,
                                       struct glb_layer_sampler *out);
void glb_layer_sampler_close(struct glb_layer_sampler *s);

/* Ends the use of all planes that were set. */
static inline void glb_layer_sampler_release(const struct glb_layer_sampler *s,
                                             const struct glb_topology *t) {
    for (int l = 0; l < t->nlayers; l++)
        s->set_layer(s->self, l, NULL);
}

/* set_layer() for what a phase sets, and its run. */
static inline enum glb_status glb_layer_sampler_phase(const struct glb_layer_sampler *sampler,
                                                      const struct glb_topology *t,
                                                      struct glb_layer_phase *x) {
    enum glb_status s = GLB_OK;
    for (int l = 0; l < t->nlayers && s == GLB_OK; l++)
        if (x->state[l])
            s = sampler->set_layer(sampler->self, l, x->state[l]);
    return s == GLB_OK ? sampler->run(sampler->self, &x->run, x->fn, x->user, &x->counters) : s;
}

/* After a run that clamped single p-bits and ended with status s: clamps none. Returns s, or the
 * status of this if s is GLB_OK; the message is that of the status. */
enum glb_status glb_layer_sampler_unclamp(const struct glb_layer_sampler *sampler,
                                          enum glb_status s);

#endif
