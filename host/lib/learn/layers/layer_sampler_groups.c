/* Runs whose samples the boards count. A board's sums are over all of its chains, so its groups are
 * told apart by state words that are ones in the chains of one of them: with such a word a p-bit
 * agrees where it is on in the group or off in another. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"
#include "compiler/counting/counting.h"
#include "learn/layers/layer_sampler_device.h"

/* ---- opening ---- */

/* Sums of each p-bit: chains in which it is on, then agreement with each word. */
static enum glb_status add_counts(struct layer_device *p, struct layer_groups *g) {
    const struct glb_topology *t = p->t;
    const size_t most = (size_t)t->graph->n * (size_t)g->per_board;
    struct glb_count_want *want = malloc(sizeof *want * most);
    int n = 0;
    if (!want)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a layer sampler's sums");
    for (int i = 0; i < t->graph->n; i++)
        for (int k = 0; g->layers >> t->layer_of[i] & 1 && k < g->per_board; k++)
            want[n++] = (struct glb_count_want){i, k ? t->graph->n + k - 1 : -1};
    const struct glb_array *a = &p->program->array;
    struct glb_count_options o = {.all = true, .word = g->word, .nwords = g->per_board - 1};
    o.most = ((n - 1) / (a->tiles << a->gw) + 1) << a->gw; /* as few dumps as possible */
    enum glb_status s = glb_program_add_counts(p->program, want, n, &o, &p->nsums);
    o.most = 0;
    if (s == GLB_OK && p->nsums == 0)
        s = glb_program_add_counts(p->program, want, n, &o, &p->nsums);
    g->pbits = n / g->per_board;
    free(want);
    return s;
}

enum glb_status layer_device_add_groups(struct layer_device *p,
                                        const struct glb_layer_sampler_options *o) {
    const int chains = p->program->array.chains, each = o->group;
    struct layer_groups *g = &p->groups;
    *g = (struct layer_groups){.layers = o->group_layers};
    if (each < 1 || (each < chains ? chains % each : each % chains))
        return GLB_OK;
    g->per_board = each < chains ? chains / each : 1;
    if (!glb_program_free_words(p->program, g->per_board - 1, g->word))
        return GLB_OK;
    const enum glb_status s = add_counts(p, g);
    g->each = p->nsums ? each : 0;
    return s;
}

int layer_device_group_samples(const struct layer_device *p) {
    return LAYER_SUM_MOST / p->program->array.chains;
}

/* ---- running ---- */

struct board_turn { /* of a page */
    struct glb_job job;
    struct glb_job_counters counters;
    int64_t *sums;
    struct glb_sum_fetch *fetch;
};

struct group_run {
    struct layer_device *p;
    struct layer_job x;
    uint32_t *on;
    int stride; /* groups of all boards */
    struct board_turn turn[GLB_PAGES];
    int jobs; /* of a board: the one that samples, then those that fetch its sums */
    int begun, ended;
};

/* What a board's sums say of its groups. */
static void take_sums(struct group_run *r, int board) {
    const struct layer_device *p = r->p;
    const struct layer_groups *g = &p->groups;
    const int chains = p->program->array.chains, n = g->per_board;
    const int64_t off = (int64_t)(chains - chains / n) * r->x.counted; /* chain-samples of others */
    const int first = n > 1 ? board * n : board * chains / g->each;
    for (int i = 0; i < g->pbits; i++) {
        const int64_t *sum = r->turn[board % GLB_PAGES].sums + (size_t)i * (size_t)n;
        uint32_t *on = r->on + (size_t)i * (size_t)r->stride + first;
        int64_t rest = sum[0];
        for (int k = 0; k + 1 < n; k++) {
            const int64_t mine = (sum[k + 1] + sum[0] - off) / 2;
            on[k] += (uint32_t)mine;
            rest -= mine;
        }
        on[n - 1] += (uint32_t)rest;
    }
}

static enum glb_status end_job(struct group_run *r) {
    const int board = r->ended / r->jobs, k = r->ended % r->jobs;
    struct board_turn *t = &r->turn[board % GLB_PAGES];
    struct glb_job_counters *sum = &r->x.asked->counters;
    r->ended++;
    if (k > 0) {
        const enum glb_status s = glb_sum_fetch_finish(r->p->device, t->fetch, k - 1);
        if (s == GLB_OK && k == r->jobs - 1)
            take_sums(r, board);
        return s;
    }
    const enum glb_status s = glb_device_finish(r->p->device);
    sum->flips += t->counters.flips;
    sum->run_cycles += t->counters.run_cycles;
    sum->stall_cycles += t->counters.stall_cycles;
    return s;
}

/* Dumps leave these words as they are, so a page gets them once. */
static enum glb_status send_words(const struct layer_device *p, int page) {
    const struct layer_groups *g = &p->groups;
    struct glb_run runs[GLB_MAX_CHAINS];
    uint64_t words[GLB_MAX_CHAINS];
    for (int k = 0; k + 1 < g->per_board; k++) {
        const struct glb_slot *s = &g->word[k];
        runs[k] = (struct glb_run){(uint16_t)s->tile,
                                   (uint16_t)(s->lane << p->program->array.gw | s->g), 1};
        words[k] = ((1ull << g->each) - 1) << k * g->each;
    }
    return g->per_board > 1
               ? glb_device_set_state(p->device, page, runs, g->per_board - 1, words, 1)
               : GLB_OK;
}

/* The jobs in flight are those of the two boards before this one, which have two at least, so that
 * its page is free. */
static enum glb_status prepare_board(struct group_run *r, int board) {
    struct layer_device *p = r->p;
    const int page = board % GLB_PAGES;
    enum glb_status s = board < GLB_PAGES ? send_words(p, page) : GLB_OK;
    return s == GLB_OK ? layer_device_send_board(p, &r->x, layer_device_needs(p, &r->x.asked->run),
                                                 board, page)
                       : s;
}

static enum glb_status begin_job(struct group_run *r) {
    const int board = r->begun / r->jobs, k = r->begun % r->jobs, page = board % GLB_PAGES;
    struct board_turn *t = &r->turn[page];
    enum glb_status s = k == 0 ? prepare_board(r, board) : GLB_OK;
    while (s == GLB_OK && r->begun - r->ended >= GLB_JOB_SLOTS)
        s = end_job(r);
    if (s == GLB_OK && k > 0) {
        s = glb_sum_fetch_begin(r->p->device, t->fetch, k - 1);
    } else if (s == GLB_OK) {
        t->job = r->x.job;
        t->job.seed = r->x.seeds[board];
        t->job.page = (uint8_t)page;
        t->job.flags |= GLB_RUN_REPLACE;
        s = glb_device_begin(r->p->device, &t->job, NULL, NULL, &t->counters);
    }
    r->begun += s == GLB_OK;
    return s;
}

static enum glb_status run_all(struct group_run *r) {
    const struct layer_device *p = r->p;
    enum glb_status s = GLB_OK;
    while (s == GLB_OK && r->begun < p->boards * r->jobs &&
           !(p->stop && *p->stop && r->begun % r->jobs == 0))
        s = begin_job(r);
    char *why = s != GLB_OK ? strdup(glb_error()) : NULL; /* of the first failure */
    while (r->ended < r->begun) {
        const enum glb_status e = end_job(r);
        if (s == GLB_OK)
            s = e;
    }
    if (why)
        glb_fail(s, "%s", why);
    free(why);
    return s == GLB_OK && p->stop && *p->stop ? glb_fail(GLB_ERR_INTERRUPTED, "stopped") : s;
}

static enum glb_status open_turns(struct group_run *r) {
    const struct glb_program *program = r->p->program;
    enum glb_status s = GLB_OK;
    for (int k = 0; k < GLB_PAGES && s == GLB_OK; k++) {
        struct board_turn *t = &r->turn[k];
        t->sums = malloc(sizeof *t->sums * (size_t)program->ncount);
        s = t->sums ? glb_sum_fetch_open(program, 1, k, false, t->sums, &t->fetch)
                    : glb_fail(GLB_ERR_MEMORY, "no memory for a run's sums");
    }
    if (s == GLB_OK)
        r->jobs = 1 + glb_sum_fetch_jobs(r->turn[0].fetch);
    return s;
}

enum glb_status layer_device_run_groups(void *self, const struct glb_layer_run *request,
                                        uint32_t *on, struct glb_job_counters *counters) {
    struct layer_device *p = self;
    struct glb_layer_phase phase = {.run = *request};
    struct group_run *r = calloc(1, sizeof *r);
    if (!r)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a run of layers");
    phase.run.read = 0;
    phase.run.last = true;
    phase.run.count = GLB_COUNT_ADD;
    r->p = p;
    r->on = on;
    const int chains = p->boards * p->program->array.chains;
    r->stride = (chains + p->groups.each - 1) / p->groups.each;
    memset(on, 0, sizeof *on * (size_t)p->groups.pbits * (size_t)r->stride);
    enum glb_status s = layer_device_prepare(p, &r->x, &phase, 0);
    if (s == GLB_OK && (int)r->x.counted > layer_device_group_samples(p))
        s = glb_fail(GLB_ERR_ARGUMENT, "%u samples; a board's sums have room for %d", r->x.counted,
                     layer_device_group_samples(p));
    if (s == GLB_OK)
        s = open_turns(r);
    if (s == GLB_OK)
        s = run_all(r);
    *counters = phase.counters;
    for (int k = 0; k < GLB_PAGES; k++) {
        glb_sum_fetch_close(r->turn[k].fetch);
        free(r->turn[k].sums);
    }
    layer_device_release(&r->x);
    free(r);
    return s;
}
