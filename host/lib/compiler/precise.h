/* Precise programs: where plain rounding costs too much, couplings that decide anyway are cut to
 * what the temperature can tell, and large ones are spread over several coupling entries.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_PRECISE_H
#define GLB_COMPILER_PRECISE_H

#include "compiler/problem.h"

/* After choose_unit(): keeps its u, or makes the problem precise: problem->precise, u and parts. */
enum glb_status choose_precision(struct problem *problem);

/* A precise problem whose program is too large: without helpers, with a larger u, which needs fewer
 * entries, or the plain one again. */
enum glb_status coarsen_precision(struct problem *problem);

/* GLB_ERR_FIT if the error is above what the options accept; q is that of the program. */
enum glb_status check_precision(const struct problem *problem, const struct glb_precision *q);

/* The largest |field| of p, a precise program, in units of u: over all states, or of hubs within
 * six sigma of random ones. GLB_ERR_MEMORY. */
enum glb_status precise_field(const struct problem *problem, const struct glb_program *p,
                              double *largest);

#endif
