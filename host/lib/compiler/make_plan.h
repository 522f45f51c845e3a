/* One plan. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_MAKE_PLAN_H
#define GLB_COMPILER_MAKE_PLAN_H

#include "compiler/plan.h"

/* Order, tasks, placement and schedule for the plan's hubs_first and cut; everything else in it but
 * problem, draft and rng is 0 before. */
enum glb_status make_plan(struct plan *plan);

#endif
