/* The Verilated RTL of an array, clock by clock: frames go in at a chosen clock, what comes back is
 * sorted into replies and frames of jobs. SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LOCKSTEP_CLOCKED_BOARD_H
#define TESTS_LOCKSTEP_CLOCKED_BOARD_H

#include <stddef.h>
#include <stdint.h>
#include "bursts.h"
#include "glb_sim.h"

enum { MAX_REPLIES = 512, TALK_BYTES = 1 << 16 };

struct reply {
    int cmd, seq, status, after; /* after so many frames of jobs */
    uint8_t payload[64];
};

struct board {
    void *so;
    struct glb_sim *sim;
    struct {
        struct glb_sim *(*open)(const char *array);
        void (*close)(struct glb_sim *s);
        void (*exchange)(struct glb_sim *s, const uint8_t *out, size_t n_out, size_t *done_out,
                         uint8_t *in, size_t n_in, size_t *done_in, uint64_t max_clocks);
        int (*busy)(const struct glb_sim *s);
        uint64_t (*cycles)(const struct glb_sim *s);
    } f;

    /* since board_begin() */
    uint8_t in[TALK_BYTES], jobs[TALK_BYTES]; /* all bytes; DATA and DONE frames without what
                                                 timing decides, see board_blank() */
    size_t nin, parsed, njobs;
    struct reply reply[MAX_REPLIES];
    int replies, job_frames, sent; /* sent: frames */
    uint8_t first_seq;             /* of the first frame of a job */

    /* since reset */
    uint32_t frames, errors;
    uint8_t event_seq;
};

/* 0, or -1 with a message printed. */
int board_open(struct board *b, const char *array);
void board_close(struct board *b);
void board_begin(struct board *b);

/* Sends whole frames; ends with the clock that takes the last byte. -1 if what comes back is no
 * frame. */
int board_send(struct board *b, const struct stream *frames);
/* Exactly n clocks. */
int board_clocks(struct board *b, uint64_t n);
/* Until every frame has its reply and the array is idle; -1 if that does not come. */
int board_settle(struct board *b);

/* Makes a frame of a job comparable: seq counted from first_seq, no stall cycles, no CRC. */
void board_blank(uint8_t *frame, uint8_t first_seq);

#endif
