/* All segments of a plan, each scheduled several times. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/schedule/schedule_all.h"

#include "compiler/effort.h"
#include "compiler/schedule/schedule.h"

/* Is the tiles' one word a clock what a segment needs most? */
static bool network_bound(const struct plan *plan, int seg) {
    double entries = 0, noise = 0, lanes = 0;
    for (int t = 0; t < plan->ntask; t++) {
        const struct task *k = &plan->task[t];
        if (k->seg != seg)
            continue;
        entries += k->nread + k->nstage;
        noise += k->noise;
        lanes += (double)plan_task_work(k) / plan->problem->array->lanes;
    }
    return entries > 1.1 * noise && entries > 1.1 * lanes;
}

/* Several schedules of each segment with other random choices; the shortest stays. price: clocks
 * that an entry is worth. */
static enum glb_status schedule_all(struct plan *plan, int tries, int search, double price) {
    const struct problem *problem = plan->problem;
    for (int s = 0; s < problem->nseg; s++) {
        const bool network = network_bound(plan, s) || price > 0;
        const int style = network ? 1 + (problem->nhubs > 0) : 0;
        struct pass best = {0};
        for (int k = 0; k < tries; k++) {
            const double thrift = price > 0 ? 8 : problem->nhubs ? 0.3 : 1;
            const enum glb_status status = schedule_segment(
                plan, s, style, thrift, problem->options->seed + 7919u * (unsigned)k, search);
            if (status != GLB_OK) {
                plan_free_pass(&best);
                return status;
            }
            struct pass *p = &plan->pass[s];
            if (!best.op || p->len + price * p->entries < best.len + price * best.entries) {
                plan_free_pass(&best);
                best = *p;
                *p = (struct pass){0};
            }
        }
        plan_free_pass(&plan->pass[s]);
        plan->pass[s] = best;
    }
    return GLB_OK;
}

enum glb_status schedule_all_segments(struct plan *plan) {
    const struct problem *problem = plan->problem;
    const struct effort effort = effort_of(problem);
    const int tries = problem->nhubs ? effort.hub_tries : effort.tries;
    const int search = !problem->nhubs ? effort.search
                       : plan->draft   ? effort.draft
                                       : effort.hub_search;
    enum glb_status s = schedule_all(plan, tries, search, 0);
    if (s == GLB_OK && plan_entries(plan) > problem->array->cdepth)
        s = schedule_all(plan, tries, search, 8);
    return s;
}
