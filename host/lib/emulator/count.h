/* A segment that counts, decoded: which words are compared, and where each sum lies
 * (docs/design/array.md, section 3a). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_COUNT_H
#define GLB_EMULATOR_COUNT_H

#include "emulator/board_memory.h"

/* For counting, state words are copied side by side, 2 * parts bytes each. These packed words, by
 * their number: 0 .. tiles - 1 the tiles' own words from one segment to the next; tiles: all ones;
 * then the words that a segment looks at.
 *
 * A block's sums: [tiles][cdepth][boards], 16 bits each (the two bits above them never leave a
 * board). */

struct glb_emu_count_run { /* counts one after another with the same own word */
    uint32_t own;          /* byte offset of a packed word */
    uint32_t first, n;     /* sums first .. first + n - 1 of [tiles][cdepth] */
};

struct glb_emu_own { /* packed word to := packed word from, after the counts; byte offsets */
    uint32_t to, from;
};

struct glb_emu_counts {
    int chains, tiles, parts; /* parts: of a block, see plan.h */
    uint32_t nwords, nruns, nowns;
    uint32_t *word; /* [nwords] state words, for the kernels their byte offsets in a page: packed
                       word tiles + 1 + i */
    struct glb_emu_count_run *run;
    uint32_t *arriving; /* [sum of the runs' n] byte offsets of packed words */
    struct glb_emu_own *own;
};

/* Decodes segment, which counts; *out is filled anew, empty on an error. */
enum glb_status glb_emu_counts_decode(const struct glb_board_memory *m, int segment, int parts,
                                      struct glb_emu_counts *out);
void glb_emu_counts_free(struct glb_emu_counts *c);

/* taken[tiles]: entries of the coupling memory that a pass over the segment takes from c_start on;
 * 0 for one that dumps. */
void glb_emu_entries_taken(const struct glb_board_memory *m, int segment, uint16_t *taken);

#endif
