/* WRITE on the emulated board. SPDX-License-Identifier: Apache-2.0 */
#include "array/target.h"
#include "base/little_endian.h"
#include "transports/emu_board.h"

static void write_item(struct emu_board *b, int target, int tile, int addr, const uint8_t *item,
                       int size) {
    const uint64_t lo = glb_get_le(item, size < 8 ? size : 8),
                   hi = size > 8 ? glb_get_le(item + 8, size - 8) : 0;
    switch (target) {
    case GLB_TARGET_BETA:
        b->beta[addr] = (struct glb_beta_step){(uint32_t)lo, (uint32_t)(lo >> 32)};
        return;
    case GLB_TARGET_RUNS:
        b->runs[addr] =
            (struct glb_run){(uint16_t)(lo & (uint64_t)(b->a.tiles - 1)),
                             (uint16_t)(lo >> 16 & ((1u << b->a.aw) - 1)), (uint16_t)(lo >> 32)};
        return;
    default:
        glb_reference_write(b->ref, target, tile, addr, lo, hi);
    }
}

/* ---- states by the list of runs ---- */

struct place { /* the next word: word `done` of readout run `run` */
    int page, run, done;
};

static void write_word(struct emu_board *b, struct place *p, uint32_t word) {
    while (p->run < GLB_RUNS && p->done == b->runs[p->run].count) {
        p->run++;
        p->done = 0;
    }
    if (p->run == GLB_RUNS)
        return;
    const struct glb_run *r = &b->runs[p->run];
    glb_reference_set_state(b->ref, p->page, r->tile, (r->addr + p->done++) & ((1 << b->a.aw) - 1),
                            word);
}

static void write_states(struct emu_board *b, int page, int run, const uint8_t *token, int len) {
    const uint8_t *end = token + len;
    const int bytes = (b->a.chains + 7) / 8;
    struct place p = {page, run, 0};
    while (token < end) {
        int words = *token < 128 ? *token + 1 : *token - 127;
        const int zeros = *token++ >= 128;
        for (; words > 0 && (zeros || end - token >= bytes); words--) {
            write_word(b, &p, zeros ? 0 : (uint32_t)glb_get_le(token, bytes));
            token += zeros ? 0 : bytes;
        }
        if (words > 0) /* the frame ends within the token */
            return;
    }
}

/* May the write be done while a job runs? */
static bool beside_job(const struct emu_board *b, int target, int tile, int addr, int items) {
    const int first = b->job.j.page << b->a.aw, end = first + (1 << b->a.aw);
    if (target == GLB_TARGET_STATES)
        return tile != b->job.j.page;
    return target == GLB_TARGET_STATE && (addr >= end || addr + items <= first);
}

int emu_board_write(struct emu_board *b, const uint8_t *payload, int len) {
    const struct glb_array *a = &b->a;
    const int target = payload[0], tile = payload[1], addr = (int)glb_get_le(payload + 2, 2);
    if (target >= GLB_TARGETS)
        return GLB_WIRE_BAD_TARGET;
    const int size = glb_target_shape(a, target).bytes, items = (len - GLB_WRITE_HEAD_BYTES) / size;
    if (items == 0 || (len - GLB_WRITE_HEAD_BYTES) % size)
        return GLB_WIRE_BAD_LENGTH;
    if (!glb_target_holds(a, target, tile, addr, items))
        return GLB_WIRE_BAD_RANGE;
    if (b->running && !beside_job(b, target, tile, addr, items))
        return GLB_WIRE_BUSY;
    if (target == GLB_TARGET_STATES)
        write_states(b, tile, addr, payload + GLB_WRITE_HEAD_BYTES, items);
    else
        for (int i = 0; i < items; i++)
            write_item(b, target, tile, addr + i, payload + GLB_WRITE_HEAD_BYTES + i * size, size);
    return GLB_WIRE_OK;
}
