/* The emulated board behind the byte protocol: parses frames and answers exactly like
 * rtl/glb_host_port.sv (docs/design/array.md, section 7). SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/little_endian.h"
#include "base/seconds.h"
#include "transports/emu_board.h"
#include "transports/transports.h"
#include "wire/frame.h"

enum { HIGH_WATER = 1 << 18 };
static const double TIME_LIMIT = 0.1; /* seconds of an exchange without a byte to show */

struct port {
    struct emu_board board;
    char name[64];
    uint8_t frame[GLB_FRAME_TO_DEVICE]; /* what the parser has of the present frame */
    size_t have;
    uint32_t frames, bad_crc, skipped, errors; /* STATUS */
};

/* ---- replies ---- */

static void reply(struct port *p, int status, const uint8_t *payload, size_t len) {
    p->errors += status != GLB_WIRE_OK;
    emu_board_send(&p->board, GLB_TYPE_REPLY | p->frame[1], p->frame[2], status, payload, len);
}

static void ident(struct port *p) {
    const struct glb_array *a = &p->board.a;
    uint8_t b[GLB_IDENT_BYTES], *q = b;
    const uint32_t field[][2] = {{GLB_PROTO_MAGIC, 4},
                                 {GLB_PROTO_VERSION, 2},
                                 {a->tiles, 2},
                                 {a->lanes, 1},
                                 {a->chains, 1},
                                 {a->jw, 1},
                                 {a->acc, 1},
                                 {a->gw, 1},
                                 {GLB_PAGES, 1},
                                 {a->sdepth, 2},
                                 {a->cdepth, 2},
                                 {GLB_SEGMENTS, 1},
                                 {a->wl, 1},
                                 {GLB_BETA_STEPS, 2},
                                 {GLB_RUNS, 2},
                                 {a->gap, 1},
                                 {0, 1},
                                 {0, 4} /* no build */,
                                 {0, 2}};
    for (size_t i = 0; i < sizeof field / sizeof field[0]; i++)
        q = glb_put_le(q, field[i][0], (int)field[i][1]);
    reply(p, GLB_WIRE_OK, b, sizeof b);
}

static void status(struct port *p) {
    uint8_t b[GLB_STATUS_BYTES], *q = b;
    q = glb_put_le(q, (uint64_t)p->board.running | (uint64_t)p->board.queued << 8, 4);
    q = glb_put_le(q, p->frames, 4);
    q = glb_put_le(q, p->bad_crc, 4);
    q = glb_put_le(q, p->skipped, 4);
    glb_put_le(q, p->errors, 4);
    reply(p, GLB_WIRE_OK, b, sizeof b);
}

/* ---- frames from the host ---- */

static void frame_done(struct port *p) {
    const int cmd = p->frame[1], len = (int)glb_frame_payload(p->frame);
    const uint8_t *payload = p->frame + GLB_HEADER_BYTES;
    if (!glb_frame_intact(p->frame)) {
        p->bad_crc++;
        reply(p, GLB_WIRE_BAD_CRC, NULL, 0);
        return;
    }
    p->frames++;
    if (cmd < GLB_CMD_IDENT || cmd > GLB_CMD_ABORT) {
        reply(p, GLB_WIRE_BAD_COMMAND, NULL, 0);
        return;
    }
    if (cmd == GLB_CMD_WRITE ? len < 4 : len != (cmd == GLB_CMD_RUN ? GLB_RUN_BYTES : 0)) {
        reply(p, GLB_WIRE_BAD_LENGTH, NULL, 0);
        return;
    }
    switch (cmd) {
    case GLB_CMD_IDENT:
        ident(p);
        return;
    case GLB_CMD_STATUS:
        status(p);
        return;
    case GLB_CMD_WRITE:
        reply(p, emu_board_write(&p->board, payload, len), NULL, 0);
        return;
    case GLB_CMD_RUN:
        reply(p, emu_board_run(&p->board, payload), NULL, 0);
        return;
    default:
        reply(p, emu_board_abort(&p->board), NULL, 0);
    }
}

static void take_byte(struct port *p, uint8_t byte) {
    if (p->have == 0 && byte != GLB_SYNC_HOST) {
        p->skipped++;
        return;
    }
    p->frame[p->have++] = byte;
    if (p->have < GLB_HEADER_BYTES)
        return;
    const size_t len = glb_frame_payload(p->frame);
    if (len > GLB_MAX_PAYLOAD) {
        reply(p, GLB_WIRE_BAD_LENGTH, NULL, 0);
        p->have = 0;
    } else if (p->have == GLB_FRAME_EXTRA + len) {
        frame_done(p);
        p->have = 0;
    }
}

/* ---- transport ---- */

static enum glb_status exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in) {
    struct port *p = self;
    struct emu_board *b = &p->board;
    size_t taken = 0;
    while (taken < n_out && emu_board_ready(b) < HIGH_WATER)
        take_byte(p, out[taken++]);
    /* At least one step a call, so that a host that only polls sees its job end. */
    const double limit = glb_seconds(CLOCK_MONOTONIC) + TIME_LIMIT;
    while (b->running && emu_board_ready(b) < HIGH_WATER) {
        emu_board_advance(b);
        if (emu_board_ready(b) || glb_seconds(CLOCK_MONOTONIC) > limit)
            break;
    }
    const size_t ready = emu_board_ready(b), given = ready < n_in ? ready : n_in;
    if (given)
        memcpy(in, b->out + b->out_first, given);
    b->out_first += given;
    *done_out = taken;
    *done_in = given;
    return b->broken;
}

static void close_port(void *self) {
    struct port *p = self;
    emu_board_close(&p->board);
    free(p);
}

static const char *describe(void *self) {
    return ((struct port *)self)->name;
}

enum glb_status glb_emu_port_open(const char *array, const char *argument,
                                  struct glb_transport *out) {
    const struct glb_array *a;
    enum glb_status s = glb_array_require(array, &a);
    (void)argument;
    if (s != GLB_OK)
        return s;
    struct port *p = calloc(1, sizeof *p);
    if (!p)
        return glb_fail(GLB_ERR_MEMORY, "emulated board: no memory");
    snprintf(p->name, sizeof p->name, "emu %s", a->name);
    s = emu_board_open(&p->board, a);
    if (s != GLB_OK) {
        free(p);
        return s;
    }
    *out = (struct glb_transport){
        .exchange = exchange, .close = close_port, .describe = describe, .self = p};
    return GLB_OK;
}
