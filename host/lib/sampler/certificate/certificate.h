/* The certificate of a run: what its samples say of temperature, mixing and distribution.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_CERTIFICATE_CERTIFICATE_H
#define GLB_SAMPLER_CERTIFICATE_CERTIFICATE_H

#include <glauber/certificate.h>
#include <stdbool.h>
#include "graph/graph.h"

struct certifier;

struct certified_run {
    const struct glb_graph *g;
    double beta;      /* of every sample */
    int chains;       /* of the run */
    int64_t samples;  /* expected of a chain */
    uint64_t seed;    /* of the choice of p-bits */
    const bool *held; /* [n] clamped, or never updated */
    bool same_held;   /* held p-bits have the same values in all chains */
};

/* Free it with certifier_free() (NULL is allowed). GLB_ERR_MEMORY. */
enum glb_status certifier_new(const struct certified_run *run, struct certifier **out);
void certifier_free(struct certifier *c);

/* A sample of chains first .. first + count - 1, count <= 64, which come together in every sample:
 * plane[n], energy[count]. Samples of a chain come in order. */
void certifier_add(struct certifier *c, int64_t sample, int first, int count, const uint64_t *plane,
                   const double *energy);

/* Mean energy of all chains and its standard error are the result's. */
enum glb_status certifier_finish(struct certifier *c, double mean_energy, double error,
                                 struct glb_certificate *out);

#endif
