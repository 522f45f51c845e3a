/* An open emulator, shared by emulator.c (images), block.c (states), sums.c (counts) and run_job.c
 * (jobs; run_on_ref.c where only the reference can).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_EMULATOR_STATE_H
#define GLB_EMULATOR_EMULATOR_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include "emulator/board_memory.h"
#include "emulator/decode.h"
#include "emulator/emulator.h"
#include "emulator/kernels/kernel.h"
#include "emulator/plan.h"
#include "emulator/reference.h"

enum glb_segment_state { GLB_STALE, GLB_DECODED, GLB_PLANNED };

/* `parts` parts of 16 bits; its pages are laid out as plan.h says. */
struct glb_block {
    void *memory;   /* as allocated */
    uint8_t *page;  /* page 0; the next ones page_bytes further */
    uint64_t *lfsr; /* see struct glb_emu_machine; noise too */
    uint8_t *drawn, *noise;

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

    int boards, threads;
    int group;                     /* boards that share a temperature */
    int parts, per_block, nblocks; /* of a block: parts, boards */
    size_t stride;                 /* words of a state word over all boards */
    struct glb_block *block;
    size_t page_bytes, noise_bytes;
    uint32_t *place, *word_at; /* [state words]: of a word; the word there */
    uint32_t nplaced;          /* the first so many places are those of the segments' words */
    uint8_t page_used[GLB_PAGES];
    struct glb_reference **ref; /* [boards], made when a program needs them */
    glb_emu_kernel *kernel;
    glb_emu_counter *count;
    const char *path;

    /* the span of a running job that glb_parallel() works on */
    const struct glb_job *job;
    int16_t (*tables)[1024]; /* of the job's steps or groups, at a multiple of 64 bytes */
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

/* Makes all pages and noise buffers at least this large; the states stay. */
enum glb_status glb_emu_grow_blocks(struct glb_emu *e, size_t page_bytes, size_t noise_bytes);

/* Before a page is written: what is never used takes no memory. */
void glb_emu_use_page(struct glb_emu *e, int page);

static inline size_t glb_emu_page_words(const struct glb_emu *e) {
    return (size_t)e->m.a.tiles << e->m.a.aw;
}

static inline size_t glb_emu_word_bytes(const struct glb_emu *e) {
    return 2 * (size_t)e->parts;
}

/* Bytes of a page up to the last state word. */
static inline size_t glb_emu_states_end(const struct glb_emu *e) {
    return GLB_PAGE_START + 2 * glb_emu_page_words(e) * glb_emu_word_bytes(e);
}

static inline size_t glb_emu_word_offset(const struct glb_emu *e, size_t word) {
    return GLB_PAGE_START + 2 * (size_t)e->place[word] * glb_emu_word_bytes(e);
}

/* A block's part of a state word, as the API has it; its complement lies behind it. */
static inline uint8_t *glb_emu_word(const struct glb_emu *e, const struct glb_block *b, int page,
                                    size_t word) {
    return b->page + (size_t)page * e->page_bytes + glb_emu_word_offset(e, word);
}

/* One block's part of a state word: where glb_emu_get() would put it; from glb_emu_word_bytes(). */
void glb_emu_get_block(const struct glb_emu *e, int block, int page, int tile, int addr,
                       uint64_t *words);
void glb_emu_put_word(const struct glb_emu *e, struct glb_block *b, int page, int tile, int addr,
                      const void *in);

/* ---- places ---- */

enum glb_status glb_emu_places_init(struct glb_emu *e);

/* The words that the decoded segment updates, reads and counts get places, beside those of others.
 * They keep them as long as any segment is decoded. Counted words become offsets in a page. */
void glb_emu_place_words(struct glb_emu *e, int segment);

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
