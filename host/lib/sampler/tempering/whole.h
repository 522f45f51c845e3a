/* Energies in whole numbers, of couplings and biases as the array has them, of 512 chains at once.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_TEMPERING_WHOLE_H
#define GLB_SAMPLER_TEMPERING_WHOLE_H

#include "array/program.h"
#include "graph/graph.h"
#include "sampler/tempering/tally.h"

struct whole;

/* Of p's integers; p is a program of g. */
enum glb_status whole_new(const struct glb_program *p, const struct glb_graph *g,
                          struct whole **out);
void whole_free(struct whole *w);

/* A state weighs exp(-2^14 e factor / k) at K = k / 2^16. */
int64_t whole_factor(const struct whole *w);

/* Of e in the graph's energy (of J and h, without scale and offset), which unit x e then is to the
 * last bit; 0: rounding has changed it. The rounded energy is about whole_rounded() x e. */
double whole_unit(const struct whole *w);
double whole_rounded(const struct whole *w);

/* Root of the squared errors of all couplings and biases: of the energy of a random state. */
double whole_error(const struct whole *w);

/* Words of the state: p-bit i's are words + row[i] x stride, CHUNK of them; stride and words at
 * multiples of CHUNK. */
void whole_energies(const struct whole *w, const uint64_t *words, const int32_t *row, size_t stride,
                    int64_t e[CHUNK_CHAINS]);

#endif
