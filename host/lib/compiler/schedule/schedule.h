/* The schedule of one segment. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_SCHEDULE_H
#define GLB_COMPILER_SCHEDULE_H

#include "compiler/plan.h"

/* Fills plan->pass[seg]. style 0: for noise or lanes as the bound, 1: for the network, 2: for the
 * network, and graphs with hubs; thrift > 1 saves coupling entries; search: tries per tile and
 * clock to find paths. */
enum glb_status schedule_segment(struct plan *plan, int seg, int style, double thrift,
                                 uint64_t seed, int search);

#endif
