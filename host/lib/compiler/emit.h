/* From a plan to a program. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_EMIT_H
#define GLB_COMPILER_EMIT_H

#include "compiler/plan.h"

/* Memory images and tables of the plan; weights and biases are 0 until glb_program_set_weights().
 * Gives the plan's words their addresses. */
enum glb_status emit_program(struct plan *plan, struct glb_program **out);

#endif
