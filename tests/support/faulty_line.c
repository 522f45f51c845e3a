/* The faulty line. SPDX-License-Identifier: Apache-2.0 */
#include "support/faulty_line.h"

#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"
#include "support/frames.h"
#include "transports/transports.h"

enum { SHORT = 3 }; /* bytes of payload */

/* Makes the n bytes at `at` in held m bytes. */
static void resize(struct faulty_line *l, size_t at, size_t n, size_t m) {
    memmove(l->held + at + m, l->held + at + n, l->nheld - at - n);
    l->nheld += m - n;
}

static void shorten(struct faulty_line *l, size_t at) {
    uint8_t *f = l->held + at;
    resize(l, at, frame_bytes(f), FRAME_EXTRA + SHORT);
    f[4] = SHORT;
    f[5] = 0;
    memset(f + FRAME_HEADER, 0x11, SHORT);
    frame_seal(f);
}

/* A copy of the frame behind it: an event, numbered further; a DATA frame's sample too. */
static void repeat(struct faulty_line *l, size_t at) {
    uint8_t *f = l->held + at, *again = f + frame_bytes(f);
    const size_t n = frame_bytes(f);
    resize(l, at + n, 0, n);
    memcpy(again, f, n);
    again[2]++;
    if (f[1] == GLB_TYPE_DATA)
        again[FRAME_HEADER + 4]++;
    frame_seal(again);
    l->added++;
}

/* Edits the frame at `at`; where the next one starts. */
static size_t edit(struct faulty_line *l, size_t at) {
    uint8_t *f = l->held + at;
    const int event = f[1] == GLB_TYPE_DATA || f[1] == GLB_TYPE_DONE;
    l->replies += f[1] == (GLB_TYPE_REPLY | GLB_CMD_WRITE);
    if (f[1] == (GLB_TYPE_REPLY | GLB_CMD_IDENT) && l->version) {
        f[FRAME_HEADER + 4] = (uint8_t)l->version;
        frame_seal(f);
    }
    if (event && l->added) {
        f[2] = (uint8_t)(f[2] + l->added);
        frame_seal(f);
    }
    const enum data_fault fault =
        f[1] == GLB_TYPE_DATA && ++l->nth_data == l->data_at ? l->data : DATA_WHOLE;
    if (fault == DATA_LOST) {
        resize(l, at, frame_bytes(f), 0);
        return at;
    }
    if (fault == DATA_SHORT || (f[1] == GLB_TYPE_DONE && l->done_short))
        shorten(l, at);
    if (fault == DATA_REPEATED || (f[1] == GLB_TYPE_DONE && l->done_twice)) {
        repeat(l, at);
        at += frame_bytes(f);
    }
    return at + frame_bytes(l->held + at);
}

static enum glb_status line_exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                     uint8_t *in, size_t n_in, size_t *done_in) {
    struct faulty_line *l = self;
    *done_out = *done_in = 0;
    if (l->dead)
        return GLB_OK;
    if (n_out > l->step)
        n_out = l->step;
    if (l->nheld == 0) {
        const enum glb_status s = l->board.exchange(l->board.self, out, n_out, done_out, l->held,
                                                    sizeof l->held / 2, &l->nheld);
        if (s)
            return s;
        l->sent += *done_out;
        if (l->sent - l->replies * l->frame > l->most)
            l->most = l->sent - l->replies * l->frame;
        for (size_t at = 0; at + FRAME_HEADER <= l->nheld;)
            at = edit(l, at);
    }
    size_t n = l->nheld < l->step ? l->nheld : l->step;
    if (n > n_in)
        n = n_in;
    for (size_t i = 0; i < n; i++, l->from++)
        in[i] = l->held[i] ^ (l->from == l->flip_at);
    memmove(l->held, l->held + n, l->nheld - n);
    l->nheld -= n;
    *done_in = n;
    return GLB_OK;
}

static void line_close(void *self) {
    struct faulty_line *l = self;
    l->board.close(l->board.self);
}

static const char *line_describe(void *self) {
    (void)self;
    return "test line";
}

struct glb_transport faulty_line_open(struct faulty_line *l, size_t step) {
    memset(l, 0, sizeof *l);
    l->step = step;
    l->flip_at = -1;
    if (glb_emu_port_open("tiny", NULL, &l->board) != GLB_OK)
        abort();
    return (struct glb_transport){
        .exchange = line_exchange, .close = line_close, .describe = line_describe, .self = l};
}
