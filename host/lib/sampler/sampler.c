/* Samplers: making them from a graph, a program and a device; new weights. SPDX-License-Identifier:
 * Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "sampler/program_match.h"
#include "sampler/sampler_state.h"

/* One readout run a lane: all words from 0 to the last p-bit's. Slots of hub digits in between come
 * along. */
static enum glb_status lay_out(struct glb_sampler *s) {
    const struct glb_array *a = &s->p->array;
    const int lanes = a->tiles * a->lanes, slots = s->p->copies * s->p->n;
    int used[GLB_MAX_TILES * GLB_MAX_LANES] = {0}, base[GLB_MAX_TILES * GLB_MAX_LANES];
    for (int k = 0; k < slots; k++) {
        const struct glb_slot *x = &s->p->slot[k];
        int *u = &used[x->tile * a->lanes + x->lane];
        if (x->g >= *u)
            *u = x->g + 1;
    }
    for (int l = 0; l < lanes; l++) {
        base[l] = (int)s->nwords;
        s->nwords += (size_t)used[l];
        if (used[l])
            s->runs[s->nruns++] = (struct glb_run){.tile = (uint16_t)(l / a->lanes),
                                                   .addr = (uint16_t)((l % a->lanes) << a->gw),
                                                   .count = (uint16_t)used[l]};
    }
    if (!(s->word = malloc((size_t)slots * sizeof *s->word)))
        return glb_fail(GLB_ERR_MEMORY, "no memory for a sampler of %d p-bits", s->p->n);
    for (int k = 0; k < slots; k++)
        s->word[k] = base[s->p->slot[k].tile * a->lanes + s->p->slot[k].lane] + s->p->slot[k].g;
    return GLB_OK;
}

enum glb_status glb_sampler_new(const struct glb_graph *g, struct glb_program *p,
                                struct glb_device *d, struct glb_sampler **out) {
    int saturated = 0;
    *out = NULL;
    enum glb_status r = program_match(p, g, &saturated);
    if (r)
        return r;
    struct glb_sampler *s = calloc(1, sizeof *s);
    if (!s)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a sampler");
    s->g = g;
    s->hash = g->hash;
    s->p = p;
    s->version = p->version;
    s->d = d;
    s->saturated = saturated;
    s->result.size = sizeof s->result;
    s->energy = glb_energy_new(g);
    s->magnetization = calloc((size_t)g->n + 1, sizeof *s->magnetization);
    s->best = calloc((size_t)g->n + 1, 1);
    r = s->energy && s->magnetization && s->best
            ? lay_out(s)
            : glb_fail(GLB_ERR_MEMORY, "no memory for a sampler of %d p-bits", g->n);
    if (r) {
        glb_sampler_close(s);
        return r;
    }
    *out = s;
    return GLB_OK;
}

enum glb_status glb_sampler_open(const struct glb_graph *g, const char *device, const char *array,
                                 struct glb_sampler **out) {
    struct glb_program *p = NULL;
    struct glb_device *d = NULL;
    *out = NULL;
    bool own;
    enum glb_status s = glb_device_name(device, &own);
    if (!s && !array && !own) { /* the one that the graph fits */
        s = glb_program_compile(g, NULL, NULL, &p);
        array = s ? NULL : p->array.name;
    }
    if (!s)
        s = glb_device_open(device, array, &d);
    if (!s && !p)
        s = glb_program_compile(g, glb_device_array(d)->name, NULL, &p);
    if (!s)
        s = glb_sampler_new(g, p, d, out);
    if (s) {
        glb_device_close(d);
        glb_program_free(p);
        return s;
    }
    (*out)->owns = 1;
    return GLB_OK;
}

void glb_sampler_close(struct glb_sampler *s) {
    if (!s)
        return;
    if (s->background.started) {
        glb_sampler_cancel(s);
        glb_sampler_wait(s);
    }
    if (s->owns) {
        glb_device_close(s->d);
        glb_program_free(s->p);
    }
    glb_energy_free(s->energy);
    free(s->word);
    free(s->magnetization);
    free(s->best);
    free(s->ladder);
    statistics_free(&s->counts);
    free(s);
}

const struct glb_program *glb_sampler_program(const struct glb_sampler *s) {
    return s->p;
}

const struct glb_result *glb_sampler_result(const struct glb_sampler *s) {
    return &s->result;
}

enum glb_status glb_sampler_set_weights(struct glb_sampler *s, const struct glb_graph *g,
                                        int *saturated) {
    const struct glb_graph *old = s->g;
    const size_t ends = (size_t)g->m * sizeof *g->ei;
    enum glb_status r = sampler_at_rest(s);
    if (r)
        return r;
    if (g->n != old->n || g->m != old->m || memcmp(g->ei, old->ei, ends) != 0 ||
        memcmp(g->ej, old->ej, ends) != 0)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the new graph has %d p-bits and %d couplings, not the %d and %d that the "
                        "sampler was made with, or joins others; compile it",
                        g->n, g->m, old->n, old->m);
    struct glb_energy *energy = glb_energy_new(g);
    if (!energy)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the energies of %d p-bits", g->n);
    r = glb_program_set_weights(s->p, g->J, g->h, &s->saturated);
    if (r) {
        glb_energy_free(energy);
        return r;
    }
    glb_energy_free(s->energy);
    s->energy = energy;
    s->p->graph_hash = g->hash;
    s->g = g;
    s->hash = g->hash;
    s->version = s->p->version;
    if (saturated)
        *saturated = s->saturated;
    return GLB_OK;
}
