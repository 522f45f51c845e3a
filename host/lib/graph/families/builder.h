/* What a family builds a graph with. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FAMILIES_BUILDER_H
#define GLB_FAMILIES_BUILDER_H

#include <stdbool.h>
#include "base/arguments.h"
#include "base/rng.h"
#include "graph/graph.h"

/* A growing graph. Errors go into args->status. */
struct builder {
    struct glb_graph *g; /* NULL before builder_begin() */
    int capacity;        /* couplings that g has room for */
    struct glb_arguments *args;
    const char *help; /* the family's keys */
    uint64_t seed;
};

/* Once a family has read its arguments: refuses bad and unknown ones, makes a graph of n p-bits.
 * False after an error. */
bool builder_begin(struct builder *b, int64_t n);

/* Adds a coupling; false after an error. */
bool builder_edge(struct builder *b, int i, int j, double J);

/* Streams of the seed, one for each purpose, so that topology does not depend on the weights asked
 * for. */
enum { STREAM_TOPOLOGY = 0x746f706f, STREAM_WEIGHTS = 0x77656967, STREAM_BIASES = 0x62696173 };

enum weight_kind { WEIGHTS_PM1, WEIGHTS_GAUSS, WEIGHTS_UNIFORM, WEIGHTS_CONST };

struct family {
    const char *name;
    bool (*build)(struct builder *b); /* reads the arguments, begins, adds couplings of 1 */
    enum weight_kind weights;         /* default */
    bool maxcut;                      /* weights are w = -J, energies are reported as cuts */
    bool own_weights;                 /* the family sets J itself */
    const char *help;
};

/* Each list ends with name NULL. */
extern const struct family lattice_families[], random_families[], mnist_families[], rudy_families[];

#endif
