/* The emulated board: memories, jobs and the frames it has for the host. Bit-exact with the RTL's
 * host port and sequencer, one segment a step (docs/design/array.md, sections 5 to 7).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TRANSPORTS_EMU_BOARD_H
#define GLB_TRANSPORTS_EMU_BOARD_H

#include <stddef.h>
#include <stdint.h>
#include "array/job.h"
#include "array/protocol.h"
#include "emulator/reference.h"

struct emu_job { /* a RUN frame, decoded; its steps and runs stay in the board's memories */
    struct glb_job j;
    int beta_start, beta_count, runs_start, runs_count;
};

struct emu_board {
    struct glb_array a;
    struct glb_reference *ref;
    struct glb_beta_step beta[GLB_BETA_STEPS];
    struct glb_run runs[GLB_RUNS];

    uint8_t *out; /* bytes for the host: out[out_first .. out_end - 1] */
    size_t out_first, out_end, out_cap;
    uint8_t event_seq; /* of the next DATA or DONE frame */

    int running, queued, aborted;
    struct emu_job job, next[GLB_JOB_SLOTS - 1];
    int started, step, segment; /* where the running job is */
    uint32_t sweep_in_step;
    uint64_t sweep, total;
    struct glb_job_counters n;
    enum glb_status broken; /* no memory left for output */
};

enum glb_status emu_board_open(struct emu_board *b, const struct glb_array *a);
void emu_board_close(struct emu_board *b);

/* Appends a frame to the output. */
void emu_board_send(struct emu_board *b, int type, int seq, int status, const uint8_t *payload,
                    size_t len);
size_t emu_board_ready(const struct emu_board *b); /* bytes of output */

/* The commands WRITE (emu_memory.c), with 4 or more bytes of payload, RUN and ABORT; the status of
 * the reply. */
int emu_board_write(struct emu_board *b, const uint8_t *payload, int len);
int emu_board_run(struct emu_board *b, const uint8_t payload[GLB_RUN_BYTES]);
int emu_board_abort(struct emu_board *b);

/* The next piece of the running job: its start, one segment, or its end. */
void emu_board_advance(struct emu_board *b);

#endif
