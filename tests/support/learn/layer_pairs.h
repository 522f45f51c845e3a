/* Two runs of layers chosen at random: orders, layers held, states of their own, what is read and
 * counted. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_LAYER_PAIRS_H
#define GLB_TEST_LAYER_PAIRS_H

#include "base/rng.h"
#include "learn/layers/layer_sampler.h"

enum { CHAINS = 192, WORDS = CHAINS / 64, MOST = 64, SWEEPS = 5, LAYERS = 4 };

static struct glb_topology topology; /* of LAYERS layers and at most MOST p-bits */

struct pair {
    struct glb_step stage[2];
    struct glb_layer_phase phase[2];
    uint64_t set[MOST * WORDS], own[2][MOST * WORDS]; /* planes of all layers */
};

static void fill(struct glb_rng *rng, uint64_t *planes) {
    for (int i = 0; i < MOST * WORDS; i++)
        planes[i] = glb_rng_u64(rng);
}

static void choose_run(struct glb_rng *rng, struct glb_layer_run *run, struct glb_step *stage) {
    unsigned left = (1 << LAYERS) - 1;
    *stage = (struct glb_step){0.7, 1 + glb_rng_below(rng, SWEEPS)};
    *run = (struct glb_layer_run){.seed = glb_rng_u64(rng),
                                  .norder = 1 + (int)glb_rng_below(rng, LAYERS),
                                  .hold = glb_rng_below(rng, 1 << LAYERS),
                                  .read = glb_rng_below(rng, 1 << LAYERS),
                                  .last = glb_rng_below(rng, 2),
                                  .count = (enum glb_layer_count)glb_rng_below(rng, 3),
                                  .burn_in = glb_rng_below(rng, stage->sweeps),
                                  .interval = 1 + glb_rng_below(rng, 2),
                                  .nsteps = 1,
                                  .steps = stage};
    for (int k = 0; k < run->norder; k++) {
        do
            run->order[k] = (int)glb_rng_below(rng, LAYERS);
        while (!(left >> run->order[k] & 1));
        left &= ~(1u << run->order[k]);
    }
}

/* The second run has states of its own for what the first one moves. */
static void choose(struct glb_rng *rng, struct pair *p) {
    unsigned moved = 0;
    fill(rng, p->set);
    for (int k = 0; k < 2; k++) {
        struct glb_layer_phase *x = &p->phase[k];
        fill(rng, p->own[k]);
        choose_run(rng, &x->run, &p->stage[k]);
        for (int l = 0; l < LAYERS; l++) {
            const size_t at = (size_t)topology.layer[l].first * WORDS;
            const uint32_t which = glb_rng_below(rng, 3);
            x->state[l] = which == 0 ? p->own[k] + at : which == 1 ? p->own[0] + at : NULL;
            if (moved >> l & 1 && !x->state[l])
                x->state[l] = p->own[1] + at;
        }
        for (int n = 0; n < x->run.norder; n++)
            moved |= 1u << x->run.order[n];
        for (int l = 0; l < LAYERS; l++) /* a state of the first run alone is gone afterwards */
            moved |= x->state[l] ? 1u << l : 0;
    }
    p->phase[0].run.replace = true;
}

#endif
