/* In how many sweeps each p-bit was on, chain by chain: bit-sliced counters.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TALLY_H
#define GLB_TALLY_H

#include <stdint.h>
#include "status.h"

enum { GLB_TALLY_PLANES = 16 }; /* a count holds up to 65535 */

struct glb_tally {
    int pbits, words;
    uint32_t samples;
    uint64_t *plane; /* [pbits][GLB_TALLY_PLANES][words] */
};

enum glb_status glb_tally_init(struct glb_tally *t, int pbits, int words);
void glb_tally_free(struct glb_tally *t);
void glb_tally_clear(struct glb_tally *t);

/* Counts a sample, planes[pbits][words]; at most 65535 of them. */
void glb_tally_add(struct glb_tally *t, const uint64_t *planes);

/* out[64 * words]: the p-bit's count in every chain. */
void glb_tally_get(const struct glb_tally *t, int pbit, uint16_t *out);

#endif
