/* Refining of a finished plan. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_REFINE_H
#define GLB_COMPILER_REFINE_H

#include "compiler/plan.h"

/* Swaps groups of tiles that ended late or early and schedules again, some rounds; the best plan
 * stays. */
enum glb_status refine_plan(struct plan *plan, int rounds);

#endif
