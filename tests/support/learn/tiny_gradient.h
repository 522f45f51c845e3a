/* Weights for the trainers of tiny machines, and slopes from exact means.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_TINY_GRADIENT_H
#define GLB_TEST_TINY_GRADIENT_H

#include <math.h>
#include <stdlib.h>
#include "learn/training/trainer.h"
#include "support/learn/tiny_machines.h"

/* Weights of a size that matters, couplings on the array's grid. */
static inline void tiny_set_weights(struct glb_trainer *r, double *w) {
    for (int p = 0; p < r->t->graph->m + r->t->graph->n; p++) {
        const double u = 2 * glb_unit_at(5, 5, (uint64_t)p, 0) - 1;
        w[p] = p < r->t->graph->m ? nearbyint(u * 5) / 8 : nearbyint(u * 8) / 16;
        r->s.weight[p] = (float)w[p];
    }
}

/* J and h of E = -sum w_ij (m_i - mu_i)(m_j - mu_j) - sum b_i m_i; p-bits that are left out have no
 * couplings, but the biases that go with them. */
static inline void tiny_uncentre(const struct glb_trainer *r, const double *w, double *J,
                                 double *h) {
    const struct glb_graph *g = r->t->graph;
    for (int i = 0; i < g->n; i++)
        h[i] = w[g->m + i];
    for (int e = 0; e < g->m; e++) {
        h[g->ei[e]] -= w[e] * (double)r->mu[g->ej[e]];
        h[g->ej[e]] -= w[e] * (double)r->mu[g->ei[e]];
        J[e] = r->dropped[g->ei[e]] | r->dropped[g->ej[e]] ? 0 : w[e];
    }
}

static inline double tiny_gap(const struct glb_trainer *r, const struct tiny_means *a,
                              const struct tiny_means *b, int p) {
    const struct glb_graph *g = r->t->graph;
    if (p >= g->m)
        return a->mean[p - g->m] - b->mean[p - g->m];
    const int i = g->ei[p], j = g->ej[p];
    return a->pair[p] - b->pair[p] - (double)r->mu[i] * (a->mean[j] - b->mean[j]) -
           (double)r->mu[j] * (a->mean[i] - b->mean[i]);
}

static inline int tiny_rests(const struct glb_trainer *r, int p) {
    const struct glb_graph *g = r->t->graph;
    return p < g->m ? r->dropped[g->ei[p]] | r->dropped[g->ej[p]] : r->dropped[p - g->m];
}

#endif
