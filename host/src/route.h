/* One clock of the butterfly: a set of paths from banks to tiles that cross no wire twice.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ROUTE_H
#define GLB_ROUTE_H

#include <stdbool.h>
#include <stdint.h>
#include "array.h"

struct glb_offer { /* a read that a tile could take */
    float value;
    int16_t bank;
    int32_t id;
};

struct glb_want { /* a tile's offers, best first; taken: index of the chosen one, or -1 */
    struct glb_offer *offer;
    int n, taken;
};

struct glb_route {
    int tiles, ns;
    int16_t owner[8][GLB_MAX_TILES]; /* tile whose path uses wire [level][w]; level 0: inputs, s +
                                        1: after stage s; -1 free */
    uint64_t rng;
};

/* Chooses offers of all tiles so that the paths do not meet and the sum of values is large;
 * `search` bounds the effort. */
void glb_route_solve(struct glb_route *r, struct glb_want *want, const int32_t *order, int n,
                     int search);

/* The wire that the path from bank to tile uses at a level. */
static inline int glb_route_wire(int bank, int tile, int level) {
    const int mask = (1 << level) - 1;
    return (tile & mask) | (bank & ~mask);
}

#endif
