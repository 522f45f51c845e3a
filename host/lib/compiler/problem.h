/* What is to be compiled, and what follows from it for every plan: read from the graph once and
 * shared by all plans of a compilation. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_PROBLEM_H
#define GLB_COMPILER_PROBLEM_H

#include <stdbool.h>
#include <stdint.h>
#include "compiler/compile.h"
#include "graph/adjacency.h"

struct problem {
    const struct glb_array *array;
    const struct glb_graph *graph;
    const struct glb_compile_options *options;
    int n, copies, nodes; /* nodes = n * copies */
    struct glb_adjacency adj;
    int nseg;
    int32_t *seg_of; /* [n] segment that updates it, or -1 */
    int nhubs;
    int32_t *hub; /* [n] hub number, or -1 */
    /* A colouring without edges between hubs and others: a class is a colour, of hubs if the p-bit
     * is one, else of others. */
    int hub_classes, classes;
    int32_t *class_of;                /* [n] */
    long *class_size, *class_to_hubs; /* [classes] of others: p-bits; edges to hubs */
    int16_t *weight;                  /* [m] couplings in half units, scratch of choose_unit() */
    enum glb_status status;           /* of choose_unit() */
    double u;                         /* of choose_unit() */
    bool worst_case;                  /* no field can wrap, whatever the states */
    bool precise;                     /* of choose_precision(): the program is to be precise */
    double plain_u, plain_error;      /* of a program that is not: its u, and its largest error of a
                                         p-bit's field */
    bool plain_worst_case;
    bool *helped;              /* [n] of a precise problem: p-bits with a helper; NULL: none */
    int helpers, helper_reads; /* of them and their helpers */
    uint8_t *parts; /* [2 m] by adjacency: entries that a neighbour is spread over; 1 each unless
                       precise */
};

/* Reads graph, segments and hubs; u stays 0, and there are no classes. Close it in any case. */
enum glb_status problem_open(struct problem *problem, const struct glb_graph *graph,
                             const struct glb_array *array,
                             const struct glb_compile_options *options);
enum glb_status problem_find_classes(struct problem *problem);
void problem_close(struct problem *problem);

/* Reads of an update of p-bit i. */
static inline int problem_reads(const struct problem *problem, int i) {
    int reads = 0;
    for (int k = problem->adj.start[i]; k < problem->adj.start[i + 1]; k++)
        reads += problem->parts ? problem->parts[k] : 1;
    return reads;
}

static inline int problem_degree(const struct problem *problem, int i) {
    return problem->adj.start[i + 1] - problem->adj.start[i];
}

#endif
