/* Energies of many chains at once from bit-packed states. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_GRAPH_ENERGY_H
#define GLB_GRAPH_ENERGY_H

#include <stdint.h>
#include "graph/graph.h"

struct glb_energy;

/* Prepares graph g; NULL if there is no memory. */
struct glb_energy *glb_energy_new(const struct glb_graph *g);
void glb_energy_free(struct glb_energy *e);

/* Energies of 64 chains in the units and sign of g's convention: bit c of spins[i] is p-bit i of
 * chain c. */
void glb_energy_64(const struct glb_energy *e, const uint64_t *spins, double energy[64]);

#endif
