/* Groups of tasks that share reads. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_PAIR_TASKS_H
#define GLB_COMPILER_PAIR_TASKS_H

#include "compiler/plan.h"

/* Groups of all segments and levels, into plan->group (room for one a task); false if memory runs
 * out. */
bool plan_make_groups(struct plan *plan);

int plan_group_members(const struct plan *plan, const struct group *g);

#endif
