/* Random numbers by coordinates: a value depends on its seed and its place alone, so that results
 * depend neither on threads nor on where a run was interrupted (splitmix64's finaliser).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_COUNTER_RNG_H
#define GLB_BASE_COUNTER_RNG_H

#include <stdint.h>
#include "base/rng.h"

/* The value at (a, b) of the stream called tag. */
static inline uint64_t glb_random_at(uint64_t seed, uint64_t tag, uint64_t a, uint64_t b) {
    const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = glb_mix64(seed + golden * (tag + 1));
    z = glb_mix64(z + golden * (a + 1));
    return glb_mix64(z + golden * (b + 1));
}

/* The same in [0, 1). */
static inline double glb_unit_at(uint64_t seed, uint64_t tag, uint64_t a, uint64_t b) {
    return (double)(glb_random_at(seed, tag, a, b) >> 11) * 0x1p-53;
}

#endif
