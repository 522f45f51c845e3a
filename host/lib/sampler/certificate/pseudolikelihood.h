/* The inverse temperature at which a run's states are most likely, p-bit by p-bit given the others
 * (Besag's pseudolikelihood). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_CERTIFICATE_PSEUDOLIKELIHOOD_H
#define GLB_SAMPLER_CERTIFICATE_PSEUDOLIKELIHOOD_H

#include "graph/adjacency.h"

struct pseudolikelihood {
    const struct glb_graph *g;
    struct glb_adjacency adj;
    double beta;            /* asked */
    int chains;             /* of the run */
    double *score, *inform; /* [chains] at beta: sum of I (m - tanh beta I), and of I^2 / cosh^2 */
    double curvature;       /* of all chains: the score's second derivative */
    int64_t decisions;
};

enum glb_status pseudolikelihood_open(struct pseudolikelihood *p, const struct glb_graph *g,
                                      double beta, int chains);
void pseudolikelihood_close(struct pseudolikelihood *p);

/* State of p-bit i in chains first .. first + count - 1 (count <= 64): bit c of plane[i]. */
void pseudolikelihood_add(struct pseudolikelihood *p, int i, const uint64_t *plane, int first,
                          int count);

struct beta_estimate {
    double beta, error; /* standard error by the spread of the chains' scores */
    int freedom;
};
/* NaN where no field was other than 0, and the error of a single chain. */
struct beta_estimate pseudolikelihood_solve(const struct pseudolikelihood *p);

#endif
