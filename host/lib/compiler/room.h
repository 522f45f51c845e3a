/* What a graph needs of an array at least, by counting. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_ROOM_H
#define GLB_COMPILER_ROOM_H

#include "compiler/problem.h"

/* GLB_ERR_FIT if no placement and no schedule can fit the array's memories. What passes may still
 * not fit. Takes time linear in the couplings. */
enum glb_status check_room(const struct problem *problem);

#endif
