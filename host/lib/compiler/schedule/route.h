/* One clock of the butterfly: which read each tile takes, so that all paths exist at once.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_ROUTE_H
#define GLB_COMPILER_ROUTE_H

#include <stdint.h>
#include "array/array.h"

struct offer {   /* a read that a tile could take */
    float value; /* > 0: against taking none */
    int16_t bank;
    int32_t id;   /* for the caller, */
    int32_t word; /* and which copy of the word it would read */
};

struct offers { /* of a tile; taken: index of the chosen one, or -1 */
    struct offer *offer;
    int n, taken;
};

enum { MAX_STAGES = 7 };

struct route {
    int tiles, ns;
    uint64_t rng;
    float gain[GLB_MAX_TILES]
              [GLB_MAX_TILES]; /* [tile][bank] value of the tile's best offer there */
    uint8_t at[MAX_STAGES + 1][GLB_MAX_TILES]; /* bank whose word is on wire w after stage s - 1 */
    uint8_t bank_of[GLB_MAX_TILES], tile_of[GLB_MAX_TILES];
    float log_table[256];
};

void route_init(struct route *r, const struct glb_array *a, uint64_t seed);

/* Chooses offers of the n tiles in list so that their paths exist together and the sum of values is
 * large; `effort` tries a tile. */
void route_solve(struct route *r, struct offers *offers, const int32_t *list, int n, int effort);

/* Sets the switches of the path from bank to tile in a network word that was 0. */
void route_mark_path(const struct glb_array *a, uint16_t *net, int bank, int tile);

#endif
