/* The decoder's working memory, shared by decode.c (the walk over a segment, the result) and
 * update_order.c (the order of the updates). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_DECODER_H
#define GLB_EMULATOR_DECODER_H

#include "base/heap.h"
#include "emulator/decode.h"

struct dec_read { /* of a word, by a lane */
    int stage, word,
        after; /* after: index of the write that it reads, -1: the segment's initial word */
    int temp;  /* -1, or the temporary that it reads instead */
    int32_t entry;
    int16_t tile, lane;
};

struct dec_write { /* a CTRL, also with we = 0: clamps may change later */
    int stage, word, due;
    int prev, next; /* writes of the same word, -1: none */
};

struct dec_stage {
    int unit, next; /* next stage of the unit, -1: none */
    int draws, first, nreads;
    int write;
    int32_t entry;
    int16_t tile, lane;
};

struct dec_unit {         /* the stages from a clear accumulator to the next clear */
    int first_stage, key; /* key: clock of its last CTRL */
    int before;           /* the unit before it on the lane, -1: none */
    int hard, soft; /* edges that come in: needs a value of, must not overwrite a value before */
    int done;
};

struct dec_edge {
    int to, soft, next;
};

struct dec_copy {
    int before_unit, word, temp;
};

struct decoder {
    const struct glb_board_memory *m;
    const struct glb_array *a;
    struct dec_read *reads;
    struct dec_write *writes;
    struct dec_stage *stages;
    struct dec_unit *units;
    struct dec_edge *edges;
    struct dec_copy *copies;
    int *order; /* units */
    int nreads, nwrites, nstages, nunits, nedges, ncopies, norder;
    int *word_first, *word_last; /* writes of a word */
    int *lane_stage, *lane_unit; /* open ones of a lane, -1: none */
    int *lane_before;            /* its newest unit, also if closed */
    int *lane_last;              /* stage that closed last in the open unit */
    int *cptr, *wp;
    int *edge_first;       /* of a unit */
    struct glb_heap ready; /* units that may run */
};

/* Orders the units: d->order, d->copies. Returns 0 if no order gives every read its version, even
 * with copies of old words. */
int order_updates(struct decoder *d);

#endif
