/* From a plan of the counting segment to the program's memory images and tables.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "compiler/counting/count_plan.h"
#include "compiler/schedule/route.h"

/* Room for so many clocks more; false, and nothing is lost, if memory runs out. */
static bool grow_images(struct glb_program *p, int clocks) {
    const size_t tiles = (size_t)p->array.tiles, chunks = (size_t)glb_array_chunks(&p->array);
    const size_t before = (size_t)p->s_used, all = before + (size_t)clocks;
    uint32_t *sched = realloc(p->sched, sizeof *sched * (all * tiles + 1));
    if (!sched)
        return false;
    p->sched = sched;
    uint16_t *net = realloc(p->net, sizeof *net * (all * chunks + 1));
    if (!net)
        return false;
    p->net = net;
    memset(sched + before * tiles, 0, sizeof *sched * (size_t)clocks * tiles);
    memset(net + before * chunks, 0, sizeof *net * (size_t)clocks * chunks);
    return true;
}

/* Words of the clocks from s_used on; the tiles' sums follow each other in p->count[want]. */
static void put_clocks(const struct count_plan *plan, struct glb_program *p) {
    const struct glb_array *a = &p->array;
    const size_t tiles = (size_t)a->tiles, chunks = (size_t)glb_array_chunks(a);
    int sums[GLB_MAX_TILES] = {0};
    for (int c = 0; c < plan->clocks; c++) {
        uint32_t *sched = &p->sched[(size_t)(p->s_used + c) * tiles];
        uint16_t *net = &p->net[(size_t)(p->s_used + c) * chunks];
        for (int t = 0; t < a->tiles; t++) {
            const struct count_op *op = &plan->op[(size_t)c * tiles + (size_t)t];
            sched[t] |= (uint32_t)op->op;
            if (op->pbit >= 0) {
                const struct glb_slot *s = count_slot(plan, op->pbit);
                sched[s->tile] |= (uint32_t)((s->lane << a->gw | s->g) << a->ow);
                route_mark_path(a, net, s->tile, t);
            }
            if (op->op == COUNT_SUM)
                p->count[op->want] =
                    (struct glb_count_ref){plan->want[op->want].i, plan->want[op->want].j,
                                           (int16_t)t, p->sums_first + sums[t]++};
        }
    }
}

static void put_segments(const struct count_plan *plan, struct glb_program *p) {
    const struct glb_array *a = &p->array;
    struct glb_segment *g = &p->seg[p->nseg + p->nextra];
    *g++ = (struct glb_segment){.s_start = p->s_used,
                                .s_len = plan->clocks,
                                .c_start = p->sums_first,
                                .mode = GLB_SEGMENT_COUNTS};
    p->count_first = p->nseg + p->nextra;
    p->counts = 1;
    p->dump_first = p->count_first + 1;
    p->dumps = 0;
    /* a dump's clocks do nothing else: any will do */
    for (int part = 0; part < glb_array_sum_parts(a); part++)
        for (int done = 0; done < p->sums; done += 1 << a->gw, p->dumps++)
            *g++ = (struct glb_segment){.s_start = p->s_used,
                                        .s_len = p->sums - done < 1 << a->gw ? p->sums - done
                                                                             : 1 << a->gw,
                                        .c_start = p->sums_first + done,
                                        .mode = GLB_SEGMENT_DUMPS,
                                        .part = part};
    p->nextra += p->counts + p->dumps;
}

enum glb_status count_append(const struct count_plan *plan, struct glb_program *p) {
    struct glb_count_ref *count = calloc((size_t)plan->nwant + 1, sizeof *count);
    if (!count || !grow_images(p, plan->clocks)) {
        free(count);
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory for the counting segment");
    }
    free(p->count);
    p->count = count;
    p->ncount = plan->nwant;
    p->sums_first = p->c_used;
    p->sums = plan->sums;
    put_clocks(plan, p);
    put_segments(plan, p);
    p->s_used += plan->clocks;
    return GLB_OK;
}
