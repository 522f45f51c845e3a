/* A program's first segment clock by clock, as the chip's view shows it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "chip.h"

#include <stdlib.h>
#include <string.h>
#include "array/coupling_word.h"
#include "emulator/board_memory.h"

/* P-bit that each CTRL entry updates, -1 for others: [tiles][c_used]. */
static int32_t *closing_pbits(const struct glb_program *p) {
    const size_t entries = (size_t)p->array.tiles * (size_t)p->c_used;
    int32_t *pbit = malloc((entries + 1) * sizeof *pbit);
    for (size_t k = 0; pbit && k < entries; k++)
        pbit[k] = -1;
    for (int k = 0; pbit && k < p->nbias; k++)
        pbit[(size_t)p->bias[k].tile * (size_t)p->c_used + (size_t)p->bias[k].entry] =
            p->bias[k].to;
    return pbit;
}

/* One tile in one clock; returns whether it takes a coupling entry. */
static int look(const struct glb_array *a, int op, uint64_t entry, struct chip_tile *x) {
    if (op == 0) {
        x->does = CHIP_IDLE;
        return 0;
    }
    if (op <= a->lanes) {
        x->does = CHIP_NOISE;
        x->lane = op - 1;
        return 0;
    }
    const int flag = (int)(entry & ((1u << a->ow) - 1));
    if (flag == a->ctrl) {
        x->does = CHIP_CLOSE;
        x->lane = glb_ctrl_parts(a, entry).lane;
        return 1;
    }
    x->does = flag ? CHIP_READ_NOISE : CHIP_READ;
    x->lane = flag - 1;
    for (int lane = 0; lane < a->lanes; lane++)
        x->adds |= (lane != flag - 1 && glb_field(a, entry, lane) != 0) << lane;
    return 1;
}

enum glb_status chip_schedule(const struct glb_program *p, struct chip_tile **out) {
    const struct glb_array *a = &p->array;
    const struct glb_segment *seg = &p->seg[0];
    const struct glb_board_memory m = {.a = *a, .chunks = glb_array_chunks(a)};
    struct chip_tile *x = calloc((size_t)seg->s_len * (size_t)a->tiles + 1, sizeof *x);
    int32_t *pbit = closing_pbits(p);
    int next[GLB_MAX_TILES];
    *out = x;
    for (int t = 0; t < a->tiles; t++)
        next[t] = seg->c_start;
    for (int c = 0; x && pbit && c < seg->s_len; c++) {
        const uint32_t *sched = p->sched + (size_t)(seg->s_start + c) * (size_t)a->tiles;
        const uint16_t *net = p->net + (size_t)(seg->s_start + c) * (size_t)m.chunks;
        for (int t = 0; t < a->tiles; t++, x++) {
            const size_t at = (size_t)t * (size_t)p->c_used + (size_t)next[t];
            const int op = (int)(sched[t] & ((1u << a->ow) - 1));
            x->bank = x->word = x->lane = x->pbit = -1;
            if (!look(a, op, op > a->lanes ? p->coupling[at] : 0, x))
                continue;
            next[t]++;
            if (x->does == CHIP_CLOSE) {
                x->pbit = pbit[at];
                continue;
            }
            x->bank = glb_board_memory_source(&m, net, t);
            x->word = (int32_t)(sched[x->bank] >> a->ow);
        }
    }
    free(pbit);
    if (*out && pbit)
        return GLB_OK;
    free(*out);
    *out = NULL;
    return glb_fail(GLB_ERR_MEMORY, "no memory for the schedule");
}
