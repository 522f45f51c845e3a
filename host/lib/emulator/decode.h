/* A segment's updates in an order in which they may run one after another: what the decoder makes
 * of the images. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_DECODE_H
#define GLB_EMULATOR_DECODE_H

#include "emulator/board_memory.h"

/* Slots: 2 w holds the state word with the number w, 2 w + 1 its complement; behind all words, the
 * same way, temporaries. */

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
    int hold;         /* a CTRL with dbl = 0 and clr = 1 does not write */
    int nstages, nreads, ntemp;
    struct glb_emu_stage *stage;
    struct glb_emu_read *read;
};

/* Decodes one segment. live[tile * cdepth + entry]: bit l set: lane l's field may become non-zero;
 * fields that are non-zero set it. */
enum glb_status glb_emu_decode(const struct glb_board_memory *m, int segment, uint8_t *live,
                               struct glb_emu_code *out);
void glb_emu_code_free(struct glb_emu_code *c);

#endif
