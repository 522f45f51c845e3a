/* The colours of a plan: the order of its updates. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_SCAN_ORDER_H
#define GLB_COMPILER_SCAN_ORDER_H

#include "compiler/plan.h"

/* Fills plan->colour for plan->hubs_first. */
enum glb_status plan_order_colours(struct plan *plan);

#endif
