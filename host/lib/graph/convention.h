/* Pair and single values of a convention into a graph. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_GRAPH_CONVENTION_H
#define GLB_GRAPH_CONVENTION_H

#include "graph/graph.h"

/* Makes g, new and empty, one of convention c, whose energies get a constant. */
enum glb_status convention_begin(struct glb_graph *g, enum glb_convention c, double constant);

/* J of a pair value v; its shares of biases and offset are added to g. */
double convention_pair(struct glb_graph *g, int i, int j, double v);

/* Adds a single value. */
void convention_single(struct glb_graph *g, int i, double v);

/* GLB_ERR_ARGUMENT if single[n] (NULL: none) has what the convention does not. */
enum glb_status convention_check_single(enum glb_convention c, int n, const double *single);

#endif
