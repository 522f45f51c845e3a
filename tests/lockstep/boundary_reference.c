/* Outcomes from the emulated board, which takes a frame after any piece of a job.
 * SPDX-License-Identifier: Apache-2.0 */
#include "boundary_reference.h"

#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"
#include "clocked_board.h"
#include "support/frames.h"
#include "transports/emu_board.h"

enum variant { KEPT, SAMPLE_DROPPED, QUEUE_DROPPED };

static int take(struct emu_board *b, const struct stream *frames) {
    int status = GLB_WIRE_OK;
    for (size_t i = 0; i < frames->n; i += frame_bytes(frames->b + i)) {
        const uint8_t *f = frames->b + i, *payload = f + FRAME_HEADER;
        status = f[1] == GLB_CMD_WRITE
                     ? emu_board_write(b, payload, (int)(frame_bytes(f) - FRAME_EXTRA))
                 : f[1] == GLB_CMD_RUN ? emu_board_run(b, payload)
                                       : emu_board_abort(b);
    }
    return status;
}

static void finish(struct emu_board *b) {
    while (b->running)
        emu_board_advance(b);
}

/* The last piece, such that its sample or the queued job does not come; 0 if it has none. */
static int advance_without(struct emu_board *b, enum variant v) {
    const size_t end = b->out_end;
    const int queued = b->queued;
    const uint8_t seq = b->event_seq;
    emu_board_advance(b);
    if (v == QUEUE_DROPPED) {
        const int ended = b->queued < queued;
        b->running = b->queued = 0;
        return ended;
    }
    if (b->event_seq == seq || !b->started)
        return 0;
    b->out_end = end;
    b->n.samples--;
    b->event_seq = seq;
    return 1;
}

/* 0 if there is no such outcome. */
static int outcome(struct outcome *o, const struct glb_array *a, const struct sweep *w, int point,
                   enum variant v) {
    static const char *const kinds[] = {"", ", its sample dropped", ", the queued job dropped"};
    struct emu_board b;
    int there = emu_board_open(&b, a) == GLB_OK;
    take(&b, &w->load);
    take(&b, &w->before);
    for (int i = 0; i < point && there; i++) {
        there = b.running;
        if (there && (v == KEPT || i + 1 < point))
            emu_board_advance(&b);
        else if (there)
            there = advance_without(&b, v);
    }
    if (there) {
        *o = (struct outcome){.status = take(&b, &w->frame), .point = point, .kind = kinds[v]};
        finish(&b);
        take(&b, &w->after);
        finish(&b);
        o->jobs.n = b.out_end;
        o->jobs.b = malloc(b.out_end + 1);
        memcpy(o->jobs.b, b.out, b.out_end);
        for (size_t i = 0; i < o->jobs.n; i += frame_bytes(o->jobs.b + i))
            board_blank(o->jobs.b + i, 0);
    }
    emu_board_close(&b);
    return there;
}

void outcomes_make(struct outcomes *o, const struct glb_array *a, const struct sweep *w) {
    const int aborts = w->frame.b[1] == GLB_CMD_ABORT;
    int more = 1;
    o->n = 0;
    /* an ABORT before the start of the emulated job comes after its first sample all the same */
    for (int point = aborts; more && o->n + 3 < MAX_OUTCOMES; point++) {
        if (aborts)
            o->n += outcome(&o->at[o->n], a, w, point, SAMPLE_DROPPED);
        if (aborts)
            o->n += outcome(&o->at[o->n], a, w, point, QUEUE_DROPPED);
        more = outcome(&o->at[o->n], a, w, point, KEPT);
        o->n += more;
    }
}

void outcomes_free(struct outcomes *o) {
    for (int i = 0; i < o->n; i++)
        free(o->at[i].jobs.b);
    o->n = 0;
}
