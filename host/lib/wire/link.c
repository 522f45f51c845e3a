/* Frames over a transport: queueing, sequence numbers, CRCs, replies, identity.
 * SPDX-License-Identifier: Apache-2.0 */
#include "wire/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/crc32.h"
#include "array/protocol.h"

enum { MAX_PENDING = 64, MAX_FRAME = GLB_HEADER_BYTES + 65535 + GLB_CRC_BYTES };
enum {
    SILENT_ROUNDS = 4
}; /* exchanges without a byte before a device that owes a reply counts as dead */

struct pending {
    uint8_t cmd, seq;
    const char *what;
    int tile, addr;
    size_t bytes;
    uint32_t number; /* frames sent so far */
};

struct glb_client {
    struct glb_transport t;
    struct glb_ident ident;
    char described[160];
    uint8_t seq;
    int event_seq; /* of the next DATA or DONE frame; -1: not known yet */
    struct pending pending[MAX_PENDING];
    int first, npending;
    size_t bytes; /* of all pending commands */
    uint8_t *out;
    size_t out_len, out_done, out_cap;
    uint8_t *in;
    size_t in_len;
    size_t reply_len;
    uint8_t reply[256];
    struct glb_client_listener listener;
    struct glb_client_jobs *jobs;
    uint32_t sent; /* frames */
    uint32_t base; /* frames that the device had counted before our first */
    int has_base;
    uint64_t skipped; /* bytes from the device that belong to no frame */
    int broken;       /* after a protocol error nothing that arrives can be trusted */
};

static const char *wire_status_name(int s) {
    static const char *names[] = {"OK",        "BAD_CRC", "BAD_LENGTH", "BAD_COMMAND", "BAD_TARGET",
                                  "BAD_RANGE", "BUSY",    "BAD_PARAM",  "ABORTED"};
    return s >= 0 && s < (int)(sizeof names / sizeof names[0]) ? names[s] : "unknown status";
}

static enum glb_status broken(struct glb_client *c, const char *what, int got, int expected) {
    c->broken = 1;
    return glb_fail(GLB_ERR_PROTOCOL, "%s: %s: got %d, expected %d; reopen the device",
                    c->t.describe(c->t.self), what, got, expected);
}

/* A device that was reset has lost its program and states, and counts its frames anew. */
static enum glb_status check_count(struct glb_client *c, uint32_t number) {
    const uint32_t counted = (uint32_t)glb_take(c->reply + 4, 4);
    if (!c->has_base) {
        c->has_base = 1;
        c->base = counted - number;
    }
    if (counted - number == c->base)
        return GLB_OK;
    c->broken = 1;
    return glb_fail(
        GLB_ERR_DEVICE,
        "%s: the board was reset: it counts %u frames, %u were sent; what it held is lost, "
        "start again",
        c->t.describe(c->t.self), counted, c->base + number);
}

static enum glb_status take_reply(struct glb_client *c, const uint8_t *f, size_t len) {
    if (c->npending == 0)
        return broken(c, "reply to no command, type", f[1], 0);
    const struct pending p = c->pending[c->first];
    c->first = (c->first + 1) % MAX_PENDING;
    c->npending--;
    c->bytes -= p.bytes;
    if (f[2] != p.seq)
        return broken(c, "sequence number of a reply", f[2], p.seq);
    if (f[1] != (GLB_TYPE_REPLY | p.cmd))
        return broken(c, "type of a reply", f[1], GLB_TYPE_REPLY | p.cmd);
    if (f[3] != GLB_WIRE_OK)
        return glb_fail(GLB_ERR_DEVICE, "%s: %s, tile %d, address %d: the device answered %s",
                        c->t.describe(c->t.self), p.what, p.tile, p.addr, wire_status_name(f[3]));
    c->reply_len = len < sizeof c->reply ? len : sizeof c->reply;
    memcpy(c->reply, f + GLB_HEADER_BYTES, c->reply_len);
    return p.cmd == GLB_CMD_STATUS && len >= 8 ? check_count(c, p.number) : GLB_OK;
}

static enum glb_status take_event(struct glb_client *c, const uint8_t *f, size_t len) {
    if (c->event_seq >= 0 && f[2] != c->event_seq)
        return broken(c, "a DATA or DONE frame was lost, sequence number", f[2], c->event_seq);
    c->event_seq = (f[2] + 1) & 255;
    if (f[1] == GLB_TYPE_DATA && c->listener.data)
        return c->listener.data(c->listener.self, f + GLB_HEADER_BYTES, len);
    if (f[1] == GLB_TYPE_DONE && c->listener.done)
        return c->listener.done(c->listener.self, f[3], f + GLB_HEADER_BYTES, len);
    return GLB_OK; /* of a job that nobody waits for */
}

/* Takes whole frames from c->in. The first error is returned, but all frames are consumed. */
static enum glb_status parse(struct glb_client *c) {
    enum glb_status s = GLB_OK;
    size_t at = 0;
    while (at < c->in_len && !c->broken) {
        const uint8_t *f = c->in + at;
        const size_t have = c->in_len - at;
        if (f[0] != GLB_SYNC_DEVICE) {
            at++;
            c->skipped++;
            continue;
        }
        if (have < GLB_HEADER_BYTES)
            break;
        const size_t len = glb_take(f + 4, 2), body = GLB_HEADER_BYTES + len;
        if (have < body + GLB_CRC_BYTES)
            break;
        enum glb_status r = GLB_OK;
        if (glb_crc32(0, f, body) != glb_take(f + body, GLB_CRC_BYTES))
            r = broken(c, "CRC of a frame from the device, type", f[1], f[1]);
        else if (f[1] & GLB_TYPE_REPLY)
            r = take_reply(c, f, len);
        else if (f[1] == GLB_TYPE_DATA || f[1] == GLB_TYPE_DONE)
            r = take_event(c, f, len);
        else
            r = broken(c, "type of a frame from the device", f[1], GLB_TYPE_DATA);
        if (s == GLB_OK)
            s = r;
        at += body + GLB_CRC_BYTES;
    }
    memmove(c->in, c->in + at, c->in_len - at);
    c->in_len -= at;
    return s;
}

enum glb_status glb_client_pump(struct glb_client *c, int *moved) {
    size_t sent = 0, got = 0;
    if (c->broken)
        return glb_fail(GLB_ERR_PROTOCOL,
                        "%s: out of step after an earlier error; reopen the device",
                        c->t.describe(c->t.self));
    const enum glb_status s =
        c->t.exchange(c->t.self, c->out + c->out_done, c->out_len - c->out_done, &sent,
                      c->in + c->in_len, MAX_FRAME - c->in_len, &got);
    c->out_done += sent;
    if (c->out_done == c->out_len)
        c->out_done = c->out_len = 0;
    c->in_len += got;
    *moved = sent + got > 0;
    const enum glb_status p = parse(c);
    return s ? s : p;
}

uint64_t glb_client_skipped(const struct glb_client *c) {
    return c->skipped;
}

struct glb_client_jobs **glb_client_jobs(struct glb_client *c) {
    return &c->jobs;
}

int glb_client_pending(const struct glb_client *c) {
    return c->npending;
}

void glb_client_listen(struct glb_client *c, const struct glb_client_listener *l) {
    c->listener = l ? *l : (struct glb_client_listener){0};
}

/* Pumps until at most `left` commands wait for their reply. */
static enum glb_status drain(struct glb_client *c, int left) {
    enum glb_status first = GLB_OK;
    for (int silent = 0; c->npending > left;) {
        int moved;
        const enum glb_status s = glb_client_pump(c, &moved);
        if (s && !first)
            first = s;
        if (c->broken || (s && !moved))
            return first;
        silent = moved ? 0 : silent + 1;
        if (silent >= SILENT_ROUNDS) {
            const struct pending *p = &c->pending[c->first];
            c->broken = 1;
            return glb_fail(
                GLB_ERR_DEVICE,
                "%s: no answer to %s (tile %d, address %d); is it the right device, and running?",
                c->t.describe(c->t.self), p->what, p->tile, p->addr);
        }
    }
    return first;
}

enum glb_status glb_client_sync(struct glb_client *c) {
    return drain(c, 0);
}

const uint8_t *glb_client_reply(const struct glb_client *c, size_t *len) {
    *len = c->reply_len;
    return c->reply;
}

enum glb_status glb_client_send(struct glb_client *c, int cmd, const void *payload, size_t len,
                                const char *what, int tile, int addr) {
    if (len > GLB_MAX_PAYLOAD)
        return glb_fail(GLB_ERR_ARGUMENT, "%s: %zu bytes of payload, at most %d", what, len,
                        GLB_MAX_PAYLOAD);
    const size_t bytes = GLB_HEADER_BYTES + len + GLB_CRC_BYTES;
    int left = c->npending < MAX_PENDING ? c->npending : MAX_PENDING / 2;
    if (c->t.window && c->bytes + bytes > c->t.window) /* the oldest go until this one fits */
        for (size_t held = c->bytes; left > 0 && held + bytes > c->t.window; left--)
            held -= c->pending[(c->first + c->npending - left) % MAX_PENDING].bytes;
    if (left < c->npending) {
        const enum glb_status s = drain(c, left);
        if (s)
            return s;
    }
    if (c->out_done) {
        memmove(c->out, c->out + c->out_done, c->out_len - c->out_done);
        c->out_len -= c->out_done;
        c->out_done = 0;
    }
    uint8_t *f = c->out + c->out_len;
    const size_t body = GLB_HEADER_BYTES + len;
    f[0] = GLB_SYNC_HOST;
    f[1] = (uint8_t)cmd;
    f[2] = c->seq;
    f[3] = 0;
    glb_put(f + 4, len, 2);
    if (len)
        memcpy(f + GLB_HEADER_BYTES, payload, len);
    glb_put(f + body, glb_crc32(0, f, body), GLB_CRC_BYTES);
    c->out_len += body + GLB_CRC_BYTES;
    c->pending[(c->first + c->npending++) % MAX_PENDING] = (struct pending){.cmd = (uint8_t)cmd,
                                                                            .seq = c->seq,
                                                                            .what = what,
                                                                            .tile = tile,
                                                                            .addr = addr,
                                                                            .bytes = bytes,
                                                                            .number = ++c->sent};
    c->bytes += bytes;
    c->seq++;
    return GLB_OK;
}

static enum glb_status identify(struct glb_client *c) {
    enum glb_status s = glb_client_send(c, GLB_CMD_IDENT, NULL, 0, "IDENT", 0, 0);
    if (s || (s = glb_client_sync(c)))
        return s;
    const uint8_t *p = c->reply;
    if (c->reply_len < 6 || glb_take(p, 4) != GLB_PROTO_MAGIC)
        return glb_fail(GLB_ERR_PROTOCOL,
                        "%s: this is not a glauber array: %zu bytes of identity, magic %08x",
                        c->t.describe(c->t.self), c->reply_len,
                        c->reply_len >= 4 ? (unsigned)glb_take(p, 4) : 0u);
    const int version = (int)glb_take(p + 4, 2);
    if (version != GLB_PROTO_VERSION || c->reply_len != GLB_IDENT_BYTES)
        return glb_fail(GLB_ERR_PROTOCOL,
                        "%s: the device speaks protocol %d, this library (%s) speaks protocol %d; "
                        "update the older of the two",
                        c->t.describe(c->t.self), version, glb_version(), GLB_PROTO_VERSION);
    c->ident = (struct glb_ident){.protocol = version,
                                  .tiles = (int)glb_take(p + 6, 2),
                                  .lanes = p[8],
                                  .chains = p[9],
                                  .jw = p[10],
                                  .acc = p[11],
                                  .gw = p[12],
                                  .pages = p[13],
                                  .sdepth = (int)glb_take(p + 14, 2),
                                  .cdepth = (int)glb_take(p + 16, 2),
                                  .segments = p[18],
                                  .wl = p[19],
                                  .beta_steps = (int)glb_take(p + 20, 2),
                                  .runs = (int)glb_take(p + 22, 2),
                                  .gap = p[24],
                                  .build = (uint32_t)glb_take(p + 26, 4)};
    return GLB_OK;
}

enum glb_status glb_client_open(const struct glb_transport *t, struct glb_client **out) {
    struct glb_client *c = calloc(1, sizeof *c);
    *out = NULL;
    if (c) {
        c->out_cap =
            (size_t)(MAX_PENDING + 1) * (GLB_HEADER_BYTES + GLB_MAX_PAYLOAD + GLB_CRC_BYTES);
        c->out = malloc(c->out_cap);
        c->in = malloc(MAX_FRAME);
    }
    if (!c || !c->out || !c->in) {
        t->close(t->self);
        if (c) {
            free(c->out);
            free(c->in);
        }
        free(c);
        return glb_fail(GLB_ERR_MEMORY, "no memory for the device's buffers");
    }
    c->t = *t;
    c->event_seq = -1;
    const enum glb_status s = identify(c);
    if (s) {
        glb_client_close(c);
        return s;
    }
    snprintf(c->described, sizeof c->described, "%s (protocol %d, build %08x)",
             t->describe(t->self), c->ident.protocol, c->ident.build);
    *out = c;
    return GLB_OK;
}

void glb_client_close(struct glb_client *c) {
    if (!c)
        return;
    c->t.close(c->t.self);
    glb_client_jobs_free(c->jobs);
    free(c->out);
    free(c->in);
    free(c);
}

const struct glb_ident *glb_client_ident(const struct glb_client *c) {
    return &c->ident;
}

const char *glb_client_describe(struct glb_client *c) {
    return c->described;
}

struct glb_transport *glb_client_transport(struct glb_client *c) {
    return &c->t;
}

enum glb_status glb_client_check(const struct glb_client *c, const struct glb_array *a) {
    const struct glb_ident *i = &c->ident;
    const struct {
        const char *name;
        int device, array;
    } v[] = {{"tiles", i->tiles, a->tiles},
             {"lanes", i->lanes, a->lanes},
             {"chains", i->chains, a->chains},
             {"coupling bits", i->jw, a->jw},
             {"accumulator bits", i->acc, a->acc},
             {"log2 words a lane", i->gw, a->gw},
             {"schedule depth", i->sdepth, a->sdepth},
             {"coupling depth", i->cdepth, a->cdepth},
             {"pages", i->pages, GLB_PAGES},
             {"segments", i->segments, GLB_SEGMENTS},
             {"write latency", i->wl, a->wl},
             {"segment gap", i->gap, a->gap},
             {"beta steps", i->beta_steps, GLB_BETA_STEPS},
             {"readout runs", i->runs, GLB_RUNS}};
    for (size_t k = 0; k < sizeof v / sizeof v[0]; k++)
        if (v[k].device != v[k].array)
            return glb_fail(
                GLB_ERR_DEVICE,
                "%s is not array %s: %s: the device has %d, the array %d; name the device's array",
                c->described, a->name, v[k].name, v[k].device, v[k].array);
    return GLB_OK;
}
