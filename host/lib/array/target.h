/* The memories that WRITE reaches (docs/design/array.md, section 5): one row each, the same as in
 * rtl/glb_targets.svh. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_TARGET_H
#define GLB_ARRAY_TARGET_H

#include "array/array.h"
#include "array/protocol.h"

struct glb_target_shape {
    int bytes; /* of an item */
    int tiles; /* values of the tile field */
    int depth; /* items for each of these */
};

/* The memory `target`, 0 .. GLB_TARGETS - 1, of an array. */
struct glb_target_shape glb_target_shape(const struct glb_array *a, int target);

/* Is there such a memory, and in it such a tile and `items` items from addr on? */
bool glb_target_holds(const struct glb_array *a, int target, int tile, int addr, int items);

/* "WRITE SCHED", for messages; target as above, a static string. */
const char *glb_target_command(int target);

#endif
