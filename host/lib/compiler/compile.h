/* The graph compiler: a graph becomes a program for an array. SPDX-License-Identifier: Apache-2.0
 */
#ifndef GLB_COMPILER_COMPILE_H
#define GLB_COMPILER_COMPILE_H

#include <stdio.h>
#include "array/program.h"
#include "base/status.h"
#include "graph/graph.h"

/* Compiles g for a; o and report may be NULL. Options are as glauber/program.h has them, but their
 * size is not looked at, and all zero is valid, with effort 0. *out is NULL on failure; free it
 * with glb_program_free(). The same graph, array and options give the same program. On GLB_ERR_FIT
 * the message names the resource, the need and the limit, and what would fit. */
enum glb_status glb_compile(const struct glb_graph *g, const struct glb_array *a,
                            const struct glb_compile_options *o, struct glb_program **out,
                            struct glb_compile_report *report);

/* The same for the array called by a name; NULL: the first of glb_array_choices that the graph
 * fits, the program tells which. */
enum glb_status glb_compile_named(const struct glb_graph *g, const char *array,
                                  const struct glb_compile_options *o, struct glb_program **out,
                                  struct glb_compile_report *report);

void glb_compile_report_print(const struct glb_compile_report *r, FILE *to);

#endif
