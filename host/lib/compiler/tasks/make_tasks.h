/* From the graph to tasks. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_MAKE_TASKS_H
#define GLB_COMPILER_MAKE_TASKS_H

#include "compiler/plan.h"

/* Every task of the program with its stages, reads and level. */
enum glb_status plan_make_tasks(struct plan *plan);

/* The longest chain of readers after every task, into its path. */
enum glb_status plan_find_paths(struct plan *plan);

#endif
