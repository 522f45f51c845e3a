/* What the sampler's files share: settings to jobs (sampler.c), samples to energies and means
 * (samples.c). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_SAMPLER_STATE_H
#define GLB_SAMPLER_SAMPLER_STATE_H

#include <stdatomic.h>
#include "device/device.h"
#include "graph/energy.h"
#include "graph/graph.h"
#include "array/program.h"

struct glb_sampler {
    const struct glb_graph *g;
    struct glb_program *p;
    struct glb_device *d;
    int owns;          /* p and d are ours */
    atomic_int cancel; /* glb_sampler_cancel(), until a run has ended */
    struct glb_energy *energy;
    int nruns;
    struct glb_run runs[GLB_MAX_TILES * GLB_MAX_LANES];
    int32_t *word; /* [copies][n] index of the p-bit's word in a sample */
    size_t nwords;
    struct glb_result result;
    double *magnetization;
    int8_t *best;
};

/* What one run needs while it runs. */
struct glb_sampler_run {
    struct glb_sampler *s;
    const struct glb_settings *set;
    long samples; /* wanted, a chain */
    int boards, first_board, pass_boards;
    long piece_first_sample;
    uint64_t pass_first_sweep, all_sweeps, piece_first_sweep;
    uint64_t *plane; /* [n + 1] 64 chains */
    uint8_t *rows;   /* [64][row_bytes] */
    size_t row_bytes;
    uint64_t *ones; /* [n] */
    double *sum;    /* [chains] energies */
    long *count;    /* [chains] */
    int stop;
};

/* Chain that bit `bit` of copy `copy` is in this pass. */
int glb_sampler_chain(const struct glb_sampler_run *r, int copy, int bit);

/* A glb_sample_fn: a sample of all boards of the pass; user is the run. */
int glb_sampler_on_sample(void *user, uint32_t number, uint32_t sweep, const uint64_t *words,
                          size_t stride);

/* The result's means, once no more samples come. */
void glb_sampler_finish(struct glb_sampler_run *r);

#endif
