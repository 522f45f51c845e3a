/* What a program costs. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_REPORT_H
#define GLB_COMPILER_REPORT_H

#include "compiler/plan.h"

/* Everything but r->seconds; p is the plan's program with its weights. */
enum glb_status fill_report(const struct plan *plan, const struct glb_program *p,
                            struct glb_compile_report *r);

#endif
