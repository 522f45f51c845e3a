/* Collects a run's samples, bounded in memory and in time for each. SPDX-License-Identifier:
 * Apache-2.0 */
#include "sampler/certificate/certificate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"
#include "sampler/certificate/enumeration.h"
#include "sampler/certificate/mixing.h"
#include "sampler/certificate/pseudolikelihood.h"
#include "sampler/certificate/spin_sums.h"
#include "sampler/certificate/student.h"
#include "sampler/certificate/stuck.h"

enum {
    CHAINS = 512,              /* whose series are kept */
    MOST_BLOCKS = 1024,        /* of a chain */
    VALUES = 1 << 18,          /* block means of them */
    LEAST_DECISIONS = 1 << 18, /* states of p-bits that the effective beta rests on, if there are */
    MOST_DECISIONS = 1 << 23,
    SHARE = 64,          /* but at most one state of so many, */
    FEWEST_LOOKS = 2048, /* or so many of a chain */
    PART = 1024,         /* every so manieth state of a p-bit is one of them */
    COUNTED = 8192,      /* samples of a chain that are counted as states; more: one of 16 */
    FEW = 10             /* samples that make a chain that never moves doubtful */
};

struct group { /* chains that come together */
    int first, count;
    struct series energy, magnetization;
    uint64_t still;   /* chains whose state has not changed */
    uint64_t *before; /* [n] the first sample */
    struct stuck stuck;
};

struct certifier {
    struct certified_run run;
    int groups, kept; /* groups; chains in them */
    struct group *group;
    int capacity; /* of a series */
    int free;     /* p-bits */
    int32_t *pbit;
    struct pseudolikelihood likelihood;
    int64_t looks, look_every; /* p-bits at a sample; samples from one to the next */
    struct enumeration states; /* .count NULL: too many */
    int64_t count_every;
    int8_t *fixed; /* [n] of the first sample */
    enum glb_status status;
};

/* How many p-bits at how many samples: a share of all, between limits in states of p-bits. */
static void choose_looks(struct certifier *c) {
    const double samples = (double)c->run.samples, chains = c->run.chains;
    double looks = samples * c->free / PART;
    const double least = fmax(samples * c->free / SHARE, FEWEST_LOOKS);
    looks = fmax(looks, fmin(LEAST_DECISIONS / chains, least));
    looks = fmax(fmin(looks, MOST_DECISIONS / chains), 64);
    looks = fmin(looks, samples * c->free);
    c->looks = looks > samples ? (int64_t)(looks / samples + 0.5) : 1;
    c->looks = c->looks < c->free ? c->looks : c->free;
    c->look_every = looks < samples ? (int64_t)(samples / looks) : 1;
}

static void choose_sizes(struct certifier *c) {
    const int chains = c->run.chains < CHAINS ? c->run.chains : CHAINS;
    const int64_t most = VALUES / chains < MOST_BLOCKS ? VALUES / chains : MOST_BLOCKS;
    const int64_t wanted = c->run.samples < most ? c->run.samples : most;
    c->capacity = (int)(wanted < 64 ? 64 : wanted + wanted % 2);
    c->count_every = c->run.samples > COUNTED ? c->run.samples / COUNTED : 1;
    c->count_every = c->count_every < 16 ? c->count_every : 16;
}

enum glb_status certifier_new(const struct certified_run *run, struct certifier **out) {
    struct certifier *c = calloc(1, sizeof *c);
    enum glb_status s = GLB_OK;
    *out = NULL;
    if (c) {
        c->run = *run;
        c->run.held = NULL;
        c->group = calloc(CHAINS, sizeof *c->group);
        c->pbit = malloc(((size_t)run->g->n + 1) * sizeof *c->pbit);
        c->fixed = calloc((size_t)run->g->n + 1, 1);
    }
    if (!c || !c->group || !c->pbit || !c->fixed)
        s = glb_fail(GLB_ERR_MEMORY, "no memory to certify %d chains", run->chains);
    for (int i = 0; i < run->g->n && !s; i++)
        if (!run->held[i])
            c->pbit[c->free++] = i;
    if (!s)
        s = pseudolikelihood_open(&c->likelihood, run->g, run->beta, run->chains);
    if (!s && c->free > 0 && c->free <= ENUMERATION_MOST && run->same_held)
        s = enumeration_open(&c->states, c->pbit, c->free);
    if (s) {
        certifier_free(c);
        return s;
    }
    choose_looks(c);
    choose_sizes(c);
    *out = c;
    return GLB_OK;
}

void certifier_free(struct certifier *c) {
    if (!c)
        return;
    for (int k = 0; k < c->groups; k++) {
        series_close(&c->group[k].energy);
        series_close(&c->group[k].magnetization);
        free(c->group[k].before);
        stuck_close(&c->group[k].stuck);
    }
    pseudolikelihood_close(&c->likelihood);
    enumeration_close(&c->states);
    free(c->group);
    free(c->pbit);
    free(c->fixed);
    free(c);
}

/* The chains' group; NULL: enough chains are kept, or no memory. */
static struct group *group_of(struct certifier *c, int first, int count, const uint64_t *plane) {
    for (int k = 0; k < c->groups; k++)
        if (c->group[k].first == first)
            return &c->group[k];
    if (c->status || c->kept + count > (c->run.chains < CHAINS ? c->run.chains : CHAINS))
        return NULL;
    struct group *g = &c->group[c->groups++];
    const size_t bytes = (size_t)c->run.g->n * sizeof *g->before;
    *g = (struct group){.first = first, .count = count, .before = malloc(bytes + 1)};
    g->still = count == 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
    c->kept += count;
    c->status = series_open(&g->energy, count, c->capacity);
    if (!c->status)
        c->status = series_open(&g->magnetization, count, c->capacity);
    if (!c->status && (!stuck_open(&g->stuck, c->free, g->still) || !g->before))
        c->status = glb_fail(GLB_ERR_MEMORY, "no memory for the states of %d chains", count);
    if (c->status)
        return NULL;
    memcpy(g->before, plane, bytes);
    if (c->groups == 1)
        for (int i = 0; i < c->run.g->n; i++)
            c->fixed[i] = plane[i] & 1 ? 1 : -1;
    return g;
}

static void see_changes(const struct certifier *c, struct group *g, const uint64_t *plane) {
    uint64_t moved = 0;
    for (int k = 0; k < c->free && (g->still & ~moved); k++)
        moved |= plane[c->pbit[k]] ^ g->before[c->pbit[k]];
    g->still &= ~moved;
}

static void follow(struct certifier *c, struct group *g, const uint64_t *plane,
                   const double *energy) {
    const int n = c->run.g->n;
    double mean[64];
    int32_t up[64];
    spin_sums(plane, n, g->count, up);
    for (int k = 0; k < g->count; k++)
        mean[k] = 2.0 * up[k] / n - 1;
    series_add(&g->energy, energy);
    series_add(&g->magnetization, mean);
    if (g->still)
        see_changes(c, g, plane);
    stuck_add(&g->stuck, c->pbit, plane, g->before);
}

/* The same p-bits for all chains of a sample. */
static void look(struct certifier *c, int64_t sample, int first, int count, const uint64_t *plane) {
    struct glb_rng rng = glb_rng_at(c->run.seed, 0x63657274 /* "cert" */, (uint64_t)sample);
    for (int k = 0; k < c->looks; k++) {
        const uint32_t at =
            c->looks == c->free ? (uint32_t)k : glb_rng_below(&rng, (uint32_t)c->free);
        pseudolikelihood_add(&c->likelihood, c->pbit[at], plane, first, count);
    }
}

void certifier_add(struct certifier *c, int64_t sample, int first, int count, const uint64_t *plane,
                   const double *energy) {
    if (!c->free)
        return;
    struct group *g = group_of(c, first, count, plane);
    if (g)
        follow(c, g, plane, energy);
    if (sample % c->look_every == 0)
        look(c, sample, first, count, plane);
    if (c->states.count && sample % c->count_every == 0)
        enumeration_add(&c->states, plane, count);
}

static enum glb_status mix(const struct certifier *c, struct mixing *energy,
                           struct mixing *magnetization) {
    struct series *list = malloc(((size_t)c->groups + 1) * sizeof *list);
    if (!list)
        return glb_fail(GLB_ERR_MEMORY, "no memory to certify %d chains", c->run.chains);
    for (int k = 0; k < c->groups; k++)
        list[k] = c->group[k].energy;
    enum glb_status s = mixing_measure(list, c->groups, energy);
    for (int k = 0; k < c->groups; k++)
        list[k] = c->group[k].magnetization;
    if (!s)
        s = mixing_measure(list, c->groups, magnetization);
    free(list);
    return s;
}

static void judge_beta(const struct certifier *c, struct glb_certificate *out) {
    const struct beta_estimate b = pseudolikelihood_solve(&c->likelihood);
    out->decisions = c->likelihood.decisions;
    out->beta_effective = b.beta;
    out->beta_low = out->beta_high = NAN;
    if (b.freedom < 1)
        return;
    const double half = student_quantile(0.05, b.freedom) * b.error;
    out->beta_low = b.beta - half;
    out->beta_high = b.beta + half;
    const double off = fabs(b.beta - c->run.beta);
    if (off > student_quantile(1e-4, b.freedom) * b.error && off > 0.01 * c->run.beta)
        out->doubts |= GLB_DOUBT_BETA;
}

static enum glb_status judge_states(const struct certifier *c, double mean_energy, double error,
                                    struct glb_certificate *out) {
    const struct glb_graph *g = c->run.g;
    struct exact_figures x;
    const double least = fmin(out->energy.ess, out->magnetization.ess);
    const double independent =
        least < (double)c->states.samples ? least : (double)c->states.samples;
    const enum glb_status s =
        enumeration_compare(&c->states, g, c->fixed, c->run.beta, independent, &x);
    if (s)
        return s;
    out->total_variation = x.distance;
    out->total_variation_noise = x.noise;
    out->exact_energy = g->scale * x.mean + g->offset;
    const double off = fabs(mean_energy - out->exact_energy);
    const double t = out->chains > 1 ? student_quantile(1e-4, c->run.chains - 1) : INFINITY;
    if (x.distance > fmax(1.5 * x.noise + 2.2 / sqrt(independent), x.noise + 0.01) ||
        (off > t * error && off > 0.02 * fabs(g->scale) * x.deviation))
        out->doubts |= GLB_DOUBT_DISTRIBUTION;
    return GLB_OK;
}

/* P-bits that half of the chains or more never changed, at values that differ. */
static int count_stuck(const struct certifier *c) {
    int pbits = 0;
    for (int k = 0; k < c->free; k++) {
        int still = 0, up = 0, chains = 0;
        for (const struct group *g = c->group; g < c->group + c->groups; g++) {
            chains += g->count;
            stuck_count(&g->stuck, k, g->before[c->pbit[k]], &still, &up);
        }
        pbits += 2 * still >= chains && up > 0 && up < still;
    }
    return pbits;
}

static void judge_mixing(const struct certifier *c, const struct mixing *energy,
                         const struct mixing *magnetization, struct glb_certificate *out) {
    out->energy = energy->value;
    out->magnetization = magnetization->value;
    out->chain_correlation =
        fabs(magnetization->correlation) > fabs(energy->correlation) || isnan(energy->correlation)
            ? magnetization->correlation
            : energy->correlation;
    for (int k = 0; k < c->groups; k++) {
        const struct group *g = &c->group[k];
        out->samples = g->energy.count > out->samples ? g->energy.count : out->samples;
        if (g->energy.count >= FEW)
            out->frozen_chains += __builtin_popcountll(g->still);
    }
    out->frozen_pbits = out->samples < FEW ? 0 : count_stuck(c);
    if (out->frozen_chains || out->frozen_pbits)
        out->doubts |= GLB_DOUBT_FROZEN;
    if (energy->too_short || magnetization->too_short)
        out->doubts |= GLB_DOUBT_SHORT;
    if (energy->value.r_hat > 1.1 || magnetization->value.r_hat > 1.1)
        out->doubts |= GLB_DOUBT_CHAINS;
    if (energy->correlated || magnetization->correlated)
        out->doubts |= GLB_DOUBT_CORRELATED;
}

enum glb_status certifier_finish(struct certifier *c, double mean_energy, double error,
                                 struct glb_certificate *out) {
    struct mixing energy, magnetization;
    *out = (struct glb_certificate){.size = sizeof *out,
                                    .chains = c->kept,
                                    .beta = c->run.beta,
                                    .total_variation = NAN,
                                    .total_variation_noise = NAN,
                                    .exact_energy = NAN};
    enum glb_status s = c->status ? c->status : mix(c, &energy, &magnetization);
    if (s)
        return s;
    judge_mixing(c, &energy, &magnetization, out);
    judge_beta(c, out);
    return c->states.samples ? judge_states(c, mean_energy, error, out) : GLB_OK;
}
