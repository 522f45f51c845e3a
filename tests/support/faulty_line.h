/* A transport to the emulated board that moves few bytes at a time, and spoils, loses, repeats or
 * shortens what the board sends. SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SUPPORT_FAULTY_LINE_H
#define TESTS_SUPPORT_FAULTY_LINE_H

#include "wire/transport.h"

enum data_fault { DATA_WHOLE, DATA_LOST, DATA_SHORT, DATA_REPEATED };

struct faulty_line {
    struct glb_transport board;
    size_t step;  /* bytes of one exchange at most */
    long from;    /* bytes from the board so far */
    long flip_at; /* byte whose lowest bit is flipped; -1: none */
    int dead;     /* no byte moves */
    int version;  /* of the IDENT reply, if not 0 */

    int nth_data, data_at; /* DATA frames so far; the one (from 1) with the fault */
    enum data_fault data;
    int done_twice, done_short; /* the DONE frame comes again, has 3 bytes */
    int added;                  /* frames: those behind them count further */

    size_t sent, most;     /* bytes to the board; at most so many without replies */
    size_t replies, frame; /* to WRITE; bytes of each WRITE */
    uint8_t held[70000];   /* whole frames from the board, edited, not yet handed out */
    size_t nheld;
};

/* Opens array tiny behind it, without faults. The line must live as long as the transport. */
struct glb_transport faulty_line_open(struct faulty_line *l, size_t step);

#endif
