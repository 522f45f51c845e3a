/* Exact enumeration of small graphs: what samples are compared with.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SUPPORT_GRAPH_EXACT_H
#define GLB_SUPPORT_GRAPH_EXACT_H

#include <stdint.h>
#include "graph/graph.h"

enum { GLB_EXACT_MAX_N = 20 };

/* P(m) = exp(-beta E(m)) / Z over the states that agree with the clamps, E in the conventional
 * form. */
struct glb_exact {
    int n;
    uint32_t states;    /* 2^n */
    double beta, log_z; /* Z sums over the allowed states */
    double *p; /* [states] bit i of the index is 1 for m_i = +1; 0 for states that clamps exclude */
    double *energy;     /* [states] E */
    double *up;         /* [n] P(m_i = +1) */
    double mean_energy; /* of E */
    double min_energy;  /* over the allowed states */
};

/* clamp[n]: -1 or +1 fixes a p-bit, 0 leaves it free; NULL: all free. n <= GLB_EXACT_MAX_N; beta >=
 * 0. */
enum glb_status glb_graph_exact(const struct glb_graph *g, double beta, const int8_t *clamp,
                                struct glb_exact **out);
void glb_exact_free(struct glb_exact *x);

/* The marginal distribution of the p-bits listed: out[2^count], bit k of the index belongs to
 * pbits[k]. */
void glb_exact_marginal(const struct glb_exact *x, const int *pbits, int count, double *out);

/* The index of spins m[n] (-1/+1), and back. */
uint32_t glb_exact_index(const int8_t *spins, int n);
void glb_exact_spins(uint32_t index, int n, int8_t *spins);

#endif
