/* Shared memories of the emulated boards and the rules of a job that reference and emulator share.
 * SPDX-License-Identifier: Apache-2.0 */
#include "emulator/board_memory.h"

#include <stdlib.h>
#include <string.h>

#include "array/protocol.h"

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
    const int tiles[] = {a->tiles, m->chunks, a->tiles, 0, 1};
    const int depth[] = {a->sdepth, a->sdepth, a->cdepth, 0, GLB_SEGMENTS};
    if (target < 0 || target > GLB_TARGET_SEG || target == GLB_TARGET_STATE)
        return glb_fail(GLB_ERR_ARGUMENT, "emulator: memory %d is not an image", target);
    if (tile < 0 || tile >= tiles[target] || addr < 0 || addr >= depth[target])
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
    default:
        m->seg[addr] =
            (struct glb_segment){(int)(lo & 0xffff), (int)(lo >> 16 & 0xffff),
                                 (int)(lo >> 32 & 0xffff), (int)(lo >> 48), (uint32_t)hi};
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

int glb_job_sample_due(const struct glb_job *j, uint64_t sweep, uint64_t total) {
    if (sweep == total && j->flags & GLB_RUN_SAMPLE_FINAL)
        return 1;
    return j->interval > 0 && sweep > j->burn_in && (sweep - j->burn_in) % j->interval == 0;
}

enum glb_status glb_job_check(const struct glb_array *a, const struct glb_job *j) {
    if (j->nsteps < 1 || j->nsteps > GLB_BETA_STEPS)
        return glb_fail(GLB_ERR_ARGUMENT, "job: %d beta steps, allowed are 1 to %d", j->nsteps,
                        GLB_BETA_STEPS);
    if (j->nruns < 0 || j->nruns > GLB_RUNS)
        return glb_fail(GLB_ERR_ARGUMENT, "job: %d readout runs, at most %d", j->nruns, GLB_RUNS);
    if (j->page >= GLB_PAGES)
        return glb_fail(GLB_ERR_ARGUMENT, "job: page %d, pages are 0 and 1", j->page);
    if (j->nseg < 1 || j->nseg > GLB_SEGMENTS)
        return glb_fail(GLB_ERR_ARGUMENT, "job: %d segments, allowed are 1 to %d", j->nseg,
                        GLB_SEGMENTS);
    for (int i = 0; i < j->nseg; i++)
        if (j->seg[i] >= GLB_SEGMENTS)
            return glb_fail(GLB_ERR_ARGUMENT, "job: segment %d, the last one is %d", j->seg[i],
                            GLB_SEGMENTS - 1);
    for (int i = 0; i < j->nruns; i++)
        if (j->runs[i].tile >= a->tiles || j->runs[i].addr + j->runs[i].count > 1 << a->aw)
            return glb_fail(GLB_ERR_ARGUMENT, "job: readout run %d leaves tile %d's memory", i,
                            j->runs[i].tile);
    return GLB_OK;
}
