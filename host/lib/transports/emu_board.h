/* The emulated board's insides, shared by emu_port.c (frames, transport) and emu_port_job.c (jobs).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TRANSPORTS_EMU_BOARD_H
#define GLB_TRANSPORTS_EMU_BOARD_H

#include <stddef.h>
#include <stdint.h>

#include "array/protocol.h"
#include "emulator/reference.h"

enum { GLB_PORT_FRAME = GLB_HEADER_BYTES + GLB_MAX_PAYLOAD + GLB_CRC_BYTES };

struct glb_board_job { /* a RUN frame, decoded; its steps and runs stay in the board's memories */
    struct glb_job j;
    int beta_start, beta_count, runs_start, runs_count;
};

struct glb_port {
    struct glb_array a;
    struct glb_reference *ref;
    struct glb_beta_step beta[GLB_BETA_STEPS];
    struct glb_run runs[GLB_RUNS];
    struct glb_segment seg[GLB_SEGMENTS];
    char name[64];

    uint8_t frame[GLB_PORT_FRAME]; /* what the parser has of the present frame */
    size_t have;
    uint32_t frames, bad_crc, skipped, errors;

    uint8_t *out; /* bytes for the host: out[out_first .. out_end-1] */
    size_t out_first, out_end, out_cap;
    uint8_t out_seq;

    int running, queued, aborted;
    struct glb_board_job job, next;
    int started, step, segment; /* where the running job is */
    uint32_t sweep_in_step;
    uint64_t sweep, total;
    struct glb_job_counters n;
    enum glb_status broken; /* no memory left: reported by the next exchange */
};

/* Appends a frame for the host. */
void glb_port_send(struct glb_port *p, int type, int seq, int status, const uint8_t *payload,
                   size_t len);

/* The next piece of the running job: its start, one segment, or its end. */
void glb_port_advance(struct glb_port *p);

/* Writes v's n low bytes, the lowest first; returns where they end. */
static inline uint8_t *glb_put_le(uint8_t *p, uint64_t v, int n) {
    for (int i = 0; i < n; i++)
        *p++ = (uint8_t)(v >> (8 * i));
    return p;
}

#endif
