/* Runs of layers as jobs: on as many boards as the batch needs side by side, or on fewer in turn.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"
#include "learn/layers/layer_sampler_device.h"

enum { TAG_BOARD = 400 };

/* ---- a phase as a job ---- */

/* Which boards run. */
static enum glb_status set_boards(const struct layer_device *p, struct layer_job *x) {
    const struct glb_layer_run *run = &x->asked->run;
    if (run->words < 0 || run->words > p->words)
        return glb_fail(GLB_ERR_ARGUMENT, "a run of %d words of chains; the sampler has %d",
                        run->words, p->words);
    if (run->words && run->count != GLB_COUNT_NOT)
        return glb_fail(GLB_ERR_ARGUMENT, "a run of a part of the chains cannot count");
    const int chains = p->program->array.chains, some = (64 * run->words + chains - 1) / chains;
    x->collect.words = run->words ? run->words : p->words;
    x->boards = run->words && some < p->boards ? some : p->boards;
    x->job.boards = x->boards;
    return GLB_OK;
}

/* What is sampled, counted and returned. */
static enum glb_status set_samples(const struct layer_device *p, struct layer_job *x) {
    const struct glb_layer_run *run = &x->asked->run;
    uint32_t sweeps = 0;
    for (int k = 0; k < run->nsteps; k++)
        sweeps += run->steps[k].sweeps;
    x->counted =
        run->interval && sweeps > run->burn_in ? (sweeps - run->burn_in) / run->interval : 0;
    x->samples = run->last ? run->read != 0 : x->counted;
    if (run->last)
        x->job.flags = GLB_RUN_QUIET | (run->read ? GLB_RUN_SAMPLE_FINAL : 0);
    if (run->count == GLB_COUNT_NOT)
        return GLB_OK;
    if (p->nsums == 0)
        return glb_fail(GLB_ERR_ARGUMENT, "a run that counts on a sampler without sums");
    if (x->job.nseg + p->program->counts > GLB_SEGMENTS)
        return glb_fail(GLB_ERR_FIT, "a run that counts needs %d segments; the array has %d",
                        x->job.nseg + p->program->counts, GLB_SEGMENTS);
    for (int k = 0; k < p->program->counts; k++)
        x->job.seg[x->job.nseg++] = (uint8_t)(p->program->count_first + k);
    x->job.nsampled = (uint8_t)p->program->counts;
    return GLB_OK;
}

static enum glb_status set_schedule(const struct layer_device *p, struct layer_job *x) {
    const struct glb_layer_run *run = &x->asked->run;
    if (run->nsteps < 1 || run->nsteps > GLB_BETA_STEPS)
        return glb_fail(GLB_ERR_ARGUMENT, "a run of %d temperatures; 1 to %d are possible",
                        run->nsteps, GLB_BETA_STEPS);
    for (int k = 0; k < run->nsteps; k++) {
        x->steps[k].sweeps = run->steps[k].sweeps;
        const enum glb_status s = glb_program_k(p->program, run->steps[k].beta, &x->steps[k].k);
        if (s != GLB_OK)
            return s;
    }
    for (int k = 0; k < run->norder; k++) {
        const int l = run->order[k], hold = run->hold >> l & 1 && p->held_segment[l] >= 0;
        if (p->segment[l] < 0)
            return glb_fail(GLB_ERR_ARGUMENT, "layer %s was opened as one that no run updates",
                            glb_layer_name(p->t->layer[l].kind));
        x->job.seg[k] = (uint8_t)(hold ? p->held_segment[l] : p->segment[l]);
    }
    return GLB_OK;
}

static enum glb_status set_readout(const struct layer_device *p, struct layer_job *x) {
    int first = 0, at = 0;
    for (int l = 0; l < p->t->nlayers; l++) {
        const struct readout_words *w = &p->layer[l];
        if (!(x->asked->run.read >> l & 1))
            continue;
        if (x->job.nruns + w->nruns > GLB_RUNS)
            return glb_fail(GLB_ERR_FIT, "a sample needs %d readout runs; the array has %d",
                            x->job.nruns + w->nruns, GLB_RUNS);
        memcpy(x->runs + x->job.nruns, w->run, sizeof *x->runs * (size_t)w->nruns);
        x->job.nruns += w->nruns;
        for (int i = 0; i < p->t->layer[l].count; i++)
            x->collect.slot[at++] = w->pbit[i] - p->t->layer[l].first + first;
        first += p->t->layer[l].count;
    }
    x->collect.size = (size_t)first * (size_t)x->collect.words;
    return GLB_OK;
}

enum glb_status layer_device_prepare(struct layer_device *p, struct layer_job *x,
                                     struct glb_layer_phase *asked, int twin_words) {
    const struct glb_layer_run *run = &asked->run;
    x->asked = asked;
    memset(&asked->counters, 0, sizeof asked->counters);
    x->job = (struct glb_job){.id = 1,
                              .stop = p->stop,
                              .steps = x->steps,
                              .nsteps = run->nsteps,
                              .burn_in = run->burn_in,
                              .interval = run->interval,
                              .runs = x->runs,
                              .nseg = (uint8_t)run->norder};
    x->collect = (struct layer_collect){.p = p, .fn = asked->fn, .user = asked->user, .shift = -1};
    x->collect.slot = calloc((size_t)p->t->graph->n, sizeof *x->collect.slot);
    x->seeds = calloc((size_t)p->boards, sizeof *x->seeds);
    if (!x->collect.slot || !x->seeds)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a run of layers");
    for (int l = 0; l < p->t->nlayers; l++)
        x->state[l] = asked->state[l] ? asked->state[l] : p->state[l];
    const int twins = twin_words ? 64 * twin_words / p->program->array.chains : p->boards;
    for (int b = 0; b < p->boards; b++)
        x->seeds[b] = glb_random_at(run->seed, TAG_BOARD, (uint64_t)(b % twins), 0);
    enum glb_status s = set_boards(p, x);
    if (s == GLB_OK)
        s = set_schedule(p, x);
    if (s == GLB_OK)
        s = set_samples(p, x);
    return s == GLB_OK ? set_readout(p, x) : s;
}

void layer_device_release(struct layer_job *x) {
    free(x->collect.slot);
    free(x->collect.out);
    free(x->seeds);
}

/* ---- running ---- */

static enum glb_status side_by_side(struct layer_device *p, struct layer_job *x) {
    struct glb_job_counters *n = &x->asked->counters;
    enum glb_status s = GLB_OK;
    if (layer_device_sums_full(p, x))
        s = layer_device_take_sums(p, GLB_PAGES - 1);
    if (s == GLB_OK)
        s = layer_device_send_own(p, x);
    if (s != GLB_OK)
        return s;
    x->collect.out = calloc(x->collect.size + 1, sizeof *x->collect.out);
    if (!x->collect.out)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a run's samples");
    x->job.flags |= (uint8_t)layer_device_count(p, x, x->boards);
    s = glb_device_run(p->device, &x->job, x->seeds, layer_device_sample, &x->collect, n);
    n->flips *= (uint64_t)x->boards; /* a device counts for one board */
    n->run_cycles *= (uint64_t)x->boards;
    return s;
}

static enum glb_status run_jobs(struct layer_device *p, struct layer_job *x, int n) {
    enum glb_status s = GLB_OK;
    if (x->asked->run.replace)
        layer_device_clear_sums(p);
    if (p->at_once < p->boards)
        return layer_device_turns(p, x, n);
    for (int k = 0; k < n && s == GLB_OK && !(p->stop && *p->stop); k++)
        s = side_by_side(p, &x[k]);
    return s;
}

enum glb_status layer_device_run_phases(struct layer_device *p, struct glb_layer_phase *phase,
                                        int n, int twin_words) {
    struct layer_job *x = calloc((size_t)n, sizeof *x);
    if (!x)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a run of layers");
    enum glb_status s = GLB_OK;
    for (int k = 0; k < n && s == GLB_OK; k++)
        s = layer_device_prepare(p, &x[k], &phase[k], twin_words);
    if (s == GLB_OK)
        s = run_jobs(p, x, n);
    if (s == GLB_OK && p->stop && *p->stop)
        s = glb_fail(GLB_ERR_INTERRUPTED, "stopped");
    for (int k = 0; k < n; k++)
        layer_device_release(&x[k]);
    free(x);
    return s;
}

/* ---- layers that are held without a segment for it ---- */

static unsigned held_by_clamps(const struct layer_device *p, const struct glb_layer_run *run) {
    unsigned layers = 0;
    for (int k = 0; k < run->norder; k++)
        if (run->hold >> run->order[k] & 1 && p->held_segment[run->order[k]] < 0)
            layers |= 1u << run->order[k];
    return layers;
}

static enum glb_status run_clamped(struct layer_device *p, struct glb_layer_phase *phase,
                                   unsigned layers) {
    const int n = p->t->graph->n;
    bool *clamped = calloc(2 * (size_t)n, sizeof *clamped);
    if (!clamped)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a run of layers");
    bool *before = clamped + n;
    for (int i = 0; i < n; i++) {
        before[i] = p->program->clamped[i];
        clamped[i] = before[i] || layers >> p->t->layer_of[i] & 1;
    }
    glb_program_clamp(p->program, clamped);
    enum glb_status s = glb_device_update(p->device, p->program);
    if (s == GLB_OK)
        s = layer_device_run_phases(p, phase, 1, 0);
    char *why = s != GLB_OK ? strdup(glb_error()) : NULL;
    glb_program_clamp(p->program, before);
    const enum glb_status after = glb_device_update(p->device, p->program);
    if (why)
        glb_fail(s, "%s", why);
    free(why);
    free(clamped);
    return s != GLB_OK ? s : after;
}

static enum glb_status run_one(struct layer_device *p, struct glb_layer_phase *phase) {
    const unsigned clamps = held_by_clamps(p, &phase->run);
    return clamps ? run_clamped(p, phase, clamps) : layer_device_run_phases(p, phase, 1, 0);
}

enum glb_status layer_device_run(void *self, const struct glb_layer_run *request,
                                 glb_layer_sample_fn fn, void *user,
                                 struct glb_job_counters *counters) {
    struct glb_layer_phase phase = {.run = *request, .fn = fn, .user = user};
    const enum glb_status s = run_one(self, &phase);
    *counters = phase.counters;
    return s;
}

enum glb_status layer_device_run_two(struct layer_device *p, struct glb_layer_phase phase[2]) {
    if (!held_by_clamps(p, &phase[0].run) && !held_by_clamps(p, &phase[1].run))
        return layer_device_run_phases(p, phase, 2, 0);
    const enum glb_status s = run_one(p, &phase[0]);
    return s == GLB_OK ? run_one(p, &phase[1]) : s;
}
