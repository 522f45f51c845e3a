/* Tasks of hubs: their parts, their own, copies of their state. SPDX-License-Identifier: Apache-2.0
 */
#ifndef GLB_COMPILER_HUBS_H
#define GLB_COMPILER_HUBS_H

#include "compiler/plan.h"

/* Parts and own tasks of a segment's hubs. level[colour]; chunk and digit: room for n and
 * (n + 64) * acc numbers. */
void plan_make_hubs(struct plan *plan, int seg, const int32_t *level, int32_t *chunk,
                    int32_t *digit);

/* Relays of the hubs that the segment reads; bank_load: its reads per tile. */
void plan_make_relays(struct plan *plan, int seg, double bank_load);

/* After placement: readers of a hub take the copy that their tile should use. */
enum glb_status plan_use_relays(struct plan *plan);

#endif
