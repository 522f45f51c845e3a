/* The scripted device. SPDX-License-Identifier: Apache-2.0 */
#include "support/scripted_device.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "array/protocol.h"
#include "support/frames.h"

static uint8_t *put(uint8_t *to, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        *to++ = (uint8_t)(value >> 8 * i);
    return to;
}

static void append(struct scripted_device *d, const void *bytes, size_t n) {
    assert_true(d->nout + n <= sizeof d->out);
    memcpy(d->out + d->nout, bytes, n);
    d->nout += n;
}

static void change(uint8_t *f, const struct fault *fault) {
    uint64_t value = 0;
    for (int i = 0; i < fault->bytes; i++)
        value |= (uint64_t)f[fault->at + i] << 8 * i;
    put(f + fault->at, value + (uint64_t)(int64_t)fault->by, fault->bytes);
}

static int is_event(int type) {
    return type == GLB_TYPE_DATA || type == GLB_TYPE_DONE;
}

/* Appends the frame f with the fault, if it is the one that has it. `f` has room for more. */
static void deliver(struct scripted_device *d, uint8_t *f) {
    const struct fault *w = &d->fault;
    const int type = f[AT_TYPE];
    const enum wrong what = ++d->seen[type] == w->nth && type == w->type ? w->what : WRONG_NOTHING;
    size_t n = frame_bytes(f);
    d->muted |= what == WRONG_SILENCE;
    d->events -= is_event(type) && what == WRONG_SKIPPED;
    if (d->muted || what == WRONG_LOST || what == WRONG_SKIPPED)
        return;
    if (what == WRONG_LENGTH) {
        put(f + AT_LENGTH, n - FRAME_EXTRA + (size_t)w->by, 2);
        frame_seal(f);
        n = frame_bytes(f);
    }
    if (what == WRONG_FIELD || what == WRONG_BYTE)
        change(f, w);
    if (what == WRONG_FIELD) {
        frame_seal(f);
        n = frame_bytes(f);
    }
    for (int i = 0; i < (what == WRONG_NOISE ? w->by : 0); i++)
        append(d, &"noise"[i % 5], 1);
    append(d, f, n);
    if (what == WRONG_TWICE || what == WRONG_AGAIN) {
        if (what == WRONG_AGAIN)
            f[AT_SEQ] = (uint8_t)(d->events++);
        frame_seal(f);
        append(d, f, n);
    }
}

static void make(struct scripted_device *d, int type, int seq, int status, const void *payload,
                 size_t len) {
    uint8_t f[2048] = {0};
    assert_true(len + FRAME_EXTRA <= sizeof f / 2);
    frame_make(f, GLB_SYNC_DEVICE, type, seq, status, payload, len);
    deliver(d, f);
}

static void ident(struct scripted_device *d, int seq) {
    const struct glb_array *a = d->array;
    uint8_t b[32] = {'G', 'L', 'B', 'R', 2};
    put(b + 6, (uint64_t)a->tiles, 2);
    const int small[] = {a->lanes, a->chains, a->jw, a->acc, a->gw, 4};
    for (int i = 0; i < 6; i++)
        b[8 + i] = (uint8_t)small[i];
    put(b + 14, (uint64_t)a->sdepth, 2);
    put(b + 16, (uint64_t)a->cdepth, 2);
    b[18] = 16;
    b[19] = (uint8_t)a->wl;
    put(b + 20, 256, 2);
    put(b + 22, 512, 2);
    b[24] = (uint8_t)a->gap;
    make(d, GLB_TYPE_REPLY | GLB_CMD_IDENT, seq, 0, b, sizeof b);
}

static void status(struct scripted_device *d, int seq) {
    uint8_t b[20] = {d->busy > 0};
    d->busy -= d->busy > 0;
    put(b + 4, (uint64_t)d->commands, 4);
    make(d, GLB_TYPE_REPLY | GLB_CMD_STATUS, seq, 0, b, sizeof b);
}

static void job(struct scripted_device *d, const uint8_t *run) {
    uint8_t b[1000];
    for (int k = 0; k < d->samples; k++) {
        memcpy(b, run, 4);
        put(b + 4, (uint64_t)k, 4);
        for (int i = 0; i < d->words; i++)
            b[8 + i] = (uint8_t)((k + i) & 15);
        make(d, GLB_TYPE_DATA, d->events++ & 255, 0, b, 8 + (size_t)d->words);
    }
    uint8_t *to = put(b + 4, d->sweeps, 4);
    to = put(to, (uint64_t)d->samples, 4);
    to = put(to, 0, 4);
    to = put(to, d->flips, 8);
    to = put(to, d->run_cycles, 8);
    put(to, d->stall_cycles, 8);
    memcpy(b, run, 4);
    make(d, GLB_TYPE_DONE, d->events++ & 255, 0, b, 40);
}

static void take(struct scripted_device *d, const uint8_t *f) {
    const int cmd = f[AT_TYPE], seq = f[AT_SEQ];
    const uint8_t *payload = f + AT_PAYLOAD;
    assert_true(frame_sealed(f));
    d->commands++;
    const int s =
        d->on_command ? d->on_command(d->user, cmd, payload, frame_bytes(f) - FRAME_EXTRA) : 0;
    if (s == 0 && cmd == GLB_CMD_IDENT)
        ident(d, seq);
    else if (s == 0 && cmd == GLB_CMD_STATUS)
        status(d, seq);
    else
        make(d, GLB_TYPE_REPLY | cmd, seq, s, NULL, 0);
    if (s == 0 && cmd == GLB_CMD_RUN)
        job(d, payload);
}

static enum glb_status exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in) {
    struct scripted_device *d = self;
    const size_t n = n_out < d->step ? n_out : d->step;
    size_t back = d->nout < d->step ? d->nout : d->step;
    back = back < n_in ? back : n_in;
    memcpy(in, d->out, back); /* replies to what came earlier: a line has two ends */
    memmove(d->out, d->out + back, d->nout - back);
    d->nout -= back;
    for (size_t i = 0; i < n; i++) {
        if (d->nin == 0 && out[i] != GLB_SYNC_HOST) {
            d->skipped++;
            continue;
        }
        d->in[d->nin++] = out[i];
        if (d->nin >= FRAME_HEADER && d->nin == frame_bytes(d->in)) {
            take(d, d->in);
            d->nin = 0;
        }
    }
    *done_out = n;
    *done_in = back;
    return GLB_OK;
}

static void closed(void *self) {
    (void)self;
}

static const char *describe(void *self) {
    (void)self;
    return "the script";
}

struct glb_transport scripted_transport(struct scripted_device *d) {
    return (struct glb_transport){
        .exchange = exchange, .close = closed, .describe = describe, .self = d};
}
