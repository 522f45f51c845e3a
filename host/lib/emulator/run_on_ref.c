/* Jobs with segments that the decoder cannot order: these run on references, one a board, and only
 * what counts runs on the blocks. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "emulator/emulator_state.h"

/* The boards of a block: first .. end - 1. */
static int first_board(const struct glb_emu *e, int block) {
    return block * e->per_block;
}
static int end_board(const struct glb_emu *e, int block) {
    const int end = first_board(e, block + 1);
    return end < e->boards ? end : e->boards;
}

static void block_from_refs(struct glb_emu *e, int block) {
    const int chains = e->m.a.chains, first = first_board(e, block), end = end_board(e, block);
    const uint64_t mask = (UINT64_C(1) << chains) - 1;
    for (int t = 0; t < e->m.a.tiles; t++)
        for (int addr = 0; addr < 1 << e->m.a.aw; addr++) {
            uint64_t in[GLB_SLOT_BYTES / 8] = {0};
            for (int b = first; b < end; b++) {
                const int bit = (b - first) * chains;
                in[bit / 64] |= (glb_reference_state(e->ref[b], e->job->page, t, addr) & mask)
                                << (bit % 64);
            }
            glb_emu_put_word(e, &e->block[block], e->job->page, t, addr, in);
        }
}

static void refs_from_block(struct glb_emu *e, int block) {
    const int chains = e->m.a.chains, first = first_board(e, block), end = end_board(e, block);
    const uint64_t mask = (UINT64_C(1) << chains) - 1;
    for (int t = 0; t < e->m.a.tiles; t++)
        for (int addr = 0; addr < 1 << e->m.a.aw; addr++) {
            uint64_t words[GLB_SLOT_BYTES / 8] = {0};
            memcpy(words,
                   glb_emu_word(e, &e->block[block], e->job->page,
                                ((size_t)t << e->m.a.aw) + (size_t)addr),
                   glb_emu_word_bytes(e));
            for (int b = first; b < end; b++) {
                const int bit = (b - first) * chains;
                glb_reference_set_state(e->ref[b], e->job->page, t, addr,
                                        (uint32_t)(words[bit / 64] >> (bit % 64) & mask));
            }
        }
}

enum glb_status glb_emu_start_refs(struct glb_emu *e, const uint64_t *seeds) {
    for (int b = 0; b < e->boards; b++) {
        const enum glb_status s = e->ref[b] ? GLB_OK : glb_reference_open_shared(&e->m, &e->ref[b]);
        if (s != GLB_OK)
            return s;
        glb_reference_begin(e->ref[b], seeds ? seeds[b] : e->job->seed);
    }
    for (int i = 0; i < e->nblocks; i++)
        refs_from_block(e, i);
    return GLB_OK;
}

static void run_segment(struct glb_emu *e, int block, int segment, unsigned flags) {
    if (e->m.seg[segment].mode < GLB_SEGMENT_COUNTS) {
        for (int b = first_board(e, block); b < end_board(e, block); b++)
            glb_reference_segment(e->ref[b], segment, e->job->page, 0);
        return;
    }
    block_from_refs(e, block);
    glb_emu_count_segment(e, &e->block[block], segment, flags);
    refs_from_block(e, block);
}

void glb_emu_run_refs(struct glb_emu *e, int block) {
    const struct glb_job *j = e->job;
    struct glb_position at = e->from;
    for (uint64_t sweep = e->done + 1; sweep <= e->done + e->sweeps && !glb_emu_stopped(e);
         sweep++) {
        const int nseg = glb_job_segments(j, sweep);
        while (at.sweep == j->steps[at.step].sweeps)
            at = (struct glb_position){at.step + 1, 0};
        for (int b = first_board(e, block); b < end_board(e, block); b++)
            glb_reference_beta(e->ref[b],
                               j->group_k ? j->group_k[b / e->group] : j->steps[at.step].k);
        for (int g = 0; g < nseg; g++)
            run_segment(e, block, j->seg[g], glb_job_count_flags(j, sweep));
        at.sweep++;
    }
    block_from_refs(e, block);
}
