/* How many p-bits are up, chain by chain. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_CERTIFICATE_SPIN_SUMS_H
#define GLB_SAMPLER_CERTIFICATE_SPIN_SUMS_H

#include <stdint.h>

/* up[count]: of plane[n], p-bits whose bit c is 1. */
void spin_sums(const uint64_t *plane, int n, int count, int32_t *up);

#endif
