/* Runs of layers as jobs: on as many boards as the batch needs side by side, or on fewer in turn.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"
#include "learn/layers/layer_sampler_device.h"

enum { TAG_BOARD = 400 };

/* ---- states ---- */

static const uint64_t *plane_of(const struct layer_device *p, int pbit) {
    const int l = p->t->layer_of[pbit];
    return p->state[l] ? p->state[l] + (size_t)(pbit - p->t->layer[l].first) * p->words : NULL;
}

/* Sends one board's bits of the states to one page. */
static enum glb_status send_board(struct layer_device *p, const struct readout_words *w, int board,
                                  int page) {
    const int chains = p->program->array.chains, shift = board * chains;
    const uint64_t mask = chains == 64 ? ~0ull : (1ull << chains) - 1;
    for (int i = 0; i < w->count; i++) {
        const uint64_t *plane = plane_of(p, w->pbit[i]);
        p->turn_words[i] = plane ? plane[shift >> 6] >> (shift & 63) & mask : 0;
    }
    return glb_device_set_state(p->device, page, w->run, w->nruns, p->turn_words, 1);
}

/* Sends the states of boards side by side: the planes as they lie, word by word. */
static enum glb_status send_all(struct layer_device *p, const struct readout_words *w) {
    enum glb_status s = GLB_OK;
    for (int r = 0, i = 0; r < w->nruns; r++)
        for (int k = 0; s == GLB_OK && k < w->run[r].count; k++, i++) {
            const struct glb_run word = {w->run[r].tile, (uint16_t)(w->run[r].addr + k), 1};
            s = glb_device_set_state(p->device, 0, &word, 1, plane_of(p, w->pbit[i]),
                                     (size_t)p->words);
        }
    return s;
}

enum glb_status layer_device_set(void *self, int layer, const uint64_t *planes) {
    struct layer_device *p = self;
    p->state[layer] = planes;
    if (!planes || p->at_once < p->boards)
        return GLB_OK; /* boards get them when they take their turns */
    return p->boards == 1 ? send_board(p, &p->layer[layer], 0, 0) : send_all(p, &p->layer[layer]);
}

/* ---- samples ---- */

struct collect {
    const struct layer_device *p;
    const struct glb_layer_run *request;
    glb_layer_sample_fn fn;
    void *user;
    uint64_t *out; /* samples in p-bit order; one (boards side by side) or all of them */
    size_t size;   /* words of one sample */
    int shift;     /* of the board, when boards run one after another; -1 else */
    int32_t *slot; /* word of the readout -> p-bit's place in a sample */
};

static int on_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                     size_t stride) {
    struct collect *c = user;
    const struct layer_device *p = c->p;
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

static enum glb_status make_job(const struct layer_device *p, const struct glb_layer_run *request,
                                struct glb_job *job, struct glb_beta_step *steps,
                                struct glb_run *runs, struct collect *c) {
    *job = (struct glb_job){.id = 1,
                            .stop = p->stop,
                            .steps = steps,
                            .nsteps = request->nsteps,
                            .burn_in = request->burn_in,
                            .interval = request->interval,
                            .runs = runs,
                            .nseg = (uint8_t)request->norder};
    if (request->nsteps < 1 || request->nsteps > GLB_BETA_STEPS)
        return glb_fail(GLB_ERR_ARGUMENT, "a run of %d temperatures; 1 to %d are possible",
                        request->nsteps, GLB_BETA_STEPS);
    for (int k = 0; k < request->nsteps; k++) {
        steps[k].sweeps = request->steps[k].sweeps;
        const enum glb_status s = glb_program_k(p->program, request->steps[k].beta, &steps[k].k);
        if (s != GLB_OK)
            return s;
    }
    for (int k = 0; k < request->norder; k++) {
        if (p->segment[request->order[k]] < 0)
            return glb_fail(GLB_ERR_ARGUMENT, "layer %s was opened as one that no run updates",
                            glb_layer_name(p->t->layer[request->order[k]].kind));
        job->seg[k] = (uint8_t)p->segment[request->order[k]];
    }
    int first = 0, at = 0;
    for (int l = 0; l < p->t->nlayers; l++) {
        const struct readout_words *w = &p->layer[l];
        if (!(request->read >> l & 1))
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

static enum glb_status run_side_by_side(struct layer_device *p, const struct glb_job *job,
                                        struct collect *c, uint64_t *seeds,
                                        struct glb_job_counters *counters) {
    c->shift = -1;
    c->out = calloc(c->size + 1, sizeof *c->out);
    if (!c->out)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a run's samples");
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

static enum glb_status end_turn(struct layer_device *p, const struct turn *t,
                                struct glb_job_counters *counters) {
    const enum glb_status s = glb_device_finish(p->device);
    counters->flips += t->n.flips;
    counters->run_cycles += t->n.run_cycles;
    counters->stall_cycles += t->n.stall_cycles;
    counters->sweeps = t->n.sweeps;
    counters->samples = t->n.samples;
    return s;
}

/* Layers whose states before a run matter: all but those that its first sweep draws before any
 * p-bit reads them. */
static unsigned states_that_matter(const struct layer_device *p,
                                   const struct glb_layer_run *request) {
    unsigned layers = (1u << p->t->nlayers) - 1, drawn = 0;
    for (int k = 0; k < request->norder; k++) {
        const int l = request->order[k];
        drawn |= 1u << l;
        if (!(p->coupled[l] & drawn) && p->held[l] == 0)
            layers &= ~(1u << l);
    }
    return layers;
}

static enum glb_status choose_states(struct layer_device *p, const struct glb_layer_run *request) {
    const unsigned layers = states_that_matter(p, request);
    if (p->sent.pbit && layers == p->sent_layers)
        return GLB_OK;
    readout_words_free(&p->sent);
    p->sent_layers = layers;
    return readout_words_find(p->program, p->t, layers, &p->sent);
}

static enum glb_status run_in_turn(struct layer_device *p, const struct glb_job *job,
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
        return glb_fail(GLB_ERR_MEMORY, "no memory for a run's samples");
    enum glb_status s = choose_states(p, c->request);
    int begun = 0, ended = 0;
    for (; begun < p->boards && s == GLB_OK && !(p->stop && *p->stop); begun++) {
        struct turn *t = &turn[begun & 1];
        if (begun - ended == 2)
            s = end_turn(p, &turn[ended++ & 1], counters);
        if (s == GLB_OK)
            s = send_board(p, &p->sent, begun, begun & 1);
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

enum glb_status layer_device_run(void *self, const struct glb_layer_run *request,
                                 glb_layer_sample_fn fn, void *user,
                                 struct glb_job_counters *counters) {
    struct layer_device *p = self;
    struct glb_job job;
    struct collect c = {.p = p, .request = request, .fn = fn, .user = user};
    struct glb_beta_step *steps = calloc(GLB_BETA_STEPS, sizeof *steps);
    struct glb_run *runs = calloc(GLB_RUNS, sizeof *runs);
    uint64_t *seeds = calloc((size_t)p->boards, sizeof *seeds);
    c.slot = calloc((size_t)p->t->graph->n, sizeof *c.slot);
    memset(counters, 0, sizeof *counters);
    enum glb_status s = steps && runs && seeds && c.slot
                            ? make_job(p, request, &job, steps, runs, &c)
                            : glb_fail(GLB_ERR_MEMORY, "no memory for a run of layers");
    if (s == GLB_OK) {
        for (int b = 0; b < p->boards; b++)
            seeds[b] = glb_random_at(request->seed, TAG_BOARD, (uint64_t)b, 0);
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
