/* Weights of precise programs, which are made for a least beta (docs/precision.md): every p-bit
 * adds its neighbours with integers of its own, large ones spread over several coupling entries. A
 * p-bit may have a helper, a word that is drawn anew before each of its updates from the same
 * neighbours: the p-bit adds it with weight W, and its mean makes up for what rounding lost.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_PRECISE_H
#define GLB_ARRAY_PRECISE_H

#include "array/certain.h"
#include "array/program.h"
#include "graph/graph.h"

/* W of programs with helpers, for beta u: even, so that its half is a whole bias. With A the
 * helper's gain its mean is (1 + tanh(beta u A r)) / 2 for a lost field of r units; W times that is
 * r and a constant for W A beta u = 2, up to r^3. A large W has a large spread, which makes the
 * p-bit hotter; a small one is soon saturated. */
enum { GLB_MOST_HELPER_WEIGHT = 8 };
static inline int glb_helper_weight(double beta_u) {
    return beta_u < 0.006 ? GLB_MOST_HELPER_WEIGHT : beta_u < 0.02 ? 4 : 2;
}
static inline double glb_helper_gain(double beta_u) {
    return 2 / (glb_helper_weight(beta_u) * beta_u);
}

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

/* glb_program_effective() of a precise program. GLB_ERR_MEMORY. */
enum glb_status glb_precise_effective(const struct glb_program *p, double *J, double *h);

#endif
