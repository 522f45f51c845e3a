/* Phases as jobs of a compiled program on a device: one segment a layer, so that a job's segment
 * list says what is clamped. A device with fewer boards than the batch needs runs the boards one
 * after another; the bits are the same. SPDX-License-Identifier: Apache-2.0 */
#include "phase.h"

#include <stdlib.h>
#include <string.h>
#include "counter_rng.h"
#include "device.h"
#include "program.h"

enum { TAG_BOARD = 400 };

struct layer_words { /* where a layer's p-bits live: runs of consecutive words, and the p-bit of
                        each word */
    struct glb_run *run;
    int nruns;
    int32_t *pbit;
    int segment; /* -1: no phase updates it */
    int dirty;
};

struct phase_device {
    const struct glb_topology *t;
    struct glb_device *device;
    struct glb_program *program;
    struct glb_compile_report report;
    int boards, at_once; /* the batch needs; run side by side */
    int words;           /* of a plane */
    const volatile int *stop;
    struct layer_words layer[GLB_MAX_LAYERS];
    uint64_t *plane; /* [n][words] states that the caller has set */
    uint64_t *scratch;
    char described[256];
};

/* ---- opening ---- */

static enum glb_status compile(struct phase_device *p, const struct glb_array *a,
                               const struct glb_phase_sampler_options *o) {
    struct glb_segment_spec spec[GLB_MAX_LAYERS];
    int32_t *all = malloc(sizeof *all * (size_t)p->t->graph->n);
    int count = 0;
    if (!all)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a phase sampler");
    for (int i = 0; i < p->t->graph->n; i++)
        all[i] = i;
    for (int l = 0; l < p->t->nlayers; l++) {
        p->layer[l].segment = -1;
        if (!(o->layers >> l & 1))
            continue;
        p->layer[l].segment = count;
        spec[count++] = (struct glb_segment_spec){all + p->t->layer[l].first, p->t->layer[l].count};
    }
    /* Nobody waits for the clocks of an array that no chip holds. */
    const struct glb_compile_options options = {
        .segments = spec, .nsegments = count, .u = o->u, .effort = glb_array_fits_chip(a) ? 1 : 0};
    const enum glb_status s = glb_compile(p->t->graph, a, &options, &p->program, &p->report);
    free(all);
    return s;
}

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

static enum glb_status find_words(struct phase_device *p, int l) {
    const struct glb_layer *layer = &p->t->layer[l];
    struct layer_words *w = &p->layer[l];
    struct place *place = malloc(sizeof *place * (size_t)layer->count);
    w->run = malloc(sizeof *w->run * (size_t)layer->count);
    w->pbit = malloc(sizeof *w->pbit * (size_t)layer->count);
    if (!place || !w->run || !w->pbit) {
        free(place);
        return glb_fail(GLB_ERR_MEMORY, "no memory for a phase sampler");
    }
    for (int i = 0; i < layer->count; i++) {
        const struct glb_slot *s = &p->program->slot[layer->first + i];
        place[i] = (struct place){layer->first + i, (uint16_t)s->tile,
                                  (uint16_t)(s->lane << p->program->array.gw | s->g)};
    }
    qsort(place, (size_t)layer->count, sizeof *place, by_place);
    for (int i = 0; i < layer->count; i++) {
        w->pbit[i] = place[i].pbit;
        struct glb_run *last = w->nruns ? &w->run[w->nruns - 1] : NULL;
        if (last && last->tile == place[i].tile && last->addr + last->count == place[i].addr)
            last->count++;
        else
            w->run[w->nruns++] = (struct glb_run){place[i].tile, place[i].addr, 1};
    }
    free(place);
    return GLB_OK;
}

static void close_device(void *self) {
    struct phase_device *p = self;
    if (!p)
        return;
    for (int l = 0; l < GLB_MAX_LAYERS; l++) {
        free(p->layer[l].run);
        free(p->layer[l].pbit);
    }
    free(p->plane);
    free(p->scratch);
    glb_program_free(p->program);
    glb_device_close(p->device);
    free(p);
}

static const char *describe(void *self) {
    return ((struct phase_device *)self)->described;
}

/* ---- states and weights ---- */

static int layer_at(const struct phase_device *p, int pbit) {
    return p->t->layer_of[pbit];
}

static void set(void *self, int pbit, const uint64_t *plane) {
    struct phase_device *p = self;
    memcpy(p->plane + (size_t)pbit * p->words, plane, sizeof *plane * (size_t)p->words);
    p->layer[layer_at(p, pbit)].dirty = 1;
}

static enum glb_status set_weights(void *self, const double *J, const double *h, int *saturated) {
    struct phase_device *p = self;
    const enum glb_status s = glb_program_set_weights(p->program, J, h, saturated);
    return s == GLB_OK ? glb_device_update(p->device, p->program) : s;
}

static enum glb_status clamp(void *self, const bool *clamped) {
    struct phase_device *p = self;
    glb_program_clamp(p->program, clamped);
    return glb_device_update(p->device, p->program);
}

/* Sends a layer's states: of all boards, or of the board at bit `shift` of the planes. */
static enum glb_status send_layer(struct phase_device *p, int l, int board, int page) {
    const struct layer_words *w = &p->layer[l];
    const int chains = p->program->array.chains, shift = board * chains;
    const int all = p->at_once == p->boards, words = all ? p->words : 1;
    for (int i = 0; i < p->t->layer[l].count; i++) {
        const uint64_t *plane = p->plane + (size_t)w->pbit[i] * p->words;
        if (all)
            memcpy(p->scratch + (size_t)i * words, plane, sizeof *plane * (size_t)words);
        else
            p->scratch[i] = plane[shift >> 6] >> (shift & 63) & ((1ull << chains) - 1);
    }
    return glb_device_set_state(p->device, page, w->run, w->nruns, p->scratch, (size_t)words);
}

/* ---- running ---- */

struct collect {
    const struct phase_device *p;
    const struct glb_phase *phase;
    glb_phase_fn fn;
    void *user;
    uint64_t *out; /* samples in p-bit order; one (boards side by side) or all of them */
    size_t size;   /* words of one sample */
    int shift;     /* of the board, when boards run one after another; -1 else */
    int32_t *slot; /* word of the readout -> p-bit's place in a sample */
};

static int on_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                     size_t stride) {
    struct collect *c = user;
    const struct phase_device *p = c->p;
    const size_t count = c->size / (size_t)p->words;
    (void)sweep;
    if (c->shift < 0) {
        for (size_t i = 0; i < count; i++)
            memcpy(c->out + (size_t)c->slot[i] * p->words, words + i * stride,
                   sizeof *words * (size_t)p->words);
        return c->fn ? c->fn(c->user, sample, c->out) : 0;
    }
    uint64_t *out = c->out + (size_t)sample * c->size + (c->shift >> 6);
    for (size_t i = 0; i < count; i++)
        out[(size_t)c->slot[i] * p->words] |= words[i * stride] << (c->shift & 63);
    return 0;
}

static enum glb_status make_job(const struct phase_device *p, const struct glb_phase *phase,
                                struct glb_job *job, struct glb_beta_step *steps,
                                struct glb_run *runs, struct collect *c) {
    *job = (struct glb_job){.id = 1,
                            .stop = p->stop,
                            .steps = steps,
                            .nsteps = phase->nstages,
                            .burn_in = phase->burn_in,
                            .interval = phase->interval,
                            .runs = runs,
                            .nseg = (uint8_t)phase->norder};
    if (phase->nstages < 1 || phase->nstages > GLB_BETA_STEPS)
        return glb_fail(GLB_ERR_ARGUMENT, "a phase of %d temperatures; 1 to %d are possible",
                        phase->nstages, GLB_BETA_STEPS);
    for (int k = 0; k < phase->nstages; k++) {
        steps[k].sweeps = phase->stages[k].sweeps;
        const enum glb_status s = glb_program_k(p->program, phase->stages[k].beta, &steps[k].k);
        if (s != GLB_OK)
            return s;
    }
    for (int k = 0; k < phase->norder; k++) {
        if (p->layer[phase->order[k]].segment < 0)
            return glb_fail(GLB_ERR_ARGUMENT, "layer %s was opened as one that no phase updates",
                            glb_layer_name(p->t->layer[phase->order[k]].kind));
        job->seg[k] = (uint8_t)p->layer[phase->order[k]].segment;
    }
    int first = 0, at = 0;
    for (int l = 0; l < p->t->nlayers; l++) {
        const struct layer_words *w = &p->layer[l];
        if (!(phase->read >> l & 1))
            continue;
        if (job->nruns + w->nruns > GLB_RUNS)
            return glb_fail(GLB_ERR_FIT, "a sample needs %d readout runs; the array has %d",
                            job->nruns + w->nruns, GLB_RUNS);
        memcpy(runs + job->nruns, w->run, sizeof *runs * (size_t)w->nruns);
        job->nruns += w->nruns;
        for (int i = 0; i < p->t->layer[l].count; i++)
            c->slot[at++] = w->pbit[i] - p->t->layer[l].first + first;
        first += p->t->layer[l].count;
    }
    c->size = (size_t)first * (size_t)p->words;
    return GLB_OK;
}

static enum glb_status run_side_by_side(struct phase_device *p, const struct glb_job *job,
                                        struct collect *c, uint64_t *seeds,
                                        struct glb_job_counters *counters) {
    for (int l = 0; l < p->t->nlayers; l++) {
        if (!p->layer[l].dirty)
            continue;
        const enum glb_status s = send_layer(p, l, 0, 0);
        if (s != GLB_OK)
            return s;
        p->layer[l].dirty = 0;
    }
    c->shift = -1;
    c->out = calloc(c->size + 1, sizeof *c->out);
    if (!c->out)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a phase's samples");
    const enum glb_status s = glb_device_run(p->device, job, seeds, on_sample, c, counters);
    counters->flips *= (uint64_t)p->boards; /* a device counts for one board */
    counters->run_cycles *= (uint64_t)p->boards;
    return s;
}

/* A board's job, and the one behind it: its states go to the other page while the first runs. */
struct turn {
    struct glb_job job;
    struct collect collect;
    struct glb_job_counters n;
};

static enum glb_status end_turn(struct phase_device *p, const struct turn *t,
                                struct glb_job_counters *counters) {
    const enum glb_status s = glb_device_finish(p->device);
    counters->flips += t->n.flips;
    counters->run_cycles += t->n.run_cycles;
    counters->stall_cycles += t->n.stall_cycles;
    counters->sweeps = t->n.sweeps;
    counters->samples = t->n.samples;
    return s;
}

static enum glb_status run_in_turn(struct phase_device *p, const struct glb_job *job,
                                   struct collect *c, const uint64_t *seeds,
                                   struct glb_job_counters *counters) {
    struct turn turn[2];
    uint32_t sweeps = 0;
    for (int k = 0; k < job->nsteps; k++)
        sweeps += job->steps[k].sweeps;
    const uint32_t samples =
        job->interval && sweeps > job->burn_in ? (sweeps - job->burn_in) / job->interval : 0;
    c->out = calloc(c->size * samples + 1, sizeof *c->out);
    if (!c->out)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a phase's samples");
    enum glb_status s = GLB_OK;
    int begun = 0, ended = 0;
    for (; begun < p->boards && s == GLB_OK && !(p->stop && *p->stop); begun++) {
        struct turn *t = &turn[begun & 1];
        if (begun - ended == 2)
            s = end_turn(p, &turn[ended++ & 1], counters);
        for (int l = 0; s == GLB_OK && l < p->t->nlayers; l++)
            s = send_layer(p, l, begun, begun & 1);
        if (s != GLB_OK)
            break;
        *t = (struct turn){.job = *job, .collect = *c};
        t->job.seed = seeds[begun];
        t->job.page = begun & 1;
        t->collect.shift = begun * p->program->array.chains;
        s = glb_device_begin(p->device, &t->job, on_sample, &t->collect, &t->n);
        if (s != GLB_OK)
            break;
    }
    char *why = s != GLB_OK ? strdup(glb_error()) : NULL; /* of the first failure */
    for (; ended < begun; ended++) {
        const enum glb_status e = end_turn(p, &turn[ended & 1], counters);
        if (s == GLB_OK)
            s = e;
    }
    if (why)
        glb_fail(s, "%s", why);
    free(why);
    for (uint32_t k = 0; s == GLB_OK && c->fn && k < samples; k++)
        if (c->fn(c->user, k, c->out + k * c->size))
            break;
    return s;
}

static enum glb_status run(void *self, const struct glb_phase *phase, glb_phase_fn fn, void *user,
                           struct glb_job_counters *counters) {
    struct phase_device *p = self;
    struct glb_job job;
    struct collect c = {.p = p, .phase = phase, .fn = fn, .user = user};
    struct glb_beta_step *steps = calloc(GLB_BETA_STEPS, sizeof *steps);
    struct glb_run *runs = calloc(GLB_RUNS, sizeof *runs);
    uint64_t *seeds = calloc((size_t)p->boards, sizeof *seeds);
    c.slot = calloc((size_t)p->t->graph->n, sizeof *c.slot);
    memset(counters, 0, sizeof *counters);
    enum glb_status s = steps && runs && seeds && c.slot
                            ? make_job(p, phase, &job, steps, runs, &c)
                            : glb_fail(GLB_ERR_MEMORY, "no memory for a phase");
    if (s == GLB_OK) {
        for (int b = 0; b < p->boards; b++)
            seeds[b] = glb_random_at(phase->seed, TAG_BOARD, (uint64_t)b, 0);
        s = p->at_once == p->boards ? run_side_by_side(p, &job, &c, seeds, counters)
                                    : run_in_turn(p, &job, &c, seeds, counters);
    }
    if (s == GLB_OK && p->stop && *p->stop)
        s = glb_fail(GLB_ERR_INTERRUPTED, "stopped");
    free(steps);
    free(runs);
    free(seeds);
    free(c.slot);
    free(c.out);
    return s;
}

/* Whether the coupling memory could hold the directed couplings that the updated layers read. */
static int may_fit(const struct glb_topology *t, const struct glb_array *a, unsigned layers) {
    long reads = 0;
    for (int e = 0; e < t->graph->m; e++)
        reads += (layers >> t->layer_of[t->graph->ei[e]] & 1) +
                 (layers >> t->layer_of[t->graph->ej[e]] & 1);
    return reads <= (long)a->tiles * a->lanes * a->cdepth;
}

static enum glb_status open_on(struct phase_device *p, const char *array,
                               const struct glb_phase_sampler_options *o) {
    const struct glb_array *a = glb_array_find(array);
    if (!a)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "no array is called %s; `glauber info --arrays` lists them", array);
    if (!may_fit(p->t, a, o->layers))
        return glb_fail(GLB_ERR_FIT, "array %s: its memories hold fewer couplings than these",
                        array);
    enum glb_status s = compile(p, a, o);
    if (s != GLB_OK)
        return s;
    for (int l = 0; s == GLB_OK && l < p->t->nlayers; l++)
        s = find_words(p, l);
    if (s != GLB_OK)
        return s;
    p->boards = (o->chains + a->chains - 1) / a->chains;
    p->words = (p->boards * a->chains + 63) / 64;
    p->plane = calloc((size_t)p->t->graph->n * p->words, sizeof *p->plane);
    p->scratch = calloc((size_t)p->t->graph->n * p->words, sizeof *p->scratch);
    if (!p->plane || !p->scratch)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a phase sampler");
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

enum glb_status glb_phase_sampler_open(const struct glb_topology *t,
                                       const struct glb_phase_sampler_options *o,
                                       struct glb_phase_sampler *out) {
    static const char *const choices[] = {"ulx3s-85", "big"};
    memset(out, 0, sizeof *out);
    if (o->chains < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "%d chains; at least one is needed", o->chains);
    struct phase_device *p = NULL;
    enum glb_status s = GLB_ERR_FIT;
    /* The board's array if the machine fits it, else the large one that only the emulator has. */
    for (int k = 0; s == GLB_ERR_FIT && k < (o->array ? 1 : 2); k++) {
        close_device(p);
        p = calloc(1, sizeof *p);
        if (!p)
            return glb_fail(GLB_ERR_MEMORY, "no memory for a phase sampler");
        p->t = t;
        p->stop = o->stop;
        s = open_on(p, o->array ? o->array : choices[k], o);
    }
    if (s != GLB_OK) {
        close_device(p);
        return s;
    }
    *out = (struct glb_phase_sampler){.chains = p->boards * p->program->array.chains,
                                      .words = p->words,
                                      .u = p->program->u,
                                      .colours = p->report.colours,
                                      .clocks = p->report.clocks,
                                      .weight_max = (1 << (p->program->array.jw - 1)) - 1,
                                      .self = p,
                                      .set_weights = set_weights,
                                      .set = set,
                                      .clamp = clamp,
                                      .run = run,
                                      .close = close_device,
                                      .describe = describe};
    snprintf(out->array, sizeof out->array, "%s", p->program->array.name);
    return GLB_OK;
}

void glb_phase_sampler_close(struct glb_phase_sampler *s) {
    if (s->close)
        s->close(s->self);
    memset(s, 0, sizeof *s);
}
