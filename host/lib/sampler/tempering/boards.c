/* Replicas on boards: their states on the host and on the device, a round's sweeps.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"
#include "base/seconds.h"
#include "sampler/tempering/tempering.h"

/* ---- shape ---- */

struct old_shape {
    uint64_t *words;
    int temperatures, stride;
};

/* Replicas of the new ladder start as those of the old one that were at about their place in it. */
static void spread_states(struct tempered_run *t, const struct old_shape *old) {
    const int chains = t->s->p->array.chains;
    const uint64_t mask = (UINT64_C(1) << chains) - 1;
    for (int k = 0; k < t->temperatures; k++) {
        const int from =
            (2 * k * (old->temperatures - 1) + t->temperatures - 1) / (2 * (t->temperatures - 1));
        for (int g = 0; g < t->groups; g++) {
            const struct board_bits to = board_bits(t, k * t->groups + g);
            const struct board_bits at = board_bits(t, from * t->groups + g);
            for (size_t i = 0; i < t->s->nwords; i++)
                t->words[i * (size_t)t->stride + (size_t)to.word] |=
                    (old->words[i * (size_t)old->stride + (size_t)at.word] >> at.shift & mask)
                    << to.shift;
        }
    }
}

static void free_shape(struct tempered_run *t) {
    free(t->replica);
    free(t->one);
    free(t->seeds);
    free(t->mask);
    free(t->e);
    free(t->energy);
    free(t->phase);
    free(t->sum);
}

void tempered_free(struct tempered_run *t) {
    free_shape(t);
    free(t->words);
    clusters_free(&t->moves);
    whole_free(t->whole);
}

static void number_replicas(struct tempered_run *t) {
    const int board_ladders = t->groups * t->s->p->array.chains;
    for (int at = 0; at < 64 * t->stride * t->s->p->copies; at++) {
        const int copy = at / (64 * t->stride), bit = at % (64 * t->stride);
        const int temperature = bit / board_ladders;
        t->replica[at] = temperature < t->temperatures
                             ? temperature * t->ladders + copy * board_ladders + bit % board_ladders
                             : -1;
    }
}

static uint64_t *make_words(size_t count) {
    uint64_t *words = aligned_alloc(sizeof(chunk), (count + CHUNK) / CHUNK * sizeof(chunk));
    if (words)
        memset(words, 0, count * sizeof *words);
    return words;
}

enum glb_status tempered_shape(struct tempered_run *t, int temperatures) {
    const struct old_shape old = {t->words, t->temperatures, t->stride};
    const int boards = temperatures * t->groups;
    const size_t replicas = (size_t)temperatures * (size_t)t->ladders;
    free_shape(t);
    t->temperatures = temperatures;
    t->pieces = (boards * t->s->p->array.chains + CHUNK_CHAINS - 1) / CHUNK_CHAINS;
    t->stride = CHUNK * t->pieces;
    t->pieces *= t->s->p->copies;
    t->run.boards = boards;
    t->words = make_words(t->s->nwords * (size_t)t->stride);
    t->replica = malloc(CHUNK_CHAINS * (size_t)t->pieces * sizeof *t->replica);
    t->one = calloc(t->s->nwords + 1, sizeof *t->one);
    t->seeds = malloc((size_t)boards * sizeof *t->seeds);
    t->mask = calloc((size_t)t->stride, sizeof *t->mask);
    t->e = calloc(replicas, sizeof *t->e);
    t->energy = calloc(replicas, sizeof *t->energy);
    t->phase = calloc(replicas, 1);
    t->sum = calloc(replicas, sizeof *t->sum);
    enum glb_status s = GLB_OK;
    if (!t->words || !t->replica || !t->one || !t->seeds || !t->mask || !t->e || !t->energy ||
        !t->phase || !t->sum)
        s = glb_fail(GLB_ERR_MEMORY, "no memory for %d temperatures of %d chains", temperatures,
                     t->ladders);
    if (!s)
        number_replicas(t);
    if (!s && old.words)
        spread_states(t, &old);
    free(old.words);
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
        const struct board_bits at = board_bits(t, b);
        for (int copy = 0; copy < t->s->p->copies; copy++)
            for (int i = 0; i < t->n; i++) {
                const uint64_t random = glb_rng_u64(&rng);
                for (int c = 0; c < chains; c++) {
                    const int ladder = (copy * t->groups + b % t->groups) * chains + c;
                    int value = given(set, i, ladder, true);
                    value = value ? value : given(set, i, ladder, false);
                    const uint64_t one = value ? value > 0 : random >> c & 1;
                    pbit_words(t, copy, i)[at.word] |= one << (at.shift + c);
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
        const int copy = l / chains / t->groups, group = l / chains % t->groups;
        const struct board_bits at = board_bits(t, temperature * t->groups + group);
        for (int i = 0; i < t->n; i++)
            plane[i] |= (pbit_words(t, copy, i)[at.word] >> at.shift & mask) << (l - first);
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
    for (size_t i = 0; i < t->s->nwords; i++)
        memcpy(t->words + i * (size_t)t->stride, words + i * stride, stride * sizeof *words);
    return 0;
}

static enum glb_status sweep_all(struct tempered_run *t, bool *whole) {
    struct glb_sampler *s = t->s;
    struct glb_beta_step step = {t->k[0], t->set->interval};
    struct glb_job j;
    struct glb_job_counters c = {0};
    enum glb_status st =
        glb_device_set_state(s->d, 0, s->runs, s->nruns, t->words, (size_t)t->stride);
    if (st)
        return st;
    fill_job(t, &step, &j);
    j.group_k = t->k;
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
    const struct board_bits to = board_bits(t, f->board);
    (void)sample, (void)sweep;
    for (size_t i = 0; i < t->s->nwords; i++) {
        uint64_t *word = t->words + i * (size_t)t->stride + (size_t)to.word;
        *word = (*word & ~(mask << to.shift)) | (words[i * stride] & mask) << to.shift;
    }
    return 0;
}

static enum glb_status begin_board(struct tempered_run *t, struct flight *f, int board) {
    struct glb_sampler *s = t->s;
    const uint64_t mask = (UINT64_C(1) << s->p->array.chains) - 1;
    const struct board_bits from = board_bits(t, board);
    for (size_t i = 0; i < s->nwords; i++)
        t->one[i] = t->words[i * (size_t)t->stride + (size_t)from.word] >> from.shift & mask;
    *f = (struct flight){.t = t, .board = board};
    f->step = (struct glb_beta_step){t->k[board / t->groups], t->set->interval};
    fill_job(t, &f->step, &f->job);
    f->job.page = (uint8_t)(board % 2);
    f->job.seed = t->seeds[board];
    f->job.id = (uint32_t)(t->round * (uint64_t)t->run.boards + (uint64_t)board);
    const enum glb_status st =
        glb_device_set_state(s->d, f->job.page, s->runs, s->nruns, t->one, 1);
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
