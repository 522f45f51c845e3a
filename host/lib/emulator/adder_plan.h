/* What the emulator makes of a segment's images: first its updates in an order that a sequential
 * scan may run (emu_decode.c), then carry-save adders over the states' bit planes (emu_plan.c) that
 * the kernels execute. SPDX-License-Identifier: Apache-2.0
 *
 * A block is 512 chains: 512 / CHAINS boards. A state word of a block is 512 bits, one 64-byte
 * slot; its complement is the next slot. A page of a block: slots 2 w and 2 w + 1 hold the state
 * word with the number w; then a slot of zeros, one of ones, temporaries (pairs) and scratch.
 *
 * Bits of a slot: bit 32 v + 4 b + c is chain 4 q + c of board 8 g + b, where v = g CHAINS / 4 + q:
 * so the 64-bit LFSRs of eight boards give the noise of 32 neighbouring bits at once. */
#ifndef GLB_EMULATOR_ADDER_PLAN_H
#define GLB_EMULATOR_ADDER_PLAN_H

#include "emulator/board_memory.h"

enum { GLB_BLOCK = 512, GLB_SLOT_BYTES = GLB_BLOCK / 8 };

struct glb_emu_read { /* one lane's use of a READ entry */
    uint32_t slot;    /* of the word that is read */
    int32_t entry;
    int16_t tile, lane;
};

struct glb_emu_stage { /* everything up to and with one CTRL, or a copy */
    int first, nreads; /* in reads */
    int copy;          /* only a copy: slot copy_from (and its complement) to dst */
    uint32_t copy_from, dst;
    int noise; /* noise words of each chain */
    int keep;  /* adds to what the stage before left in the accumulators (its CTRL had clr = 0) */
    int32_t entry;
    int16_t tile, lane;
};

struct glb_emu_code { /* one segment's updates, in order */
    int ok;           /* 0: only the reference can run this segment */
    int nstages, nreads, ntemp;
    struct glb_emu_stage *stage;
    struct glb_emu_read *read;
};

struct glb_emu_step {       /* a stage, ready to run */
    uint32_t n7, n3;        /* 7:3 counters and full adders */
    const uint32_t *offset; /* byte offsets: 7 a counter, 3 an adder, then one a plane */
    uint8_t plane, nplanes; /* the planes that are not zero lie here */
    uint32_t dst, copy_from;
    uint32_t lane; /* tile * LANES + lane */
    int16_t bias;  /* what is added besides the planes */
    uint8_t noise, copy, keep, dbl, clr, we;
};

struct glb_emu_plan {
    int acc, chains;
    uint32_t
        scratch; /* byte offset of the adders' results: three a counter, two an adder, in order */
    int nsteps;
    struct glb_emu_step *step;
    uint32_t *offset;
    uint32_t page_slots; /* slots that a page needs for this plan */
};

/* Decodes one segment. live[tile * cdepth + entry]: bit l set: lane l's field may become non-zero;
 * fields that are non-zero set it. */
enum glb_status glb_emu_decode(const struct glb_board_memory *m, int segment, uint8_t *live,
                               struct glb_emu_code *out);
void glb_emu_code_free(struct glb_emu_code *c);

/* Builds the adders for the weights that the images hold now; the old content of *out is reused. */
enum glb_status glb_emu_plan_build(const struct glb_board_memory *m, const struct glb_emu_code *c,
                                   struct glb_emu_plan *out);
void glb_emu_plan_free(struct glb_emu_plan *p);

/* One pass over a segment on one block. page: the block's page; lfsr [tiles * lanes][512 / CHAINS];
 * drawn [tiles * lanes]: noise words a lane took since the job's start (64: that or more). */
typedef void glb_emu_kernel(const struct glb_emu_plan *p, uint8_t *page, uint64_t *lfsr,
                            uint8_t *drawn, const int16_t table[1024]);
glb_emu_kernel glb_emu_kernel_portable, glb_emu_kernel_avx2, glb_emu_kernel_avx512;

#endif
