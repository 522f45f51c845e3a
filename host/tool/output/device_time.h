/* Time of a run on the array itself. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_OUTPUT_DEVICE_TIME_H
#define GLB_TOOL_OUTPUT_DEVICE_TIME_H

#include <math.h>
#include <string.h>
#include "learn/layers/layer_sampler.h"

/* Seconds that one board of the array would take; NaN for an array that only the emulator has. */
static inline double device_seconds(const struct glb_layer_sampler *s, uint64_t cycles,
                                    double mhz) {
    return strcmp(s->array, "big") == 0 ? NAN : (double)cycles / (mhz * 1e6);
}

#endif
