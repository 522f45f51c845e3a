/* The array's unit for couplings and fields, and what rounding costs. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_COMPILER_QUANTISE_H
#define GLB_COMPILER_QUANTISE_H

#include "compiler/problem.h"

/* Chooses u, or checks the options' one: into problem->u and problem->worst_case. GLB_ERR_FIT if
 * the options' u is too small. */
enum glb_status choose_unit(struct problem *problem);

/* The report's fields on quantisation, for the weights that p holds. */
enum glb_status quantise_report(const struct problem *problem, const struct glb_program *p,
                                struct glb_compile_report *r);

#endif
