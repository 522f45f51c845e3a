/* Weights of precise programs, which are made for a least beta: every p-bit adds its neighbours
 * with integers of its own, large ones spread over several coupling entries (docs/precision.md).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_PRECISE_H
#define GLB_ARRAY_PRECISE_H

#include "array/certain.h"
#include "array/program.h"
#include "graph/graph.h"

/* The couplings term[count] and the bias term[count] of one p-bit to integers weight[count], each
 * within -limit[k] .. limit[k], and returns the bias in units of u: the nearest ones, but that of
 * one coupling where the bias asks for another sum (array/even_sums.h). */
double glb_round_terms(const double *term, int count, double u, const int32_t *limit,
                       int32_t *weight);

/* glb_program_set_weights() and glb_program_precision() of a precise program. Errors are those of
 * what certain decisions leave of the couplings (array/certain.h). */
enum glb_status glb_precise_set_weights(struct glb_program *p, const double *J, const double *h,
                                        int *saturated);
enum glb_status glb_precise_measure(const struct glb_program *p, const struct glb_graph *g,
                                    struct glb_precision *q);

/* The bias in units of the field of every p-bit, of a precise program. GLB_ERR_MEMORY. */
enum glb_status glb_precise_biases(const struct glb_program *p, double *h);

#endif
