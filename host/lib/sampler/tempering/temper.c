/* Replica exchange: settings, warm-up, rounds, result. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/seconds.h"
#include "base/sized.h"
#include "sampler/tempering/tempering.h"

static const struct glb_tempering defaults = {.size = sizeof defaults, .most_temperatures = 64};

void glb_tempering_init(struct glb_tempering *t, size_t size) {
    glb_sized_init(t, size, &defaults, sizeof defaults);
}

/* ---- settings ---- */

static enum glb_status check_betas(const struct glb_tempering *o) {
    for (int k = 0; k < o->temperatures; k++)
        if (!(o->betas[k] >= 0) || !isfinite(o->betas[k]) ||
            (k > 0 && o->betas[k] <= o->betas[k - 1]))
            return glb_fail(GLB_ERR_ARGUMENT,
                            "beta %d of the ladder is %g; betas are finite, not negative and "
                            "ascend from the hot end to the cold one",
                            k + 1, o->betas[k]);
    return GLB_OK;
}

static enum glb_status check_ladder(const struct glb_settings *set, const struct glb_tempering *o) {
    const int most = GLB_MOST_TEMPERATURES;
    if (o->temperatures != 0 && (o->temperatures < 2 || o->temperatures > most))
        return glb_fail(GLB_ERR_ARGUMENT, "%d temperatures; 2 to %d are possible", o->temperatures,
                        most);
    if (o->betas)
        return o->temperatures ? check_betas(o)
                               : glb_fail(GLB_ERR_ARGUMENT,
                                          "a ladder of 0 betas; 2 to %d are "
                                          "possible",
                                          most);
    if (o->most_temperatures < LADDER_LEAST || o->most_temperatures > most)
        return glb_fail(GLB_ERR_ARGUMENT, "at most %d temperatures; the limit is %d to %d",
                        o->most_temperatures, LADDER_LEAST, most);
    if (!(set->beta > 0) || !isfinite(set->beta))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the cold end of the ladder is beta %g; it must be finite and above 0",
                        set->beta);
    if (!(o->beta_hot >= 0) || o->beta_hot >= set->beta)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the hot end of the ladder is beta %g; it must be above 0 and below the "
                        "cold end, %g",
                        o->beta_hot, set->beta);
    return GLB_OK;
}

static enum glb_status check_rest(const struct glb_sampler *s, const struct glb_settings *set,
                                  const struct glb_tempering *o) {
    if (set->schedule)
        return glb_fail(GLB_ERR_ARGUMENT, "a schedule of beta; a ladder of replicas has none");
    if (set->statistics)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "statistics = 1; a ladder of replicas returns samples, from which they "
                        "follow");
    if (set->first_board)
        return glb_fail(GLB_ERR_ARGUMENT, "the first board is %d; a ladder of replicas has it at 0",
                        set->first_board);
    if (set->interval < 1 || set->samples < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "%lld rounds of %u sweeps; 1 or more of both are needed",
                        (long long)set->samples, set->interval);
    if (!(o->seconds >= 0) || !isfinite(o->seconds))
        return glb_fail(GLB_ERR_ARGUMENT, "a limit of %g seconds; it is 0 (none) or more",
                        o->seconds);
    if (o->cluster_moves < 0 || o->cluster_moves > 1)
        return glb_fail(GLB_ERR_ARGUMENT, "cluster_moves = %d; it is 0 or 1", o->cluster_moves);
    if (s->p->beta > 0)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the program is precise, made for beta %g, where p-bits need not have one "
                        "energy between them; a ladder takes one with plain rounding",
                        s->p->beta);
    const int updated = s->p->nbias, wanted = s->p->n * s->p->copies;
    return updated == wanted ? GLB_OK
                             : glb_fail(GLB_ERR_ARGUMENT,
                                        "the program updates %d of %d p-bits; states with others "
                                        "cannot be exchanged",
                                        updated, wanted);
}

/* ---- rounds ---- */

struct clock {
    double start, warm_up_end, end; /* seconds of the monotonic clock; infinite: no limit */
    uint64_t warm_up, rounds;
};

static struct clock start_clock(const struct tempered_run *t) {
    const double now = glb_seconds(CLOCK_MONOTONIC), limit = t->opt.seconds;
    const uint64_t interval = t->set->interval;
    return (struct clock){.start = now,
                          .warm_up_end = limit > 0 ? now + limit / 3 : INFINITY,
                          .end = limit > 0 ? now + limit : INFINITY,
                          .warm_up = (t->set->burn_in + interval - 1) / interval,
                          .rounds = (uint64_t)t->set->samples};
}

/* By rounds or by time, whichever is nearer to the end. */
static double fraction(const struct tempered_run *t, const struct clock *c) {
    const double by_rounds = (double)t->round / (double)(c->warm_up + c->rounds);
    const double by_time = (glb_seconds(CLOCK_MONOTONIC) - c->start) / (c->end - c->start);
    return fmin(fmax(by_rounds, by_time), 1);
}

static bool goes_on(const struct tempered_run *t) {
    return !t->run.stop && !t->s->cancel;
}

/* A whole round; *whole is false if it was cancelled. */
static enum glb_status one_round(struct tempered_run *t, const struct clock *c, bool counts,
                                 bool *whole) {
    const enum glb_status s = tempered_sweep(t, whole);
    if (s || !*whole)
        return s;
    tempered_look(t);
    if (counts)
        tempered_count(t);
    tempered_exchange(t);
    t->round++;
    if (glb_seconds(CLOCK_MONOTONIC) >= t->run.next_progress)
        sampler_progress(&t->run, fraction(t, c));
    return GLB_OK;
}

static void clear_figures(struct tempered_run *t) {
    memset(t->attempts, 0, sizeof t->attempts);
    memset(t->accepted, 0, sizeof t->accepted);
}

static enum glb_status warm_up(struct tempered_run *t, const struct clock *c) {
    uint64_t stage = LADDER_STAGE, next = LADDER_STAGE;
    enum glb_status s = GLB_OK;
    bool whole = true;
    while (!s && whole && goes_on(t) && t->round < c->warm_up &&
           glb_seconds(CLOCK_MONOTONIC) < c->warm_up_end) {
        s = one_round(t, c, false, &whole);
        if (s || !whole || t->round < next || t->opt.betas)
            continue;
        s = ladder_tune(t);
        clear_figures(t);
        memset(t->moves.moved, 0, sizeof t->moves.moved);
        memset(t->moves.percolating, 0, sizeof t->moves.percolating);
        stage *= 2;
        next += stage;
    }
    t->s->ladder->ladder.warm_up = (int64_t)t->round;
    return s;
}

/* From here on the ladder is fixed and figures count. */
static enum glb_status begin_rounds(struct tempered_run *t, const struct clock *c) {
    struct glb_ladder *l = &t->s->ladder->ladder;
    const double spent = glb_seconds(CLOCK_MONOTONIC) - c->start;
    const double left = c->end - c->start - spent;
    clear_figures(t);
    memset(t->phase, 0, (size_t)t->temperatures * (size_t)t->ladders);
    l->arrivals = l->round_trips = 0;
    if (t->opt.cluster_moves)
        clusters_choose(t);
    if (isfinite(left) && t->round > 0) { /* what the certificate expects */
        const double fit = fmax(left, 0) * (double)t->round / spent;
        if (fit < (double)t->run.samples)
            t->run.samples = (int64_t)fit + 1;
    }
    const enum glb_status s = sampler_certify_at(&t->run, t->beta[t->temperatures - 1]);
    t->run.samples = t->set->samples;
    return s;
}

static enum glb_status rounds(struct tempered_run *t) {
    const struct clock c = start_clock(t);
    sampler_progress(&t->run, 0);
    enum glb_status s = warm_up(t, &c);
    if (!s)
        s = begin_rounds(t, &c);
    bool whole = true;
    while (!s && whole && goes_on(t) && t->rounds < t->set->samples &&
           glb_seconds(CLOCK_MONOTONIC) < c.end)
        s = one_round(t, &c, true, &whole);
    t->s->result.seconds = glb_seconds(CLOCK_MONOTONIC) - c.start;
    if (!s && goes_on(t))
        sampler_progress(&t->run, 1);
    return s;
}

/* ---- result ---- */

static enum glb_status finish(struct tempered_run *t) {
    struct glb_result *r = &t->s->result;
    const double best = r->best_energy;
    const uint64_t sweeps = t->round * t->set->interval;
    enum glb_status s = sampler_finish(&t->run);
    r->best_energy = isfinite(best) ? best : NAN;
    r->sweeps = sweeps;
    r->samples = t->rounds;
    if (t->opt.cluster_moves) /* chains are linked by them */
        t->s->certificate.doubts &= ~(unsigned)GLB_DOUBT_CORRELATED;
    tempered_report(t, t->s->ladder);
    return s;
}

static enum glb_status make(struct tempered_run *t) {
    struct glb_sampler *s = t->s;
    struct sampler_run *r = &t->run;
    const size_t n = (size_t)s->g->n, ladders = (size_t)t->ladders;
    *r = (struct sampler_run){.s = s,
                              .set = t->set,
                              .samples = t->set->samples,
                              .row_bytes = (n + 7) / 8,
                              .plane = calloc(n + 64, sizeof *r->plane),
                              .ones = calloc(n + 1, sizeof *r->ones),
                              .sum = calloc(ladders, sizeof *r->sum),
                              .count = calloc(ladders, sizeof *r->count)};
    r->rows = calloc(64, r->row_bytes + 8);
    if (!s->ladder)
        s->ladder = calloc(1, sizeof *s->ladder);
    t->lowest = INFINITY;
    t->spins = malloc(n + 1);
    if (!t->spins || !r->plane || !r->rows || !r->ones || !r->sum || !r->count || !s->ladder)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %d chains of %d p-bits", t->ladders, t->n);
    memset(s->ladder, 0, sizeof *s->ladder);
    sampler_begin(r, t->ladders);
    sampler_clear_buffers(r);
    enum glb_status st = sampler_take_weights(s);
    if (!st)
        st = whole_new(s->p, s->g, &t->whole);
    if (!st)
        st = clusters_new(t);
    if (!st)
        st = tempered_shape(t, t->opt.temperatures                       ? t->opt.temperatures
                               : t->opt.most_temperatures < LADDER_START ? t->opt.most_temperatures
                                                                         : LADDER_START);
    return st ? st : ladder_start(t);
}

static enum glb_status run(struct tempered_run *t) {
    enum glb_status s = make(t);
    if (!s) {
        tempered_start(t);
        t->part_rounds = 1;
        s = rounds(t);
    }
    if (!s)
        s = finish(t);
    if (s && t->s->ladder)
        t->s->ladder->ladder.size = 0;
    certifier_free(t->run.certifier);
    free(t->spins);
    free(t->run.plane);
    free(t->run.rows);
    free(t->run.ones);
    free(t->run.sum);
    free(t->run.count);
    tempered_free(t);
    t->s->cancel = 0;
    return s;
}

enum glb_status glb_sampler_temper(struct glb_sampler *s, const struct glb_settings *settings,
                                   const struct glb_tempering *tempering) {
    struct glb_settings set;
    struct tempered_run *t;
    struct glb_tempering opt = defaults;
    int64_t samples;
    enum glb_status st = sampler_prepare(s, settings, &set, &samples);
    if (!st)
        st = glb_sized_take(&opt, sizeof opt, tempering, "glb_tempering");
    if (!st)
        st = check_rest(s, &set, &opt);
    if (!st)
        st = check_ladder(&set, &opt);
    if (st)
        return st;
    if (!(t = calloc(1, sizeof *t)))
        return glb_fail(GLB_ERR_MEMORY, "no memory for a ladder");
    t->s = s;
    t->set = &set;
    t->opt = opt;
    t->n = s->g->n;
    t->groups = sampler_boards(s, &set);
    t->ladders = t->groups * glb_sampler_board_chains(s);
    st = run(t);
    free(t);
    return st;
}

const struct glb_ladder *glb_sampler_ladder(const struct glb_sampler *s) {
    return s->ladder && s->ladder->ladder.size ? &s->ladder->ladder : NULL;
}
