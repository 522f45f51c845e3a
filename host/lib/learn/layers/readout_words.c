/* Where the p-bits of some layers live in the array. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "learn/layers/layer_sampler_device.h"

struct place {
    int32_t pbit;
    uint16_t tile, addr;
};

static int by_place(const void *x, const void *y) {
    const struct place *a = x, *b = y;
    return a->tile != b->tile  ? (a->tile < b->tile ? -1 : 1)
           : a->addr < b->addr ? -1
                               : a->addr > b->addr;
}

enum glb_status readout_words_find(const struct glb_program *p, const struct glb_topology *t,
                                   unsigned layers, struct readout_words *out) {
    int count = 0;
    for (int l = 0; l < t->nlayers; l++)
        count += layers >> l & 1 ? t->layer[l].count : 0;
    struct place *place = malloc(sizeof *place * (size_t)(count + 1));
    out->run = malloc(sizeof *out->run * (size_t)(count + 1));
    out->pbit = malloc(sizeof *out->pbit * (size_t)(count + 1));
    out->count = 0;
    out->nruns = 0;
    if (!place || !out->run || !out->pbit) {
        free(place);
        readout_words_free(out);
        return glb_fail(GLB_ERR_MEMORY, "no memory for a layer sampler");
    }
    for (int i = 0; i < t->graph->n; i++) {
        if (!(layers >> t->layer_of[i] & 1))
            continue;
        const struct glb_slot *s = &p->slot[i];
        place[out->count++] =
            (struct place){i, (uint16_t)s->tile, (uint16_t)(s->lane << p->array.gw | s->g)};
    }
    qsort(place, (size_t)count, sizeof *place, by_place);
    for (int i = 0; i < count; i++) {
        out->pbit[i] = place[i].pbit;
        struct glb_run *last = out->nruns ? &out->run[out->nruns - 1] : NULL;
        if (last && last->tile == place[i].tile && last->addr + last->count == place[i].addr)
            last->count++;
        else
            out->run[out->nruns++] = (struct glb_run){place[i].tile, place[i].addr, 1};
    }
    free(place);
    return GLB_OK;
}

void readout_words_free(struct readout_words *w) {
    free(w->run);
    free(w->pbit);
    *w = (struct readout_words){0};
}
