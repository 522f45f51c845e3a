/* Live runs: pieces of a job, each of which goes on where the last one ended; a new job where
 * glb_job_plan_make() begins one, after 256 steps of beta. SPDX-License-Identifier: Apache-2.0 */
#include "sampler/live.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "sampler/sampler_state.h"

struct glb_live {
    struct glb_settings set;
    struct sampler_run run;
    uint8_t *states;
    double *energies;
    struct glb_step *step; /* [steps] of the run so far; room for `room` */
    int steps, room;
    int job_steps; /* of these in the current job; 0: none is begun */
    uint32_t job;
    uint64_t sweeps, updates;
    uint64_t *seeds;
};

static int keep(void *user, const struct glb_sample_block *b) {
    struct glb_live *l = user;
    memcpy(l->states + (size_t)b->first_chain * b->row_bytes, b->rows,
           (size_t)b->chains * b->row_bytes);
    memcpy(l->energies + b->first_chain, b->energies, (size_t)b->chains * sizeof *b->energies);
    return 0;
}

static enum glb_status start(struct glb_live *l) {
    struct sampler_run *r = &l->run;
    enum glb_status st = sampler_run_init(r);
    if (st)
        return st;
    const size_t chains = (size_t)r->s->result.chains;
    l->states = calloc(chains, r->row_bytes);
    l->energies = calloc(chains, sizeof *l->energies);
    l->seeds = calloc((size_t)r->boards, sizeof *l->seeds);
    if (!l->states || !l->energies || !l->seeds)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %zu chains", chains);
    st = sampler_load(r, r->boards, &r->pass_boards);
    if (!st && r->pass_boards != r->boards)
        st = glb_fail(GLB_ERR_UNSUPPORTED, "a live run needs an emulator, whose boards all run at "
                                           "once");
    return st ? st : sampler_set_states(r);
}

enum glb_status glb_live_open(struct glb_sampler *s, const struct glb_settings *set,
                              struct glb_live **out) {
    struct glb_settings taken;
    int64_t samples;
    *out = NULL;
    enum glb_status st = sampler_at_rest(s);
    if (!st)
        st = sampler_take_settings(set, &taken);
    if (!st)
        st = sampler_check_settings(s, &taken, &samples);
    if (!st && !glb_device_is_emu(glb_device_identify(s->d)->name))
        st = glb_fail(GLB_ERR_UNSUPPORTED, "a live run needs the device emu");
    if (st)
        return st;
    struct glb_live *l = calloc(1, sizeof *l);
    if (!l)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a live run");
    l->set = taken;
    l->set.on_sample = NULL;
    l->set.on_block = keep;
    l->set.on_progress = NULL;
    l->set.user = l;
    l->set.bits = NULL;
    l->set.energies = NULL;
    l->set.statistics = 0;
    l->set.stop_energy = NAN;
    l->run = (struct sampler_run){
        .s = s, .set = &l->set, .samples = 1, .boards = sampler_boards(s, &taken)};
    st = start(l);
    l->set.clamp = l->set.init = NULL; /* the caller's */
    if (st)
        glb_live_close(l);
    else
        *out = l;
    return st;
}

void glb_live_close(struct glb_live *l) {
    if (!l)
        return;
    sampler_run_free(&l->run);
    free(l->states);
    free(l->energies);
    free(l->seeds);
    free(l->step);
    free(l);
}

/* Appends to the schedule; the seeds where that begins a job. */
static enum glb_status note(struct glb_live *l, double beta, uint32_t sweeps) {
    struct glb_step *last = l->steps ? &l->step[l->steps - 1] : NULL;
    if (last && last->beta == beta && last->sweeps <= UINT32_MAX - sweeps) {
        last->sweeps += sweeps;
        return GLB_OK;
    }
    if (l->steps == l->room) {
        const int room = 2 * l->room + 64;
        struct glb_step *more = realloc(l->step, (size_t)room * sizeof *more);
        if (!more)
            return glb_fail(GLB_ERR_MEMORY, "no memory for a schedule of %d steps", room);
        l->step = more;
        l->room = room;
    }
    l->step[l->steps++] = (struct glb_step){beta, sweeps};
    if (l->job_steps == GLB_BETA_STEPS) {
        l->job++;
        l->job_steps = 0;
    }
    if (l->job_steps++ == 0)
        for (int b = 0; b < l->run.boards; b++)
            l->seeds[b] = glb_job_seed(l->set.seed, (uint32_t)(l->set.first_board + b), l->job);
    return GLB_OK;
}

static void clear_result(struct sampler_run *r) {
    struct glb_result *res = &r->s->result;
    const size_t chains = (size_t)res->chains;
    memset(r->ones, 0, (size_t)r->s->g->n * sizeof *r->ones);
    memset(r->sum, 0, chains * sizeof *r->sum);
    memset(r->count, 0, chains * sizeof *r->count);
    r->hashed = 0;
    res->states_sha256 = NULL;
    res->best_energy = INFINITY;
}

enum glb_status glb_live_sweep(struct glb_live *l, double beta, uint32_t sweeps) {
    struct sampler_run *r = &l->run;
    struct glb_sampler *s = r->s;
    struct glb_beta_step step = {.sweeps = sweeps};
    struct glb_job_counters c = {0};
    if (sweeps < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "0 sweeps; 1 or more are needed");
    enum glb_status st = glb_program_k(s->p, beta, &step.k);
    if (st)
        return st;
    const int jobs_steps = l->job_steps, steps = l->steps;
    if ((st = note(l, beta, sweeps)))
        return st;
    const int begins = l->steps > steps && (jobs_steps == 0 || jobs_steps == GLB_BETA_STEPS);
    struct glb_job j = {.id = l->job,
                        .steps = &step,
                        .nsteps = 1,
                        .runs = s->runs,
                        .nruns = s->nruns,
                        .flags = GLB_RUN_SAMPLE_FINAL,
                        .nseg = (uint8_t)s->p->nseg,
                        .goes_on = !begins};
    for (int i = 0; i < s->p->nseg; i++)
        j.seg[i] = (uint8_t)i;
    clear_result(r);
    st = glb_device_run(s->d, &j, l->seeds, sampler_on_sample, r, &c);
    l->sweeps += c.sweeps;
    l->updates += c.flips * (uint64_t)r->boards;
    if (st)
        return st;
    s->result.updates = l->updates;
    s->result.clocks += c.run_cycles * (uint64_t)r->boards;
    s->result.sweeps = l->sweeps * (uint64_t)r->boards;
    return sampler_finish(r);
}

const uint8_t *glb_live_states(const struct glb_live *l) {
    return l->states;
}

const double *glb_live_energies(const struct glb_live *l) {
    return l->energies;
}

const struct glb_step *glb_live_schedule(const struct glb_live *l, int *steps) {
    *steps = l->steps;
    return l->step;
}

uint64_t glb_live_sweeps(const struct glb_live *l) {
    return l->sweeps;
}

uint64_t glb_live_updates(const struct glb_live *l) {
    return l->updates;
}
