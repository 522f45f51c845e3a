/* Placement of tasks on tiles and lanes. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_PLACE_H
#define GLB_COMPILER_PLACE_H

#include "compiler/plan.h"

/* Tiles and lanes of all tasks, words and inputs. */
enum glb_status place_tasks(struct plan *plan);

#endif
