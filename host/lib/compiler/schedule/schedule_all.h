/* The schedules of all segments. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_SCHEDULE_ALL_H
#define GLB_COMPILER_SCHEDULE_ALL_H

#include "compiler/plan.h"

/* Schedules every segment as its tasks are placed, with as many tries as the effort allows; saves
 * coupling entries if they do not fit. */
enum glb_status schedule_all_segments(struct plan *plan);

#endif
