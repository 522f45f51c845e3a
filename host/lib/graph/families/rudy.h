/* What a graph of rudy's is made from. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FAMILIES_RUDY_H
#define GLB_FAMILIES_RUDY_H

#include "graph/families/builder.h"

enum rudy_kind { RUDY_RND, RUDY_PLANAR, RUDY_TORUS, RUDY_PM2, RUDY_PM3 };

struct rudy {
    enum rudy_kind kind;
    int n, rows, columns, layers;
    double density; /* percent; of negative couplings for PM2 and PM3 */
    int seed;
    int seed2;  /* PLANAR: united with a second one of this seed; -1: no */
    int random; /* -random 0 1 SEED -times 2 -plus -1; -1: no, all weights are 1 */
};

/* Adds the graph's edges with their weights; false: status set. */
bool rudy_edges(const struct rudy *q, struct builder *b);

#endif
