/* One plan from its start to its schedule. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/make_plan.h"

#include <stdlib.h>
#include "compiler/tasks/hubs.h"
#include "compiler/tasks/make_tasks.h"
#include "compiler/placement/place.h"
#include "compiler/tasks/scan_order.h"
#include "compiler/schedule/schedule_all.h"

/* Marks reads that several lanes of a group have in common. */
static enum glb_status mark_shared(struct plan *plan) {
    uint8_t *lanes = calloc((size_t)plan->nword + 1, 1);
    if (!lanes)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    for (int g = 0; g < plan->ngroup; g++)
        for (int pass = 0; pass < 3; pass++)
            for (int l = 0; l < plan->problem->array->lanes; l++) {
                const int t = plan->group[g].task[l];
                if (t < 0)
                    continue;
                plan->task[t].group = g;
                const struct stage *s = &plan->stage[plan->task[t].stage0];
                for (int r = s->read0; r < s->read0 + s->nread; r++) {
                    const int w = plan->read[r].word;
                    if (pass == 0)
                        lanes[w] |= (uint8_t)(1 << l);
                    else if (pass == 1)
                        plan->read[r].shared = lanes[w];
                    else
                        lanes[w] = 0;
                }
            }
    free(lanes);
    return GLB_OK;
}

enum glb_status make_plan(struct plan *plan) {
    enum glb_status s = plan_order_colours(plan);
    if (s == GLB_OK)
        s = plan_make_tasks(plan);
    if (s == GLB_OK)
        s = place_tasks(plan);
    if (s == GLB_OK)
        s = plan_use_relays(plan);
    if (s == GLB_OK)
        s = plan_find_paths(plan);
    if (s == GLB_OK)
        s = mark_shared(plan);
    if (s == GLB_OK)
        s = schedule_all_segments(plan);
    return s;
}
