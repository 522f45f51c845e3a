/* Two runs of a part of the chains that differ in their states alone, as one run on boards side by
 * side: the second takes the boards behind those of the first and their noise. An emulator works on
 * 512 chains at once, so this takes half the time. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "learn/layers/layer_sampler_device.h"

/* Where samples of both go. */
struct twins {
    const struct glb_layer_phase *phase;
    int words;
    size_t pbits; /* of a sample */
    uint64_t *planes;
};

static bool same_steps(const struct glb_layer_run *a, const struct glb_layer_run *b) {
    bool same = a->nsteps == b->nsteps && a->norder == b->norder;
    for (int k = 0; k < a->nsteps && same; k++)
        same = a->steps[k].beta == b->steps[k].beta && a->steps[k].sweeps == b->steps[k].sweeps;
    for (int k = 0; k < a->norder && same; k++)
        same = a->order[k] == b->order[k];
    return same;
}

static bool are_twins(const struct layer_device *p, const struct glb_layer_phase phase[2]) {
    const struct glb_layer_run *a = &phase[0].run, *b = &phase[1].run;
    const int chains = p->program->array.chains;
    if (p->at_once < p->boards || a->words < 1 || a->words != b->words || 2 * a->words > p->words ||
        64 * a->words % chains || a->seed != b->seed || a->hold || b->hold || a->read != b->read ||
        a->last != b->last || a->count != GLB_COUNT_NOT || b->count != GLB_COUNT_NOT ||
        a->burn_in != b->burn_in || a->interval != b->interval || !same_steps(a, b))
        return false;
    for (int l = 0; l < p->t->nlayers; l++) /* what is set for later runs too stays as it is */
        if (!phase[0].state[l] != !phase[1].state[l] ||
            (!phase[0].state[l] && layer_device_needs(p, a) >> l & 1))
            return false;
    return true;
}

static int split(void *user, uint32_t sample, const uint64_t *planes) {
    const struct twins *t = user;
    const size_t words = (size_t)t->words;
    int stop = 0;
    for (int k = 0; k < 2 && !stop; k++) {
        for (size_t i = 0; i < t->pbits; i++)
            memcpy(t->planes + i * words, planes + (2 * i + (size_t)k) * words,
                   sizeof *planes * words);
        stop = t->phase[k].fn ? t->phase[k].fn(t->phase[k].user, sample, t->planes) : 0;
    }
    return stop;
}

static enum glb_status run_twins(struct layer_device *p, struct glb_layer_phase phase[2]) {
    const size_t n = (size_t)p->t->graph->n, all = (size_t)p->words;
    const size_t words = (size_t)phase[0].run.words, bytes = words * sizeof(uint64_t);
    struct twins t = {.phase = phase, .words = phase[0].run.words};
    struct glb_layer_phase both = {.run = phase[0].run, .fn = split, .user = &t};
    uint64_t *state = calloc(n * all, sizeof *state);
    t.planes = malloc(n * bytes);
    enum glb_status s = GLB_OK;
    if (!state || !t.planes)
        s = glb_fail(GLB_ERR_MEMORY, "no memory for two runs of layers");
    both.run.words *= 2;
    for (int l = 0; l < p->t->nlayers && s == GLB_OK; l++) {
        const struct glb_layer *layer = &p->t->layer[l];
        t.pbits += phase[0].run.read >> l & 1 ? (size_t)layer->count : 0;
        if (!phase[0].state[l])
            continue;
        both.state[l] = state + (size_t)layer->first * all;
        for (size_t i = 0; i < (size_t)layer->count; i++)
            for (size_t k = 0; k < 2; k++)
                memcpy(state + ((size_t)layer->first + i) * all + k * words,
                       phase[k].state[l] + i * all, bytes);
    }
    if (s == GLB_OK)
        s = layer_device_run_phases(p, &both, 1, phase[0].run.words);
    for (int k = 0; k < 2; k++) {
        phase[k].counters = both.counters;
        phase[k].counters.flips /= 2;
        phase[k].counters.run_cycles /= 2;
    }
    free(state);
    free(t.planes);
    return s;
}

enum glb_status layer_device_run_both(void *self, struct glb_layer_phase phase[2]) {
    return are_twins(self, phase) ? run_twins(self, phase) : layer_device_run_two(self, phase);
}
