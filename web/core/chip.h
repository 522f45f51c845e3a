/* What every tile does in every clock of a compiled program (docs/design/array.md, sections 2 and
 * 3). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_WEB_CHIP_H
#define GLB_WEB_CHIP_H

#include <stdint.h>
#include "array/program.h"

enum chip_does {
    CHIP_IDLE,
    CHIP_NOISE,      /* a lane takes a noise word */
    CHIP_READ,       /* lanes add a coupling where the bank's bit is 1 */
    CHIP_READ_NOISE, /* the same while one lane takes noise */
    CHIP_CLOSE       /* a lane decides */
};

struct chip_tile {
    int32_t does; /* enum chip_does */
    int32_t bank; /* whose word arrives, of reads; -1 */
    int32_t word; /* which of its words: lane and place; -1 */
    int32_t lane; /* that takes noise or decides; -1 */
    int32_t adds; /* lanes that add, a bit each */
    int32_t pbit; /* that is decided, -1: a hub's partial sum, or none */
};

/* [clocks of segment 0][tiles]; to be freed. */
enum glb_status chip_schedule(const struct glb_program *p, struct chip_tile **out);

#endif
