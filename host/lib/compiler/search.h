/* The search for the best plan. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_SEARCH_H
#define GLB_COMPILER_SEARCH_H

#include "compiler/plan.h"

/* The best of as many plans as the effort allows, into *best (all zero before; plan_release() in
 * any case). */
enum glb_status search_plans(const struct problem *problem, struct plan *best);

#endif
