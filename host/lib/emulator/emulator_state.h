/* An open emulator, shared by emulator.c (images, states) and run_job.c (jobs).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_EMULATOR_STATE_H
#define GLB_EMULATOR_EMULATOR_STATE_H

#include <stdatomic.h>
#include "emulator/adder_plan.h"
#include "emulator/board_memory.h"
#include "emulator/chain_layout.h"
#include "emulator/decode.h"
#include "emulator/emulator.h"
#include "emulator/kernel.h"
#include "emulator/reference.h"

enum glb_segment_state { GLB_STALE, GLB_DECODED, GLB_PLANNED };

struct glb_block {
    void *memory;   /* as allocated */
    uint8_t *page;  /* page 0; page 1 is page_bytes further */
    uint64_t *lfsr; /* [tiles * lanes][boards of a block] */
    uint8_t *drawn; /* [tiles * lanes] */
};

struct glb_position { /* in a job's schedule */
    int step;
    uint32_t sweep; /* of the step */
};

struct glb_emu {
    struct glb_board_memory m;
    uint8_t *live; /* [tiles][cdepth]: lanes whose field may become non-zero, see decode.h */
    enum glb_segment_state state[GLB_SEGMENTS];
    struct glb_emu_code code[GLB_SEGMENTS];
    struct glb_emu_plan plan[GLB_SEGMENTS];

    int boards, per_block, nblocks, threads;
    size_t stride; /* words of a state word over all boards */
    struct glb_block *block;
    size_t page_bytes;
    struct glb_reference **ref; /* [boards], made when a program needs them */
    glb_emu_kernel *kernel;
    const char *path;

    /* the span of a running job that glb_parallel() works on */
    const struct glb_job *job;
    int16_t (*tables)[1024]; /* of the job's steps */
    int on_ref;
    struct glb_position from;
    uint64_t sweeps;  /* to run */
    uint64_t at_once; /* sweeps of a span that takes some milliseconds */
    atomic_int cut;   /* the job's stop flag ended the span before its end */
    uint64_t *sample; /* where to put one afterwards, or NULL */
};

/* Makes a segment ready to run. */
enum glb_status glb_emu_prepare(struct glb_emu *e, int segment);

/* One block's part of a state word, where glb_emu_get() would put it. */
void glb_emu_get_block(const struct glb_emu *e, int block, int page, int tile, int addr,
                       uint64_t *words);

static inline uint64_t *glb_emu_slot(const struct glb_emu *e, const struct glb_block *b, int page,
                                     size_t word) {
    return (uint64_t *)(b->page + (size_t)page * e->page_bytes + 2 * word * GLB_SLOT_BYTES);
}

#endif
