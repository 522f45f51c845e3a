/* Segments that hold. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "array/coupling_word.h"
#include "compiler/counting/counting.h"

/* A hold keeps every CTRL with dbl = 0 and clr = 1 from writing. Is each of the segment's the end
 * of a p-bit's update? Copies of hubs end so too. */
static bool can_hold(const struct glb_program *p, int seg, bool *closes) {
    const struct glb_array *a = &p->array;
    const struct glb_segment *g = &p->seg[seg];
    const int mask = (1 << a->ow) - 1;
    for (int k = 0; k < p->nbias; k++)
        closes[(size_t)p->bias[k].tile * (size_t)p->c_used + (size_t)p->bias[k].entry] = true;
    for (int t = 0; t < a->tiles; t++) {
        size_t entry = (size_t)t * (size_t)p->c_used + (size_t)g->c_start;
        for (int c = g->s_start; c < g->s_start + g->s_len; c++) {
            if ((int)(p->sched[(size_t)c * (size_t)a->tiles + (size_t)t] & (uint32_t)mask) !=
                a->ctrl)
                continue;
            const uint64_t word = p->coupling[entry];
            const struct glb_ctrl ctrl = glb_ctrl_parts(a, word);
            if ((int)(word & (uint64_t)mask) == a->ctrl && !ctrl.dbl && ctrl.clr && !closes[entry])
                return false;
            entry++;
        }
    }
    return true;
}

enum glb_status glb_program_add_hold(struct glb_program *p, int seg, int *number) {
    const int next = p->nseg + p->nextra;
    *number = -1;
    if (seg < 0 || seg >= p->nseg)
        return glb_fail(GLB_ERR_ARGUMENT, "segment %d; a sweep has 0 to %d", seg, p->nseg - 1);
    if (next == GLB_SEGMENTS)
        return glb_fail(GLB_ERR_FIT, "all %d segments are in use", GLB_SEGMENTS);
    bool *closes = calloc((size_t)p->array.tiles * (size_t)p->c_used + 1, sizeof *closes);
    if (!closes)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    const bool can = can_hold(p, seg, closes);
    free(closes);
    if (!can)
        return glb_fail(GLB_ERR_UNSUPPORTED,
                        "segment %d makes copies of p-bits with many couplings, so it cannot be "
                        "held as a whole; clamp its p-bits",
                        seg);
    p->seg[next] = p->seg[seg];
    p->seg[next].mode = GLB_SEGMENT_HOLDS;
    p->nextra++;
    *number = next;
    return GLB_OK;
}
