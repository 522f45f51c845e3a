/* What the builders of topologies share. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_TOPOLOGY_BUILD_H
#define GLB_LEARN_TOPOLOGY_BUILD_H

#include "learn/topology/topology.h"

struct topology_parameter {
    const char *key;
    int value, lowest, highest;
};

/* Reads "key=value,..." into the table; the text may be empty or NULL. */
enum glb_status topology_parse(const char *name, const char *text, struct topology_parameter *p,
                               int count);
void topology_edge(struct glb_graph *g, int i, int j);
/* Sorts the graph's couplings and fills layer_of: the last step of every builder. */
enum glb_status topology_finish(struct glb_topology *t);

/* Builders: spec, layers and graph of t, whose width, height, classes and seed
 * are set. */
enum glb_status topology_local(const char *args, struct glb_topology *t);
enum glb_status topology_blocks(const char *args, struct glb_topology *t);
enum glb_status topology_deep(const char *args, struct glb_topology *t);
enum glb_status topology_file(const char *args, struct glb_topology *t);
/* Pegasus, Zephyr or Chimera; images: whose pixels count, or NULL. */
enum glb_status topology_lattice(const char *family, const char *args,
                                 const struct glb_dataset *images, struct glb_topology *t);

/* Pixels first, labels last, hidden units between them; takes the graph. */
enum glb_status topology_lay_over(struct glb_topology *t, struct glb_graph *g, int labels);

#endif
