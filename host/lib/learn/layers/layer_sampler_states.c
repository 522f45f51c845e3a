/* What boards have in their state words before a run. SPDX-License-Identifier: Apache-2.0 */
#include "learn/layers/layer_sampler_device.h"

static const uint64_t *plane_of(const struct layer_device *p, const uint64_t *const *state,
                                int pbit) {
    const int l = p->t->layer_of[pbit];
    return state[l] ? state[l] + (size_t)(pbit - p->t->layer[l].first) * p->words : NULL;
}

/* Sends one board's bits of the states to one page. */
static enum glb_status send_one(struct layer_device *p, const struct readout_words *w,
                                const uint64_t *const *state, int board, int page) {
    const int chains = p->program->array.chains, shift = board * chains;
    const uint64_t mask = chains == 64 ? ~0ull : (1ull << chains) - 1;
    for (int i = 0; i < w->count; i++) {
        const uint64_t *plane = plane_of(p, state, w->pbit[i]);
        p->turn_words[i] = plane ? plane[shift >> 6] >> (shift & 63) & mask : 0;
    }
    return glb_device_set_state(p->device, page, w->run, w->nruns, p->turn_words, 1);
}

/* Sends the states of boards side by side: the planes as they lie, word by word. */
static enum glb_status send_all(struct layer_device *p, const struct readout_words *w,
                                const uint64_t *const *state) {
    enum glb_status s = GLB_OK;
    for (int r = 0, i = 0; r < w->nruns; r++)
        for (int k = 0; s == GLB_OK && k < w->run[r].count; k++, i++) {
            const struct glb_run word = {w->run[r].tile, (uint16_t)(w->run[r].addr + k), 1};
            s = glb_device_set_state(p->device, 0, &word, 1, plane_of(p, state, w->pbit[i]),
                                     (size_t)p->words);
        }
    return s;
}

static enum glb_status send_layer(struct layer_device *p, int layer, const uint64_t *const *state) {
    return p->boards == 1 ? send_one(p, &p->layer[layer], state, 0, 0)
                          : send_all(p, &p->layer[layer], state);
}

enum glb_status layer_device_set(void *self, int layer, const uint64_t *planes) {
    struct layer_device *p = self;
    p->state[layer] = planes;
    if (!planes || p->at_once < p->boards)
        return GLB_OK; /* boards get them when they take their turns */
    return send_layer(p, layer, p->state);
}

enum glb_status layer_device_send_own(struct layer_device *p, const struct layer_job *x) {
    enum glb_status s = GLB_OK;
    for (int l = 0; l < p->t->nlayers && s == GLB_OK; l++)
        if (x->asked->state[l])
            s = send_layer(p, l, x->state);
    return s;
}

enum glb_status layer_device_send_board(struct layer_device *p, const struct layer_job *x,
                                        unsigned layers, int board, int page) {
    struct readout_words *w = &p->sent[layers];
    if (layers == 0)
        return GLB_OK;
    const enum glb_status s = w->pbit ? GLB_OK : readout_words_find(p->program, p->t, layers, w);
    return s == GLB_OK ? send_one(p, w, x->state, board, page) : s;
}

unsigned layer_device_needs(const struct layer_device *p, const struct glb_layer_run *run) {
    unsigned layers = (1u << p->t->nlayers) - 1, drawn = 0;
    for (int k = 0; k < run->norder; k++) {
        const int l = run->order[k];
        drawn |= 1u << l;
        if (!(p->coupled[l] & drawn) && p->held[l] == 0 && !(run->hold >> l & 1))
            layers &= ~(1u << l);
    }
    return layers;
}

unsigned layer_device_changes(const struct glb_layer_run *run) {
    unsigned layers = 0;
    for (int k = 0; k < run->norder; k++)
        layers |= 1u << run->order[k];
    return layers & ~run->hold;
}
