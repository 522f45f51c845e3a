/* Frames over a transport: queueing, sequence numbers, CRCs, replies.
 * SPDX-License-Identifier: Apache-2.0 */
#include "wire/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/little_endian.h"
#include "wire/frame.h"

enum {
    OUT_BYTES = (LINK_MAX_PENDING + 1) * GLB_FRAME_TO_DEVICE,
    SILENT_ROUNDS = 4 /* exchanges without a byte before a device that owes a reply is dead */
};

const char *link_describe(const struct link *l) {
    return l->t.describe(l->t.self);
}

static const char *wire_status_name(int s) {
    static const char *names[] = {"OK",        "BAD_CRC", "BAD_LENGTH", "BAD_COMMAND", "BAD_TARGET",
                                  "BAD_RANGE", "BUSY",    "BAD_PARAM",  "ABORTED"};
    return s >= 0 && s < (int)(sizeof names / sizeof names[0]) ? names[s] : "unknown status";
}

static enum glb_status broken(struct link *l, const char *what, int got, int expected) {
    l->broken = 1;
    return glb_fail(GLB_ERR_PROTOCOL, "%s: %s: got %d, expected %d; reopen the device",
                    link_describe(l), what, got, expected);
}

/* ---- from the device ---- */

/* A device that was reset has lost its program and states, and counts its frames anew. */
static enum glb_status check_count(struct link *l, uint32_t number) {
    const uint32_t counted = (uint32_t)glb_get_le(l->reply + 4, 4);
    if (!l->has_base) {
        l->has_base = 1;
        l->base = counted - number;
    }
    if (counted - number == l->base)
        return GLB_OK;
    l->broken = 1;
    return glb_fail(
        GLB_ERR_DEVICE,
        "%s: the board was reset: it counts %u frames, %u were sent; what it held is lost, "
        "start again",
        link_describe(l), counted, l->base + number);
}

/* An identity may be that of another version. */
static int length_fits(int cmd, size_t len) {
    return cmd == GLB_CMD_IDENT || len == (cmd == GLB_CMD_STATUS ? GLB_STATUS_BYTES : 0);
}

static enum glb_status take_reply(struct link *l, const uint8_t *f, size_t len) {
    if (l->npending == 0)
        return broken(l, "reply to no command, type", f[1], 0);
    const struct link_pending p = l->pending[l->first];
    l->first = (l->first + 1) % LINK_MAX_PENDING;
    l->npending--;
    l->bytes -= p.bytes;
    if (f[2] != p.seq)
        return broken(l, "sequence number of a reply", f[2], p.seq);
    if (f[1] != (GLB_TYPE_REPLY | p.cmd))
        return broken(l, "type of a reply", f[1], GLB_TYPE_REPLY | p.cmd);
    if (f[3] != GLB_WIRE_OK)
        return glb_fail(GLB_ERR_DEVICE, "%s: %s, tile %d, address %d: the device answered %s",
                        link_describe(l), p.what, p.tile, p.addr, wire_status_name(f[3]));
    if (!length_fits(p.cmd, len))
        return broken(l, "bytes of payload of a reply", (int)len,
                      p.cmd == GLB_CMD_STATUS ? GLB_STATUS_BYTES : 0);
    l->reply_len = len < sizeof l->reply ? len : sizeof l->reply;
    memcpy(l->reply, f + GLB_HEADER_BYTES, l->reply_len);
    return p.cmd == GLB_CMD_STATUS ? check_count(l, p.number) : GLB_OK;
}

static enum glb_status take_event(struct link *l, const uint8_t *f, size_t len) {
    const struct link_listener *to = &l->listener;
    if (l->event_seq >= 0 && f[2] != l->event_seq)
        return broken(l, "a DATA or DONE frame was lost, sequence number", f[2], l->event_seq);
    l->event_seq = (f[2] + 1) & 255;
    if (f[1] == GLB_TYPE_DATA && to->data)
        return to->data(to->self, f + GLB_HEADER_BYTES, len);
    if (f[1] == GLB_TYPE_DONE && to->done)
        return to->done(to->self, f[3], f + GLB_HEADER_BYTES, len);
    return GLB_OK; /* of a job that was given up */
}

static enum glb_status take_frame(struct link *l, const uint8_t *f) {
    const size_t len = glb_frame_payload(f);
    if (!glb_frame_intact(f))
        return broken(l, "CRC of a frame from the device, type", f[1], f[1]);
    if (f[1] & GLB_TYPE_REPLY)
        return take_reply(l, f, len);
    if (f[1] == GLB_TYPE_DATA || f[1] == GLB_TYPE_DONE)
        return take_event(l, f, len);
    return broken(l, "type of a frame from the device", f[1], GLB_TYPE_DATA);
}

/* Takes whole frames from l->in. The first error is returned and its text kept, but all frames are
 * consumed. */
static enum glb_status parse(struct link *l) {
    enum glb_status s = GLB_OK;
    char text[1024];
    size_t at = 0;
    while (at < l->in_len && !l->broken) {
        const uint8_t *f = l->in + at;
        const size_t have = l->in_len - at;
        if (f[0] != GLB_SYNC_DEVICE) {
            at++;
            l->skipped++;
            continue;
        }
        if (have < GLB_HEADER_BYTES || have < GLB_FRAME_EXTRA + glb_frame_payload(f))
            break;
        const enum glb_status r = take_frame(l, f);
        if (s == GLB_OK && (s = r) != GLB_OK)
            snprintf(text, sizeof text, "%s", glb_error());
        at += GLB_FRAME_EXTRA + glb_frame_payload(f);
    }
    memmove(l->in, l->in + at, l->in_len - at);
    l->in_len -= at;
    return s ? glb_fail(s, "%s", text) : GLB_OK;
}

enum glb_status link_pump(struct link *l, int *moved) {
    size_t sent = 0, got = 0;
    if (l->broken)
        return glb_fail(GLB_ERR_PROTOCOL,
                        "%s: out of step after an earlier error; reopen the device",
                        link_describe(l));
    const enum glb_status s =
        l->t.exchange(l->t.self, l->out + l->out_done, l->out_len - l->out_done, &sent,
                      l->in + l->in_len, GLB_FRAME_TO_HOST - l->in_len, &got);
    l->out_done += sent;
    if (l->out_done == l->out_len)
        l->out_done = l->out_len = 0;
    l->in_len += got;
    *moved = sent + got > 0;
    const enum glb_status p = parse(l);
    return s ? s : p;
}

void link_listen(struct link *l, struct link_listener listener) {
    l->listener = listener;
}

/* Pumps until at most `left` commands wait for their reply. */
static enum glb_status drain(struct link *l, int left) {
    enum glb_status first = GLB_OK;
    for (int silent = 0; l->npending > left;) {
        int moved;
        const enum glb_status s = link_pump(l, &moved);
        if (s && !first)
            first = s;
        if (l->broken || (s && !moved))
            return first;
        silent = moved ? 0 : silent + 1;
        if (silent >= SILENT_ROUNDS) {
            const struct link_pending *p = &l->pending[l->first];
            l->broken = 1;
            return glb_fail(
                GLB_ERR_DEVICE,
                "%s: no answer to %s (tile %d, address %d); is it the right device, and running?",
                link_describe(l), p->what, p->tile, p->addr);
        }
    }
    return first;
}

enum glb_status link_sync(struct link *l) {
    return drain(l, 0);
}

enum glb_status link_flush(struct link *l) {
    enum glb_status s = GLB_OK;
    int moved = 1;
    while (s == GLB_OK && l->out_len > 0 && moved)
        s = link_pump(l, &moved);
    return s; /* a device that takes nothing owes replies: the next wait names it */
}

/* ---- to the device ---- */

/* Waits until a command of `bytes` bytes may go out: a place in the ring, and in the window. */
static enum glb_status make_room(struct link *l, size_t bytes) {
    int left = l->npending < LINK_MAX_PENDING ? l->npending : LINK_MAX_PENDING / 2;
    if (l->t.window && l->bytes + bytes > l->t.window) /* the oldest go until this one fits */
        for (size_t held = l->bytes; left > 0 && held + bytes > l->t.window; left--)
            held -= l->pending[(l->first + l->npending - left) % LINK_MAX_PENDING].bytes;
    const enum glb_status s = left < l->npending ? drain(l, left) : GLB_OK;
    if (!s && l->out_done) {
        memmove(l->out, l->out + l->out_done, l->out_len - l->out_done);
        l->out_len -= l->out_done;
        l->out_done = 0;
    }
    return s;
}

enum glb_status link_send(struct link *l, int cmd, const void *payload, size_t len,
                          const char *what, int tile, int addr) {
    if (len > GLB_MAX_PAYLOAD)
        return glb_fail(GLB_ERR_ARGUMENT, "%s: %zu bytes of payload, at most %d", what, len,
                        GLB_MAX_PAYLOAD);
    const size_t bytes = GLB_FRAME_EXTRA + len;
    const enum glb_status s = make_room(l, bytes);
    if (s)
        return s;
    const struct glb_frame_header header = {GLB_SYNC_HOST, (uint8_t)cmd, l->seq, 0};
    l->out_len += glb_frame_build(l->out + l->out_len, header, payload, len);
    l->pending[(l->first + l->npending++) % LINK_MAX_PENDING] =
        (struct link_pending){.cmd = (uint8_t)cmd,
                              .seq = l->seq++,
                              .what = what,
                              .tile = tile,
                              .addr = addr,
                              .bytes = bytes,
                              .number = ++l->sent};
    l->bytes += bytes;
    return GLB_OK;
}

/* ---- opening ---- */

enum glb_status link_open(struct link *l, const struct glb_transport *t) {
    *l = (struct link){.t = *t, .event_seq = -1};
    l->out = malloc(OUT_BYTES);
    l->in = malloc(GLB_FRAME_TO_HOST);
    if (l->out && l->in)
        return GLB_OK;
    link_close(l);
    return glb_fail(GLB_ERR_MEMORY, "no memory for the device's buffers");
}

void link_close(struct link *l) {
    l->t.close(l->t.self);
    free(l->out);
    free(l->in);
}
