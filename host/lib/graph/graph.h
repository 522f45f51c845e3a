/* Graphs inside the library: what a graph holds, and functions on it that glauber/graph.h does not
 * have. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_GRAPH_H
#define GLB_GRAPH_H

#include <stdbool.h>
#include <stdint.h>
#include "base/status.h" /* glauber.h: reading, making, writing, freeing graphs; conventions */

/* E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i, m in {-1,+1}. Edges are stored once, i < j, sorted
 * by (i, j), no duplicates, no loops. */
struct glb_graph {
    int n;                          /* p-bits */
    int m;                          /* couplings */
    int32_t *ei, *ej;               /* [m] ends, ei < ej */
    double *J;                      /* [m] */
    double *h;                      /* [n] */
    enum glb_convention convention; /* of the input; energies are reported in it */
    double offset;                  /* input energy = scale * E + offset, see glb_graph_energy() */
    double constant;                /* the part of offset that the input gave */
    double scale;  /* 1; maxcut: 1/2, minus the cut = E/2 - W/2 with W the sum of all weights */
    uint64_t hash; /* of n, edges, J, h (FNV-1a over their bytes), set by glb_graph_finish() */
};

/* n p-bits, room for m_capacity couplings, all values 0. */
enum glb_status glb_graph_new(int n, int m_capacity, struct glb_graph **out);

/* Puts edges in the order above, given in any order (duplicates are summed), drops none, sets hash.
 * Loops (i == i), values that are not finite and couplings above GLB_GRAPH_MAX_VALUE are errors. */
enum glb_status glb_graph_finish(struct glb_graph *g);

/* Sets the hash anew after changes of J and h alone; -0 becomes +0. */
void glb_graph_rehash(struct glb_graph *g);

/* DSATUR colouring, improved by iterated greedy: colour[n] gets 0.., returns the number of colours;
 * -1: out of memory. */
int glb_graph_colour(const struct glb_graph *g, int32_t *colour);

#endif
