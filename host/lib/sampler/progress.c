/* How far a run is, for the caller and the poll; which chain of the run a bit is.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/seconds.h"
#include "sampler/sampler_state.h"

int sampler_chain(const struct sampler_run *r, int copy, int bit) {
    return copy * r->boards * r->s->p->array.chains + r->first_board * r->s->p->array.chains + bit;
}

void sampler_progress(struct sampler_run *r, double fraction) {
    static const double apart = 0.02; /* seconds between two calls */
    const double best = r->s->result.best_energy;
    r->next_progress = glb_seconds(CLOCK_MONOTONIC) + apart;
    r->s->fraction = fraction;
    r->s->lowest = best;
    if (r->set->on_progress && r->set->on_progress(r->set->user, fraction, best))
        r->stop = 1;
}

int sampler_on_sweep(void *user, uint32_t sweep) {
    struct sampler_run *r = user;
    const uint64_t done = r->pass_first_sweep + r->piece_first_sweep + sweep;
    if (done < r->all_sweeps && glb_seconds(CLOCK_MONOTONIC) >= r->next_progress)
        sampler_progress(r, (double)done / (double)r->all_sweeps);
    return r->stop;
}
