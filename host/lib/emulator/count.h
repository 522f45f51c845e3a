/* A segment that counts, decoded: which words are compared, and where each sum lies
 * (docs/design/array.md, section 3a). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_COUNT_H
#define GLB_EMULATOR_COUNT_H

#include "emulator/board_memory.h"

/* For counting, a block's words are packed: 64 bytes of 16-bit parts, each the chains of 16 /
 * CHAINS boards one after another (boards in their order, a board's chains in any). Packed words,
 * by their number: 0 .. tiles - 1 the tiles' own words from one segment to the next; tiles: all
 * ones; then the words that a segment looks at.
 *
 * A block's sums: [tiles][cdepth][16 / CHAINS][32], 16 bits each (the two bits above them never
 * leave a board): board b of the block at [b % (16 / CHAINS)][b / (16 / CHAINS)]. */

struct glb_emu_count_run { /* counts one after another with the same own word */
    uint32_t own;          /* byte offset of a packed word */
    uint32_t first, n;     /* sums first .. first + n - 1 of [tiles][cdepth] */
};

struct glb_emu_own { /* packed word to := packed word from, after the counts; byte offsets */
    uint32_t to, from;
};

struct glb_emu_counts {
    int chains, tiles;
    uint32_t nwords, nruns, nowns;
    uint32_t *word; /* [nwords] byte offsets in a page: packed word tiles + 1 + i */
    struct glb_emu_count_run *run;
    uint32_t *arriving; /* [sum of the runs' n] byte offsets of packed words */
    struct glb_emu_own *own;
};

/* Decodes segment, which counts; *out is filled anew, empty on an error. */
enum glb_status glb_emu_counts_decode(const struct glb_board_memory *m, int segment,
                                      struct glb_emu_counts *out);
void glb_emu_counts_free(struct glb_emu_counts *c);

/* taken[tiles]: entries of the coupling memory that a pass over the segment takes from c_start on;
 * 0 for one that dumps. */
void glb_emu_entries_taken(const struct glb_board_memory *m, int segment, uint16_t *taken);

#endif
