/* How well chains mix, from their series. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_CERTIFICATE_MIXING_H
#define GLB_SAMPLER_CERTIFICATE_MIXING_H

#include <glauber/certificate.h>
#include <stdbool.h>
#include "sampler/certificate/series.h"

struct mixing {
    struct glb_observable value;
    bool too_short;     /* the autocorrelation does not fall off within the run */
    double correlation; /* of two chains at the same time: the largest found, or NaN */
    bool correlated;    /* beyond what independent chains have */
};

/* Of the chains of series[count] that have at least half as many samples as the longest. The mean
 * is theirs. Formulas and their sources: docs/sampling.md. */
enum glb_status mixing_measure(const struct series *series, int count, struct mixing *out);

#endif
