/* What a graph of rudy's is made from. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FAMILIES_RUDY_H
#define GLB_FAMILIES_RUDY_H

#include "graph/families/family.h"

enum glb_rudy_kind { GLB_RUDY_RND, GLB_RUDY_PLANAR, GLB_RUDY_TORUS, GLB_RUDY_PM2, GLB_RUDY_PM3 };

struct glb_rudy {
    enum glb_rudy_kind kind;
    int n, rows, columns, layers;
    double density; /* percent; of negative couplings for PM2 and PM3 */
    int seed;
    int seed2;  /* PLANAR: united with a second one of this seed; -1: no */
    int random; /* -random 0 1 SEED -times 2 -plus -1; -1: no, all weights are 1 */
};

/* Adds the graph's edges with their weights; false: status set. */
bool glb_rudy_edges(const struct glb_rudy *q, struct glb_gen *b);

#endif
