/* Statistics of a run: the array counts at the sampling points and its sums are fetched after each
 * job, or the host counts in samples. SPDX-License-Identifier: Apache-2.0 */
#include "sampler/device_statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compiler/counting/counting.h"
#include "sampler/sampler_state.h"

enum {
    MOST_SUM = 65535, /* of a board */
    SUMS_PAGE = 1
}; /* through which sums are fetched; states are in page 0 */

const char *sampler_host_counts(const struct glb_program *p, const struct glb_graph *g) {
    if (glb_program_counts_all(p, g))
        return NULL;
    if (p->report.sums_limit)
        return p->report.sums_limit;
    return p->ncount ? "the program counts other sums" : "the program has no counting segments";
}

static bool asks_for_samples(const struct glb_settings *set) {
    return set->on_sample || set->on_block || set->bits || set->energies ||
           !isnan(set->stop_energy);
}

static enum glb_status make_room(struct glb_sampler *s) {
    struct sampler_counts *c = &s->counts;
    const size_t n = (size_t)s->g->n, m = (size_t)s->g->m;
    if (!c->up)
        c->up = malloc((n + 1) * sizeof *c->up);
    if (!c->agree)
        c->agree = malloc((m + 1) * sizeof *c->agree);
    if (!c->correlation)
        c->correlation = malloc((m + 1) * sizeof *c->correlation);
    if (!c->fetched)
        c->fetched = malloc((n + m + 1) * sizeof *c->fetched);
    if (!c->up || !c->agree || !c->correlation || !c->fetched)
        return glb_fail(GLB_ERR_MEMORY, "no memory for counts of %zu p-bits and %zu couplings", n,
                        m);
    memset(c->up, 0, n * sizeof *c->up);
    memset(c->agree, 0, m * sizeof *c->agree);
    return GLB_OK;
}

enum glb_status statistics_begin(struct sampler_run *r) {
    struct glb_sampler *s = r->s;
    struct glb_result *res = &s->result;
    r->unseen = r->set->statistics && !asks_for_samples(r->set);
    r->quiet = false;
    if (!r->set->statistics)
        return GLB_OK;
    enum glb_status st = make_room(s);
    if (!st && r->unseen && s->owns && !s->p->ncount && !s->counts.tried) {
        s->counts.tried = true;
        st = glb_program_count_all(s->p, s->g, 1);
    }
    if (st)
        return st;
    res->host_counts = r->unseen ? sampler_host_counts(s->p, s->g) : "the samples come to the host";
    r->quiet = !res->host_counts;
    res->up_counts = s->counts.up;
    res->agree_counts = s->counts.agree;
    res->correlations = s->counts.correlation;
    return GLB_OK;
}

const struct glb_count_limit *statistics_limit(const struct sampler_run *r,
                                               struct glb_count_limit *store) {
    *store = (struct glb_count_limit){r->samples, MOST_SUM / r->s->p->array.chains};
    return r->set->statistics ? store : NULL;
}

/* Emulated boards end at different sweeps when j->stop cuts them short, all at one after this. */
static int on_sweep(void *user, uint32_t sweep) {
    struct sampler_run *r = user;
    return sampler_on_sweep(r, sweep) || r->s->cancel;
}

void statistics_job(struct sampler_run *r, const struct glb_piece *piece, struct glb_job *j) {
    const struct glb_program *p = r->s->p;
    if (piece->flags & GLB_RUN_SAMPLE_FINAL) { /* the only sampling point is the last sweep */
        j->burn_in = (uint32_t)glb_job_sweeps(j) - 1;
        j->interval = 1;
    }
    if (piece->first_sample >= r->samples)
        j->interval = 0; /* the rest of a schedule, not sampled */
    j->nruns = 0;
    j->flags = GLB_RUN_QUIET | GLB_RUN_REPLACE;
    for (int k = 0; k < p->counts; k++)
        j->seg[j->nseg++] = (uint8_t)(p->count_first + k);
    j->nsampled = (uint8_t)p->counts;
    j->progress = on_sweep;
    if (!glb_device_identify(r->s->d)->protocol)
        j->stop = NULL;
}

static void add_sums(struct sampler_run *r) {
    const int n = r->s->g->n, m = r->s->g->m;
    const int64_t *sum = r->s->counts.fetched;
    for (int e = 0; e < m; e++)
        r->s->counts.agree[e] += sum[e];
    for (int i = 0; i < n; i++)
        r->ones[i] += (uint64_t)sum[m + i];
}

enum glb_status statistics_take(struct sampler_run *r, const struct glb_job *j, uint32_t sweeps) {
    struct glb_sampler *s = r->s;
    if (j->interval == 0 || sweeps < (uint64_t)j->burn_in + j->interval)
        return GLB_OK;
    const int64_t samples = (sweeps - j->burn_in) / j->interval;
    const enum glb_status st = glb_device_sums(s->d, s->p, SUMS_PAGE, false, s->counts.fetched);
    if (st)
        return st;
    add_sums(r);
    for (int bit = 0; bit < r->pass_boards * s->p->array.chains; bit++)
        r->count[sampler_chain(r, 0, bit)] += samples;
    return GLB_OK;
}

void statistics_add(struct sampler_run *r, int nbits) {
    const struct glb_graph *g = r->s->g;
    for (int e = 0; e < g->m; e++)
        r->s->counts.agree[e] +=
            nbits - __builtin_popcountll(r->plane[g->ei[e]] ^ r->plane[g->ej[e]]);
}

/* In the input's units and sign, as glb_energy_64() has it. */
static double mean_energy(const struct sampler_run *r, int64_t total) {
    const struct glb_graph *g = r->s->g;
    double sum = 0;
    for (int e = 0; e < g->m; e++)
        sum -= g->J[e] * (double)(2 * r->s->counts.agree[e] - total);
    for (int i = 0; i < g->n; i++)
        sum -= g->h[i] * (double)(2 * r->s->counts.up[i] - total);
    return g->scale * (sum / (double)total) + g->offset;
}

void statistics_finish(struct sampler_run *r, int64_t total) {
    struct glb_sampler *s = r->s;
    struct glb_result *res = &s->result;
    for (int i = 0; i < s->g->n; i++)
        s->counts.up[i] = (int64_t)r->ones[i];
    for (int e = 0; e < s->g->m; e++)
        s->counts.correlation[e] =
            total ? 2.0 * (double)s->counts.agree[e] / (double)total - 1 : NAN;
    res->counted = total;
    res->mean_energy = total ? mean_energy(r, total) : NAN;
    if (!r->unseen)
        return;
    res->best_energy = res->mean_energy_stderr = NAN;
    memset(s->best, 0, (size_t)s->g->n);
}

void statistics_free(struct sampler_counts *c) {
    free(c->up);
    free(c->agree);
    free(c->correlation);
    free(c->fetched);
}
