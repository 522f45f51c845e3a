/* A run: settings to jobs, passes over boards. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"
#include "base/seconds.h"
#include "sampler/job_plan.h"
#include "sampler/sampler_state.h"
#include "sampler/tempering/tempering.h"

uint64_t glb_job_seed(uint64_t user_seed, uint32_t board, uint32_t job) {
    uint64_t x = user_seed;
    x = glb_splitmix64(&x) ^ ((uint64_t)board << 32 | job);
    return glb_splitmix64(&x);
}

static enum glb_status plan(const struct sampler_run *run, struct glb_job_plan *out) {
    const struct glb_sampler *s = run->s;
    const struct glb_settings *set = run->set;
    struct glb_count_limit store;
    const uint64_t needed = set->burn_in + (uint64_t)set->samples * set->interval;
    const struct glb_step single = {set->beta, (uint32_t)needed};
    const int nsteps = set->schedule ? set->steps : 1;
    const struct glb_step *steps = set->schedule ? set->schedule : &single;
    struct glb_beta_step *k = malloc((size_t)nsteps * sizeof *k);
    if (!k)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a schedule of %d steps", nsteps);
    enum glb_status r = GLB_OK;
    for (int i = 0; i < nsteps && !r; i++) {
        k[i].sweeps = steps[i].sweeps;
        r = glb_program_k(s->p, steps[i].beta, &k[i].k);
    }
    if (!r)
        r = glb_job_plan_make(k, nsteps, set->burn_in, set->interval ? set->interval : 1,
                              statistics_limit(run, &store), out);
    free(k);
    return r;
}

/* Initial and clamped states of the boards first_board .. + pass_boards. */
enum glb_status sampler_set_states(struct sampler_run *r) {
    struct glb_sampler *s = r->s;
    const struct glb_settings *set = r->set;
    const int n = s->g->n, chains = s->p->array.chains, bits = r->pass_boards * chains;
    const size_t stride = (size_t)(bits + 63) / 64;
    uint64_t *words = calloc(s->nwords * stride + 1, sizeof *words);
    if (!words)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the initial states");
    for (int b = 0; b < r->pass_boards && !s->cancel; b++) {
        struct glb_rng rng = glb_rng_at(set->seed, 0x696e6974 /* "init" */,
                                        (uint64_t)(set->first_board + r->first_board + b));
        for (int copy = 0; copy < s->p->copies; copy++)
            for (int i = 0; i < n; i++) {
                const uint64_t random = glb_rng_u64(&rng);
                uint64_t *w = words + (size_t)s->word[(size_t)copy * n + i] * stride;
                for (int c = 0; c < chains; c++) {
                    const int bit = b * chains + c, chain = sampler_chain(r, copy, bit);
                    int value = 0;
                    if (set->init)
                        value =
                            set->init[(size_t)i * set->init_columns + chain % set->init_columns];
                    if (set->clamp && set->clamp[(size_t)i * set->clamp_columns])
                        value =
                            set->clamp[(size_t)i * set->clamp_columns + chain % set->clamp_columns];
                    const uint64_t one = value ? value > 0 : random >> c & 1;
                    w[bit / 64] |= one << bit % 64;
                }
            }
    }
    const enum glb_status st = glb_device_set_state(s->d, 0, s->runs, s->nruns, words, stride);
    free(words);
    return st;
}

enum glb_status sampler_take_weights(struct glb_sampler *s) {
    if (s->hash != s->g->hash)
        return glb_fail(GLB_ERR_ARGUMENT, "the graph has other weights than the sampler; "
                                          "glb_sampler_set_weights() takes them over");
    if (s->version == s->p->version)
        return GLB_OK;
    const enum glb_status st = glb_program_set_weights(s->p, s->g->J, s->g->h, NULL);
    s->version = s->p->version;
    return st;
}

enum glb_status sampler_load(const struct sampler_run *r, int group, int *boards) {
    struct glb_sampler *s = r->s;
    const int n = s->g->n;
    enum glb_status st = sampler_take_weights(s);
    if (!st)
        st = glb_device_groups(s->d, r->boards, group, boards);
    if (st)
        return st;
    bool *clamped = calloc((size_t)n + 1, sizeof *clamped);
    if (!clamped)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %d p-bits", n);
    for (int i = 0; i < n && r->set->clamp; i++)
        clamped[i] = r->set->clamp[(size_t)i * r->set->clamp_columns] != 0;
    glb_program_clamp(s->p, clamped);
    free(clamped);
    return glb_device_load(s->d, s->p);
}

static enum glb_status run_piece(struct sampler_run *r, const struct glb_piece *p, uint32_t id,
                                 const uint64_t *seeds) {
    struct glb_sampler *s = r->s;
    struct glb_result *res = &s->result;
    struct glb_job j = {.id = id,
                        .steps = p->steps,
                        .nsteps = p->nsteps,
                        .burn_in = p->burn_in,
                        .interval = r->samples ? p->interval : 0,
                        .runs = s->runs,
                        .nruns = s->nruns,
                        .flags = p->flags,
                        .nseg = (uint8_t)s->p->nseg,
                        .stop = &s->cancel,
                        .progress = sampler_on_sweep,
                        .user = r};
    for (int i = 0; i < s->p->nseg; i++)
        j.seg[i] = (uint8_t)i;
    if (r->quiet)
        statistics_job(r, p, &j);
    r->piece_first_sample = p->first_sample;
    r->piece_first_sweep = p->first_sweep;
    struct glb_job_counters c = {0};
    const double start = glb_seconds(CLOCK_MONOTONIC), cpu = glb_seconds(CLOCK_PROCESS_CPUTIME_ID);
    enum glb_status st = glb_device_run(s->d, &j, seeds, sampler_on_sample, r, &c);
    if (!st && r->quiet)
        st = statistics_take(r, &j, c.sweeps);
    res->job_seconds += glb_seconds(CLOCK_MONOTONIC) - start;
    res->job_cpu_seconds += glb_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    res->updates += c.flips * (uint64_t)r->pass_boards;
    res->clocks += c.run_cycles * (uint64_t)r->pass_boards;
    res->stalls += c.stall_cycles;
    res->sweeps += c.sweeps * (uint64_t)r->pass_boards;
    if (c.aborted)
        r->stop = 1;
    return st;
}

/* One pass: as many boards as the device has side by side, all pieces of the schedule. */
static enum glb_status run_pass(struct sampler_run *r, const struct glb_job_plan *plan, int pass) {
    const uint32_t first = (uint32_t)(r->set->first_board + r->first_board);
    enum glb_status st = sampler_set_states(r);
    uint64_t *seeds = malloc((size_t)r->pass_boards * sizeof *seeds);
    if (!st && !seeds)
        st = glb_fail(GLB_ERR_MEMORY, "no memory for %d seeds", r->pass_boards);
    for (int k = 0; k < plan->npieces && !st && !r->stop; k++) {
        for (int b = 0; b < r->pass_boards; b++)
            seeds[b] = glb_job_seed(r->set->seed, first + (uint32_t)b, (uint32_t)k);
        st = run_piece(r, &plan->piece[k], (uint32_t)(pass * plan->npieces + k), seeds);
    }
    free(seeds);
    return st;
}

static enum glb_status run_passes(struct sampler_run *r, const struct glb_job_plan *plan) {
    struct glb_sampler *s = r->s;
    const double start = glb_seconds(CLOCK_MONOTONIC);
    enum glb_status st = sampler_load(r, r->boards, &r->pass_boards);
    if (st)
        return st;
    const int passes = (r->boards + r->pass_boards - 1) / r->pass_boards;
    r->all_sweeps = plan->sweeps * (uint64_t)passes;
    sampler_progress(r, 0);
    for (int pass = 0; pass < passes && !st && !r->stop && !s->cancel; pass++) {
        r->first_board = pass * r->pass_boards;
        r->pass_first_sweep = plan->sweeps * (uint64_t)pass;
        st = run_pass(r, plan, pass);
    }
    s->result.seconds = glb_seconds(CLOCK_MONOTONIC) - start;
    if (st)
        return st;
    if (!r->stop && !s->cancel)
        sampler_progress(r, 1);
    return sampler_finish(r);
}

void sampler_clear_buffers(const struct sampler_run *r) {
    const size_t values = (size_t)r->samples * (size_t)r->s->result.chains;
    if (r->set->bits)
        memset(r->set->bits, 0, values * r->row_bytes);
    for (size_t k = 0; r->set->energies && k < values; k++)
        r->set->energies[k] = NAN;
}

void sampler_begin(const struct sampler_run *r, int chains) {
    struct glb_sampler *s = r->s;
    s->fraction = 0;
    s->lowest = INFINITY;
    s->certificate = (struct glb_certificate){0};
    if (s->ladder)
        s->ladder->ladder.size = 0;
    s->result = (struct glb_result){.size = sizeof s->result,
                                    .pbits = s->g->n,
                                    .couplings = s->g->m,
                                    .colours = s->p->colours,
                                    .best_energy = INFINITY,
                                    .best_spins = s->best,
                                    .magnetization = s->magnetization,
                                    .chains = chains,
                                    .saturated = s->saturated};
}

enum glb_status sampler_run_init(struct sampler_run *r) {
    const size_t n = (size_t)r->s->g->n;
    const size_t chains = (size_t)r->boards * (size_t)glb_sampler_board_chains(r->s);
    r->row_bytes = (n + 7) / 8;
    r->plane = calloc(n + 64, sizeof *r->plane);
    r->ones = calloc(n + 1, sizeof *r->ones);
    r->sum = calloc(chains, sizeof *r->sum);
    r->count = calloc(chains, sizeof *r->count);
    r->rows = calloc(64, r->row_bytes + 8);
    sampler_begin(r, (int)chains);
    return r->plane && r->rows && r->ones && r->sum && r->count
               ? GLB_OK
               : glb_fail(GLB_ERR_MEMORY, "no memory for %zu chains of %zu p-bits", chains, n);
}

void sampler_run_free(struct sampler_run *r) {
    certifier_free(r->certifier);
    free(r->plane);
    free(r->rows);
    free(r->ones);
    free(r->sum);
    free(r->count);
}

enum glb_status sampler_run(struct glb_sampler *s, const struct glb_settings *set,
                            int64_t samples) {
    struct sampler_run r = {
        .s = s, .set = set, .samples = samples, .boards = sampler_boards(s, set)};
    struct glb_job_plan sched = {0};
    enum glb_status st = sampler_run_init(&r);
    if (!st)
        st = statistics_begin(&r);
    if (!st)
        st = plan(&r, &sched);
    if (!st)
        st = sampler_certify(&r);
    if (!st) {
        sampler_clear_buffers(&r);
        st = run_passes(&r, &sched);
    }
    sampler_run_free(&r);
    glb_job_plan_free(&sched);
    s->cancel = 0;
    return st;
}
