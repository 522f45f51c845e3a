/* A link to a device: frames over a byte transport, with sequence numbers, CRCs and replies.
 * Commands are pipelined; a queued command's error surfaces at the next call that waits. DATA and
 * DONE frames go to a listener. SPDX-License-Identifier: Apache-2.0
 */
#ifndef GLB_WIRE_LINK_H
#define GLB_WIRE_LINK_H

#include <stddef.h>
#include <stdint.h>
#include "array/array.h"
#include "array/protocol.h"
#include "base/status.h"
#include "wire/transport.h"

enum { LINK_MAX_PENDING = 192 }; /* below the 256 sequence numbers */

struct link_ident { /* the IDENT reply */
    int protocol, tiles, lanes, chains, jw, acc, gw, pages, sdepth, cdepth, segments, wl,
        beta_steps, runs, gap;
    uint32_t build;
};

struct glb_wire_counters { /* the STATUS reply */
    int running, queued;
    uint32_t frames, bad_crc, skipped, errors;
};

struct link_pending { /* a command that waits for its reply */
    uint8_t cmd, seq;
    const char *what; /* names it, with tile and addr, in error messages */
    int tile, addr;
    size_t bytes;
    uint32_t number; /* frames sent up to this one */
};

struct link_listener { /* takes DATA and DONE frames; NULL functions: they are dropped */
    enum glb_status (*data)(void *self, const uint8_t *payload, size_t len);
    enum glb_status (*done)(void *self, int status, const uint8_t *payload, size_t len);
    void *self;
};

struct link {
    struct glb_transport t;
    uint8_t seq;   /* of the next command */
    int event_seq; /* of the next DATA or DONE frame; -1: not known yet */
    struct link_pending pending[LINK_MAX_PENDING]; /* a ring */
    int first, npending;
    size_t bytes; /* of all pending commands */
    uint8_t *out; /* frames not yet sent: out[out_done .. out_len - 1] */
    size_t out_len, out_done;
    uint8_t *in; /* what has come of the next frames */
    size_t in_len;
    uint8_t reply[256]; /* payload of the last reply */
    size_t reply_len;
    struct link_listener listener;
    uint32_t written[GLB_TARGETS]; /* link_write() calls for each memory, modulo 2^32 */
    uint32_t sent;                 /* frames */
    uint32_t base;                 /* frames that the device had counted before our first */
    int has_base;
    uint64_t skipped; /* bytes from the device that belong to no frame */
    int broken;       /* after a protocol error nothing that arrives can be trusted */
};

/* Takes the transport over (closes it on failure too). */
enum glb_status link_open(struct link *l, const struct glb_transport *t);
void link_close(struct link *l);
const char *link_describe(const struct link *l);

/* Queues a command with len (0 .. GLB_MAX_PAYLOAD) bytes. `what` is a static string. */
enum glb_status link_send(struct link *l, int cmd, const void *payload, size_t len,
                          const char *what, int tile, int addr);
/* Waits for the replies to everything queued; the first error among them. */
enum glb_status link_sync(struct link *l);
/* Waits until everything queued has left; replies that come meanwhile are taken. */
enum glb_status link_flush(struct link *l);
/* One exchange of bytes; *moved is 0 if the device was silent. */
enum glb_status link_pump(struct link *l, int *moved);
void link_listen(struct link *l, struct link_listener listener);

/* ---- commands (link_commands.c) ---- */

/* IDENT, waits. GLB_ERR_PROTOCOL if the device is no glauber array or speaks another version. */
enum glb_status link_identify(struct link *l, struct link_ident *out);
/* GLB_OK if the identity is that of the array a; else the message names the device as `described`,
 * the first parameter that differs, and both values. */
enum glb_status ident_check(const struct link_ident *i, const char *described,
                            const struct glb_array *a);
/* STATUS, waits. Also notices if the device was reset since the first STATUS: GLB_ERR_DEVICE. */
enum glb_status link_status(struct link *l, struct glb_wire_counters *out);
/* Queues `count` items of `bytes` bytes (little-endian, packed) from addr on, in as many WRITE
 * frames as it takes. */
enum glb_status link_write(struct link *l, int target, int tile, int addr, const void *items,
                           int bytes, int count);
enum glb_status link_abort(struct link *l);

#endif
