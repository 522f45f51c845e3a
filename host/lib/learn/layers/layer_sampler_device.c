/* Runs as jobs of a compiled program on a device: one segment a layer, so that a job's segment list
 * is the list of layers that move. A device with fewer boards than the batch needs runs the boards
 * one after another; the bits are the same. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "compiler/counting/counting.h"
#include "learn/layers/layer_sampler_device.h"

/* ---- opening ---- */

static enum glb_status compile(struct layer_device *p, const struct glb_array *a,
                               const struct glb_layer_sampler_options *o) {
    struct glb_segment_spec spec[GLB_MAX_LAYERS];
    int32_t *all = malloc(sizeof *all * (size_t)p->t->graph->n);
    int count = 0;
    if (!all)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a layer sampler");
    for (int i = 0; i < p->t->graph->n; i++)
        all[i] = i;
    for (int l = 0; l < p->t->nlayers; l++) {
        p->segment[l] = -1;
        if (!(o->layers >> l & 1))
            continue;
        p->segment[l] = count;
        spec[count++] = (struct glb_segment_spec){all + p->t->layer[l].first, p->t->layer[l].count};
    }
    /* Schedule length is irrelevant on emulator-only arrays, so compile quickly. */
    const struct glb_compile_options options = {
        .segments = spec, .nsegments = count, .u = o->u, .effort = glb_array_fits_chip(a) ? 2 : 0};
    const enum glb_status s = glb_compile(p->t->graph, a, &options, &p->program, &p->report);
    free(all);
    return s;
}

static void close_device(void *self) {
    struct layer_device *p = self;
    if (!p)
        return;
    for (int l = 0; l < GLB_MAX_LAYERS; l++)
        readout_words_free(&p->layer[l]);
    for (int k = 0; k < 1 << GLB_MAX_LAYERS; k++)
        readout_words_free(&p->sent[k]);
    free(p->sums.total);
    free(p->sums.taken);
    free(p->turn_words);
    glb_program_free(p->program);
    glb_device_close(p->device);
    free(p);
}

static const char *describe(void *self) {
    return ((struct layer_device *)self)->described;
}

/* ---- counting and holding ---- */

/* A layer whose segment does more than update its p-bits, or has no room for another one, is held
 * by clamps instead. */
static enum glb_status add_holds(struct layer_device *p, unsigned layers) {
    enum glb_status s = GLB_OK;
    for (int l = 0; l < GLB_MAX_LAYERS; l++)
        p->held_segment[l] = -1;
    for (int l = 0; l < p->t->nlayers && s == GLB_OK; l++) {
        if (!(layers >> l & 1) || p->segment[l] < 0)
            continue;
        s = glb_program_add_hold(p->program, p->segment[l], &p->held_segment[l]);
        if (s == GLB_ERR_UNSUPPORTED || s == GLB_ERR_FIT) {
            p->held_segment[l] = -1;
            s = GLB_OK;
        }
    }
    return s;
}

static enum glb_status add_counts(struct layer_device *p, const struct glb_layer_sum *sum, int n) {
    struct glb_count_want *want = malloc(sizeof *want * (size_t)n);
    if (!want)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a layer sampler's sums");
    for (int k = 0; k < n; k++)
        want[k] = (struct glb_count_want){sum[k].i, sum[k].j};
    const enum glb_status s = glb_program_add_counts(p->program, want, n, NULL, &p->nsums);
    free(want);
    return s;
}

/* Segments that hold whole layers, and what counts sums: as far as the program has room. */
static enum glb_status extend(struct layer_device *p, const struct glb_layer_sampler_options *o) {
    enum glb_status s = add_holds(p, o->hold);
    if (s == GLB_OK && o->nsums > 0)
        s = add_counts(p, o->sums, o->nsums);
    else if (s == GLB_OK && o->group > 0 && !glb_device_is_emu(o->device))
        s = layer_device_add_groups(p, o);
    if (s != GLB_OK)
        return s;
    p->sums.total = calloc((size_t)p->nsums + 1, sizeof *p->sums.total);
    p->sums.taken = calloc((size_t)p->nsums + 1, sizeof *p->sums.taken);
    if (!p->sums.total || !p->sums.taken)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a layer sampler's sums");
    layer_device_clear_sums(p);
    return s;
}

/* ---- weights ---- */

static enum glb_status set_weights(void *self, const double *J, const double *h, int *saturated) {
    struct layer_device *p = self;
    const enum glb_status s = glb_program_set_nearest(p->program, J, h, saturated);
    return s == GLB_OK ? glb_device_update(p->device, p->program) : s;
}

static enum glb_status clamp(void *self, const bool *clamped) {
    struct layer_device *p = self;
    glb_program_clamp(p->program, clamped);
    memset(p->held, 0, sizeof p->held);
    for (int i = 0; clamped && i < p->t->graph->n; i++)
        p->held[p->t->layer_of[i]] += clamped[i];
    return glb_device_update(p->device, p->program);
}

/* Whether the coupling memory could hold the directed couplings that the updated layers read. */
static int may_fit(const struct glb_topology *t, const struct glb_array *a, unsigned layers) {
    long reads = 0;
    for (int e = 0; e < t->graph->m; e++)
        reads += (layers >> t->layer_of[t->graph->ei[e]] & 1) +
                 (layers >> t->layer_of[t->graph->ej[e]] & 1);
    return reads <= (long)a->tiles * a->lanes * a->cdepth;
}

static enum glb_status open_on(struct layer_device *p, const char *array,
                               const struct glb_layer_sampler_options *o) {
    const struct glb_array *a;
    enum glb_status s = glb_array_require(array, &a);
    if (s != GLB_OK)
        return s;
    if (!may_fit(p->t, a, o->layers))
        return glb_fail(
            GLB_ERR_FIT,
            "array %s: its memories hold fewer couplings than these; choose a larger array", array);
    s = compile(p, a, o);
    if (s == GLB_OK)
        s = extend(p, o);
    if (s != GLB_OK)
        return s;
    for (int l = 0; s == GLB_OK && l < p->t->nlayers; l++)
        s = readout_words_find(p->program, p->t, 1u << l, &p->layer[l]);
    if (s != GLB_OK)
        return s;
    for (int e = 0; e < p->t->graph->m; e++) {
        const int i = p->t->layer_of[p->t->graph->ei[e]], j = p->t->layer_of[p->t->graph->ej[e]];
        p->coupled[i] |= 1u << j;
        p->coupled[j] |= 1u << i;
    }
    p->boards = (o->chains + a->chains - 1) / a->chains;
    p->words = (p->boards * a->chains + 63) / 64;
    p->turn_words = calloc((size_t)p->t->graph->n, sizeof *p->turn_words);
    if (!p->turn_words)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a layer sampler");
    s = glb_device_open(o->device, array, &p->device);
    if (s == GLB_OK && o->threads > 0)
        s = glb_device_threads(p->device, o->threads);
    if (s == GLB_OK)
        s = glb_device_boards(p->device, p->boards, &p->at_once);
    if (s == GLB_OK)
        s = glb_device_load(p->device, p->program);
    if (s == GLB_OK)
        snprintf(p->described, sizeof p->described, "%s", glb_device_describe(p->device));
    return s;
}

enum glb_status glb_layer_sampler_open(const struct glb_topology *t,
                                       const struct glb_layer_sampler_options *o,
                                       struct glb_layer_sampler *out) {
    memset(out, 0, sizeof *out);
    if (o->chains < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "%d chains; at least one is needed", o->chains);
    struct layer_device *p = NULL;
    enum glb_status s = glb_device_name(o->device, NULL); /* before the graph is compiled */
    if (s)
        return s;
    s = GLB_ERR_FIT;
    /* The board's array if the machine fits it, else the large one that only the emulator has. */
    for (int k = 0; s == GLB_ERR_FIT && k < (o->array ? 1 : GLB_ARRAY_CHOICES); k++) {
        close_device(p);
        p = calloc(1, sizeof *p);
        if (!p)
            return glb_fail(GLB_ERR_MEMORY, "no memory for a layer sampler");
        p->t = t;
        p->stop = o->stop;
        s = open_on(p, o->array ? o->array : glb_array_choices[k], o);
    }
    if (s != GLB_OK) {
        close_device(p);
        return s;
    }
    *out = (struct glb_layer_sampler){.chains = p->boards * p->program->array.chains,
                                      .words = p->words,
                                      .u = p->program->u,
                                      .colours = p->report.colours,
                                      .clocks = p->report.clocks,
                                      .weight_max = (1 << (p->program->array.jw - 1)) - 1,
                                      .nsums = p->groups.each ? 0 : p->nsums,
                                      .self = p,
                                      .set_weights = set_weights,
                                      .set_layer = layer_device_set,
                                      .clamp = clamp,
                                      .run = layer_device_run,
                                      .run_both = layer_device_run_both,
                                      .sums = layer_device_sums,
                                      .run_groups = layer_device_run_groups,
                                      .group = p->groups.each,
                                      .group_layers = p->groups.layers,
                                      .group_samples = layer_device_group_samples(p),
                                      .close = close_device,
                                      .describe = describe};
    snprintf(out->array, sizeof out->array, "%s", p->program->array.name);
    return GLB_OK;
}

void glb_layer_sampler_close(struct glb_layer_sampler *s) {
    if (s->close)
        s->close(s->self);
    memset(s, 0, sizeof *s);
}

enum glb_status glb_layer_sampler_unclamp(const struct glb_layer_sampler *sampler,
                                          enum glb_status s) {
    char *why = s != GLB_OK ? strdup(glb_error()) : NULL;
    const enum glb_status now = sampler->clamp(sampler->self, NULL);
    if (why)
        glb_fail(s, "%s", why);
    free(why);
    return s != GLB_OK ? s : now;
}
