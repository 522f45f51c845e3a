/* Planning the jobs of a run. SPDX-License-Identifier: Apache-2.0 */
#include "sampler/job_plan.h"

#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"

/* Sweeps of one job: below 2^32 by a margin that keeps every counter of the device exact. */
static const uint64_t max_job = UINT64_C(1) << 31;

void glb_job_plan_free(struct glb_job_plan *s) {
    free(s->piece);
    free(s->steps);
    memset(s, 0, sizeof *s);
}

static int is_point(uint64_t sweep, uint64_t burn_in, uint64_t interval) {
    return sweep > burn_in && (sweep - burn_in) % interval == 0;
}

/* The sweep at which a piece of a counting run that starts after `at` sweeps ends at the latest. */
static uint64_t end_of_counts(const struct glb_count_limit *c, uint64_t at, uint32_t burn_in,
                              uint32_t interval) {
    const int64_t before = at > burn_in ? (int64_t)((at - burn_in) / interval) : 0;
    if (!c || before >= c->samples)
        return UINT64_MAX;
    const int64_t left = c->samples - before;
    return burn_in + (uint64_t)(before + (left < c->most ? left : c->most)) * interval;
}

enum glb_status glb_job_plan_make(const struct glb_beta_step *steps, int nsteps, uint32_t burn_in,
                                  uint32_t interval, const struct glb_count_limit *count,
                                  struct glb_job_plan *out) {
    memset(out, 0, sizeof *out);
    uint64_t total = 0;
    for (int i = 0; i < nsteps; i++)
        total += steps[i].sweeps;
    /* a piece ends at the latest after GLB_BETA_STEPS steps, after max_job sweeps, or, if it starts
     * between two sampling points, at the next one, or where the counts end: at most this many
     * pieces, each of which cuts one step in two */
    const size_t counts = count ? (size_t)(count->samples / count->most) + 1 : 0;
    const size_t max_pieces =
        2 * ((size_t)nsteps / (GLB_BETA_STEPS / 2) + total / max_job + 2) + counts;
    out->piece = calloc(max_pieces, sizeof *out->piece);
    out->steps = calloc((size_t)nsteps + max_pieces, sizeof *out->steps);
    if (!out->piece || !out->steps) {
        glb_job_plan_free(out);
        return glb_fail(GLB_ERR_MEMORY, "no memory for a schedule of %d steps", nsteps);
    }
    out->sweeps = total;
    struct glb_beta_step *store = out->steps;
    uint64_t at = 0;
    int step = 0;
    uint32_t used = 0; /* sweeps of steps[step] already in an earlier piece */
    while (at < total) {
        struct glb_piece *p = &out->piece[out->npieces++];
        p->steps = store;
        p->first_sweep = at;
        p->first_sample = out->samples;
        const uint64_t counted = end_of_counts(count, at, burn_in, interval);
        uint64_t limit = at + max_job < counted ? at + max_job : counted;
        if (at <= burn_in || is_point(at, burn_in, interval)) {
            p->burn_in = at < burn_in
                             ? (uint32_t)(burn_in - at < UINT32_MAX ? burn_in - at : UINT32_MAX)
                             : 0;
            p->interval = interval;
        } else { /* between two points: up to the next one, which the final sample takes */
            const uint64_t next = at + interval - (at - burn_in) % interval;
            if (next < limit)
                limit = next;
        }
        while (at < limit && step < nsteps && p->nsteps < GLB_BETA_STEPS) {
            uint64_t n = steps[step].sweeps - used;
            if (n > limit - at)
                n = limit - at;
            if (n > 0)
                p->steps[p->nsteps++] = (struct glb_beta_step){steps[step].k, (uint32_t)n};
            used += (uint32_t)n;
            at += n;
            if (used == steps[step].sweeps) {
                step++;
                used = 0;
            }
        }
        if (!p->interval && is_point(at, burn_in, interval))
            p->flags = GLB_RUN_SAMPLE_FINAL;
        store += p->nsteps;
        if (at > burn_in)
            out->samples = (int64_t)((at - burn_in) / interval);
    }
    return GLB_OK;
}
