/* The memories that all boards of an emulator share: schedule, network, couplings, segments
 * (docs/design/array.md, section 5). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_BOARD_MEMORY_H
#define GLB_EMULATOR_BOARD_MEMORY_H

#include <stdint.h>
#include "array/array.h"
#include "array/program.h"
#include "base/status.h"

struct glb_board_memory {
    struct glb_array a;
    int chunks;         /* 16-bit parts of a network word */
    uint32_t *sched;    /* [sdepth][tiles] */
    uint16_t *net;      /* [sdepth][chunks] */
    uint64_t *coupling; /* [tiles][cdepth] */
    struct glb_segment seg[GLB_SEGMENTS];
};

enum glb_status glb_board_memory_init(struct glb_board_memory *m, const struct glb_array *a);
void glb_board_memory_free(struct glb_board_memory *m);

/* One item of SCHED, NET, COUPLING or SEG (hi: bits 64.. of SEG). */
enum glb_status glb_board_memory_write(struct glb_board_memory *m, int target, int tile, int addr,
                                       uint64_t lo, uint64_t hi);

/* The bank whose word reaches tile at a clock with this network word. */
int glb_board_memory_source(const struct glb_board_memory *m, const uint16_t *net, int tile);

#endif
