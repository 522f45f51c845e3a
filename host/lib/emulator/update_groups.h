/* A segment's updates in groups that do not depend on each other, and the noise that they need, in
 * rows made ahead. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_UPDATE_GROUPS_H
#define GLB_EMULATOR_UPDATE_GROUPS_H

#include "emulator/decode.h"

enum { GLB_SLOT_BYTES = 64, GLB_SLOT_PARTS = 32 };
enum { GLB_NOISE_BLOCK = GLB_SLOT_BYTES * 16 }; /* bytes: a number for each bit of a slot */

/* Kinds of updates; only those of one kind share a group. */
enum {
    GLB_UPDATE_ALONE, /* anything */
    GLB_UPDATE_NOISY, /* a sum and CHAINS noise words, one result */
    GLB_UPDATE_QUIET, /* a sum, one result; also copies */
    GLB_UPDATE_DIGITS /* and above: a sum, 2 results or more: its sign, then those of its doubles */
};
enum { GLB_MOST_RESULTS = 12, GLB_UPDATE_KINDS = GLB_UPDATE_DIGITS + GLB_MOST_RESULTS - 1 };

static inline int glb_emu_results(int kind) {
    return kind < GLB_UPDATE_DIGITS ? 1 : kind - GLB_UPDATE_DIGITS + 2;
}

struct glb_emu_update { /* stages from a clear accumulator to the next clear */
    int first, n;
    int lane;       /* tile * LANES + lane */
    int row, draws; /* noise rows of the lane */
    int kind;
    int writes; /* 0: only its noise is drawn */
};

/* A noise row: CHAINS words of each of eight generators, made at once. Generators are numbered
 * (tile * LANES + lane) * boards + board. */
struct glb_emu_row {
    uint32_t octet;       /* generators 8 octet .. 8 octet + 7 */
    uint8_t active, used; /* those that step; whose words are needed */
    uint32_t to[8];       /* byte offsets in the noise buffer, CHAINS 16-bit numbers each */
};

struct glb_emu_batch { /* updates member[first .. first + n - 1], as a group or one for itself */
    int first, n, kind;
    uint32_t rows; /* to make before it */
    int32_t noise; /* byte offset of its numbers, -1: none */
};

struct glb_emu_order {
    uint8_t *we; /* [stages]: it holds for these */
    int nupdates, nbatches;
    struct glb_emu_update *update;
    struct glb_emu_batch *batch;
    int *member;
    struct glb_emu_row *row;
    uint32_t nrows, rows_after; /* after: the last ones, behind all batches */
    uint32_t noise_bytes;
};

/* Does a stage write, in the images as they are? */
int glb_emu_stage_writes(const struct glb_board_memory *m, const struct glb_emu_code *c,
                         const struct glb_emu_stage *s);

/* Groups of at most 32 / parts; *out is filled anew, empty on an error. */
enum glb_status glb_emu_order_build(const struct glb_board_memory *m, const struct glb_emu_code *c,
                                    int parts, struct glb_emu_order *out);
void glb_emu_order_free(struct glb_emu_order *o);

/* The second half of it: rows and the places of their numbers, batches being there. */
enum glb_status glb_emu_rows_build(const struct glb_array *a, int parts, struct glb_emu_order *o);

#endif
