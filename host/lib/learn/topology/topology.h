/* Topologies: layered graphs of a Boltzmann machine over an image, by name and parameters.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_TOPOLOGY_H
#define GLB_LEARN_TOPOLOGY_H

#include <stdint.h>
#include <glauber/learn.h>
#include <stdio.h>
#include "graph/graph.h"
#include "base/status.h"

struct glb_dataset;

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
    int32_t *pixel_of; /* [p-bits of the first layer] the pixel that each shows; NULL: p-bit k shows
                          pixel k, and all are shown */
    int32_t *qubit;    /* [n] number in the lattice that it was placed on, or NULL */
    float *start;      /* [m] couplings at the start, NAN: drawn at random; NULL: all are. Not in
                          files */
};

/* Builds NAME or NAME:key=value,key=value (glb_topology_help() lists them) from a seed, for images
 * of width x height with labels of that many classes; local and deep take planes=N for N planes
 * below each other in the height: a window is one place of all of them. An unknown name or key is
 * GLB_ERR_ARGUMENT; the message lists the known ones. */
enum glb_status glb_topology_build(const char *spec, int width, int height, int classes,
                                   uint64_t seed, struct glb_topology *out);

/* The same for images whose pixels say which of them a lattice needs to show. */
enum glb_status glb_topology_build_for(const char *spec, const struct glb_dataset *images,
                                       uint64_t seed, struct glb_topology *out);

/* A topology whose p-bits were placed before: pixel_of and qubit as above, copied, or NULL. */
struct glb_topology_parts {
    const char *spec;
    uint64_t seed;
    int width, height, classes, nlayers;
    const struct glb_layer *layer;
    const int32_t *pixel_of, *qubit;
};
/* Takes the graph. */
enum glb_status glb_topology_assemble(const struct glb_topology_parts *parts,
                                      struct glb_graph *graph, struct glb_topology *out);
/* The parts of t, which stay its own. */
struct glb_topology_parts glb_topology_parts(const struct glb_topology *t);

/* From layers and edges that come from a file; takes the graph. */
enum glb_status glb_topology_adopt(const char *spec, uint64_t seed, int width, int height,
                                   int classes, const struct glb_layer *layer, int nlayers,
                                   struct glb_graph *graph, struct glb_topology *out);
void glb_topology_clear(struct glb_topology *t);

/* The layer of a kind, or NULL. */
const struct glb_layer *glb_topology_layer(const struct glb_topology *t, enum glb_layer_kind kind);
const char *glb_layer_name(enum glb_layer_kind kind);

/* Pixels of an image, shown or not. */
static inline int glb_topology_pixels(const struct glb_topology *t) {
    return t->width * t->height;
}
/* Planes of the first layer's p-bits from those of an image's pixels, `words` words each. */
void glb_topology_show(const struct glb_topology *t, const uint64_t *image, int words,
                       uint64_t *planes);

/* Largest number of couplings of one p-bit of the layer. */
int glb_topology_max_degree(const struct glb_topology *t, const struct glb_layer *l);
void glb_topology_print(const struct glb_topology *t, FILE *to);

#endif
