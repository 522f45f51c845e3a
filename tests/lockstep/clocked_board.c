/* The simulator behind its own API, so that every clock is counted.
 * SPDX-License-Identifier: Apache-2.0 */
#include "clocked_board.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include "array/protocol.h"
#include "base/little_endian.h"
#include "support/frames.h"
#include "transports/sim_library.h"

enum { QUIET = 32, PATIENCE = 8000 }; /* clocks; periods of them */

int board_open(struct board *b, const char *array) {
    char file[64];
    memset(b, 0, sizeof *b);
    snprintf(file, sizeof file, "libglauber-sim-%s.so", array);
    b->so = glb_sim_library_open(array, file);
    const struct glb_symbol symbols[] = {{"glb_sim_open", &b->f.open},
                                         {"glb_sim_close", &b->f.close},
                                         {"glb_sim_exchange", &b->f.exchange},
                                         {"glb_sim_busy", &b->f.busy},
                                         {"glb_sim_cycles", &b->f.cycles}};
    if (!b->so || !glb_sim_library_symbols(b->so, symbols, sizeof symbols / sizeof symbols[0]) ||
        !(b->sim = b->f.open(array))) {
        printf("# no simulator of array %s\n", array);
        return -1;
    }
    return 0;
}

void board_close(struct board *b) {
    if (b->sim)
        b->f.close(b->sim);
    if (b->so)
        dlclose(b->so);
}

void board_begin(struct board *b) {
    b->nin = b->parsed = b->njobs = 0;
    b->replies = b->job_frames = b->sent = 0;
    b->first_seq = b->event_seq;
}

void board_blank(uint8_t *frame, uint8_t first_seq) {
    const size_t n = frame_bytes(frame);
    frame[2] = (uint8_t)(frame[2] - first_seq);
    if (frame[1] == GLB_TYPE_DONE)
        memset(frame + FRAME_HEADER + 32, 0, 8);
    memset(frame + n - FRAME_CRC, 0, FRAME_CRC);
}

static int take_reply(struct board *b, const uint8_t *f, size_t n) {
    if (b->replies == MAX_REPLIES || n - FRAME_EXTRA > sizeof b->reply[0].payload)
        return -1;
    struct reply *r = &b->reply[b->replies++];
    *r = (struct reply){f[1] & 0x7f, f[2], f[3], b->job_frames, {0}};
    memcpy(r->payload, f + FRAME_HEADER, n - FRAME_EXTRA);
    b->errors += f[3] != GLB_WIRE_OK;
    return 0;
}

static int parse(struct board *b) {
    for (;;) {
        uint8_t *f = b->in + b->parsed;
        const size_t have = b->nin - b->parsed;
        if (have < FRAME_EXTRA || have < frame_bytes(f))
            return 0;
        const size_t n = frame_bytes(f);
        b->parsed += n;
        if (f[0] != GLB_SYNC_DEVICE || !frame_sealed(f)) {
            printf("# no frame, or one with a bad CRC\n");
            return -1;
        }
        if (f[1] & GLB_TYPE_REPLY) {
            if (take_reply(b, f, n))
                return -1;
            continue;
        }
        if (f[2] != b->event_seq++) {
            printf("# a frame of a job is missing\n");
            return -1;
        }
        memcpy(b->jobs + b->njobs, f, n);
        board_blank(b->jobs + b->njobs, b->first_seq);
        b->njobs += n;
        b->job_frames++;
    }
}

static int exchange(struct board *b, const struct stream *s, size_t *sent, uint64_t clocks) {
    size_t out, in;
    b->f.exchange(b->sim, s ? s->b + *sent : NULL, s ? s->n - *sent : 0, &out, b->in + b->nin,
                  TALK_BYTES - b->nin, &in, clocks);
    if (s)
        *sent += out;
    b->nin += in;
    return parse(b);
}

int board_send(struct board *b, const struct stream *frames) {
    size_t sent = 0;
    for (size_t i = 0; i < frames->n; i += frame_bytes(frames->b + i))
        b->sent++, b->frames++;
    int stuck = 0;
    while (sent < frames->n && stuck++ < PATIENCE) /* never more clocks than bytes are left */
        if (exchange(b, frames, &sent, frames->n - sent))
            return -1;
    return sent < frames->n ? -1 : 0;
}

int board_clocks(struct board *b, uint64_t n) {
    const uint64_t end = b->f.cycles(b->sim) + n;
    while (b->f.cycles(b->sim) < end)
        if (exchange(b, NULL, NULL, end - b->f.cycles(b->sim)))
            return -1;
    return 0;
}

int board_settle(struct board *b) {
    for (int i = 0; i < PATIENCE; i++) {
        const size_t before = b->nin;
        if (exchange(b, NULL, NULL, QUIET))
            return -1;
        if (b->nin == before && b->replies == b->sent && !b->f.busy(b->sim))
            return b->parsed == b->nin ? 0 : -1;
    }
    printf("# no rest: %d replies to %d frames, %s\n", b->replies, b->sent,
           b->f.busy(b->sim) ? "busy" : "idle");
    return -1;
}
