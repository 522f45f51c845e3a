/* What the builders of topologies share. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_TOPOLOGY_BUILD_H
#define GLB_LEARN_TOPOLOGY_BUILD_H

#include "learn/topology.h"

struct glb_topology_parameter {
    const char *key;
    int value, lowest, highest;
};

/* Reads "key=value,..." into the table; the text may be empty or NULL. */
enum glb_status glb_topology_parse(const char *name, const char *text,
                                   struct glb_topology_parameter *p, int count);
void glb_topology_edge(struct glb_graph *g, int i, int j);

/* Builders: spec, layers and graph of t, whose width, height and seed are set. */
enum glb_status glb_topology_local(const char *args, struct glb_topology *t);
enum glb_status glb_topology_blocks(const char *args, struct glb_topology *t);
enum glb_status glb_topology_deep(const char *args, struct glb_topology *t);
enum glb_status glb_topology_pegasus(const char *args, struct glb_topology *t);
enum glb_status glb_topology_file(const char *args, struct glb_topology *t);

#endif
