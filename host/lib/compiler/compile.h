/* The graph compiler: a graph becomes a program for an array. SPDX-License-Identifier: Apache-2.0
 */
#ifndef GLB_COMPILER_COMPILE_H
#define GLB_COMPILER_COMPILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "array/program.h"
#include "base/status.h"
#include "graph/graph.h"

/* The p-bits that one segment updates; their order inside it is the compiler's (by colour). */
struct glb_segment_spec {
    const int32_t *pbits; /* [count] 0 .. n-1; a p-bit may be in one segment only */
    int count;
};

/* All zero is valid, with effort 0; NULL in place of the options means effort 1. */
struct glb_compile_options {
    const struct glb_segment_spec *segments; /* NULL: one segment with every p-bit */
    int nsegments;                           /* 1 .. GLB_SEGMENTS, if there are specs */
    int copies;                              /* of the graph side by side; 0 or 1: one */
    double u;              /* accumulator's LSB in units of the field; 0: chosen from J and h */
    bool worst_case_range; /* true: refuse u for which |field| could wrap; false: 6-sigma bound for
                              hubs, reported */
    int hub_degree;        /* p-bits above this degree are split into partial sums; 0: chosen */
    uint64_t seed;         /* of placement's tie breaking */
    int effort;            /* 0 quick, 1, 2 thorough */
};

struct glb_compile_report {
    int colours, max_degree, hubs;
    long reads, shared_reads, noise_words, closes, exports; /* of one pass over all segments */
    double bound_lane, bound_noise,
        bound_port;    /* clocks: work / (tiles x lanes), noise / tiles, entries / tiles */
    double bound;      /* the largest of the three */
    int clocks;        /* of one pass over all segments, GAP included */
    double efficiency; /* bound / clocks */
    int lost_drain, lost_tail, lost_conflict; /* clocks: GAP; lanes done early; the rest */
    int s_used, c_used, g_used;
    double flips_per_cycle;
    double u, j_rms_error, j_max_error, h_max_error, field_max,
        field_limit; /* quantisation, units of the field */
    bool range_is_worst_case;
    double seconds; /* of processor time */
};

/* Compiles g for a; o and report may be NULL. *out is NULL on failure; free it with
 * glb_program_free(). The same graph, array and options give the same program. On GLB_ERR_FIT the
 * message names the resource, the need and the limit, and what would fit. */
enum glb_status glb_compile(const struct glb_graph *g, const struct glb_array *a,
                            const struct glb_compile_options *o, struct glb_program **out,
                            struct glb_compile_report *report);

void glb_compile_report_print(const struct glb_compile_report *r, FILE *to);

#endif
