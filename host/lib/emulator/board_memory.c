/* Memories that all boards of an emulator share. SPDX-License-Identifier: Apache-2.0 */
#include "emulator/board_memory.h"

#include <stdlib.h>
#include <string.h>

#include "array/target.h"

enum glb_status glb_board_memory_init(struct glb_board_memory *m, const struct glb_array *a) {
    memset(m, 0, sizeof *m);
    m->a = *a;
    m->chunks = glb_array_chunks(a);
    m->sched = calloc((size_t)a->sdepth * a->tiles, sizeof *m->sched);
    m->net = calloc((size_t)a->sdepth * m->chunks, sizeof *m->net);
    m->coupling = calloc((size_t)a->tiles * a->cdepth, sizeof *m->coupling);
    if (m->sched && m->net && m->coupling)
        return GLB_OK;
    glb_board_memory_free(m);
    return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for the images of array %s", a->name);
}

void glb_board_memory_free(struct glb_board_memory *m) {
    free(m->sched);
    free(m->net);
    free(m->coupling);
    m->sched = NULL;
    m->net = NULL;
    m->coupling = NULL;
}

enum glb_status glb_board_memory_write(struct glb_board_memory *m, int target, int tile, int addr,
                                       uint64_t lo, uint64_t hi) {
    const struct glb_array *a = &m->a;
    if (!glb_target_holds(a, target, tile, addr, 1))
        return glb_fail(GLB_ERR_ARGUMENT, "emulator: memory %d has no tile %d, address %d", target,
                        tile, addr);
    switch (target) {
    case GLB_TARGET_SCHED:
        m->sched[(size_t)addr * a->tiles + tile] = (uint32_t)lo & ((1u << a->sw) - 1);
        break;
    case GLB_TARGET_NET:
        m->net[(size_t)addr * m->chunks + tile] = (uint16_t)lo;
        break;
    case GLB_TARGET_COUPLING:
        m->coupling[(size_t)tile * a->cdepth + addr] = lo & ((UINT64_C(1) << a->cw) - 1);
        break;
    case GLB_TARGET_SEG:
        m->seg[addr] = glb_segment_unpack(lo, hi);
        break;
    default:
        return glb_fail(GLB_ERR_ARGUMENT, "emulator: memory %d is not an image", target);
    }
    return GLB_OK;
}

int glb_board_memory_source(const struct glb_board_memory *m, const uint16_t *net, int tile) {
    int wire = tile;
    for (int s = m->a.ns - 1; s >= 0; s--) {
        const int k = wire >> (s + 1) << s | (wire & ((1 << s) - 1));
        const int bit = s * m->a.tiles / 2 + k;
        if (net[bit >> 4] >> (bit & 15) & 1)
            wire ^= 1 << s;
    }
    return wire;
}
