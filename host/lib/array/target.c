/* The memories that WRITE reaches. SPDX-License-Identifier: Apache-2.0 */
#include "array/target.h"

static const char *const commands[GLB_TARGETS] = {
    [GLB_TARGET_SCHED] = "WRITE SCHED",       [GLB_TARGET_NET] = "WRITE NET",
    [GLB_TARGET_COUPLING] = "WRITE COUPLING", [GLB_TARGET_STATE] = "WRITE STATE",
    [GLB_TARGET_SEG] = "WRITE SEG",           [GLB_TARGET_BETA] = "WRITE BETA",
    [GLB_TARGET_RUNS] = "WRITE RUNS",         [GLB_TARGET_STATES] = "WRITE STATES",
};

struct glb_target_shape glb_target_shape(const struct glb_array *a, int target) {
    const struct glb_target_shape shapes[GLB_TARGETS] = {
        [GLB_TARGET_SCHED] = {(a->sw + 7) / 8, a->tiles, a->sdepth},
        [GLB_TARGET_NET] = {2, glb_array_chunks(a), a->sdepth},
        [GLB_TARGET_COUPLING] = {(a->cw + 7) / 8, a->tiles, a->cdepth},
        [GLB_TARGET_STATE] = {(a->chains + 7) / 8, a->tiles, GLB_PAGES << a->aw},
        [GLB_TARGET_SEG] = {12, 1, GLB_SEGMENTS},
        [GLB_TARGET_BETA] = {8, 1, GLB_BETA_STEPS},
        [GLB_TARGET_RUNS] = {6, 1, GLB_RUNS},
        [GLB_TARGET_STATES] = {1, GLB_PAGES, GLB_RUNS},
    };
    return shapes[target];
}

bool glb_target_holds(const struct glb_array *a, int target, int tile, int addr, int items) {
    if (target < 0 || target >= GLB_TARGETS)
        return false;
    const struct glb_target_shape s = glb_target_shape(a, target);
    if (target == GLB_TARGET_STATES) /* the tile is a page, the address a run, the items tokens */
        return tile >= 0 && tile < s.tiles && addr >= 0 && addr < s.depth;
    return tile >= 0 && tile < s.tiles && addr >= 0 && items >= 0 && addr <= s.depth - items;
}

const char *glb_target_command(int target) {
    return commands[target];
}
