/* Programs of random graphs. SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LOCKSTEP_RANDOM_PROGRAMS_H
#define TESTS_LOCKSTEP_RANDOM_PROGRAMS_H

#include "array/program.h"
#include "base/rng.h"
#include "graph/graph.h"

/* Sparse, with hubs, with isolated p-bits, or as many p-bits as the array has state words; NULL and
 * an error if there is no memory. */
struct glb_graph *program_graph(const struct glb_array *a, struct glb_rng *r);

/* One segment with everything or the p-bits dealt to up to four; half of them count their couplings
 * and p-bits, half have a segment more that holds. NULL: it does not fit. */
struct glb_program *program_compile(const struct glb_graph *g, const struct glb_array *a,
                                    struct glb_rng *r);

#endif
