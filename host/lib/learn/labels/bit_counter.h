/* In how many sweeps each p-bit was on, chain by chain: bit-sliced counters.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_BIT_COUNTER_H
#define GLB_LEARN_BIT_COUNTER_H

#include <stdint.h>
#include "base/status.h"

enum { GLB_COUNTER_PLANES = 16 }; /* a count holds up to 65535 */

struct glb_bit_counter {
    int pbits, words;
    uint32_t samples;
    uint64_t *plane; /* [pbits][GLB_COUNTER_PLANES][words] */
};

enum glb_status glb_bit_counter_init(struct glb_bit_counter *counter, int pbits, int words);
void glb_bit_counter_free(struct glb_bit_counter *counter);
void glb_bit_counter_clear(struct glb_bit_counter *counter);

/* Counts a sample, planes[pbits][words]; at most 65535 of them. */
void glb_bit_counter_add(struct glb_bit_counter *counter, const uint64_t *planes);

/* out[64 * words]: the p-bit's count in every chain. */
void glb_bit_counter_get(const struct glb_bit_counter *counter, int pbit, uint16_t *out);

#endif
