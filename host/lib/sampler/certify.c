/* From a run's settings to its certificate. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "sampler/sampler_state.h"

/* Do all sampling points have the same beta? */
static bool one_beta(const struct glb_settings *set, int64_t samples, double *beta) {
    *beta = set->beta;
    if (!set->schedule)
        return true;
    const uint64_t interval = set->interval ? set->interval : 1;
    const uint64_t first = set->burn_in + interval;
    const uint64_t last = set->burn_in + interval * (uint64_t)samples;
    uint64_t end = 0;
    bool found = false;
    for (int k = 0; k < set->steps && end < last; k++) {
        end += set->schedule[k].sweeps;
        if (end < first)
            continue;
        if (found && set->schedule[k].beta != *beta)
            return false;
        found = true;
        *beta = set->schedule[k].beta;
    }
    return found;
}

enum glb_status sampler_certify(struct sampler_run *r) {
    double beta;
    return one_beta(r->set, r->samples, &beta) ? sampler_certify_at(r, beta) : GLB_OK;
}

enum glb_status sampler_certify_at(struct sampler_run *r, double beta) {
    const struct glb_sampler *s = r->s;
    const struct glb_settings *set = r->set;
    struct certified_run run = {.g = s->g,
                                .beta = beta,
                                .chains = s->result.chains,
                                .samples = r->samples,
                                .seed = set->seed,
                                .same_held = set->clamp_columns < 2};
    if (!set->certificate || r->unseen || r->samples < 1)
        return GLB_OK;
    bool *held = malloc((size_t)s->g->n + 1);
    if (!held)
        return glb_fail(GLB_ERR_MEMORY, "no memory to certify %d p-bits", s->g->n);
    for (int i = 0; i < s->g->n; i++)
        held[i] = true;
    for (int k = 0; k < s->p->nbias; k++)
        held[s->p->bias[k].to] = false;
    for (int i = 0; i < s->g->n; i++) {
        const bool clamped = set->clamp && set->clamp[(size_t)i * (size_t)set->clamp_columns];
        run.same_held &= clamped || !held[i]; /* never updated: as it started */
        held[i] |= clamped;
    }
    int free_pbits = 0;
    for (int i = 0; i < s->g->n; i++)
        free_pbits += !held[i];
    run.held = held;
    const enum glb_status st = free_pbits ? certifier_new(&run, &r->certifier) : GLB_OK;
    free(held);
    return st;
}

const struct glb_certificate *glb_sampler_certificate(const struct glb_sampler *s) {
    return s->certificate.size ? &s->certificate : NULL;
}
