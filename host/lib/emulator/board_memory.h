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

/* A coupling word's field of a lane. */
static inline int glb_field(const struct glb_array *a, uint64_t word, int lane) {
    const uint32_t f = (uint32_t)(word >> (a->ow + lane * a->jw));
    return (int32_t)(f << (32 - a->jw)) >> (32 - a->jw);
}

/* CTRL's parts. */
struct glb_ctrl {
    int bias, dbl, clr, we, nz, lane;
};
static inline struct glb_ctrl glb_ctrl_parts(const struct glb_array *a, uint64_t word) {
    const uint32_t p = (uint32_t)(word >> a->ow);
    const int n = a->acc;
    return (struct glb_ctrl){(int32_t)(p << (33 - n)) >> (33 - n),
                             p >> (n - 1) & 1,
                             p >> n & 1,
                             p >> (n + 1) & 1,
                             a->lanes > 1 ? p >> (n + 2) & 1 : 0,
                             (int)(p >> (n + 3) & (uint32_t)(a->lanes - 1))};
}

#endif
