/* Counting on the array: segments appended to a finished program that sum, p-bit by p-bit and pair
 * by pair, in how many chains spins agree (docs/design/array.md, section 3a).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_COUNTING_H
#define GLB_COMPILER_COUNTING_H

#include "array/program.h"
#include "base/status.h"
#include "graph/graph.h"

struct glb_count_want {
    int32_t i, j; /* p-bits, i < j: chains in which they agree; j = -1: chains in which i is up;
                     j = p->n + k: chains in which i agrees with word k of the options */
};

struct glb_count_options {
    uint64_t seed;
    int spare_segments; /* of GLB_SEGMENTS that stay free for glb_program_add_hold() */
    bool all;           /* nothing rather than a part */
    int most;           /* sums of a tile; 0: as many as it has room for */
    int nwords;         /* state words that no p-bit has, and that the caller writes: word[] */
    const struct glb_slot *word;
};

/* Appends to p what counts the first *counted sums of `want`, the most important first: schedule,
 * sums, segments that count and dump, p->count[] in the order of `want`. What was in p before stays
 * as it is. Options may be NULL. Fewer than nwant, even 0, is no error: p->report.sums_limit names
 * what is full; with 0 the program stays unchanged. GLB_ERR_ARGUMENT: a p-bit that p does not have,
 * or p counts already. The same arguments give the same program. */
enum glb_status glb_program_add_counts(struct glb_program *p, const struct glb_count_want *want,
                                       int nwant, const struct glb_count_options *o, int *counted);

/* Finds n state words that p never writes, outside lane 0, which dumps overwrite, and at most one a
 * tile; false if there are fewer. */
bool glb_program_free_words(const struct glb_program *p, int n, struct glb_slot *out);

/* The same as glb_program_add_counts() for all couplings of g, then all p-bits, p being a program
 * of g; nothing if not all of them have room. */
enum glb_status glb_program_count_all(struct glb_program *p, const struct glb_graph *g,
                                      uint64_t seed);

/* Does p count these, in this order? */
bool glb_program_counts_all(const struct glb_program *p, const struct glb_graph *g);

/* Appends a segment that runs as p's segment `seg` does and leaves its p-bits as they are; *number
 * is its index. GLB_ERR_UNSUPPORTED if the segment also makes copies of hubs, which would not be
 * written either; GLB_ERR_FIT if p has GLB_SEGMENTS segments. */
enum glb_status glb_program_add_hold(struct glb_program *p, int seg, int *number);

#endif
