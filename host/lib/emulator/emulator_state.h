/* An open emulator, shared by emulator.c (images), block.c (states), sums.c (counts) and run_job.c
 * (jobs; run_on_ref.c where only the reference can).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_EMULATOR_STATE_H
#define GLB_EMULATOR_EMULATOR_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
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
    uint8_t *page;  /* page 0; the next ones page_bytes further */
    uint64_t *lfsr; /* [tiles * lanes][boards of a block] */
    uint8_t *drawn; /* [tiles * lanes] */

    void *count_memory; /* made by the first job that counts */
    uint8_t *packed;    /* words that are compared, see count.h */
    uint16_t *sums;
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
    struct glb_emu_counts counts[GLB_SEGMENTS];  /* of segments that count */
    uint16_t taken[GLB_SEGMENTS][GLB_MAX_TILES]; /* see glb_emu_entries_taken() */
    uint8_t *summed; /* [tiles][cdepth] 1: the boards have sums there, beside the image; or NULL */

    int boards, per_block, nblocks, threads;
    size_t stride; /* words of a state word over all boards */
    struct glb_block *block;
    size_t page_bytes;
    uint8_t page_used[GLB_PAGES];
    struct glb_reference **ref; /* [boards], made when a program needs them */
    glb_emu_kernel *kernel;
    glb_emu_counter *count;
    const char *path;

    /* the span of a running job that glb_parallel() works on */
    const struct glb_job *job;
    int16_t (*tables)[1024]; /* of the job's steps */
    int on_ref;
    struct glb_position from;
    uint64_t done;    /* sweeps before the span */
    uint64_t sweeps;  /* to run */
    uint64_t at_once; /* sweeps of a span that takes some milliseconds */
    atomic_int cut;   /* the job's stop flag ended the span before its end */
    uint64_t *sample; /* where to put one afterwards, or NULL */
};

/* Makes a segment ready to run. */
enum glb_status glb_emu_prepare(struct glb_emu *e, int segment);

/* ---- blocks ---- */

/* Makes all pages at least this large; the states stay. */
enum glb_status glb_emu_grow_pages(struct glb_emu *e, size_t slots);

/* Before a page is written: what is never used takes no memory. */
void glb_emu_use_page(struct glb_emu *e, int page);

static inline size_t glb_emu_page_words(const struct glb_emu *e) {
    return (size_t)e->m.a.tiles << e->m.a.aw;
}

static inline uint64_t *glb_emu_slot(const struct glb_emu *e, const struct glb_block *b, int page,
                                     size_t word) {
    return (uint64_t *)(b->page + (size_t)page * e->page_bytes + 2 * word * GLB_SLOT_BYTES);
}

/* One block's part of a state word: where glb_emu_get() would put it; from eight words. */
void glb_emu_get_block(const struct glb_emu *e, int block, int page, int tile, int addr,
                       uint64_t *words);
void glb_emu_put_slot(const struct glb_emu *e, struct glb_block *b, int page, int tile, int addr,
                      const uint64_t *in);

/* ---- sums ---- */

/* The start of the running job as far as it counts, its segments being prepared: own words, sums.
 * GLB_ERR_ARGUMENT if a segment would take a sum for a coupling. */
enum glb_status glb_emu_sums_begin(struct glb_emu *e);

/* n entries of a tile from `first` on hold the image's words again. */
void glb_emu_sums_overwritten(struct glb_emu *e, int tile, int first, int n);

/* A segment that counts or dumps, on one block, with the flags glb_job_count_flags(). */
void glb_emu_count_segment(struct glb_emu *e, struct glb_block *b, int segment, unsigned flags);

/* ---- jobs on references ---- */

/* Starts the references of all boards with the blocks' states. */
enum glb_status glb_emu_start_refs(struct glb_emu *e, const uint64_t *seeds);

/* The span's sweeps on those of a block; the states end in the block. */
void glb_emu_run_refs(struct glb_emu *e, int block);

/* True if the job has to end; then e->cut is set. */
static inline bool glb_emu_stopped(struct glb_emu *e) {
    if (!e->job->stop || !atomic_load_explicit(e->job->stop, memory_order_relaxed))
        return false;
    e->cut = 1;
    return true;
}

#endif
