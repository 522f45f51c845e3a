/* Topologies: layered graphs of a Boltzmann machine over an image, by name and parameters.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_TOPOLOGY_H
#define GLB_LEARN_TOPOLOGY_H

#include <stdint.h>
#include <glauber/learn.h>
#include <stdio.h>
#include "graph/graph.h"
#include "base/status.h"

enum { GLB_MAX_LAYERS = 5, GLB_SPEC_BYTES = 160 };

/* The values are in model files. */
enum glb_layer_kind {
    GLB_LAYER_PIXELS,
    GLB_LAYER_H1,
    GLB_LAYER_H2,
    GLB_LAYER_LABELS,
    GLB_LAYER_H3
};

struct glb_layer {
    enum glb_layer_kind kind;
    int first, count; /* p-bits first .. first + count - 1 */
};

struct glb_topology {
    char spec[GLB_SPEC_BYTES]; /* as given, with every parameter filled in */
    uint64_t seed;
    int width, height;
    int classes; /* label p-bit k stands for class k % classes */
    int nlayers;
    struct glb_layer layer[GLB_MAX_LAYERS]; /* pixels first, labels last */
    struct glb_graph *graph;                /* J and h are 0 */
    uint8_t *layer_of;                      /* [n] index into layer */
};

/* Builds NAME or NAME:key=value,key=value (glb_topology_help() lists them) from a seed, for images
 * of width x height with labels of that many classes; local and deep take planes=N for N planes
 * below each other in the height: a window is one place of all of them. An unknown name or key is
 * GLB_ERR_ARGUMENT; the message lists the known ones. */
enum glb_status glb_topology_build(const char *spec, int width, int height, int classes,
                                   uint64_t seed, struct glb_topology *out);

/* From layers and edges that come from a file; takes the graph. */
enum glb_status glb_topology_adopt(const char *spec, uint64_t seed, int width, int height,
                                   int classes, const struct glb_layer *layer, int nlayers,
                                   struct glb_graph *graph, struct glb_topology *out);
void glb_topology_clear(struct glb_topology *t);

/* The layer of a kind, or NULL. */
const struct glb_layer *glb_topology_layer(const struct glb_topology *t, enum glb_layer_kind kind);
const char *glb_layer_name(enum glb_layer_kind kind);

/* Largest number of couplings of one p-bit of the layer. */
int glb_topology_max_degree(const struct glb_topology *t, const struct glb_layer *l);
void glb_topology_print(const struct glb_topology *t, FILE *to);

#endif
