/* Labels by exact free energies: what a model has learned, without the noise of sampling.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_FREE_ENERGY_H
#define GLB_LEARN_FREE_ENERGY_H

#include "learn/data/dataset.h"
#include "learn/topology/topology.h"

/* Whether the hidden units can be summed out: no two of them are coupled. */
int glb_free_energy_exists(const struct glb_topology *t);

/* predicted[image] (or NULL): the class whose labels (all its copies on, the others off) with the
 * image have the lowest free energy over the hidden units. energy[image][classes] (or NULL): these
 * free energies, -log sum exp(-E). J[m], h[n] in the conventional form. */
enum glb_status glb_free_energies(const struct glb_topology *t, const double *J, const double *h,
                                  const struct glb_dataset *d, int threads, uint8_t *predicted,
                                  double *energy);

static inline enum glb_status glb_free_energy_labels(const struct glb_topology *t, const double *J,
                                                     const double *h, const struct glb_dataset *d,
                                                     int threads, uint8_t *predicted) {
    return glb_free_energies(t, J, h, d, threads, predicted, NULL);
}

#endif
