/* Replicas on boards: their states on the host and on the device, a round's sweeps.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"
#include "base/seconds.h"
#include "sampler/tempering/tempering.h"

/* ---- shape ---- */

struct old_shape {
    uint64_t *state;
    int temperatures, stride;
};

/* Replicas of the new ladder start as those of the old one that were at about their place in it. */
static void spread_states(struct tempered_run *t, const struct old_shape *old) {
    const int chains = t->s->p->array.chains;
    const uint64_t mask = (UINT64_C(1) << chains) - 1;
    for (int k = 0; k < t->temperatures; k++) {
        const int from =
            (2 * k * (old->temperatures - 1) + t->temperatures - 1) / (2 * (t->temperatures - 1));
        for (int copy = 0; copy < t->s->p->copies; copy++)
            for (int g = 0; g < t->groups; g++) {
                const struct board_bits to = board_bits(t, copy, k * t->groups + g);
                const int bit = (from * t->groups + g) * chains;
                const uint64_t *x =
                    old->state + (size_t)(copy * old->stride + bit / 64) * (size_t)t->n;
                uint64_t *y = t->state + (size_t)to.column * (size_t)t->n;
                for (int i = 0; i < t->n; i++)
                    y[i] |= (x[i] >> bit % 64 & mask) << to.shift;
            }
    }
}

static void free_shape(struct tempered_run *t) {
    free(t->replica);
    free(t->words);
    free(t->seeds);
    free(t->e);
    free(t->energy);
    free(t->phase);
    free(t->sum);
}

void tempered_free(struct tempered_run *t) {
    free_shape(t);
    free(t->state);
    clusters_free(&t->moves);
    glb_energy_free(t->whole);
}

static void number_replicas(struct tempered_run *t) {
    const int chains = t->s->p->array.chains, board_ladders = t->groups * chains;
    for (int at = 0; at < 64 * t->columns; at++) {
        const int copy = at / (64 * t->stride), bit = at % (64 * t->stride);
        const int temperature = bit / board_ladders;
        t->replica[at] = temperature < t->temperatures
                             ? temperature * t->ladders + copy * board_ladders + bit % board_ladders
                             : -1;
    }
}

enum glb_status tempered_shape(struct tempered_run *t, int temperatures) {
    const struct old_shape old = {t->state, t->temperatures, t->stride};
    const int boards = temperatures * t->groups;
    const size_t replicas = (size_t)temperatures * (size_t)t->ladders;
    free_shape(t);
    t->temperatures = temperatures;
    t->stride = (boards * t->s->p->array.chains + 63) / 64;
    t->columns = t->stride * t->s->p->copies;
    t->run.boards = boards;
    t->state = calloc((size_t)t->columns * (size_t)t->n + 1, sizeof *t->state);
    t->replica = malloc(64 * (size_t)t->columns * sizeof *t->replica);
    t->words = calloc(t->s->nwords * (size_t)t->stride + 1, sizeof *t->words);
    t->seeds = malloc((size_t)boards * sizeof *t->seeds);
    t->e = calloc(replicas, sizeof *t->e);
    t->energy = calloc(replicas, sizeof *t->energy);
    t->phase = calloc(replicas, 1);
    t->sum = calloc(replicas, sizeof *t->sum);
    enum glb_status s = GLB_OK;
    if (!t->state || !t->replica || !t->words || !t->seeds || !t->e || !t->energy || !t->phase ||
        !t->sum)
        s = glb_fail(GLB_ERR_MEMORY, "no memory for %d temperatures of %d chains", temperatures,
                     t->ladders);
    if (!s)
        number_replicas(t);
    if (!s && old.state)
        spread_states(t, &old);
    free(old.state);
    if (!s)
        s = clusters_shape(t);
    return s ? s : sampler_load(&t->run, t->groups, &t->side_by_side);
}

/* ---- start ---- */

/* The value of p-bit i of a ladder: -1, +1, or 0 where it is random. */
static int given(const struct glb_settings *set, int i, int ladder, bool clamped) {
    const int8_t *values = clamped ? set->clamp : set->init;
    const int columns = clamped ? set->clamp_columns : set->init_columns;
    return values ? values[(size_t)i * (size_t)columns + (size_t)(ladder % columns)] : 0;
}

void tempered_start(struct tempered_run *t) {
    const struct glb_settings *set = t->set;
    const int chains = t->s->p->array.chains;
    for (int b = 0; b < t->run.boards; b++) {
        struct glb_rng rng = glb_rng_at(set->seed, 0x696e6974 /* "init" */, (uint64_t)b);
        for (int copy = 0; copy < t->s->p->copies; copy++) {
            const struct board_bits at = board_bits(t, copy, b);
            uint64_t *column = t->state + (size_t)at.column * (size_t)t->n;
            for (int i = 0; i < t->n; i++) {
                const uint64_t random = glb_rng_u64(&rng);
                for (int c = 0; c < chains; c++) {
                    const int ladder = (copy * t->groups + b % t->groups) * chains + c;
                    int value = given(set, i, ladder, true);
                    value = value ? value : given(set, i, ladder, false);
                    const uint64_t one = value ? value > 0 : random >> c & 1;
                    column[i] |= one << (at.shift + c);
                }
            }
        }
    }
}

void tempered_gather(const struct tempered_run *t, int temperature, int first, int count,
                     uint64_t *plane) {
    const int chains = t->s->p->array.chains;
    const uint64_t mask = (UINT64_C(1) << chains) - 1;
    memset(plane, 0, (size_t)t->n * sizeof *plane);
    for (int l = first; l < first + count; l += chains) {
        const int board = l / chains;
        const struct board_bits at =
            board_bits(t, board / t->groups, temperature * t->groups + board % t->groups);
        const uint64_t *column = t->state + (size_t)at.column * (size_t)t->n;
        for (int i = 0; i < t->n; i++)
            plane[i] |= (column[i] >> at.shift & mask) << (l - first);
    }
}

/* ---- sweeps ---- */

static void fill_job(struct tempered_run *t, struct glb_beta_step *step, struct glb_job *j) {
    struct glb_sampler *s = t->s;
    *j = (struct glb_job){.id = (uint32_t)t->round,
                          .steps = step,
                          .nsteps = 1,
                          .runs = s->runs,
                          .nruns = s->nruns,
                          .flags = GLB_RUN_SAMPLE_FINAL,
                          .nseg = (uint8_t)s->p->nseg,
                          .stop = &s->cancel};
    for (int i = 0; i < s->p->nseg; i++)
        j->seg[i] = (uint8_t)i;
}

static void add_counters(struct tempered_run *t, const struct glb_job_counters *c, int boards) {
    struct glb_result *r = &t->s->result;
    r->updates += c->flips * (uint64_t)boards;
    r->clocks += c->run_cycles * (uint64_t)boards;
    r->stalls += c->stall_cycles;
    r->sweeps += c->sweeps * (uint64_t)boards;
}

static int take_all(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                    size_t stride) {
    struct tempered_run *t = user;
    (void)sample, (void)sweep;
    for (int copy = 0; copy < t->s->p->copies; copy++) {
        const int32_t *at = t->s->word + (size_t)copy * (size_t)t->n;
        for (int w = 0; w < t->stride; w++) {
            uint64_t *column = t->state + (size_t)(copy * t->stride + w) * (size_t)t->n;
            for (int i = 0; i < t->n; i++)
                column[i] = words[(size_t)at[i] * stride + (size_t)w];
        }
    }
    return 0;
}

static enum glb_status sweep_all(struct tempered_run *t, bool *whole) {
    struct glb_sampler *s = t->s;
    struct glb_beta_step step = {.sweeps = t->set->interval};
    struct glb_job j;
    struct glb_job_counters c = {0};
    for (int copy = 0; copy < s->p->copies; copy++) {
        const int32_t *at = s->word + (size_t)copy * (size_t)t->n;
        for (int w = 0; w < t->stride; w++) {
            const uint64_t *column = t->state + (size_t)(copy * t->stride + w) * (size_t)t->n;
            for (int i = 0; i < t->n; i++)
                t->words[(size_t)at[i] * (size_t)t->stride + (size_t)w] = column[i];
        }
    }
    enum glb_status st =
        glb_device_set_state(s->d, 0, s->runs, s->nruns, t->words, (size_t)t->stride);
    if (st)
        return st;
    uint32_t k[GLB_MOST_TEMPERATURES];
    for (int i = 0; i < t->temperatures; i++)
        k[i] = t->k[i];
    step.k = k[0];
    fill_job(t, &step, &j);
    j.group_k = t->temperatures > 1 ? k : NULL;
    st = glb_device_run(s->d, &j, t->seeds, take_all, t, &c);
    add_counters(t, &c, t->run.boards);
    *whole = !c.aborted;
    return st;
}

/* ---- boards one after the other ---- */

struct flight { /* a job of one board */
    struct tempered_run *t;
    struct glb_beta_step step;
    struct glb_job job;
    struct glb_job_counters counters;
    int board;
};

static int take_board(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                      size_t stride) {
    const struct flight *f = user;
    struct tempered_run *t = f->t;
    const uint64_t mask = (UINT64_C(1) << t->s->p->array.chains) - 1;
    (void)sample, (void)sweep;
    for (int copy = 0; copy < t->s->p->copies; copy++) {
        const struct board_bits to = board_bits(t, copy, f->board);
        const int32_t *at = t->s->word + (size_t)copy * (size_t)t->n;
        uint64_t *column = t->state + (size_t)to.column * (size_t)t->n;
        for (int i = 0; i < t->n; i++)
            column[i] = (column[i] & ~(mask << to.shift)) | (words[(size_t)at[i] * stride] & mask)
                                                                << to.shift;
    }
    return 0;
}

static enum glb_status begin_board(struct tempered_run *t, struct flight *f, int board) {
    struct glb_sampler *s = t->s;
    const uint64_t mask = (UINT64_C(1) << s->p->array.chains) - 1;
    for (int copy = 0; copy < s->p->copies; copy++) {
        const struct board_bits from = board_bits(t, copy, board);
        const int32_t *at = s->word + (size_t)copy * (size_t)t->n;
        const uint64_t *column = t->state + (size_t)from.column * (size_t)t->n;
        for (int i = 0; i < t->n; i++)
            t->words[at[i]] = column[i] >> from.shift & mask;
    }
    *f = (struct flight){.t = t, .board = board};
    f->step = (struct glb_beta_step){t->k[board / t->groups], t->set->interval};
    fill_job(t, &f->step, &f->job);
    f->job.page = (uint8_t)(board % 2);
    f->job.seed = t->seeds[board];
    const enum glb_status st =
        glb_device_set_state(s->d, f->job.page, s->runs, s->nruns, t->words, 1);
    return st ? st : glb_device_begin(s->d, &f->job, take_board, f, &f->counters);
}

/* Two jobs are in flight: while one runs, the next one's states go out. */
static enum glb_status sweep_each(struct tempered_run *t, bool *whole) {
    struct flight f[2];
    int begun = 0, ended = 0;
    enum glb_status st = GLB_OK;
    *whole = true;
    while (!st && ended < t->run.boards && *whole) {
        if (begun < t->run.boards && begun < ended + 2) {
            st = begin_board(t, &f[begun % 2], begun);
            begun++;
            continue;
        }
        st = glb_device_finish(t->s->d);
        *whole = !f[ended % 2].counters.aborted;
        add_counters(t, &f[ended % 2].counters, 1);
        ended++;
    }
    for (; ended < begun; ended++) { /* after an abort or an error: none stays in flight */
        const enum glb_status e = glb_device_finish(t->s->d);
        st = st ? st : e;
    }
    return st;
}

enum glb_status tempered_sweep(struct tempered_run *t, bool *whole) {
    struct glb_result *r = &t->s->result;
    for (int b = 0; b < t->run.boards; b++)
        t->seeds[b] = glb_job_seed(t->set->seed, (uint32_t)b, (uint32_t)t->round);
    const double start = glb_seconds(CLOCK_MONOTONIC), cpu = glb_seconds(CLOCK_PROCESS_CPUTIME_ID);
    const bool all = t->side_by_side == t->run.boards && t->run.boards > 1;
    const enum glb_status st = all ? sweep_all(t, whole) : sweep_each(t, whole);
    r->job_seconds += glb_seconds(CLOCK_MONOTONIC) - start;
    r->job_cpu_seconds += glb_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    return st;
}
