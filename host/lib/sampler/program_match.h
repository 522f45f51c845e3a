/* Is a program one of a graph, with its weights? SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_PROGRAM_MATCH_H
#define GLB_SAMPLER_PROGRAM_MATCH_H

#include "array/program.h"

/* GLB_ERR_ARGUMENT unless p was compiled for g, or for a graph with the same couplings whose
 * weights give the same images. *saturated: weights of g outside p's number range. */
enum glb_status program_match(const struct glb_program *p, const struct glb_graph *g,
                              int *saturated);

#endif
