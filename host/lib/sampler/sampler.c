/* Sampling: settings to jobs, passes over boards. SPDX-License-Identifier:
 * Apache-2.0 */
#include "sampler/job_plan.h"
#include "base/rng.h"
#include "sampler/sampler_state.h"
#include "base/seconds.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

uint64_t glb_job_seed(uint64_t user_seed, uint32_t board, uint32_t job) {
    uint64_t x = user_seed;
    x = glb_splitmix64(&x) ^ ((uint64_t)board << 32 | job);
    return glb_splitmix64(&x);
}

void glb_settings_init(struct glb_settings *s) {
    *s = (struct glb_settings){
        .beta = 1, .burn_in = 100, .interval = 1, .samples = 100, .seed = 1, .stop_energy = NAN};
}

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
    *out = NULL;
    if (p->n != g->n || p->m != g->m || p->graph_hash != g->hash)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the program is of another graph: %d p-bits, %d couplings, hash %016llx; "
                        "this graph: %d, %d, %016llx",
                        p->n, p->m, (unsigned long long)p->graph_hash, g->n, g->m,
                        (unsigned long long)g->hash);
    struct glb_sampler *s = calloc(1, sizeof *s);
    if (!s)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a sampler");
    s->g = g;
    s->p = p;
    s->d = d;
    s->energy = glb_energy_new(g);
    s->magnetization = calloc((size_t)g->n + 1, sizeof *s->magnetization);
    s->best = calloc((size_t)g->n + 1, 1);
    enum glb_status r =
        s->energy && s->magnetization && s->best
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
    enum glb_status s = glb_program_compile(g, array, 1, &p);
    if (!s)
        s = glb_device_open(device, array, &d);
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
    if (s->owns) {
        glb_device_close(s->d);
        glb_program_free(s->p);
    }
    glb_energy_free(s->energy);
    free(s->word);
    free(s->magnetization);
    free(s->best);
    free(s);
}

const struct glb_result *glb_sampler_result(const struct glb_sampler *s) {
    return &s->result;
}

static int boards_for(const struct glb_sampler *s, const struct glb_settings *set) {
    const int per_board = s->p->array.chains * s->p->copies;
    return set->chains > per_board ? (set->chains + per_board - 1) / per_board : 1;
}

int glb_sampler_chains(const struct glb_sampler *s, const struct glb_settings *set) {
    return boards_for(s, set) * s->p->array.chains * s->p->copies;
}

static enum glb_status check(const struct glb_sampler *s, const struct glb_settings *set) {
    if (set->interval < 1 && set->samples > 0)
        return glb_fail(GLB_ERR_ARGUMENT, "the sampling interval is 0; it is 1 or more sweeps");
    if (set->samples < 0 || set->samples > UINT32_MAX)
        return glb_fail(GLB_ERR_ARGUMENT, "%ld samples; 0 to %u are possible", set->samples,
                        UINT32_MAX);
    if (set->chains < 0 || set->chains > 1 << 20)
        return glb_fail(GLB_ERR_ARGUMENT, "%d chains; 1 to %d are possible", set->chains, 1 << 20);
    if (set->schedule && set->steps < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "the beta schedule has no steps");
    if ((set->clamp && set->clamp_columns < 1) || (set->init && set->init_columns < 1))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "clamp or initial values with 0 columns; 1 or more are needed");
    if (!set->clamp)
        return GLB_OK;
    for (int i = 0; i < s->g->n; i++)
        for (int c = 0; c < set->clamp_columns; c++) {
            const int8_t *row = set->clamp + (size_t)i * set->clamp_columns;
            if ((row[c] == 0) != (row[0] == 0))
                return glb_fail(GLB_ERR_ARGUMENT,
                                "p-bit %d is clamped in some chains and free in others", i);
        }
    return GLB_OK;
}

static enum glb_status plan(const struct glb_sampler *s, const struct glb_settings *set,
                            struct glb_job_plan *out, long *samples) {
    const struct glb_step single = {.beta = set->beta, .sweeps = 0};
    const int nsteps = set->schedule ? set->steps : 1;
    const struct glb_step *steps = set->schedule ? set->schedule : &single;
    const uint64_t needed = set->burn_in + (uint64_t)set->samples * set->interval;
    if (!set->schedule && needed > UINT32_MAX)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "burn-in and samples x interval make %llu sweeps; at most %u are possible",
                        (unsigned long long)needed, UINT32_MAX);
    struct glb_beta_step *k = malloc((size_t)nsteps * sizeof *k);
    if (!k)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a schedule of %d steps", nsteps);
    enum glb_status r = GLB_OK;
    for (int i = 0; i < nsteps && !r; i++) {
        k[i].sweeps = set->schedule ? steps[i].sweeps : (uint32_t)needed;
        r = glb_program_k(s->p, steps[i].beta, &k[i].k);
    }
    if (!r)
        r = glb_job_plan_make(k, nsteps, set->burn_in, set->interval ? set->interval : 1, out);
    free(k);
    if (r)
        return r;
    *samples = set->samples ? set->samples : out->samples;
    if (!set->schedule)
        *samples = set->samples;
    if (*samples > out->samples)
        r = glb_fail(GLB_ERR_ARGUMENT,
                     "the schedule has %llu sweeps, but burn-in %u + %ld samples x interval %u "
                     "need %llu; shorten them",
                     (unsigned long long)out->sweeps, set->burn_in, set->samples, set->interval,
                     (unsigned long long)needed);
    return r;
}

/* Initial and clamped states of the boards first_board .. + pass_boards. */
static enum glb_status set_states(struct glb_sampler_run *r) {
    struct glb_sampler *s = r->s;
    const struct glb_settings *set = r->set;
    const int n = s->g->n, chains = s->p->array.chains, bits = r->pass_boards * chains;
    const size_t stride = (size_t)(bits + 63) / 64;
    uint64_t *words = calloc(s->nwords * stride + 1, sizeof *words);
    if (!words)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the initial states");
    for (int b = 0; b < r->pass_boards; b++) {
        struct glb_rng rng =
            glb_rng_at(set->seed, 0x696e6974 /* "init" */, (uint64_t)(r->first_board + b));
        for (int copy = 0; copy < s->p->copies; copy++)
            for (int i = 0; i < n; i++) {
                const uint64_t random = glb_rng_u64(&rng);
                uint64_t *w = words + (size_t)s->word[(size_t)copy * n + i] * stride;
                for (int c = 0; c < chains; c++) {
                    const int bit = b * chains + c, chain = glb_sampler_chain(r, copy, bit);
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

static enum glb_status load(struct glb_sampler_run *r, int *device_boards) {
    struct glb_sampler *s = r->s;
    const int n = s->g->n;
    enum glb_status st = glb_device_boards(s->d, r->boards, device_boards);
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

/* One pass: as many boards as the device has side by side, all pieces of the schedule. */
static enum glb_status run_pass(struct glb_sampler_run *r, const struct glb_job_plan *plan,
                                int pass) {
    struct glb_sampler *s = r->s;
    struct glb_result *res = &s->result;
    enum glb_status st = set_states(r);
    uint64_t *seeds = malloc((size_t)r->pass_boards * sizeof *seeds);
    if (!st && !seeds)
        st = glb_fail(GLB_ERR_MEMORY, "no memory for %d seeds", r->pass_boards);
    for (int k = 0; k < plan->npieces && !st && !r->stop; k++) {
        const struct glb_piece *p = &plan->piece[k];
        struct glb_job j = {.id = (uint32_t)(pass * plan->npieces + k),
                            .steps = p->steps,
                            .nsteps = p->nsteps,
                            .burn_in = p->burn_in,
                            .interval = r->samples ? p->interval : 0,
                            .runs = s->runs,
                            .nruns = s->nruns,
                            .flags = p->flags,
                            .nseg = (uint8_t)s->p->nseg,
                            .stop = &s->cancel};
        for (int i = 0; i < s->p->nseg; i++)
            j.seg[i] = (uint8_t)i;
        for (int b = 0; b < r->pass_boards; b++)
            seeds[b] = glb_job_seed(r->set->seed, (uint32_t)(r->first_board + b), (uint32_t)k);
        r->piece_first_sample = p->first_sample;
        r->piece_first_sweep = p->first_sweep;
        struct glb_job_counters c = {0};
        const double start = glb_seconds(CLOCK_MONOTONIC),
                     cpu = glb_seconds(CLOCK_PROCESS_CPUTIME_ID);
        st = glb_device_run(s->d, &j, seeds, glb_sampler_on_sample, r, &c);
        res->job_seconds += glb_seconds(CLOCK_MONOTONIC) - start;
        res->job_cpu_seconds += glb_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        res->flips += c.flips * (uint64_t)r->pass_boards;
        res->cycles += c.run_cycles * (uint64_t)r->pass_boards;
        res->stalls += c.stall_cycles;
        res->sweeps += c.sweeps * (uint64_t)r->pass_boards;
        if (c.aborted)
            r->stop = 1;
    }
    free(seeds);
    return st;
}

enum glb_status glb_sampler_run(struct glb_sampler *s, const struct glb_settings *set) {
    struct glb_sampler_run r = {.s = s, .set = set, .boards = boards_for(s, set)};
    struct glb_job_plan sched = {0};
    const int n = s->g->n;
    s->result = (struct glb_result){.pbits = n,
                                    .couplings = s->g->m,
                                    .colours = s->p->colours,
                                    .best_energy = INFINITY,
                                    .best_spins = s->best,
                                    .magnetization = s->magnetization,
                                    .chains = glb_sampler_chains(s, set)};
    enum glb_status st = check(s, set);
    if (st || (st = plan(s, set, &sched, &r.samples)))
        goto done;
    r.row_bytes = (size_t)(n + 7) / 8;
    r.plane = calloc((size_t)n + 1, sizeof *r.plane);
    r.rows = calloc(64, r.row_bytes + 1);
    r.ones = calloc((size_t)n + 1, sizeof *r.ones);
    r.sum = calloc((size_t)s->result.chains, sizeof *r.sum);
    r.count = calloc((size_t)s->result.chains, sizeof *r.count);
    if (!r.plane || !r.rows || !r.ones || !r.sum || !r.count) {
        st = glb_fail(GLB_ERR_MEMORY, "no memory for %d chains of %d p-bits", s->result.chains, n);
        goto done;
    }
    const double start = glb_seconds(CLOCK_MONOTONIC);
    if ((st = load(&r, &r.pass_boards)))
        goto done;
    const int passes = (r.boards + r.pass_boards - 1) / r.pass_boards;
    r.all_sweeps = sched.sweeps * (uint64_t)passes;
    for (int pass = 0; pass < passes && !st && !r.stop; pass++) {
        r.first_board = pass * r.pass_boards;
        r.pass_first_sweep = sched.sweeps * (uint64_t)pass;
        st = run_pass(&r, &sched, pass);
    }
    s->result.seconds = glb_seconds(CLOCK_MONOTONIC) - start;
    if (!st)
        glb_sampler_finish(&r);
done:
    free(r.plane);
    free(r.rows);
    free(r.ones);
    free(r.sum);
    free(r.count);
    glb_job_plan_free(&sched);
    s->cancel = 0;
    return st;
}

/* a signal handler may store to it */
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "atomic int has no lock");

void glb_sampler_cancel(struct glb_sampler *s) {
    s->cancel = 1;
}
