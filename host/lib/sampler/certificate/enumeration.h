/* Counts of the states of few free p-bits, and their exact distribution. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_SAMPLER_CERTIFICATE_ENUMERATION_H
#define GLB_SAMPLER_CERTIFICATE_ENUMERATION_H

#include "graph/graph.h"

enum { ENUMERATION_MOST = 20 };

struct enumeration {
    int free;            /* p-bits, at most ENUMERATION_MOST */
    const int32_t *pbit; /* [free] the caller's */
    uint32_t *count;     /* [2^free] */
    int64_t samples;
};

enum glb_status enumeration_open(struct enumeration *e, const int32_t *pbit, int free);
void enumeration_close(struct enumeration *e);

/* A sample of `count` <= 64 chains. */
void enumeration_add(struct enumeration *e, const uint64_t *plane, int count);

struct exact_figures {
    double distance;        /* total variation of the counts to P(m) ~ exp(-beta E) */
    double noise;           /* its mean for `independent` samples of the exact distribution */
    double mean, deviation; /* of E, as J and h have it */
};
/* fixed[n]: +-1 of the p-bits that are not free. GLB_ERR_MEMORY. */
enum glb_status enumeration_compare(const struct enumeration *e, const struct glb_graph *g,
                                    const int8_t *fixed, double beta, double independent,
                                    struct exact_figures *out);

#endif
